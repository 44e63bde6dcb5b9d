package notify

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	texttemplate "text/template"
	"time"

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
	Button  struct {
		Label string `json:"label"`
		URL   string `json:"url"`
	} `json:"button"`
}

type catalog struct {
	letters map[string]words
	footer  string
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
		raw := map[string]json.RawMessage{}
		if err := json.Unmarshal(data, &raw); err != nil {
			return nil, fmt.Errorf("letters in %s: %w", language, err)
		}
		c := catalog{letters: map[string]words{}}
		for kind, text := range raw {
			if kind == "footer" {
				err = json.Unmarshal(text, &c.footer)
			} else {
				var w words
				err = json.Unmarshal(text, &w)
				c.letters[kind] = w
			}
			if err != nil {
				return nil, fmt.Errorf("letter %s in %s: %w", kind, language, err)
			}
		}
		r.catalogs[language] = c
	}
	return r, nil
}

// render fills in a letter. Values of data are plain text: the HTML form
// escapes them, the subject keeps its first line.
func (r *renderer) render(kind, language string, data map[string]string) (rendered, error) {
	c, ok := r.catalogs[language]
	w, known := c.letters[kind]
	if !ok || !known {
		return rendered{}, fmt.Errorf("no letter %q in %q", kind, language)
	}
	var err error
	fill := func(text string) string {
		out, e := fillIn(text, data)
		if e != nil && err == nil {
			err = e
		}
		return out
	}
	page := struct {
		Language, Platform, Subject, Footer string
		Lines                               []string
		Button                              struct{ Label, URL string }
	}{Language: language, Platform: data["Platform"], Subject: oneLine(fill(w.Subject)), Footer: fill(c.footer)}
	for _, line := range w.Lines {
		page.Lines = append(page.Lines, fill(line))
	}
	page.Button.Label, page.Button.URL = fill(w.Button.Label), fill(w.Button.URL)
	if err != nil {
		return rendered{}, fmt.Errorf("letter %s in %s: %w", kind, language, err)
	}

	var html bytes.Buffer
	if err := r.layout.Execute(&html, page); err != nil {
		return rendered{}, fmt.Errorf("letter %s in %s: %w", kind, language, err)
	}
	parts := page.Lines
	if page.Button.Label != "" {
		parts = append(parts, page.Button.Label+": "+page.Button.URL)
	}
	text := strings.Join(append(parts, "--\n"+page.Footer), "\n\n") + "\n"
	return rendered{page.Subject, text, html.String()}, nil
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

// clockTime writes an instant for people, with the zone, which a letter's
// reader cannot guess.
func clockTime(t time.Time, zone string) string {
	location, err := time.LoadLocation(zone)
	if err != nil {
		location = time.UTC
	}
	return t.In(location).Format("15:04 (MST, UTC-07:00)")
}

// host returns the domain of a sender's address.
func host(from string) string {
	address := strings.TrimSuffix(from[strings.LastIndexByte(from, '<')+1:], ">")
	return address[strings.LastIndexByte(address, '@')+1:]
}
