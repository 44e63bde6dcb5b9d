package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	joiner    = '\u200D' // holds the parts of many emoji together
	selector  = '\uFE0F' // asks for an emoji's coloured form
	firstTone = '\U0001F3FB'
	lastTone  = '\U0001F3FF'
)

// Line returns s as one line: composed characters, single spaces, nothing invisible, no space
// at the ends.
func Line(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "")) {
		switch {
		case unicode.IsSpace(r):
			r = ' '
			if last == ' ' || last == 0 {
				continue
			}
		case r == joiner:
			if !joins(last) {
				continue
			}
		case !visible(r):
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return strings.TrimRight(b.String(), " \u200D")
}

// Text returns s as lines of text that end in \n: tabs, empty lines and marks of direction
// that a language needs stay, overrides of direction and control characters go, and so does
// white space at the ends.
func Text(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case r == '\n', r == '\t', r == joiner, r == '\u200C', r == '\u200E', r == '\u200F':
			return r
		case unicode.Is(unicode.Cc, r), overrides(r), r == '\uFEFF', r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s))
}

// Length counts the characters of s as limits do.
func Length(s string) int { return utf8.RuneCountInString(s) }

// Cut returns s, or its first n characters of which the last is then an ellipsis.
func Cut(s string, n int) string {
	if Length(s) <= n {
		return s
	}
	runes := []rune(s)
	return strings.TrimRight(string(runes[:n-1]), " \n\t\u200D") + "…"
}

func visible(r rune) bool {
	return r != utf8.RuneError && !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) && !blank(r)
}

// blank are letters that look like nothing and pass for an empty name.
func blank(r rune) bool {
	return r == '\u115F' || r == '\u1160' || r == '\u3164' || r == '\uFFA0' || r == '\u2800' || r == '\u034F'
}

func joins(before rune) bool {
	return unicode.Is(unicode.So, before) || before == selector || before >= firstTone && before <= lastTone
}

func overrides(r rune) bool { return r >= '\u202A' && r <= '\u202E' }
