// Package i18n speaks the languages of people where the server itself writes to them: pages
// that stand before the web app is there. The web app translates its own texts, and faults
// are English with a code that the app translates.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed catalog/*.json
var catalogs embed.FS

// Languages are those in which every text exists; the first is spoken to strangers.
var Languages = []string{"en", "ru"}

// Args are the values of a text's placeholders.
type Args map[string]any

// Speaker knows the texts of one language.
type Speaker struct {
	Language  string
	localizer *goi18n.Localizer
}

var speakers = sync.OnceValue(func() map[string]Speaker {
	bundle := goi18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	known := map[string]Speaker{}
	for _, name := range Languages {
		if _, err := bundle.LoadMessageFileFS(catalogs, "catalog/"+name+".json"); err != nil {
			panic(fmt.Sprintf("catalog %s: %v", name, err)) // embedded and tested
		}
		known[name] = Speaker{name, goi18n.NewLocalizer(bundle, name)}
	}
	return known
})

var matcher = sync.OnceValue(func() language.Matcher {
	tags := make([]language.Tag, 0, len(Languages))
	for _, name := range Languages {
		tags = append(tags, language.MustParse(name))
	}
	return language.NewMatcher(tags)
})

// For returns the speaker of a user's language, such as "ru" or "ru-RU".
func For(name string) Speaker { return Accept(name) }

// Accept returns the speaker that fits an Accept-Language header best.
func Accept(header string) Speaker {
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wanted) == 0 {
		return speakers()[Languages[0]]
	}
	_, index, _ := matcher().Match(wanted...)
	return speakers()[Languages[index]]
}

// Text returns the text of a key. An unknown key comes back as it is: a test finds those.
func (s Speaker) Text(key string, args Args) string {
	text, err := s.localizer.Localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: args})
	if err != nil {
		return key
	}
	return text
}
