package smpp

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"parley/internal/channel"
	"parley/internal/channel/sms"
)

// Type of number and numbering plan (SMPP 3.4, 5.2.5 and 5.2.6).
const (
	tonInternational = 1
	tonNetwork       = 3
	tonAlphanumeric  = 5
	npiUnknown       = 0
	npiISDN          = 1

	askReceipt    = 1 // registered_delivery: success and failure
	longestName   = 11
	longestNumber = 15
	longestShort  = 8
	shortestLife  = time.Minute
	longestLife   = 30 * 24 * time.Hour
	hasHeader     = 0x40 // esm_class: UDHI
)

// submits makes the PDUs of a message.
func (a *Adapter) submits(m channel.Message) ([]*pdu.SubmitSM, error) {
	from := m.From
	if from == "" {
		from = a.settings.Sender
	}
	origin, err := source(from)
	if err != nil {
		return nil, &channel.SendError{Reason: channel.SenderRefused, Fault: channel.OurFault, Detail: "the sender " + err.Error()}
	}
	to, err := destination(m.To)
	if err != nil {
		return nil, &channel.SendError{Reason: channel.InvalidRecipient, Fault: channel.UserFault, Detail: err.Error()}
	}
	text, err := sms.Encode(m.Text, byte(a.references.Add(1)))
	if err != nil {
		return nil, &channel.SendError{Reason: channel.ContentRefused, Fault: channel.UserFault, Detail: err.Error()}
	}
	out := make([]*pdu.SubmitSM, 0, len(text.Parts))
	for _, part := range text.Parts {
		p := pdu.NewSubmitSM().(*pdu.SubmitSM)
		p.SourceAddr, p.DestAddr = origin, to
		if !a.options.SendOnly {
			p.RegisteredDelivery = askReceipt
		}
		p.ValidityPeriod = validity(m.Lifetime)
		if part.Header != nil {
			p.EsmClass |= hasHeader
		}
		body, coding := a.body(text.Encoding, part.Body)
		if err := p.Message.SetMessageDataWithEncoding(append(append([]byte(nil), part.Header...), body...), coding); err != nil {
			return nil, &channel.SendError{Reason: channel.ContentRefused, Fault: channel.OurFault, Detail: err.Error()}
		}
		out = append(out, p)
	}
	return out, nil
}

// body writes a part in the alphabet that the SMSC takes. The cut stays where
// GSM 03.38 wants it, for that is what goes over the air.
func (a *Adapter) body(e sms.Encoding, body []byte) ([]byte, data.Encoding) {
	switch {
	case e == sms.UCS2:
		return body, data.UCS2
	case a.settings.Latin1:
		text := sms.Decode(sms.GSM, body)
		if latin, err := data.LATIN1.Encode(text); err == nil {
			return latin, data.LATIN1
		}
	}
	return body, data.GSM7BIT
}

var errSender = errors.New("is neither a number nor a name of at most 11 letters, digits, blanks and marks of ASCII")

// source types a sender: a name, an international number or a short one.
func source(from string) (pdu.Address, error) {
	if from == "" {
		return pdu.NewAddressWithTonNpi(0, 0), nil
	}
	digits := strings.TrimPrefix(from, "+")
	if onlyDigits(digits) && len(digits) <= longestNumber {
		if len(digits) <= longestShort && digits == from {
			return pdu.NewAddressWithTonNpiAddr(tonNetwork, npiUnknown, digits)
		}
		return pdu.NewAddressWithTonNpiAddr(tonInternational, npiISDN, digits)
	}
	for _, r := range from {
		if r < ' ' || r > '~' {
			return pdu.Address{}, errSender
		}
	}
	if len(from) > longestName {
		return pdu.Address{}, errSender
	}
	return pdu.NewAddressWithTonNpiAddr(tonAlphanumeric, npiUnknown, from)
}

func destination(to string) (pdu.Address, error) {
	digits := strings.TrimPrefix(to, "+")
	if !onlyDigits(digits) || len(digits) > longestNumber {
		return pdu.Address{}, errors.New("the recipient is no telephone number")
	}
	return pdu.NewAddressWithTonNpiAddr(tonInternational, npiISDN, digits)
}

func onlyDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// validity writes a lifetime as a relative time (SMPP 3.4, 7.1.1.2): years,
// months, days, hours, minutes and seconds. Empty is the SMSC's own.
func validity(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	d = min(max(d, shortestLife), longestLife).Round(time.Second)
	return fmt.Sprintf("0000%02d%02d%02d%02d000R", int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60, int(d.Seconds())%60)
}
