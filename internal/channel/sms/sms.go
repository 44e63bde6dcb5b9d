package sms

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/warthog618/sms/encoding/gsm7"
	"github.com/warthog618/sms/encoding/tpdu"
	"github.com/warthog618/sms/encoding/ucs2"
)

// Encoding is the alphabet of a text.
type Encoding string

// The encodings.
const (
	GSM  Encoding = "gsm"  // GSM 03.38 with its extension table, one septet in each byte
	UCS2 Encoding = "ucs2" // UTF-16, big-endian
)

// The errors of texts that cannot be sent.
var (
	ErrEmpty   = errors.New("the text is empty")
	ErrTooLong = errors.New("the text needs more than 255 parts")
)

const mostParts = 255 // the header counts them in one octet

// Text is a text as it is sent.
type Text struct {
	Encoding Encoding
	Parts    []Part
}

// Part is what one short message carries.
type Part struct {
	Header []byte // user data header with its length octet; nil when the text has one part
	Body   []byte
}

// Encode cuts a text into parts. The reference tells the recipient's telephone
// which parts belong together: it differs between texts to the same number.
func Encode(text string, reference byte) (Text, error) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\x1b", " ") // in GSM 03.38 it would change the character after it
	if text == "" {
		return Text{}, ErrEmpty
	}
	body, _, alphabet := tpdu.EncodeUserData([]byte(text))
	template, err := tpdu.NewSubmit()
	if err != nil {
		return Text{}, err
	}
	out := Text{Encoding: GSM}
	if alphabet == tpdu.AlphaUCS2 {
		out.Encoding = UCS2
		template.SetDCS(byte(tpdu.DcsUCS2Data))
	}
	segments := template.Segment(body, tpdu.WithConcatRef(fixed(reference)))
	if len(segments) > mostParts {
		return Text{}, ErrTooLong
	}
	for _, s := range segments {
		header, err := s.UDH.MarshalBinary()
		if err != nil {
			return Text{}, err
		}
		out.Parts = append(out.Parts, Part{header, s.UD})
	}
	return out, nil
}

type fixed int

func (f fixed) Count() int { return int(f) }

// Decode returns the text of a part's body, as far as it can be read.
func Decode(e Encoding, body []byte) string {
	if e == GSM {
		text, err := gsm7.Decode(body)
		if err != nil {
			return strings.ToValidUTF8(string(body), "\uFFFD")
		}
		return string(text)
	}
	if len(body)%2 == 1 {
		body = body[:len(body)-1]
	}
	runes, _ := ucs2.Decode(body)
	return string(runes)
}

// Joins reads a user data header: which parts belong together, how many they
// are, and which one this is, counted from 1. ok is false when the header does
// not join parts.
func Joins(header []byte) (reference, parts, number int, ok bool) {
	var h tpdu.UserDataHeader
	if _, err := h.UnmarshalBinary(header); err != nil {
		return 0, 0, 0, false
	}
	parts, number, reference, ok = h.ConcatInfo()
	return reference, parts, number, ok && number >= 1 && number <= parts
}

// ForcesUCS2 returns the first character of a text that is not in the alphabet
// of GSM 03.38, with its place in bytes; false when all are.
func ForcesUCS2(text string) (at int, r rune, ok bool) {
	for i, r := range text {
		if _, err := gsm7.Encode([]byte(string(r))); err != nil || r == utf8.RuneError {
			return i, r, true
		}
	}
	return 0, 0, false
}
