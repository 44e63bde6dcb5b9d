package smpp

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"
)

// Settings say where an SMSC is and how it wants to be spoken to.
type Settings struct {
	Address    string // host:port
	TLS        bool
	SystemID   string
	Password   string
	SystemType string
	Sender     string // what messages come from when they name nothing
	Window     int    // submits that may wait for an answer, 1 to 255
	Rate       int    // parts a second; 0 is no limit
	Enquire    time.Duration
	// Latin1 is for an SMSC that takes ISO 8859-1 (data_coding 3) where others
	// take GSM 03.38 (data_coding 0).
	Latin1 bool
	// ReceiptIDs says how texts of receipts name messages.
	ReceiptIDs ReceiptIDs
}

// ReceiptIDs says how the text of a receipt writes a message's name compared
// with the answer to its submit.
type ReceiptIDs string

// The ways.
const (
	SameIDs    ReceiptIDs = "same"
	DecimalIDs ReceiptIDs = "decimal" // hexadecimal in the answer, decimal in the receipt
	HexIDs     ReceiptIDs = "hex"     // the other way round
)

const (
	defaultWindow  = 10
	defaultEnquire = 30 * time.Second
)

var errForm = errors.New("SMS route: want smpp://user:password@host:port or smpps:// for TLS")

// Parse reads settings from a URL such as
//
//	smpp://user:password@smsc.example.com:2775?sender=Parley&window=50&rate=100
//
// smpps:// is TLS from the first byte. Further parameters are system_type,
// enquire (30s), alphabet (gsm or latin1) and receipt_ids (same, decimal or
// hex). Errors never quote the URL, for it holds the password.
func Parse(text string) (Settings, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "smpp" && u.Scheme != "smpps" {
		return Settings{}, errForm
	}
	s := Settings{TLS: u.Scheme == "smpps", SystemID: u.User.Username(), Window: defaultWindow, Enquire: defaultEnquire, ReceiptIDs: SameIDs}
	s.Password, _ = u.User.Password()
	port := u.Port()
	if port == "" {
		port = map[bool]string{false: "2775", true: "3550"}[s.TLS]
	}
	s.Address = net.JoinHostPort(u.Hostname(), port)
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Settings{}, errForm
	}
	for name, values := range query {
		if err := s.set(name, values[0]); err != nil {
			return Settings{}, err
		}
	}
	return s, nil
}

func (s *Settings) set(name, value string) (err error) {
	switch name {
	case "sender":
		_, err = source(value)
		s.Sender = value
	case "system_type":
		s.SystemType = value
	case "window":
		s.Window, err = number(value, 1, 255)
	case "rate":
		s.Rate, err = number(value, 0, 100_000)
	case "enquire":
		s.Enquire, err = time.ParseDuration(value)
		if err != nil || s.Enquire < time.Second || s.Enquire > time.Hour {
			err = errors.New("is not between 1s and 1h")
		}
	case "alphabet":
		s.Latin1 = value == "latin1"
		if value != "latin1" && value != "gsm" {
			err = errors.New("is neither gsm nor latin1")
		}
	case "receipt_ids":
		s.ReceiptIDs = ReceiptIDs(value)
		if s.ReceiptIDs != SameIDs && s.ReceiptIDs != DecimalIDs && s.ReceiptIDs != HexIDs {
			err = errors.New("is none of same, decimal, hex")
		}
	default:
		err = errors.New("is unknown")
	}
	if err != nil {
		return fmt.Errorf("SMS route: parameter %s %w", name, err)
	}
	return nil
}

func number(text string, least, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("is not between %d and %d", least, most)
	}
	return n, nil
}

// Name names the SMSC without secrets.
func (s Settings) Name() string { return "smpp:" + s.Address }
