package smtp

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/wneessen/go-mail"

	"parley/internal/channel"
)

const (
	longestIdle = 20 * time.Second // a connection; servers may hang up after five minutes (RFC 5321, 4.5.3.2)
	mostOnOne   = 1000             // letters; servers dislike connections that never end
)

// Pool keeps connections to a server open, for many letters. It is safe for
// concurrent use.
type Pool struct {
	server Server
	slots  chan struct{} // one for each connection that may be open
	ended  chan struct{}

	mu   sync.Mutex
	idle []*connection
	last error // why the latest connection could not be made
}

type connection struct {
	client *mail.Client
	sent   int
	usedAt time.Time
}

// NewPool returns a pool of at most size connections.
func NewPool(s Server, size int) *Pool {
	return &Pool{server: s, slots: make(chan struct{}, max(size, 1)), ended: make(chan struct{})}
}

// State says whether the server was there when it was last needed.
func (p *Pool) State() (up bool, reason error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last == nil, p.last
}

// Run closes connections that nobody needs, until ctx ends, and then all.
func (p *Pool) Run(ctx context.Context) {
	t := time.NewTicker(longestIdle / 4)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			p.closeIdle(time.Now().Add(time.Hour))
			return
		case now := <-t.C:
			p.closeIdle(now.Add(-longestIdle))
			p.probe(ctx)
		}
	}
}

// probe tries a server that was away, for nobody sends to one that is down.
func (p *Pool) probe(ctx context.Context) {
	if up, _ := p.State(); up {
		return
	}
	if c, err := p.dial(ctx); err == nil {
		p.putBack(c)
	}
}

func (p *Pool) closeIdle(before time.Time) {
	p.mu.Lock()
	var old []*connection
	kept := p.idle[:0]
	for _, c := range p.idle {
		if c.usedAt.Before(before) {
			old = append(old, c)
		} else {
			kept = append(kept, c)
		}
	}
	p.idle = kept
	p.mu.Unlock()
	for _, c := range old {
		_ = c.client.Close()
	}
}

// Send hands a letter over on one of the connections. A connection that the
// server has closed meanwhile is replaced once.
func (p *Pool) Send(ctx context.Context, l channel.Letter) error {
	m, err := message(l)
	if err != nil {
		return &channel.SendError{Reason: channel.InvalidRecipient, Fault: channel.UserFault, Detail: err.Error()}
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return &channel.SendError{Reason: channel.Unreachable, Fault: channel.OurFault, Retry: true, Detail: "all connections are busy"}
	}
	for {
		c, used, err := p.take(ctx)
		if err != nil {
			return classifyDial(err)
		}
		err = c.client.Send(m)
		if err == nil {
			c.sent++
			p.putBack(c)
			return nil
		}
		if answered(err) {
			p.putBack(c)
			return classify(err)
		}
		_ = c.client.Close()
		if !used || !untouched(err) {
			return classify(err)
		}
	}
}

// take returns an open connection; used says that it has carried letters before.
func (p *Pool) take(ctx context.Context) (c *connection, used bool, err error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		c = p.idle[n-1]
		p.idle = p.idle[:n-1]
	}
	p.mu.Unlock()
	if c != nil {
		return c, true, nil
	}
	c, err = p.dial(ctx)
	return c, false, err
}

func (p *Pool) dial(ctx context.Context) (*connection, error) {
	client, err := mail.NewClient(p.server.Host, p.server.options()...)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err = client.DialWithContext(ctx)
	p.mu.Lock()
	p.last = err
	p.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return &connection{client: client}, nil
}

func (p *Pool) putBack(c *connection) {
	c.usedAt = time.Now()
	if c.sent >= mostOnOne {
		_ = c.client.Close()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, c)
}

// answered says that the server refused a letter with a code, so that the
// connection is good.
func answered(err error) bool {
	var e *mail.SendError
	return errors.As(err, &e) && e.ErrorCode() >= 400 && e.ErrorCode() != 421
}

// untouched says that a letter failed before anything of it was handed over, as
// on a connection that the server has closed while it was idle.
func untouched(err error) bool {
	var e *mail.SendError
	return errors.As(err, &e) && (e.Reason == mail.ErrSMTPMailFrom || e.Reason == mail.ErrConnCheck)
}
