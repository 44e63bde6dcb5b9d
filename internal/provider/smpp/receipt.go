package smpp

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"parley/internal/channel"
	"parley/internal/channel/sms"
)

// Bits 5 to 2 of esm_class of a deliver_sm (SMPP 3.4, 5.2.12).
const (
	messageTypes   = 0x3c
	smscReceipt    = 0x04
	userReceipt    = 0x08
	intermediate   = 0x20
	longestID      = 65 // message_id with its end (5.2.23)
	longestErrText = 16
)

// receipt reads a delivery receipt; false when the message is none.
//
// The name in receipted_message_id is taken before the one in the text, and
// message_state before stat, because texts differ between vendors.
func receipt(d *pdu.DeliverSM, ids ReceiptIDs) (channel.Receipt, bool) {
	text := receiptText(d)
	fields := parseText(text)
	tagged := tag(d, pdu.TagReceiptedMessageID)
	kind := d.EsmClass & messageTypes
	marked := kind == smscReceipt || kind == userReceipt || kind == intermediate || len(tagged) > 0
	if !marked && (fields.id == "" || fields.status == "") {
		return channel.Receipt{}, false
	}
	r := channel.Receipt{ID: canonical(fields.in(ids)), Status: channel.Unknown, Code: visible(fields.code)}
	if name := cString(tagged); name != "" {
		r.ID = canonical(name)
	}
	if fields.status != "" {
		r.Status = statusOf(fields.status)
	}
	if state := tag(d, pdu.TagMessageStateOption); len(state) == 1 {
		r.Status = stateOf(state[0])
	}
	if code := tag(d, pdu.TagNetworkErrorCode); len(code) == 3 {
		r.Code = fmt.Sprintf("%d:%d", code[0], int(code[1])<<8|int(code[2]))
	}
	return r, r.ID != ""
}

func tag(d *pdu.DeliverSM, t pdu.Tag) []byte { return d.OptionalParameters[t].Data }

func cString(b []byte) string { return strings.TrimRight(string(b), "\x00") }

func receiptText(d *pdu.DeliverSM) string {
	body, _ := d.Message.GetMessageData()
	if len(body) == 0 {
		body = tag(d, pdu.TagMessagePayload)
	}
	if e := d.Message.Encoding(); e != nil && e.DataCoding() == data.UCS2Coding {
		return sms.Decode(sms.UCS2, body)
	}
	return string(body)
}

// fields are what the text of a receipt says (SMPP 3.4, appendix B, and what
// vendors made of it).
type fields struct{ id, status, code string }

var (
	idField     = field(`id|msgid|message_id`)
	statusField = field(`stat|status`)
	codeField   = field(`err|error`)
	textField   = regexp.MustCompile(`(?i)(?:^|[\s;,])text\s*[:=]`)
)

// field finds "name:value" whatever the order, case and separators.
func field(names string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[\s;,])(?:` + names + `)\s*[:=]\s*"?([^\s;,"]+)`)
}

// parseText reads the text of a receipt up to the quoted beginning of the
// message, which may say anything.
func parseText(text string) fields {
	if at := textField.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	get := func(re *regexp.Regexp, longest int) string {
		m := re.FindStringSubmatch(text)
		if m == nil || len(m[1]) > longest {
			return ""
		}
		return m[1]
	}
	return fields{get(idField, longestID), get(statusField, longestErrText), get(codeField, longestErrText)}
}

// in returns the name as the answer to the submit wrote it.
func (f fields) in(ids ReceiptIDs) string {
	from, to := 10, 16
	switch ids {
	case DecimalIDs:
	case HexIDs:
		from, to = 16, 10
	default:
		return f.id
	}
	n, ok := new(big.Int).SetString(f.id, from)
	if !ok || n.Sign() < 0 {
		return f.id
	}
	return n.Text(to)
}

// canonical makes names equal that one SMSC writes in several ways. Names are
// ASCII without blanks; one that no answer may have is none.
func canonical(id string) string {
	id = strings.ToLower(visible(id))
	if len(id) >= longestID {
		return ""
	}
	if trimmed := strings.TrimLeft(id, "0"); trimmed != "" {
		return trimmed
	}
	return id[:min(len(id), 1)]
}

// visible leaves what everybody can store and read.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
}

// statusOf reads stat of a text. ACCEPTD is called final by the specification
// and used for messages on their way by everyone.
func statusOf(stat string) channel.Status {
	switch s := strings.ToUpper(stat); {
	case strings.HasPrefix(s, "DELIV"):
		return channel.Delivered
	case strings.HasPrefix(s, "UNDEL"), strings.HasPrefix(s, "DELET"), strings.HasPrefix(s, "FAIL"), strings.HasPrefix(s, "SKIP"):
		return channel.Undelivered
	case strings.HasPrefix(s, "EXPIR"):
		return channel.Expired
	case strings.HasPrefix(s, "REJECT"):
		return channel.Rejected
	case strings.HasPrefix(s, "ENROUT"), strings.HasPrefix(s, "ACCEP"), strings.HasPrefix(s, "BUFF"), strings.HasPrefix(s, "SCHED"):
		return channel.Enroute
	}
	return channel.Unknown
}

// stateOf reads message_state (SMPP 3.4, 5.2.28; 5.0, 4.7.15).
func stateOf(state byte) channel.Status {
	switch state {
	case 0, 1, 6:
		return channel.Enroute
	case 2:
		return channel.Delivered
	case 3:
		return channel.Expired
	case 4, 5, 9:
		return channel.Undelivered
	case 8:
		return channel.Rejected
	}
	return channel.Unknown
}
