package contact

import (
	"strings"

	"parley/internal/phone"
)

// parsePhone is [phone.Parse] with a short way for what most files hold: Russian mobile
// numbers, of which every one with the right length is possible.
func parsePhone(s string) (string, bool) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "'") // spreadsheets keep a sign from being a formula by it
	digits := strings.TrimPrefix(s, "+")
	if len(digits) == 11 && digits[1] == '9' && (digits[0] == '7' || digits[0] == '8' && len(s) == 11) && allDigits(digits) {
		return "+7" + digits[1:], true
	}
	number, err := phone.Parse(s)
	return number, err == nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// parseEmail returns an e-mail address with its domain in small letters: what stands before
// it belongs to the domain's owner, who may tell letters apart (RFC 5321, 2.4).
func parseEmail(s string) (string, bool) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "'")
	at := strings.LastIndexByte(s, '@')
	if at < 1 || !isEmail(s) {
		return "", false
	}
	return s[:at] + strings.ToLower(s[at:]), true
}
