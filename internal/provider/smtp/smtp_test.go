package smtp_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"
	"github.com/stretchr/testify/require"

	"parley/internal/channel"
	"parley/internal/provider/smtp"
)

// sink is a real SMTP server that answers as it is told.
type sink struct {
	mu           sync.Mutex
	letters      [][]byte
	atRcpt       error
	atData       error
	cutAfterData bool
}

func (s *sink) NewSession(c *gosmtp.Conn) (gosmtp.Session, error) { return &session{s, c}, nil }

type session struct {
	*sink
	conn *gosmtp.Conn
}

func (s *session) Mail(string, *gosmtp.MailOptions) error { return nil }
func (s *session) Rcpt(string, *gosmtp.RcptOptions) error { return s.atRcpt }
func (s *session) Reset()                                 {}
func (s *session) Logout() error                          { return nil }
func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.letters = append(s.letters, data)
	s.mu.Unlock()
	if s.cutAfterData {
		_ = s.conn.Conn().Close()
	}
	return s.atData
}

func start(t *testing.T, s *sink) smtp.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := gosmtp.NewServer(s)
	server.Domain, server.AllowInsecureAuth = "localhost", true
	server.ErrorLog = quiet{}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	to, err := smtp.Parse("smtp+plain://" + l.Addr().String())
	require.NoError(t, err)
	return to
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

var letter = channel.Letter{
	ID: "0190@parley.example", From: "Parley <no-reply@parley.example>", To: "anna@example.com",
	Subject: "Вход заблокирован", Text: "Здравствуйте.", HTML: "<p>Здравствуйте.</p>", Language: "ru",
}

func TestSend(t *testing.T) {
	t.Parallel()
	s := &sink{}
	require.NoError(t, start(t, s).Send(t.Context(), letter))

	require.Len(t, s.letters, 1)
	got, err := enmime.ReadEnvelope(strings.NewReader(string(s.letters[0])))
	require.NoError(t, err)
	require.Equal(t, "Вход заблокирован", got.GetHeader("Subject"))
	require.Equal(t, "Здравствуйте.", strings.TrimSpace(got.Text))
	require.Contains(t, got.HTML, "<p>Здравствуйте.</p>")
	require.Equal(t, "<0190@parley.example>", got.GetHeader("Message-ID"))
	require.Equal(t, "auto-generated", got.GetHeader("Auto-Submitted"))
}

func TestSendWithFile(t *testing.T) {
	t.Parallel()
	s := &sink{}
	with := letter
	with.Files = []channel.File{{Name: "Счёт 7.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.7 …")}}
	require.NoError(t, start(t, s).Send(t.Context(), with))

	got, err := enmime.ReadEnvelope(strings.NewReader(string(s.letters[0])))
	require.NoError(t, err)
	require.Len(t, got.Attachments, 1)
	require.Equal(t, "Счёт 7.pdf", got.Attachments[0].FileName)
	require.Equal(t, "application/pdf", got.Attachments[0].ContentType)
	require.Equal(t, with.Files[0].Content, got.Attachments[0].Content)
	require.Equal(t, "Здравствуйте.", strings.TrimSpace(got.Text))
}

func TestSendFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sink   *sink
		reason channel.Reason
		retry  bool
	}{
		"no such address": {&sink{atRcpt: &gosmtp.SMTPError{Code: 550, Message: "no such user"}}, channel.InvalidRecipient, false},
		"greylisted":      {&sink{atRcpt: &gosmtp.SMTPError{Code: 451, Message: "later"}}, channel.NetworkBusy, true},
		"spam":            {&sink{atData: &gosmtp.SMTPError{Code: 554, Message: "spam"}}, channel.ContentRefused, false},
		"busy":            {&sink{atData: &gosmtp.SMTPError{Code: 452, Message: "full"}}, channel.NetworkBusy, true},
		"gone after data": {&sink{cutAfterData: true}, channel.InDoubt, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := start(t, c.sink).Send(t.Context(), letter)
			var e *channel.SendError
			require.True(t, errors.As(err, &e), "%v", err)
			require.Equal(t, c.reason, e.Reason, e.Detail)
			require.Equal(t, c.retry, e.Retry)
		})
	}

	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		err := smtp.Server{Host: "127.0.0.1", Port: 1, TLS: "none"}.Send(t.Context(), letter)
		var e *channel.SendError
		require.ErrorAs(t, err, &e)
		require.Equal(t, channel.Unreachable, e.Reason)
		require.True(t, channel.Retryable(err))
	})
	t.Run("a recipient that is no address", func(t *testing.T) {
		t.Parallel()
		bad := letter
		bad.To = "anna@example.com\r\nBcc: all@example.com"
		err := start(t, &sink{}).Send(t.Context(), bad)
		require.False(t, channel.Retryable(err))
	})
}

func TestParse(t *testing.T) {
	t.Parallel()
	s, err := smtp.Parse("smtp://me:p%40ss@mail.example.com")
	require.NoError(t, err)
	require.Equal(t, smtp.Server{Host: "mail.example.com", Port: 587, User: "me", Password: "p@ss", TLS: "starttls"}, s)
	for _, bad := range []string{"", "mail.example.com", "http://x", "smtp://x:abc", "smtp://"} {
		_, err := smtp.Parse(bad)
		require.Error(t, err, bad)
	}
}
