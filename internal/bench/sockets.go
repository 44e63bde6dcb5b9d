package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// socket is a client of the realtime protocol that does as little as it can,
// since thousands of them share the machine with the program they measure.
type socket struct {
	conn    *websocket.Conn
	hear    func(push []byte) // called on the reading goroutine
	mu      sync.Mutex
	next    int64
	waiting map[int64]chan error
	closed  atomic.Bool
}

var errEnded = errors.New("socket ended")

// dial opens a socket and sends the connect command.
func dial(ctx context.Context, url string, header http.Header, connect any, hear func([]byte)) (*socket, error) {
	conn, answer, err := websocket.Dial(ctx, strings.Replace(url, "http", "ws", 1), &websocket.DialOptions{HTTPHeader: header})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close()
	}
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 20)
	s := &socket{conn: conn, hear: hear, waiting: map[int64]chan error{}}
	go s.read()
	if err := s.ask(ctx, "connect", connect); err != nil {
		_ = conn.CloseNow()
		return nil, fmt.Errorf("connect: %w", err)
	}
	return s, nil
}

// call asks for a method and waits for its answer.
func (s *socket) call(ctx context.Context, method string, in any) error {
	return s.ask(ctx, "rpc", map[string]any{"method": method, "data": in})
}

func (s *socket) ask(ctx context.Context, command string, in any) error {
	answer := make(chan error, 1)
	s.mu.Lock()
	s.next++
	id := s.next
	s.waiting[id] = answer
	s.mu.Unlock()
	data, err := json.Marshal(map[string]any{"id": id, command: in})
	if err != nil {
		return err
	}
	if err := s.conn.Write(ctx, websocket.MessageText, data); err != nil {
		return err
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *socket) close() { _ = s.conn.CloseNow() }

func (s *socket) read() {
	for {
		_, data, err := s.conn.Read(context.Background())
		if err != nil {
			s.end()
			return
		}
		for line := range bytes.Lines(data) {
			s.handle(bytes.TrimSpace(line))
		}
	}
}

func (s *socket) end() {
	s.closed.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, answer := range s.waiting {
		answer <- errEnded
	}
	clear(s.waiting)
}

func (s *socket) handle(line []byte) {
	switch {
	case len(line) == 2: // {} is a ping
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = s.conn.Write(ctx, websocket.MessageText, line)
	case bytes.HasPrefix(line, []byte(`{"push"`)):
		if s.hear != nil {
			s.hear(line)
		}
	default:
		s.answer(line)
	}
}

func (s *socket) answer(line []byte) {
	var r struct {
		ID    int64 `json:"id"`
		Error *struct {
			Code    int
			Message string
		} `json:"error"`
	}
	if json.Unmarshal(line, &r) != nil {
		return
	}
	s.mu.Lock()
	answer := s.waiting[r.ID]
	delete(s.waiting, r.ID)
	s.mu.Unlock()
	if answer == nil {
		return
	}
	if r.Error != nil {
		answer <- fmt.Errorf("%d %s", r.Error.Code, r.Error.Message)
		return
	}
	answer <- nil
}

// marker hides a message's number in its text, so that a listener finds it
// without parsing JSON.
func marker(n int) string { return "#" + strconv.Itoa(n) + "#" }

// marked finds the number that marker hid; -1 is none.
func marked(data []byte) int {
	_, rest, ok := bytes.Cut(data, []byte("#"))
	if !ok {
		return -1
	}
	digits, _, ok := bytes.Cut(rest, []byte("#"))
	if !ok {
		return -1
	}
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return -1
	}
	return n
}
