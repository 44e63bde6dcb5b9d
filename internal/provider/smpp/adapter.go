package smpp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/linxGnu/gosmpp/pdu"
	"golang.org/x/time/rate"

	"parley/internal/channel"
)

// Options are what an adapter needs besides its settings; zero values fit.
type Options struct {
	Log *slog.Logger
	// Answer is how long an answer to a submit is waited for; 0 is 30 s.
	Answer time.Duration
	// Patience is how long a message waits for a bind or a place in the window; 0 is 5 s.
	Patience time.Duration
	// Again is the first pause before another bind, which doubles up to 30 s; 0 is 1 s.
	Again time.Duration
	// SendOnly binds as a transmitter and asks for no receipts. SMSCs tell receipts over any bind of a
	// login that takes them, so a bind whose receipts nobody reads would swallow those of others.
	SendOnly bool
}

const longestPause = 30 * time.Second

// Adapter speaks with one SMSC. It implements channel.Adapter.
type Adapter struct {
	settings   Settings
	options    Options
	window     chan struct{}
	pace       *rate.Limiter
	references atomic.Uint32 // of texts in several parts
	slowUntil  atomic.Int64  // the SMSC has asked for a pause, as Unix nanoseconds

	mu      sync.Mutex
	bound   *bind         // nil while there is none
	changed chan struct{} // closed and replaced when bound changes
	last    error         // why there is no bind
}

// New returns an adapter; Run connects it.
func New(s Settings, o Options) *Adapter {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Answer == 0 {
		o.Answer = 30 * time.Second
	}
	if o.Patience == 0 {
		o.Patience = 5 * time.Second
	}
	if o.Again == 0 {
		o.Again = time.Second
	}
	limit := rate.Inf
	if s.Rate > 0 {
		limit = rate.Limit(s.Rate)
	}
	a := &Adapter{
		settings: s, options: o, window: make(chan struct{}, max(s.Window, 1)),
		pace: rate.NewLimiter(limit, max(s.Rate/10, 1)), changed: make(chan struct{}),
	}
	a.references.Store(rand.Uint32())
	return a
}

// Capabilities implements channel.Adapter.
func (a *Adapter) Capabilities() channel.Capabilities {
	return channel.Capabilities{Receipts: !a.options.SendOnly, Idempotent: false}
}

// State says whether there is a bind now, and if not, why.
func (a *Adapter) State() (up bool, reason error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.bound != nil, a.last
}

// Run implements channel.Adapter.
func (a *Adapter) Run(ctx context.Context, told func(ctx context.Context, r []channel.Receipt) error) {
	pause := a.options.Again
	for ctx.Err() == nil {
		b, err := a.open(ctx)
		if err == nil {
			pause = a.options.Again
			a.options.Log.InfoContext(ctx, "SMSC bound", "smsc", a.settings.Name())
			err = a.serve(ctx, b, told)
		}
		if ctx.Err() != nil {
			return
		}
		a.set(nil, err)
		a.options.Log.WarnContext(ctx, "SMSC is away", "smsc", a.settings.Name(), "error", err, "again_in", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, longestPause)
	}
}

func (a *Adapter) open(ctx context.Context) (*bind, error) {
	dialer := &net.Dialer{Timeout: dialWithin}
	var conn net.Conn
	var err error
	if a.settings.TLS {
		conn, err = (&tls.Dialer{NetDialer: dialer, Config: &tls.Config{MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", a.settings.Address)
	} else {
		conn, err = dialer.DialContext(ctx, "tcp", a.settings.Address)
	}
	if err != nil {
		return nil, unreachable(err.Error())
	}
	kind := pdu.Transceiver
	if a.options.SendOnly {
		kind = pdu.Transmitter
	}
	b, err := connect(ctx, a.settings, kind, conn)
	if err != nil {
		_ = conn.Close()
	}
	return b, err
}

// set makes a bind the one that messages take, or none.
func (a *Adapter) set(b *bind, reason error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bound, a.last = b, reason
	close(a.changed)
	a.changed = make(chan struct{})
}

// wait returns the bind as soon as there is one, or why there is none.
func (a *Adapter) wait(ctx context.Context) (*bind, error) {
	for {
		a.mu.Lock()
		b, changed, last := a.bound, a.changed, a.last
		a.mu.Unlock()
		if b != nil {
			return b, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			var why *channel.SendError
			if errors.As(last, &why) {
				return nil, why
			}
			return nil, unreachable("there is no bind")
		}
	}
}

// Send implements channel.Adapter.
func (a *Adapter) Send(ctx context.Context, m channel.Message) (channel.Sent, error) {
	parts, err := a.submits(m)
	if err != nil {
		return channel.Sent{}, err
	}
	var sent channel.Sent
	for i, p := range parts {
		id, err := a.part(ctx, p, i > 0)
		if err != nil {
			return sent, err
		}
		sent.IDs = append(sent.IDs, id)
	}
	return sent, nil
}

const triesOfLaterParts = 5

// part sends one part. Once the first of a message is taken, a passing refusal
// of another is waited out here: trying the whole message again would send the
// first ones twice.
func (a *Adapter) part(ctx context.Context, p *pdu.SubmitSM, later bool) (id string, err error) {
	for range triesOfLaterParts {
		id, err = a.once(ctx, p)
		var e *channel.SendError
		if err == nil || !later || !errors.As(err, &e) || !e.Retry {
			return id, err
		}
		p.AssignSequenceNumber()
		select {
		case <-ctx.Done():
			return "", err
		case <-time.After(max(e.RetryAfter, a.options.Again)):
		}
	}
	return id, err
}

func (a *Adapter) once(ctx context.Context, p *pdu.SubmitSM) (string, error) {
	waiting, cancel := context.WithTimeout(ctx, a.options.Patience)
	defer cancel()
	if err := a.slow(waiting); err != nil {
		return "", err
	}
	select {
	case a.window <- struct{}{}:
		defer func() { <-a.window }()
	case <-waiting.Done():
		return "", unreachable("all places of the window are taken")
	}
	b, err := a.wait(waiting)
	if err != nil {
		return "", err
	}
	id, err := b.submit(ctx, p, a.options.Answer)
	var e *channel.SendError
	if errors.As(err, &e) && e.Reason == channel.Throttled {
		a.slowUntil.Store(time.Now().Add(e.RetryAfter).UnixNano())
	}
	return canonical(id), err
}

// slow keeps to the rate, and to the pause that the SMSC has asked for.
func (a *Adapter) slow(ctx context.Context) error {
	if pause := time.Until(time.Unix(0, a.slowUntil.Load())); pause > 0 {
		select {
		case <-ctx.Done():
			return tooFast(channel.TheirFault, "the SMSC has asked for a pause")
		case <-time.After(pause):
		}
	}
	if err := a.pace.Wait(ctx); err != nil {
		return tooFast(channel.OurFault, fmt.Sprintf("our own limit of %d parts a second", a.settings.Rate))
	}
	return nil
}

func tooFast(fault channel.Fault, detail string) error {
	return &channel.SendError{Reason: channel.Throttled, Fault: fault, Retry: true, RetryAfter: afterThrottling, Detail: detail}
}
