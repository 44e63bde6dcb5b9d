package plain_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/plain"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"trims and folds spaces":      {"  Анна \t\n Петрова ", "Анна Петрова"},
		"drops control characters":    {"a\x00b\x1b[31mc", "ab[31mc"},
		"drops overrides":             {"photo\u202Egpj.exe", "photogpj.exe"},
		"drops zero-width characters": {"ad\u200Bmin\uFEFF", "admin"},
		"keeps HTML as typed":         {"<b>Bob</b>", "<b>Bob</b>"},
		"keeps joined emoji":          {"👩‍🚀 ok", "👩‍🚀 ok"},
		"drops a joiner in a word":    {"ad\u200Dmin", "admin"},
		"keeps skin tones":            {"👍🏽", "👍🏽"},
		"drops broken bytes":          {"a\xffb", "ab"},
		"composes":                    {"и\u0306", "й"},
		"nothing but invisible":       {"\u200B\u3164\u2060", ""},
		"separators are spaces":       {"a\u2028b", "a b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, plain.Line(c.in))
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"keeps lines and tabs":       {"a\r\n\n\tb\rc ", "a\n\n\tb\nc"},
		"drops overrides":            {"a\u202Eb", "ab"},
		"keeps marks of direction":   {"שלום\u200F!", "שלום\u200F!"},
		"drops NUL":                  {"a\x00b", "ab"},
		"keeps joined emoji":         {"👨‍👩‍👧", "👨‍👩‍👧"},
		"keeps HTML":                 {"<script>alert(1)</script>", "<script>alert(1)</script>"},
		"line separator makes lines": {"a\u2028b", "a\nb"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, plain.Text(c.in))
		})
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	require.Equal(t, "привет", plain.Cut("привет", 6))
	require.Equal(t, "при…", plain.Cut("привет", 4))
	require.Equal(t, "a…", plain.Cut("a  bcd", 3))
}

func FuzzLine(f *testing.F) {
	f.Add("a\u202Eb \xff\u200D")
	f.Fuzz(func(t *testing.T, s string) {
		once := plain.Line(s)
		require.True(t, utf8.ValidString(once))
		require.Equal(t, once, plain.Line(once))
		text := plain.Text(s)
		require.True(t, utf8.ValidString(text))
		require.Equal(t, text, plain.Text(text))
	})
}
