package events

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/platform/db"
)

// Of is a stored event of type E.
type Of[E Event] struct {
	ID        uuid.UUID
	CompanyID int64 // 0: of the installation
	At        time.Time
	Event     E
}

// Handler handles events of one name; make it with On.
type Handler struct {
	name   string
	handle func(ctx context.Context, tx *db.Tx, e stored) error
}

// On makes fn the handler of events of type E. It runs with the worker's role in the
// transaction that moves the cursor on; what shall follow the commit goes to tx.AfterCommit.
func On[E Event](fn func(ctx context.Context, tx *db.Tx, e Of[E]) error) Handler {
	var zero E
	return Handler{zero.EventName(), func(ctx context.Context, tx *db.Tx, s stored) error {
		e := Of[E]{ID: s.id, CompanyID: s.companyID, At: s.at}
		if err := json.Unmarshal(s.payload, &e.Event); err != nil {
			return fmt.Errorf("read event: %w", err)
		}
		return fn(ctx, tx, e)
	}}
}

// Options tune a bus; zero values fit.
type Options struct {
	Poll    time.Duration // how often to look without being woken; 0 is 1 s
	Log     *slog.Logger
	Metrics prometheus.Registerer
}

// Bus brings events to subscribers.
type Bus struct {
	db          *db.DB
	log         *slog.Logger
	poll        time.Duration
	metrics     metrics
	node        string
	elsewhere   signal // another node has committed events
	subscribers []*subscriber

	stop    context.CancelFunc
	running sync.WaitGroup
}

// New returns a bus on the database. Features subscribe before Start.
func New(d *db.DB, o Options) *Bus {
	log := o.Log
	if log == nil {
		log = slog.Default()
	}
	return &Bus{
		db: d, log: log, poll: cmp.Or(o.Poll, time.Second), metrics: newMetrics(o.Metrics),
		node: uuid.NewString(), stop: func() {},
	}
}

// Subscribe lets the named subscriber handle events. The name is stored: don't change it.
// A new subscriber begins with the oldest event that is still kept.
func (b *Bus) Subscribe(name string, handlers ...Handler) {
	s := &subscriber{bus: b, name: name, handlers: map[string]Handler{}, saved: beginning, seen: beginning, savedAt: time.Now()}
	for _, h := range handlers {
		if _, twice := s.handlers[h.name]; twice {
			panic(fmt.Sprintf("subscriber %s handles %s twice", name, h.name))
		}
		s.handlers[h.name] = h
		s.wanted = append(s.wanted, h.name)
	}
	b.subscribers = append(b.subscribers, s)
}

// Start begins to deliver; ctx bounds the start only, Stop ends it.
func (b *Bus) Start(ctx context.Context) error {
	if err := b.register(ctx); err != nil {
		return err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	b.stop = stop
	for _, s := range b.subscribers {
		b.running.Go(func() { s.run(running) })
	}
	b.running.Go(func() { b.listen(running) })
	b.running.Go(func() { b.announce(running) })
	return nil
}

// Stop ends delivery; events being handled are rolled back and handled at the next start.
func (b *Bus) Stop() {
	b.stop()
	b.running.Wait()
}

func (b *Bus) register(ctx context.Context) error {
	for _, s := range b.subscribers {
		const insert = "INSERT INTO event_cursor (subscriber) VALUES ($1) ON CONFLICT DO NOTHING"
		if _, err := b.db.Worker().Exec(ctx, insert, s.name); err != nil {
			return fmt.Errorf("register subscriber %s: %w", s.name, err)
		}
	}
	return nil
}

// Drain handles, in the caller's goroutine, all events committed before the call and those
// that handling them publishes. Seeds and tests use it instead of Start; it returns the
// error of a handler that fails.
func (b *Bus) Drain(ctx context.Context) error {
	if err := b.register(ctx); err != nil {
		return err
	}
	for {
		quiet := true
		for _, s := range b.subscribers {
			next, err := s.step(ctx)
			if err != nil {
				return err
			}
			quiet = quiet && next == idle
		}
		if quiet {
			return nil
		}
		if sleep(ctx, closeLook); ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// sweepSize keeps a sweep's transactions short, because each holds events back.
const sweepSize = 2000

// Sweep deletes events older than an instant that every subscriber has behind it, and
// returns how many.
func (b *Bus) Sweep(ctx context.Context, before time.Time) (int64, error) {
	names := make([]string, 0, len(b.subscribers))
	for _, s := range b.subscribers {
		names = append(names, s.name)
	}
	const sweep = `WITH behind AS (
			SELECT xid, id FROM event_cursor WHERE subscriber = ANY ($2) ORDER BY xid, id LIMIT 1),
		oldest AS (SELECT e.id, e.xid, e.at FROM event e ORDER BY e.xid, e.id LIMIT $3)
		DELETE FROM event USING oldest
		WHERE event.id = oldest.id AND oldest.at < $1
			AND NOT EXISTS (SELECT FROM behind WHERE (behind.xid, behind.id) < (oldest.xid, oldest.id))`
	for total := int64(0); ; {
		tag, err := b.db.Worker().Exec(ctx, sweep, before, names, sweepSize)
		if err != nil {
			return total, fmt.Errorf("sweep events: %w", err)
		}
		total += tag.RowsAffected()
		if tag.RowsAffected() < sweepSize {
			return total, nil
		}
	}
}
