package phone

import (
	"strconv"

	"github.com/nyaruka/phonenumbers"
)

// Prefix returns the country's code and the first digits of a number in E.164
// as one prefix, such as "+7912" for three digits of a Russian one. Numbers
// that carriers sell in bulk share it.
func Prefix(e164 string, first int) string {
	code := 1 // digits of the country's code when the number is none we know
	if n, err := phonenumbers.Parse(e164, home); err == nil {
		code = len(strconv.Itoa(int(n.GetCountryCode())))
	}
	return e164[:min(1+code+first, len(e164))]
}
