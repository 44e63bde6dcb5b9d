package smtp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"parley/internal/channel"
)

// Server is a mail server that relays for us.
type Server struct {
	Host     string
	Port     int
	User     string
	Password string
	// TLS is "starttls" (required), "tls" (from the first byte) or "none",
	// which is for a server on this machine only.
	TLS   string
	Hello string // the name we greet with; empty is the host's own
}

// errForm does not quote what was given, for it may hold a password.
var errForm = errors.New("mail server: want smtp://host:port, smtps://host:port or smtp+plain://host:port")

// Parse reads a server from a URL: smtp://user:password@host:587 requires
// STARTTLS, smtps://host:465 is TLS from the first byte, and
// smtp+plain://127.0.0.1:2525 is neither.
func Parse(text string) (Server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return Server{}, errForm
	}
	s := Server{Host: u.Hostname(), User: u.User.Username()}
	s.Password, _ = u.User.Password()
	port := ""
	switch u.Scheme {
	case "smtp":
		s.TLS, port = "starttls", "587"
	case "smtps":
		s.TLS, port = "tls", "465"
	case "smtp+plain":
		s.TLS, port = "none", "25"
	default:
		return Server{}, errForm
	}
	if u.Port() != "" {
		port = u.Port()
	}
	if s.Port, err = strconv.Atoi(port); err != nil {
		return Server{}, errForm
	}
	return s, nil
}

const timeout = 30 * time.Second

// Send hands one letter over on a connection of its own.
func (s Server) Send(ctx context.Context, l channel.Letter) error {
	m, err := message(l)
	if err != nil {
		return &channel.SendError{Reason: channel.InvalidRecipient, Fault: channel.UserFault, Detail: err.Error()}
	}
	client, err := mail.NewClient(s.Host, s.options()...)
	if err != nil {
		return &channel.SendError{Reason: channel.BadCredentials, Fault: channel.OurFault, Detail: err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := client.DialWithContext(ctx); err != nil {
		return classifyDial(err)
	}
	defer func() { _ = client.Close() }()
	if err := client.Send(m); err != nil {
		return classify(err)
	}
	return nil
}

func (s Server) options() []mail.Option {
	o := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(timeout), mail.WithoutNoop()}
	switch s.TLS {
	case "tls":
		o = append(o, mail.WithSSL())
	case "starttls":
		o = append(o, mail.WithTLSPolicy(mail.TLSMandatory))
	default:
		o = append(o, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.User != "" {
		o = append(o, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	if s.Hello != "" {
		o = append(o, mail.WithHELO(s.Hello))
	}
	return o
}

func message(l channel.Letter) (*mail.Msg, error) {
	m := mail.NewMsg()
	if err := m.From(l.From); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	if err := m.To(l.To); err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	m.SetMessageIDWithValue(l.ID)
	m.SetDate()
	m.Subject(l.Subject)
	m.SetGenHeader("Content-Language", l.Language)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no vacation answers
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	m.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	for _, f := range l.Files {
		if err := m.AttachReader(f.Name, bytes.NewReader(f.Content), mail.WithFileContentType(mail.ContentType(f.MediaType))); err != nil {
			return nil, fmt.Errorf("file: %w", err)
		}
	}
	return m, nil
}

func classifyDial(err error) error {
	var refused *mail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() == 535 {
		return &channel.SendError{Reason: channel.BadCredentials, Fault: channel.OurFault, Detail: "the mail server refused our login"}
	}
	return &channel.SendError{Reason: channel.Unreachable, Fault: channel.TheirFault, Retry: true, Detail: err.Error()}
}

// classify reads the server's answer by RFC 5321 section 4.2.1 and, where
// there is one, the enhanced code of RFC 3463.
func classify(err error) error {
	var e *mail.SendError
	if !errors.As(err, &e) {
		return &channel.SendError{Reason: channel.Unreachable, Fault: channel.TheirFault, Retry: true, Detail: err.Error()}
	}
	detail := fmt.Sprintf("%d %s", e.ErrorCode(), e.EnhancedStatusCode())
	switch code := e.ErrorCode(); {
	case e.Reason == mail.ErrSMTPDataClose && code == 0, e.Reason == mail.ErrAmbiguous:
		return &channel.SendError{Reason: channel.InDoubt, Fault: channel.TheirFault, Retry: true, Detail: "no answer to the end of data"}
	case code == 421 || code == 450 || code == 451 || code == 452:
		return &channel.SendError{Reason: channel.NetworkBusy, Fault: channel.TheirFault, Retry: true, Detail: detail}
	case e.Reason == mail.ErrSMTPRcptTo && code >= 500:
		return &channel.SendError{Reason: channel.InvalidRecipient, Fault: channel.UserFault, Detail: detail}
	case code >= 500:
		return &channel.SendError{Reason: channel.ContentRefused, Fault: channel.UserFault, Detail: detail}
	}
	return &channel.SendError{Reason: channel.Unreachable, Fault: channel.TheirFault, Retry: true, Detail: detail}
}
