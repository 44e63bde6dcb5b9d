package smppfake

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"parley/internal/channel/sms"
)

// Server is a running SMSC.
type Server struct {
	*Inbox
	listener net.Listener
	names    atomic.Int64
	receipts atomic.Int64

	mu     sync.Mutex
	closed bool
	knobs  Knobs
	left   int // times it still misbehaves; below 0 is without end
	conns  map[*conn]bool
	held   []note // receipts that wait for a bind
	heard  func(to string)
}

// Hear has fn called for each part that is taken, whatever the inbox forgets.
// Call it before anybody binds.
func (s *Server) Hear(fn func(to string)) { s.heard = fn }

// Listen starts an SMSC at address, such as 127.0.0.1:2775. It takes any
// system id and password.
func Listen(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for SMPP: %w", err)
	}
	s := &Server{Inbox: newInbox(), listener: listener, conns: map[*conn]bool{}}
	s.names.Store(time.Now().UnixMilli())
	go s.accept()
	return s, nil
}

// Address returns where the server listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Close ends the server and all its connections.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	err := s.listener.Close()
	s.Drop()
	return err
}

// Drop breaks all connections; new ones are taken.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.end()
	}
}

// Bound returns how many binds there are.
func (s *Server) Bound() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for c := range s.conns {
		if c.bound {
			n++
		}
	}
	return n
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

// misbehave returns what to do wrong with a submit and counts it.
func (s *Server) misbehave() (refuse data.CommandStatusType, cut bool, k Knobs) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k = s.knobs
	if s.left == 0 || k.Status == 0 && !k.Cut {
		return data.ESME_ROK, false, k
	}
	if s.left > 0 {
		s.left--
	}
	return data.CommandStatusType(k.Status), k.Cut, k
}

func (s *Server) accept() {
	for {
		socket, err := s.listener.Accept()
		if err != nil {
			return
		}
		c := newConn(s, socket)
		s.mu.Lock()
		if s.closed {
			c.end()
		}
		s.conns[c] = true
		s.mu.Unlock()
		go c.serve()
	}
}

// bind marks a connection as one that takes receipts and sends those that wait.
func (s *Server) bind(c *conn) {
	s.mu.Lock()
	c.bound = true
	held := s.held
	s.held = nil
	s.mu.Unlock()
	for _, n := range held {
		s.deliver(n)
	}
}

func (s *Server) gone(c *conn, unanswered []note) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	for _, n := range unanswered {
		s.deliver(n)
	}
}

// deliver sends a receipt over some bind, or keeps it until there is one.
func (s *Server) deliver(n note) {
	s.mu.Lock()
	var to *conn
	for c := range s.conns {
		if c.bound && !c.isEnded() {
			to = c
		}
	}
	if to == nil {
		s.held = append(s.held, n)
	}
	s.mu.Unlock()
	if to != nil {
		to.deliver(n)
	}
}

// take keeps a submit and returns the name it gets.
func (s *Server) take(p *pdu.SubmitSM) string {
	id := fmt.Sprintf("%X", s.names.Add(1))
	body, _ := p.Message.GetMessageData()
	got := part{name: id, Message: Message{To: p.DestAddr.Address(), From: p.SourceAddr.Address(), Validity: p.ValidityPeriod, Parts: 1}}
	got.Encoding, got.Text = read(p.Message.Encoding(), body)
	if header, err := p.Message.UDH().MarshalBinary(); err == nil && len(header) > 0 {
		if reference, parts, number, ok := sms.Joins(header); ok {
			got.reference, got.Parts, got.number = reference, parts, number
			got.key = fmt.Sprint(got.From, " ", got.To, " ", reference)
		}
	}
	s.add(got)
	if s.heard != nil {
		s.heard(got.To)
	}
	return id
}

func read(e data.Encoding, body []byte) (encoding, text string) {
	switch {
	case e == nil:
		return "binary", fmt.Sprintf("%x", body)
	case e.DataCoding() == data.UCS2Coding:
		return "ucs2", sms.Decode(sms.UCS2, body)
	case e.DataCoding() == data.LATIN1Coding:
		text, _ = data.LATIN1.Decode(body)
		return "latin1", text
	}
	return "gsm", sms.Decode(sms.GSM, body)
}
