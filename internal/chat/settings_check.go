package chat

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parley/internal/connection"
	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
)

const (
	maxName       = 100
	maxBusyText   = 500
	maxResults    = 30
	maxLabel      = 60
	maxChatGroups = 50
	maxLookTitle  = 60
	maxGreeting   = 300
	maxAvatarURL  = 500
)

var (
	colour     = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	resultCode = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)

	languages = []string{"ru", "en"}
	sharings  = []string{"least_loaded", "round_robin", "manual"}
)

// checked returns the settings in the form that is kept, or says what is wrong with them.
func (c Settings) checked() (Settings, error) {
	var p problems
	c.Name = plain.Line(c.Name)
	p.length("name", c.Name, true, maxName)
	p.oneOf("sharing", c.Sharing, sharings...)
	p.between("lifetime_hours", c.LifetimeHours, 1, 720)
	p.between("operator_idle_minutes", c.OperatorIdleMinutes, 1, 1440)
	p.between("first_target_s", c.FirstTargetS, 1, 86400)
	p.between("next_target_s", c.NextTargetS, 1, 86400)
	p.unique("groups", c.Groups)
	if len(c.Groups) > maxChatGroups {
		p.add("groups", fault.TooLong, fmt.Sprintf("No more than %d groups.", maxChatGroups))
	}
	c.Languages = p.languages(c.Languages)
	c.BusyText = p.texts("busy_text", c.BusyText, c.Languages, maxBusyText)
	c.ClosingResults = p.results(c.ClosingResults)
	if c.ResultRequired && len(c.ClosingResults) == 0 {
		p.add("closing_results", fault.Required, "A result can be required only where there are some.")
	}
	c.Look = p.look(c.Look)
	c.AllowedSites = p.sites(c.AllowedSites)
	return c, p.err()
}

func (p *problems) languages(typed []string) []string {
	out := []string{}
	for i, language := range typed {
		if !slices.Contains(languages, language) {
			p.add("languages."+strconv.Itoa(i), fault.UnknownName, "One of "+strings.Join(languages, ", ")+".")
		} else if !slices.Contains(out, language) {
			out = append(out, language)
		}
	}
	if len(typed) == 0 {
		p.add("languages", fault.Required, "Choose at least one language.")
	}
	return out
}

// texts checks what is said in each language; what the chat speaks must be there.
func (p *problems) texts(field string, t Texts, required []string, most int) Texts {
	for _, language := range languages {
		text := t.in(language)
		*text = plain.Text(*text)
		p.length(field+"."+language, *text, slices.Contains(required, language), most)
	}
	return t
}

func (p *problems) results(typed []ClosingResult) []ClosingResult {
	out := make([]ClosingResult, 0, len(typed))
	codes, labels := map[string]bool{}, map[string]bool{}
	for i, r := range typed {
		field := "closing_results." + strconv.Itoa(i)
		r.Label = plain.Line(r.Label)
		p.length(field+".label", r.Label, true, maxLabel)
		if r.Code == "" {
			// Never one that was used before: old sessions would change their meaning.
			r.Code = "r_" + strings.ToLower(rand.Text()[:12])
		}
		if !resultCode.MatchString(r.Code) {
			p.add(field+".code", fault.BadFormat, "Small Latin letters, digits and underscores, at most 40.")
		}
		if codes[r.Code] {
			p.add(field+".code", fault.Taken, "Another result has this code.")
		}
		if label := strings.ToLower(r.Label); labels[label] {
			p.add(field+".label", fault.Taken, "Another result has this label.")
		}
		codes[r.Code], labels[strings.ToLower(r.Label)] = true, true
		out = append(out, r)
	}
	if len(out) > maxResults {
		p.add("closing_results", fault.TooLong, fmt.Sprintf("No more than %d results.", maxResults))
	}
	return out
}

func (p *problems) look(l Look) Look {
	l.Accent = strings.ToLower(strings.TrimSpace(l.Accent))
	if !colour.MatchString(l.Accent) {
		p.add("look.accent", fault.BadFormat, "Write a colour like #2563eb.")
	}
	p.oneOf("look.side", l.Side, "right", "left")
	p.oneOf("look.launcher", l.Launcher, "bubble", "text")
	for _, language := range languages {
		title, greeting := l.Title.in(language), l.Greeting.in(language)
		*title, *greeting = plain.Line(*title), plain.Text(*greeting)
		p.length("look.title."+language, *title, false, maxLookTitle)
		p.length("look.greeting."+language, *greeting, false, maxGreeting)
	}
	l.AvatarURL = strings.TrimSpace(l.AvatarURL)
	if l.AvatarURL != "" && !pictureURL(l.AvatarURL) {
		p.add("look.avatar_url", fault.BadFormat, "Write an address that begins with https://.")
	}
	return l
}

func pictureURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && len(s) <= maxAvatarURL && plain.Line(s) == s && !strings.ContainsAny(s, " \"'<>\\")
}

func (p *problems) sites(typed []string) []string {
	sites, err := connection.ParseSites("allowed_sites", typed)
	var f *fault.Error
	if errors.As(err, &f) {
		for field, e := range f.Fields {
			p.add(field, e.Code, e.Message)
		}
	}
	return sites
}
