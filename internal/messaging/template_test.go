package messaging

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTextWithVariables(t *testing.T) {
	t.Parallel()
	values := map[string]string{"name": "Анна", "sum": "<100>", "blank": " "}
	for source, want := range map[string]string{
		"":                            "",
		"Hello":                       "Hello",
		"Hello, {name}!":              "Hello, Анна!",
		"{name}":                      "Анна",
		"{ name }":                    "Анна",
		"{nobody}":                    "",
		"{nobody|friend}":             "friend",
		"{blank|friend}":              "friend",
		"{name|friend}":               "Анна",
		"{nobody|a|b}":                "a|b",
		"{{name}}":                    "{name}",
		"{{{name}}}":                  "{Анна}",
		"{sum} {name}, {nobody|you}.": "<100> Анна, you.",
	} {
		parsed, err := parseText(source)
		require.NoError(t, err, source)
		require.Equal(t, want, parsed.write(values), source)
	}
	parsed, err := parseText("<b>{sum}</b>{nobody|<i>}")
	require.NoError(t, err)
	require.Equal(t, "<b>&lt;100&gt;</b>&lt;i&gt;", parsed.writeHTML(values))
	for _, source := range []string{"{", "}", "{name", "name}", "{}", "{|x}", "{a{b}", "{a\nb}", "{{{"} {
		_, err := parseText(source)
		require.Error(t, err, source)
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"Hello, {name|friend}!", "{{}}", "{", "{a|{b}}", "\xff{x}"} {
		f.Add(seed, "value")
	}
	f.Fuzz(func(t *testing.T, source, value string) {
		parsed, err := parseText(source)
		if err != nil {
			return
		}
		values := map[string]string{}
		for _, name := range parsed.variables() {
			values[name] = value
		}
		parsed.write(values)
		parsed.writeHTML(values)
	})
}

func TestASmallTextDoesNotGrowWithoutEnd(t *testing.T) {
	t.Parallel()
	parsed, err := parseText(strings.Repeat("{a}", longestText/3))
	require.NoError(t, err)
	values := map[string]string{"a": strings.Repeat("&", 1000)}
	require.Less(t, len(parsed.writeHTML(values)), 2*longestText)
	require.Greater(t, len(parsed.write(values)), longestText, "too long for a letter, and refused")
}
