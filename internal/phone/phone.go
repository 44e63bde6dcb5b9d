package phone

import (
	"errors"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// ErrSyntax says that a text is no telephone number.
var ErrSyntax = errors.New("not a telephone number")

// home is whose national form ("8 912 …") is understood without a country.
const home = "RU"

const longestInput = 40

// Parse returns the number in E.164. It takes an international form with or
// without a plus and the Russian national one, with blanks, dashes, points and
// brackets anywhere. With a plus only the length is checked, because ranges come
// into use faster than lists of them.
func Parse(s string) (string, error) {
	if len(s) > longestInput {
		return "", ErrSyntax
	}
	digits, ok := strip(s)
	if !ok {
		return "", ErrSyntax
	}
	n, err := phonenumbers.Parse(digits, home)
	if err != nil || !phonenumbers.IsPossibleNumber(n) || n.GetExtension() != "" {
		return "", ErrSyntax
	}
	// Ten digits after a lost one can look like a number; a plus says where it begins.
	if digits[0] != '+' && !phonenumbers.IsValidNumber(n) {
		return "", ErrSyntax
	}
	e164 := phonenumbers.Format(n, phonenumbers.E164)
	if len(e164) < 8 || len(e164) > 16 || !stable(e164) {
		return "", ErrSyntax
	}
	return e164, nil
}

// stable says that the number reads as itself: some countries' prefixes are
// taken off once more from what is left without them.
func stable(e164 string) bool {
	n, err := phonenumbers.Parse(e164, home)
	return err == nil && phonenumbers.IsPossibleNumber(n) && phonenumbers.Format(n, phonenumbers.E164) == e164
}

// strip leaves a leading plus and digits; false when anything else is there.
// The library would read letters as the keys they stand on.
func strip(s string) (string, bool) {
	var b strings.Builder
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r >= '0' && r <= '9', r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -().\u00a0\u2010\u2011\u2012\u2013\u202f", r):
		default:
			return "", false
		}
	}
	return b.String(), b.Len() > 0
}

// Country returns the ISO 3166-1 alpha-2 code of the country that a number in
// E.164 belongs to, such as "RU", or "" when no country is known.
func Country(e164 string) string {
	n, err := phonenumbers.Parse(e164, home)
	if err != nil {
		return ""
	}
	if region := phonenumbers.GetRegionCodeForNumber(n); len(region) == 2 && region != "ZZ" {
		return region
	}
	// A range that came into use later still has its country's code, where one
	// country has it alone.
	if regions := phonenumbers.GetRegionCodesForCountryCode(int(n.GetCountryCode())); len(regions) == 1 && regions[0] != "001" {
		return regions[0]
	}
	return ""
}
