package messaging

import (
	"net/mail"
	"strings"

	"parley/internal/connection"
	"parley/internal/platform/fault"
)

const (
	longestAddress = 254
	longestOrigin  = 11 // of a name that short messages come from (3GPP TS 23.040, 9.1.2.5)
	longestNumber  = 15 // E.164
)

// readAddress reads an e-mail address with or without a name before it; false
// when it is none, or one that only quotes make one: those hide a second
// address or a parameter of the protocol from whoever does not expect them.
func readAddress(s string) (*mail.Address, bool) {
	a, err := mail.ParseAddress(strings.TrimSpace(s))
	if err != nil || len(a.Address) > longestAddress {
		return nil, false
	}
	bare, err := mail.ParseAddress(a.Address)
	return a, err == nil && bare.Address == a.Address && !strings.ContainsAny(a.Address, " \t\"")
}

// checkSender says whether a company may send from there. On somebody else's
// gateway letters come from the gateway's domain: its owner answers for that
// domain alone, and a letter from any other would be a forgery in his name. A
// name that looks like an address deceives whoever sees names only.
func checkSender(companyID int64, channel, from string, hop connection.Hop) error {
	if channel == connection.SMS {
		return checkOrigin(from)
	}
	sender, ok := readAddress(from)
	switch {
	case len(from) > longestAddress:
		return fault.Field("from", fault.TooLong, "The sender is too long.")
	case !ok || strings.ContainsRune(sender.Name, '@'):
		return fault.Field("from", fault.BadFormat, "This is no sender of letters. Write an address, or a name and <an address>.")
	case hop.CompanyID == companyID || from == hop.Sender:
		return nil
	}
	own, ok := readAddress(hop.Sender)
	if !ok || !strings.EqualFold(domainOf(sender), domainOf(own)) {
		return fault.Field("from", fault.UnknownName, "Letters of yours come from the domain of your service provider. Ask them for another.")
	}
	return nil
}

func domainOf(a *mail.Address) string { return a.Address[strings.LastIndexByte(a.Address, '@')+1:] }

// checkOrigin says whether short messages can come from there: from a name of
// ASCII, a number, or what the network puts there itself.
func checkOrigin(from string) error {
	if number := strings.TrimPrefix(from, "+"); len(number) <= longestNumber && strings.Trim(number, "0123456789") == "" {
		return nil
	}
	if len(from) > longestOrigin || strings.ContainsFunc(from, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fault.Field("from", fault.BadFormat, "Short messages come from a number or from at most 11 letters and digits of ASCII.")
	}
	return nil
}
