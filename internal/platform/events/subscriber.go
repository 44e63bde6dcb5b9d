package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/platform/db"
)

const (
	batchSize    = 256                   // rows looked at in one transaction
	gather       = 5 * time.Millisecond  // after a wake, so that a burst makes one batch
	closeLook    = 10 * time.Millisecond // while events wait for a transaction to end
	saveEvery    = 30 * time.Second      // how far the stored cursor may lag over unwanted events
	firstPause   = time.Second           // after a failure; doubles
	longestPause = 5 * time.Minute
)

// subscriber reads events with its cursor.
type subscriber struct {
	bus      *Bus
	name     string
	wanted   []string
	handlers map[string]Handler

	saved   cursor    // the stored cursor as this process knows it
	seen    cursor    // between saved and seen lie only events that are not wanted
	savedAt time.Time // when seen was last stored
}

// cursor is a place in the order of events. xid is a decimal number.
type cursor struct {
	xid string
	id  uuid.UUID
}

var beginning = cursor{xid: "0"}

// stored is an event's row; payload is nil when the subscriber does not want it.
type stored struct {
	cursor
	companyID int64
	name      string
	payload   json.RawMessage
	at        time.Time
}

// state says what to do after a step.
type state int

const (
	idle    state = iota // nothing is left
	more                 // look again at once
	waiting              // events wait for a running transaction to end
	paused               // the next event has failed and its time has not come
)

func (s *subscriber) run(ctx context.Context) {
	for ctx.Err() == nil {
		here, elsewhere := committed.next(), s.bus.elsewhere.next()
		pause := s.bus.poll
		next, err := s.step(ctx)
		if err != nil && ctx.Err() == nil {
			s.bus.log.Error("events wait", "subscriber", s.name, "error", err)
			next = paused
		}
		switch next {
		case more:
			continue
		case waiting:
			pause = closeLook
		case paused:
			here, elsewhere = nil, nil // newer events don't help the one that failed
		case idle:
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		case <-here:
			sleep(ctx, gather)
		case <-elsewhere:
			sleep(ctx, gather)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// step looks at the next events and handles them if there are any for us. Looking takes no
// lock and writes nothing, so an idle subscriber costs one small query now and then.
func (s *subscriber) step(ctx context.Context) (state, error) {
	ahead, err := s.look(ctx)
	if err != nil {
		return idle, err
	}
	switch {
	case ahead.wanted, ahead.rows > 0 && time.Since(s.savedAt) > saveEvery:
		return s.work(ctx)
	case ahead.rows > 0:
		s.seen = ahead.last
		return more, nil
	case ahead.later:
		return waiting, nil
	default:
		return idle, nil
	}
}

// work handles one batch. When an event fails, those before it are handled in a transaction
// of their own; when it is the first, the failure is noted.
func (s *subscriber) work(ctx context.Context) (state, error) {
	next, err := s.batch(ctx, batchSize)
	var failed *failure
	if !errors.As(err, &failed) {
		return next, err
	}
	if failed.index > 0 {
		return s.batch(ctx, failed.index)
	}
	if ctx.Err() != nil || db.Unavailable(failed.err) {
		return idle, failed // not the event's fault
	}
	return idle, errors.Join(failed, s.note(ctx, failed))
}

// ahead is what lies after the cursor.
type ahead struct {
	rows   int    // that may be read, at most batchSize
	wanted bool   // one of them is for us
	last   cursor // of them
	later  bool   // there are events at all
}

func (s *subscriber) look(ctx context.Context) (ahead, error) {
	const next = `WITH next AS (
			SELECT xid, id, name FROM event
			WHERE (xid, id) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
			ORDER BY xid, id LIMIT $3),
		last AS (SELECT xid, id FROM next ORDER BY xid DESC, id DESC LIMIT 1)
		SELECT (SELECT count(*) FROM next),
			EXISTS (SELECT FROM next WHERE name = ANY ($4)),
			coalesce((SELECT xid::text FROM last), $1), coalesce((SELECT id FROM last), $2),
			EXISTS (SELECT FROM event WHERE (xid, id) > ($1::text::xid8, $2))`
	var a ahead
	err := s.bus.db.Worker().QueryRow(ctx, next, s.seen.xid, s.seen.id, batchSize, s.wanted).
		Scan(&a.rows, &a.wanted, &a.last.xid, &a.last.id, &a.later)
	if err != nil {
		return ahead{}, fmt.Errorf("look for events: %w", err)
	}
	if a.rows == 0 && !a.later {
		s.bus.metrics.lag.WithLabelValues(s.name).Set(0)
	}
	return a, nil
}
