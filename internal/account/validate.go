package account

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bojanz/currency"
	"golang.org/x/text/unicode/norm"

	_ "time/tzdata" // the same zones on every machine

	"parley/internal/access"
	"parley/internal/phone"
	"parley/internal/platform/fault"
)

// Limits of what people type, in characters.
const (
	MaxName     = 100
	MinPassword = 8
	MaxPassword = 200
	MaxDialogs  = 10_000
	maxEmail    = 254
	maxLogin    = 320
	maxComment  = 1000
)

// problems collects what is wrong with an input, so that people see all of it
// at once.
type problems struct{ fault *fault.Error }

func (p *problems) add(field, code, message string) {
	if p.fault == nil {
		p.fault = fault.Field(field, code, message)
		return
	}
	p.fault = p.fault.And(field, code, message)
}

func (p *problems) err() error {
	if p.fault == nil {
		return nil
	}
	return p.fault
}

// text cleans one line of text that people see: composed, without blanks
// around it, and without characters that are invisible or turn the line round,
// because those make one name look like another. Markup is only text.
func (p *problems) text(field, s string, required bool, longest int) string {
	if len(s) > 8*longest {
		p.add(field, fault.TooLong, "Use fewer characters.")
		return ""
	}
	if !utf8.ValidString(s) {
		p.add(field, fault.BadFormat, "Some characters are broken.")
		return ""
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	before := rune(0)
	for _, r := range s {
		if hidden(r, before) {
			p.add(field, fault.BadFormat, "Remove characters that cannot be seen.")
			return ""
		}
		before = r
	}
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && required:
		p.add(field, fault.Required, "Enter this.")
	case n > longest:
		p.add(field, fault.TooLong, "Use fewer characters.")
	}
	return s
}

// hidden says whether a character cannot be seen. Joiners are allowed after
// what they join: emoji and some scripts need them, Latin does not.
func hidden(r, before rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	if r == joiner || r == nonJoiner {
		return before < 0x0250
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) || r == utf8.RuneError ||
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// email returns the address in the one form that is compared: ASCII and lower
// case.
func (p *problems) email(field, s string) string {
	s, ok := readEmail(s)
	if !ok {
		p.add(field, fault.BadFormat, "Enter an address such as anna@example.com.")
	}
	return s
}

func readEmail(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || len(s) > maxEmail {
		return "", false
	}
	for _, r := range s {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"<>()[],;:\`, r) {
			return "", false
		}
	}
	_, domain, _ := strings.Cut(s, "@")
	return s, strings.Contains(domain, ".") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}

func (p *problems) phone(field, s string) *string {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	number, err := phone.Parse(s)
	if err != nil {
		p.add(field, fault.BadFormat, "Enter a number such as +7 912 345-67-89.")
		return nil
	}
	return &number
}

// password checks a new password; it says nothing about what it contains.
func (p *problems) password(field, s string, besides ...string) {
	n := utf8.RuneCountInString(s)
	switch {
	case n < MinPassword:
		p.add(field, fault.TooShort, "Use at least 8 characters.")
	case n > MaxPassword:
		p.add(field, fault.TooLong, "Use at most 200 characters.")
	case !utf8.ValidString(s):
		p.add(field, fault.BadFormat, "Some characters are broken.")
	case easy(s, besides):
		p.add(field, fault.BadFormat, "This password is too easy to guess.")
	}
}

// easy finds passwords that are tried first: one character over and over, runs
// of digits or keys, and the person's own name, address or number.
func easy(s string, besides []string) bool {
	low := strings.ToLower(s)
	for _, own := range besides {
		if own = strings.ToLower(own); own != "" && (low == own || len(own) >= MinPassword && strings.Contains(low, own)) {
			return true
		}
	}
	if strings.Trim(low, string([]rune(low)[0])) == "" {
		return true
	}
	const runs = "01234567890123456789 09876543210987654321 qwertyuiop asdfghjkl zxcvbnm qwertyuiopasdfghjklzxcvbnm " +
		"abcdefghijklmnopqrstuvwxyz йцукенгшщзхъфывапролджэячсмитьбю password password1 password123 qwerty123 пароль123"
	return strings.Contains(runs, low)
}

func (p *problems) timeZone(field, name string) {
	if _, err := location(name); err != nil {
		p.add(field, fault.UnknownName, "Choose a time zone such as Europe/Moscow.")
	}
}

// location loads a zone by its IANA name; the machine's own is none.
func location(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fault.Field("time_zone", fault.UnknownName, "Choose a time zone such as Europe/Moscow.")
	}
	return time.LoadLocation(name)
}

func (p *problems) currency(field, code string) {
	if !currency.IsValid(code) {
		p.add(field, fault.UnknownName, "Choose a currency such as RUB.")
	}
}

func (p *problems) language(field, code string) {
	if code != "ru" && code != "en" {
		p.add(field, fault.UnknownName, "Choose ru or en.")
	}
}

func (p *problems) limit(field string, n int) {
	if n < 0 || n > MaxDialogs {
		p.add(field, fault.OutOfRange, "Enter a number from 0 to 10,000.")
	}
}

// roles returns the roles in the order of [access.Roles], each once.
func (p *problems) roles(field string, roles []access.Role) []access.Role {
	var out []access.Role
	for _, r := range access.Roles {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	for _, r := range roles {
		if !slices.Contains(access.Roles, r) {
			p.add(field, fault.UnknownName, "There is no such role.")
			return nil
		}
	}
	if len(out) == 0 {
		p.add(field, fault.Required, "Choose at least one role.")
	}
	return out
}
