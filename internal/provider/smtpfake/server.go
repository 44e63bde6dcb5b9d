package smtpfake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const largestLetter = 32 << 20

// Knobs say how the server misbehaves. The zero value is a good server.
type Knobs struct {
	Delay int `json:"delay_ms"`    // before each answer to the end of a letter
	Code  int `json:"refuse_code"` // 4xx or 5xx to refuse with, 0 to accept
	At    At  `json:"refuse_at"`   // where it refuses; empty is data
	Times int `json:"times"`       // how often it refuses or hangs; 0 is until told otherwise
	// Hang reads a letter whole, keeps it, and never answers, so that the sender cannot know
	// what became of it.
	Hang bool `json:"hang_after_data"`
}

// At is the command at which a server refuses.
type At string

// The commands.
const (
	AtMail At = "mail"
	AtRcpt At = "rcpt"
	AtData At = "data"
)

// Check returns what is wrong with the knobs.
func (k Knobs) Check() error {
	switch {
	case k.Delay < 0 || k.Delay > 60_000:
		return errors.New("delay_ms is not between 0 and 60000")
	case k.Code != 0 && (k.Code < 400 || k.Code > 599):
		return errors.New("refuse_code is neither 0 nor between 400 and 599")
	case k.At != "" && !slices.Contains([]At{AtMail, AtRcpt, AtData}, k.At):
		return errors.New("refuse_at is none of mail, rcpt, data")
	case k.Times < 0:
		return errors.New("times is below 0")
	}
	return nil
}

// Server is a running mail server.
type Server struct {
	*Inbox
	server   *smtp.Server
	listener net.Listener
	closed   context.Context
	close    context.CancelFunc

	mu    sync.Mutex
	knobs Knobs
	left  int // times it still misbehaves; below 0 is without end
}

// Listen starts a server at address, such as 127.0.0.1:2525. It takes any sender, recipient
// and password.
func Listen(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for mail: %w", err)
	}
	s := &Server{Inbox: newInbox(), listener: listener}
	s.closed, s.close = context.WithCancel(context.Background())
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.server.Domain = "fakenet"
	s.server.AllowInsecureAuth = true
	s.server.EnableSMTPUTF8 = true
	s.server.MaxMessageBytes = largestLetter
	s.server.ErrorLog = quiet{}
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

// Address returns where the server listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Close ends the server and all its connections; those that hang never get an answer.
func (s *Server) Close() error {
	err := s.server.Close()
	s.close()
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	return err
}

// Turn sets the knobs.
func (s *Server) Turn(k Knobs) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.knobs, s.left = k, k.Times
	if k.Times == 0 {
		s.left = -1
	}
}

// Turned returns the knobs.
func (s *Server) Turned() Knobs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.knobs
}

// misbehave returns what to do wrong at a command and counts it.
func (s *Server) misbehave(at At) (refuse error, hang bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	where := s.knobs.At
	if where == "" {
		where = AtData
	}
	refuses, hangs := s.knobs.Code != 0 && where == at, s.knobs.Hang && at == AtData
	if s.left == 0 || !(refuses || hangs) {
		return nil, false
	}
	if s.left > 0 {
		s.left--
	}
	if refuses {
		class := s.knobs.Code / 100
		refuse = &smtp.SMTPError{Code: s.knobs.Code, EnhancedCode: smtp.EnhancedCode{class, 0, 0}, Message: "refused as told"}
	}
	return refuse, hangs
}

type session struct {
	server *Server
	from   string
	to     []string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, _ string) error { return nil }), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	refuse, _ := s.server.misbehave(AtMail)
	return refuse
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	refuse, _ := s.server.misbehave(AtRcpt)
	if refuse == nil {
		s.to = append(s.to, to)
	}
	return refuse
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	refuse, hang := s.server.misbehave(AtData)
	select {
	case <-s.server.closed.Done():
	case <-time.After(time.Duration(s.server.Turned().Delay) * time.Millisecond):
	}
	if refuse != nil {
		return refuse
	}
	s.server.add(parse(s.from, s.to, raw))
	if hang {
		<-s.server.closed.Done()
	}
	return nil
}

func (s *session) Reset() { s.from, s.to = "", nil }

func (s *session) Logout() error { return nil }

// quiet drops the library's log: a client that goes away is everyday life here.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}
