package i18n_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/i18n"
)

// catalog returns the texts of a language; one with plural forms is joined under its forms.
func catalog(t *testing.T, language string) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("catalog", language+".json"))
	require.NoError(t, err)
	var raw map[string]any
	require.NoError(t, json.Unmarshal(text, &raw))
	texts := map[string]map[string]string{}
	for key, value := range raw {
		texts[key] = map[string]string{}
		switch v := value.(type) {
		case string:
			texts[key][""] = v
		case map[string]any:
			for form, said := range v {
				texts[key][form], _ = said.(string)
			}
		}
	}
	return texts
}

var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

func placeholders(text string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestCatalogsAreComplete(t *testing.T) {
	t.Parallel()
	forms := map[string][]string{"en": {"one", "other"}, "ru": {"few", "many", "one", "other"}}
	first := catalog(t, i18n.Languages[0])
	keys := slices.Sorted(maps.Keys(first))
	for _, language := range i18n.Languages {
		texts := catalog(t, language)
		require.Equal(t, keys, slices.Sorted(maps.Keys(texts)), "catalog %s has other keys", language)
		for key, said := range texts {
			if _, plain := said[""]; !plain {
				require.Equal(t, forms[language], slices.Sorted(maps.Keys(said)), "%s: plural forms of %s", language, key)
			}
			for form, text := range said {
				require.NotEmpty(t, text, "%s: %s %s", language, key, form)
				require.NotContains(t, text, "!", "%s: %s does not shout", language, key)
			}
		}
	}
	for key, said := range first {
		for _, language := range i18n.Languages[1:] {
			other := catalog(t, language)[key]
			require.Equal(t, placeholders(said[""]+said["other"]), placeholders(other[""]+other["other"]), "%s: placeholders of %s", language, key)
		}
	}
}

// Every key that the code names exists.
func TestKeysInCodeExist(t *testing.T) {
	t.Parallel()
	texts := catalog(t, i18n.Languages[0])
	call := regexp.MustCompile(`\.Text\("([a-z_.]+)", `)
	require.NoError(t, filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		code, err := os.ReadFile(path)
		for _, m := range call.FindAllSubmatch(code, -1) {
			require.Contains(t, texts, string(m[1]), path)
		}
		return err
	}))
}

func TestSpeakers(t *testing.T) {
	t.Parallel()
	for header, language := range map[string]string{
		"": "en", "ru": "ru", "ru-RU,ru;q=0.9,en;q=0.8": "ru", "de-DE,en;q=0.5": "en", "fr": "en", "uk,ru;q=0.5": "ru", ";;;": "en",
	} {
		require.Equal(t, language, i18n.Accept(header).Language, header)
	}
	require.Equal(t, "Parley is starting and will be here in a moment. This page looks again by itself.",
		i18n.For("en").Text("page.starting.text", i18n.Args{"Platform": "Parley"}))
	require.Equal(t, "Запускаемся", i18n.For("ru-RU").Text("page.starting.title", nil))
	unknown := "no.such" + ".text"
	require.Equal(t, unknown, i18n.For("en").Text(unknown, nil))
}
