package bench

import (
	"io"
	"net"

	"github.com/emersion/go-smtp"
)

// sink is a mail server that swallows letters and tells whom they were for.
type sink struct {
	address string
	server  *smtp.Server
	heard   func(to string)
}

func newSink(heard func(to string)) (*sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{address: l.Addr().String(), heard: heard}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &sinking{sink: s}, nil }))
	s.server.Domain = "sink"
	go func() { _ = s.server.Serve(l) }()
	return s, nil
}

func (s *sink) close() { _ = s.server.Close() }

type sinking struct {
	*sink
	to []string
}

func (s *sinking) Mail(string, *smtp.MailOptions) error { return nil }

func (s *sinking) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *sinking) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	for _, to := range s.to {
		s.heard(to)
	}
	return nil
}

func (s *sinking) Reset() { s.to = nil }

func (s *sinking) Logout() error { return nil }
