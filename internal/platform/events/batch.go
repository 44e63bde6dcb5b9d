package events

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"parley/internal/platform/db"
)

const (
	batchTime     = 50 * time.Second // for the handlers of one transaction
	errorTextSize = 500
)

// failure is an event that a handler could not handle.
type failure struct {
	index int // in its batch
	event stored
	err   error
}

func (f *failure) Error() string {
	return fmt.Sprintf("event %s %s: %v", f.event.name, f.event.id, f.err)
}

func (f *failure) Unwrap() error { return f.err }

var (
	errBusy   = errors.New("another node is at work")
	errPaused = errors.New("the event's time has not come")
)

// batch handles the next events, at most limit, and moves the cursor in one transaction.
func (s *subscriber) batch(ctx context.Context, limit int) (state, error) {
	ctx, cancel := context.WithTimeout(ctx, batchTime)
	defer cancel()
	handled := 0
	var last cursor
	err := s.bus.db.AsWorker(ctx, func(tx *db.Tx) error {
		if err := s.claim(ctx, tx); err != nil {
			return err
		}
		events, err := s.read(ctx, tx, limit)
		if err != nil {
			return err
		}
		if handled, err = s.handle(ctx, tx, events); err != nil {
			return err
		}
		last = s.seen
		if len(events) > 0 {
			last = events[len(events)-1].cursor
		}
		return s.save(ctx, tx, last)
	})
	switch {
	case errors.Is(err, errBusy):
		return idle, nil
	case errors.Is(err, errPaused):
		return paused, nil
	case err != nil:
		return idle, err
	}
	s.saved, s.seen, s.savedAt = last, last, time.Now()
	s.bus.metrics.handled.WithLabelValues(s.name).Add(float64(handled))
	return more, nil
}

// claim locks the cursor for this transaction.
func (s *subscriber) claim(ctx context.Context, tx *db.Tx) error {
	const lock = `SELECT xid::text, id, coalesce(retry_at > clock_timestamp(), false)
		FROM event_cursor WHERE subscriber = $1 FOR UPDATE SKIP LOCKED`
	var at cursor
	var pausing bool
	err := tx.QueryRow(ctx, lock, s.name).Scan(&at.xid, &at.id, &pausing)
	if db.NoRows(err) {
		return errBusy
	}
	if err != nil {
		return fmt.Errorf("lock cursor: %w", err)
	}
	if at != s.saved {
		s.saved, s.seen = at, at // another node was at work
	}
	if pausing {
		return errPaused
	}
	return nil
}

func (s *subscriber) read(ctx context.Context, tx *db.Tx, limit int) ([]stored, error) {
	// Named by its table in ORDER BY, because there the plain word is the text that is selected.
	const after = `SELECT xid::text, id, coalesce(company_id, 0), name, CASE WHEN name = ANY ($4) THEN payload END, at
		FROM event WHERE (xid, id) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
		ORDER BY event.xid, event.id LIMIT $3`
	rows, err := tx.Query(ctx, after, s.seen.xid, s.seen.id, limit, s.wanted)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	defer rows.Close()
	var events []stored
	for rows.Next() {
		var e stored
		if err := rows.Scan(&e.xid, &e.id, &e.companyID, &e.name, &e.payload, &e.at); err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		events = append(events, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}

func (s *subscriber) handle(ctx context.Context, tx *db.Tx, events []stored) (int, error) {
	handled := 0
	for i, e := range events {
		h, wanted := s.handlers[e.name]
		if !wanted {
			continue
		}
		if handled == 0 {
			s.bus.metrics.lag.WithLabelValues(s.name).Set(time.Since(e.at).Seconds())
		}
		if err := guarded(ctx, tx, h, e); err != nil {
			return handled, &failure{i, e, err}
		}
		handled++
	}
	return handled, nil
}

// guarded turns a handler's panic into an error, so that it stops one subscriber only.
func guarded(ctx context.Context, tx *db.Tx, h Handler, e stored) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return h.handle(ctx, tx, e)
}

func (s *subscriber) save(ctx context.Context, tx *db.Tx, at cursor) error {
	const update = `UPDATE event_cursor SET xid = $2::text::xid8, id = $3, failures = 0, retry_at = NULL, error = NULL
		WHERE subscriber = $1`
	if _, err := tx.Exec(ctx, update, s.name, at.xid, at.id); err != nil {
		return fmt.Errorf("move cursor: %w", err)
	}
	return nil
}

// note stores that the event at the cursor failed and when it is tried again.
func (s *subscriber) note(ctx context.Context, f *failure) error {
	s.bus.metrics.failed.WithLabelValues(s.name).Inc()
	text := f.Error()
	text = strings.ToValidUTF8(text[:min(len(text), errorTextSize)], "")
	const update = `UPDATE event_cursor SET failures = failures + 1, error = $2,
			retry_at = clock_timestamp() + least($3::float8 * 2 ^ least(failures, 20), $4::float8) * interval '1 second'
		WHERE subscriber = $1`
	_, err := s.bus.db.Worker().Exec(ctx, update, s.name, text,
		firstPause.Seconds(), longestPause.Seconds())
	if err != nil {
		return fmt.Errorf("note failure: %w", err)
	}
	return nil
}
