package notify

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"strings"
	texttemplate "text/template"

	// Zones must be known on machines without a database of their own.
	_ "time/tzdata"
)

//go:embed letters
var files embed.FS

// Languages of every letter.
var languages = []string{"en", "ru"}

// words are the texts of one kind of letter in one language.
type words struct {
	Subject string   `json:"subject"`
	Lines   []string `json:"lines"`
	Code    string   `json:"code"` // shown large
	Button  struct {
		Label string `json:"label"`
		URL   string `json:"url"`
	} `json:"button"`
	Footer string `json:"footer"` // its name
}

// catalog is everything in one language.
type catalog struct {
	Greeting string            `json:"greeting"`
	Footers  map[string]string `json:"footers"`
	Letters  map[string]words  `json:"letters"`
	Short    map[string]string `json:"short"` // messages by SMS
}

// renderer makes letters out of texts; all texts are parsed once.
type renderer struct {
	layout   *template.Template
	catalogs map[string]catalog
}

// rendered is a letter ready to be sent.
type rendered struct{ Subject, Text, HTML string }

func newRenderer() (*renderer, error) {
	layout, err := template.ParseFS(files, "letters/layout.html")
	if err != nil {
		return nil, fmt.Errorf("letter layout: %w", err)
	}
	r := &renderer{layout: layout, catalogs: map[string]catalog{}}
	for _, language := range languages {
		data, err := files.ReadFile("letters/" + language + ".json")
		if err != nil {
			return nil, err
		}
		var c catalog
		if err := json.Unmarshal(data, &c); err != nil {
			return nil, fmt.Errorf("letters in %s: %w", language, err)
		}
		r.catalogs[language] = c
	}
	return r, nil
}

// find returns the texts of a kind.
func (r *renderer) find(kind, language string) (catalog, words, error) {
	c, ok := r.catalogs[language]
	w, known := c.Letters[kind]
	if !ok || !known {
		return c, w, fmt.Errorf("no letter %q in %q", kind, language)
	}
	return c, w, nil
}

// check says whether a letter of the kind can be made of the values. It is
// asked before a letter is stored: later, nobody could correct it.
func (r *renderer) check(kind, language string, values ...map[string]string) error {
	all := map[string]string{"Name": "", "Platform": "", "Address": "", "Cabinet": ""}
	for _, v := range values {
		maps.Copy(all, v)
	}
	_, err := r.render(kind, language, all)
	return err
}

// page is a filled-in letter as the layout takes it.
type page struct {
	Language, Platform, Subject, Code, Footer string
	Lines                                     []string
	Button                                    struct{ Label, URL string }
}

// render fills in a letter. Values of data are plain text: the HTML form
// escapes them, the subject keeps its first line.
func (r *renderer) render(kind, language string, data map[string]string) (rendered, error) {
	c, w, err := r.find(kind, language)
	if err != nil {
		return rendered{}, err
	}
	fill := func(text string) string {
		out, e := fillIn(text, data)
		if e != nil && err == nil {
			err = e
		}
		return out
	}
	p := page{
		Language: language, Platform: data["Platform"], Subject: oneLine(fill(w.Subject)),
		Code: fill(w.Code), Footer: fill(c.Footers[w.Footer]),
	}
	for _, line := range append([]string{c.Greeting}, w.Lines...) {
		if line = fill(line); line != "" {
			p.Lines = append(p.Lines, line)
		}
	}
	p.Button.Label, p.Button.URL = fill(w.Button.Label), fill(w.Button.URL)
	if err != nil {
		return rendered{}, fmt.Errorf("letter %s in %s: %w", kind, language, err)
	}
	var html bytes.Buffer
	if err := r.layout.Execute(&html, p); err != nil {
		return rendered{}, fmt.Errorf("letter %s in %s: %w", kind, language, err)
	}
	return rendered{p.Subject, p.plain(), html.String()}, nil
}

// plain writes a letter as text.
func (p page) plain() string {
	parts := p.Lines
	if p.Code != "" {
		parts = append(parts, p.Code)
	}
	if p.Button.Label != "" {
		parts = append(parts, p.Button.Label+": "+p.Button.URL)
	}
	return strings.Join(append(parts, "--\n"+p.Footer), "\n\n") + "\n"
}

// short writes a message by SMS.
func (r *renderer) short(kind, language, platform, code string) string {
	text, err := fillIn(r.catalogs[language].Short[kind], map[string]string{"Platform": platform, "Code": code})
	if err != nil {
		return code // the texts are ours and tested; a code alone still serves
	}
	return text
}

func fillIn(text string, data map[string]string) (string, error) {
	t, err := texttemplate.New("").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = t.Execute(&out, data)
	return out.String(), err
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
