package notify

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var sample = map[string]string{
	"Platform": "Parley", "Name": "<b>Анна</b>\r\nBcc: all@example.com", "Until": "12:15 (MSK, UTC+03:00)", "IP": "192.0.2.7", "Address": "https://parley.example",
}

func TestEveryLetterInEveryLanguage(t *testing.T) {
	t.Parallel()
	r, err := newRenderer()
	require.NoError(t, err)
	require.NotEmpty(t, r.catalogs["en"].letters)
	for _, language := range languages {
		require.Len(t, r.catalogs[language].letters, len(r.catalogs["en"].letters), "a letter is missing in %s", language)
		for kind := range r.catalogs["en"].letters {
			got, err := r.render(kind, language, sample)
			require.NoError(t, err)
			require.NotContains(t, got.Subject, "\n")
			require.NotContains(t, got.HTML, "<b>Анна", "names are text, not HTML")
			require.Contains(t, got.HTML, "&lt;b&gt;Анна")
			require.Contains(t, got.Text, "https://parley.example/sign-in")
			require.NotContains(t, got.HTML+got.Text, "{{")
			require.Equal(t, language == "ru", regexp.MustCompile(`[а-яё]`).MatchString(strings.ReplaceAll(got.Text, "Анна", "")))
		}
	}
}

func TestRenderFailsOnWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	r, err := newRenderer()
	require.NoError(t, err)
	_, err = r.render("sign_in_locked", "en", map[string]string{"Platform": "Parley"})
	require.ErrorContains(t, err, "Until", "a missing value is an error, not a blank")
	_, err = r.render("nothing", "en", sample)
	require.Error(t, err)
	_, err = r.render("sign_in_locked", "fr", sample)
	require.Error(t, err)
}

func TestClockTime(t *testing.T) {
	t.Parallel()
	// One hour before and after the clocks of New York go back.
	before := time.Date(2026, 11, 1, 5, 30, 0, 0, time.UTC)
	require.Equal(t, "01:30 (EDT, UTC-04:00)", clockTime(before, "America/New_York"))
	require.Equal(t, "01:30 (EST, UTC-05:00)", clockTime(before.Add(time.Hour), "America/New_York"))
	require.Equal(t, "05:30 (UTC, UTC+00:00)", clockTime(before, "Nowhere/City"))
}
