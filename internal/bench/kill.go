package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// Kill kills the server at random instants while visitors write, starts it
// again each time, and counts what was acknowledged and is lost or doubled.
type Kill struct {
	Times   int
	Widgets int
}

const (
	writeEvery = 3200 * time.Millisecond // a visitor may send 20 messages a minute
	redialWait = 150 * time.Millisecond
	answerWait = 5 * time.Second
)

// siege is a running kill bench.
type siege struct {
	Kill
	*stand
	next    atomic.Int64 // number of the next message
	mu      sync.Mutex
	acked   map[int]bool
	redials atomic.Int64
	ending  chan struct{}
}

// Run starts a server of its own and kills it.
func (k Kill) Run(ctx context.Context, progress func(string, ...any)) (Result, error) {
	st, err := newStand(ctx)
	if err != nil {
		return Result{}, err
	}
	defer st.close()
	s := &siege{Kill: k, stand: st, acked: map[int]bool{}, ending: make(chan struct{})}
	firms, err := s.prepare(ctx, 4, 3)
	if err != nil {
		return Result{}, err
	}
	if err := s.serve(ctx); err != nil {
		return Result{}, err
	}
	if err := s.online(ctx, firms); err != nil {
		return Result{}, err
	}
	began := time.Now()
	var writers errgroup.Group
	for i := range k.Widgets {
		writers.Go(func() error { return s.write(ctx, firms[i%len(firms)]) })
	}
	for n := range k.Times {
		time.Sleep(time.Second + rand.N(2*time.Second))
		s.kill()
		progress("killed %d of %d, %d messages acknowledged", n+1, k.Times, s.count())
		if err := s.serve(ctx); err != nil {
			return Result{}, err
		}
	}
	time.Sleep(writeEvery)
	close(s.ending)
	if err := writers.Wait(); err != nil {
		return Result{}, err
	}
	return s.verdict(ctx, time.Since(began))
}

func (s *siege) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.acked)
}

// online puts the operators to work, so that sessions are assigned.
func (s *siege) online(ctx context.Context, firms []*firmUnderLoad) error {
	for _, f := range firms {
		for _, login := range f.logins {
			b := newBrowser(s.address)
			if err := b.signIn(ctx, login, benchPassword); err != nil {
				return err
			}
			if err := b.do(ctx, http.MethodPut, fmt.Sprintf("/api/v1/companies/%d/operator-state", f.id), map[string]any{"state": "online"}, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// write is one visitor: it sends message after message, each with one key
// until it is acknowledged, over as many sockets as that takes.
func (s *siege) write(ctx context.Context, f *firmUnderLoad) error {
	var visit struct {
		ConnectionToken string `json:"connection_token"`
	}
	in := map[string]any{"key": f.key, "page": map[string]any{"url": "https://shop.example/", "title": "Shop"}, "referrer": "", "language": "en", "time_zone": "UTC"}
	b := &browser{visitors, s.address}
	for b.do(ctx, http.MethodPost, "/widget/v1/visit", in, &visit) != nil {
		time.Sleep(redialWait)
	}
	time.Sleep(rand.N(writeEvery))
	var socket *socket
	for {
		n := int(s.next.Add(1))
		key := uuid.NewString()
		for socket = s.deliver(ctx, socket, visit.ConnectionToken, n, key); socket == nil; {
			socket = s.deliver(ctx, socket, visit.ConnectionToken, n, key)
		}
		select {
		case <-s.ending:
			socket.close()
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(writeEvery):
		}
	}
}

// deliver tries once; nil says that the message is not acknowledged yet.
func (s *siege) deliver(ctx context.Context, open *socket, token string, n int, key string) *socket {
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	if open == nil || open.closed.Load() {
		fresh, err := dial(ctx, s.address+"/widget/realtime/websocket", nil, map[string]any{"token": token}, nil)
		if err != nil {
			time.Sleep(redialWait)
			return nil
		}
		s.redials.Add(1)
		open = fresh
	}
	err := open.call(ctx, "send", map[string]any{
		"key": key, "text": "Message " + marker(n), "attachments": []string{}, "page": map[string]any{"url": "https://shop.example/", "title": "Shop"},
	})
	if err != nil {
		open.close()
		time.Sleep(redialWait)
		return nil
	}
	s.mu.Lock()
	s.acked[n] = true
	s.mu.Unlock()
	return open
}

// verdict compares what was acknowledged with what is stored.
func (s *siege) verdict(ctx context.Context, took time.Duration) (Result, error) {
	counts, err := s.markers(ctx)
	if err != nil {
		return Result{}, err
	}
	r := Result{Name: "kill", Metric: "messages acknowledged through " + fmt.Sprint(s.Times) + " kill -9 of the server under load", Unit: "messages"}
	r.Value = float64(len(s.acked))
	for n := range s.acked {
		if counts[n] == 0 {
			r.Lost++
		}
	}
	for _, stored := range counts {
		r.Duplicated += stored - 1
	}
	server, _ := s.usage()
	r.CPUSeconds, r.RSS = server.CPU.Seconds(), server.RSS
	differences, err := s.audit(ctx)
	if err != nil {
		return r, err
	}
	r.Notes = map[string]any{
		"kills": s.Times, "widgets": s.Widgets, "seconds": took.Seconds(), "stored": len(counts), "sockets_opened": s.redials.Load(),
		"audit_differences": differences,
	}
	if r.Lost+r.Duplicated > 0 || differences > 0 {
		return r, errors.New("messages were lost or doubled, or the books do not add up")
	}
	return r, nil
}
