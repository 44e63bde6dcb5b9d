package notify

import (
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/channel/sms"
	"parley/internal/money"
)

func full(kind, language string) map[string]string {
	values := map[string]string{
		"Platform": "Parley", "Name": "<b>Анна</b>\r\nBcc: all@example.com", "Address": "https://parley.example", "Cabinet": "https://parley.example/c/7",
	}
	maps.Copy(values, samples(language)[kind])
	return values
}

func TestEveryLetterInEveryLanguage(t *testing.T) {
	t.Parallel()
	r, err := newRenderer()
	require.NoError(t, err)
	for _, language := range languages {
		require.Len(t, r.catalogs[language].Letters, len(samples(language)), "a letter is missing in %s", language)
		for _, kind := range Kinds() {
			got, err := r.render(kind, language, full(kind, language))
			require.NoError(t, err)
			require.NotEmpty(t, got.Subject)
			require.NotContains(t, got.Subject, "\n")
			require.NotContains(t, got.HTML, "<b>Анна", "names are text, not HTML")
			require.Contains(t, got.HTML, "&lt;b&gt;Анна")
			require.Contains(t, got.Text, "\n--\n", "%s has a footer", kind)
			require.NotContains(t, got.HTML+got.Text, "{{")
			require.Equal(t, language == "ru", regexp.MustCompile(`[а-яё]`).MatchString(strings.ReplaceAll(got.Text, "Анна", "")), "%s in %s", kind, language)
			for name, value := range samples(language)[kind] {
				require.Contains(t, got.Subject+got.Text, value, "%s in %s says its %s", kind, language, name)
			}
			nameless := full(kind, language)
			nameless["Name"] = ""
			got, err = r.render(kind, language, nameless)
			require.NoError(t, err)
			require.NotContains(t, got.Text, " .", "%s without a name", kind)
		}
	}
}

func TestRenderFailsOnWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	r, err := newRenderer()
	require.NoError(t, err)
	require.ErrorContains(t, r.check("sign_in_locked", "en"), "Until", "a missing value is an error, not a blank")
	require.NoError(t, r.check("sign_in_locked", "en", map[string]string{"Until": "x"}, map[string]string{"IP": "y"}))
	require.Error(t, r.check("nothing", "en"))
	require.Error(t, r.check("sign_in_locked", "fr", samples("en")["sign_in_locked"]))
}

// A code costs one part in either language, whatever the platform is called
// within reason.
func TestCodesAreOnePart(t *testing.T) {
	t.Parallel()
	r, err := newRenderer()
	require.NoError(t, err)
	for _, language := range languages {
		text := r.short("code", language, "Имя на двадцать букв", "123456")
		require.True(t, strings.HasPrefix(text, "123456"), "telephones offer what comes first")
		got, err := sms.Encode(text, 1)
		require.NoError(t, err)
		require.Len(t, got.Parts, 1, text)
	}
	english, err := sms.Encode(r.short("code", "en", "Parley", "123456"), 1)
	require.NoError(t, err)
	require.Equal(t, sms.GSM, english.Encoding)
}

func TestClockTime(t *testing.T) {
	t.Parallel()
	// One hour before and after the clocks of New York go back.
	before := time.Date(2026, 11, 1, 5, 30, 0, 0, time.UTC)
	require.Equal(t, "01:30 (EDT, UTC-04:00)", ClockTime(before, "America/New_York"))
	require.Equal(t, "01:30 (EST, UTC-05:00)", ClockTime(before.Add(time.Hour), "America/New_York"))
	require.Equal(t, "05:30 (UTC, UTC+00:00)", ClockTime(before, "Nowhere/City"))
}

func TestAmountsAndDays(t *testing.T) {
	t.Parallel()
	m := money.Money{Amount: 12_000_500_000, Currency: "RUB"}
	require.Equal(t, "12\u00a0000,50\u00a0₽", Amount(m, "ru"))
	require.Equal(t, "RUB\u00a012,000.50", Amount(m, "en"))
	day := time.Date(2026, 12, 5, 0, 0, 0, 0, time.UTC)
	require.Equal(t, "05.12.2026", Date(day, "ru"))
	require.Equal(t, "5 December 2026", Date(day, "en"))
	require.Equal(t, "декабрь 2026 года", Month(day, "ru"))
	require.Equal(t, "December 2026", Month(day, "en"))
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::9": "2001:db8:1:2::/64", "": "",
	} {
		require.Equal(t, want, origin(ip))
	}
}
