package idempotency

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/jobs"
)

// claim is one request's hold on a key; at tells it from later ones.
type claim struct {
	Scope
	key  string
	hash []byte
	at   time.Time
}

// claim takes the key, or returns the stored answer, or a fault.
func (s *Store) claim(ctx context.Context, c *claim) (*answer, error) {
	waited, pause := time.Duration(0), firstLook
	for {
		mine, err := s.insert(ctx, c)
		if err != nil || mine {
			return nil, err
		}
		stored, atWork, err := s.look(ctx, c)
		if err != nil || stored != nil {
			return stored, err
		}
		if !atWork {
			continue // it was released just now
		}
		if waited >= s.options.Wait {
			return nil, fault.New(fault.Conflict, "The same request is still at work. Ask again in a moment.").After(time.Second)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
		waited += pause
		pause = min(2*pause, slowestLook)
	}
}

// insert takes a key that nobody has, whose answer has been kept long enough,
// or whose node is dead; the last only for the same request, since the dead may
// have done their work.
func (s *Store) insert(ctx context.Context, c *claim) (bool, error) {
	const insert = `INSERT INTO idempotency_key AS k (company_id, principal, route, key, body_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (company_id, principal, route, key) DO UPDATE
		SET body_hash = excluded.body_hash, created_at = excluded.created_at, status = NULL, headers = NULL, answer = NULL
		WHERE k.created_at <= $7 OR k.status IS NULL AND k.created_at <= $8 AND k.body_hash = excluded.body_hash`
	c.at = s.clock.Now().Truncate(time.Microsecond)
	tag, err := s.db.Worker().Exec(ctx, insert, c.CompanyID, c.Principal, c.Route, c.key, c.hash, c.at,
		c.at.Add(-s.options.Keep), c.at.Add(-s.options.Stale))
	if err != nil {
		return false, fmt.Errorf("claim idempotency key: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func (s *Store) look(ctx context.Context, c *claim) (stored *answer, atWork bool, err error) {
	const look = `SELECT body_hash, status, headers, answer FROM idempotency_key
		WHERE company_id = $1 AND principal = $2 AND route = $3 AND key = $4`
	var hash, headers, body []byte
	var status *int
	err = s.db.Worker().QueryRow(ctx, look, c.CompanyID, c.Principal, c.Route, c.key).Scan(&hash, &status, &headers, &body)
	if db.NoRows(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("look at idempotency key: %w", err)
	}
	if !bytes.Equal(hash, c.hash) {
		return nil, false, fault.New(fault.KeyReused, "This Idempotency-Key was used for another request. Make a new one for each.")
	}
	if status == nil {
		return nil, true, nil
	}
	a := &answer{status: *status, body: body}
	if err := json.Unmarshal(headers, &a.header); err != nil {
		return nil, false, fmt.Errorf("read stored answer: %w", err)
	}
	return a, false, nil
}

func (s *Store) keep(ctx context.Context, c claim, a answer) error {
	headers, err := json.Marshal(a.header)
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	const update = `UPDATE idempotency_key SET status = $6, headers = $7, answer = $8
		WHERE company_id = $1 AND principal = $2 AND route = $3 AND key = $4 AND created_at = $5 AND status IS NULL`
	if _, err := s.db.Worker().Exec(ctx, update, c.CompanyID, c.Principal, c.Route, c.key, c.at, a.status, headers, a.body); err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	return nil
}

func (s *Store) release(ctx context.Context, c claim) error {
	const remove = `DELETE FROM idempotency_key
		WHERE company_id = $1 AND principal = $2 AND route = $3 AND key = $4 AND created_at = $5 AND status IS NULL`
	if _, err := s.db.Worker().Exec(ctx, remove, c.CompanyID, c.Principal, c.Route, c.key, c.at); err != nil {
		return fmt.Errorf("release idempotency key: %w", err)
	}
	return nil
}

// Cleanup deletes keys that have been kept long enough and returns how many.
func (s *Store) Cleanup(ctx context.Context) (int64, error) {
	tag, err := s.db.Worker().Exec(ctx, "DELETE FROM idempotency_key WHERE created_at <= $1", s.clock.Now().Add(-s.options.Keep))
	if err != nil {
		return 0, fmt.Errorf("clean up idempotency keys: %w", err)
	}
	return tag.RowsAffected(), nil
}

type cleanUp struct{}

func (cleanUp) Kind() string { return "platform.clean_up_idempotency_keys" }

// Jobs adds this package's work to the queue.
func (s *Store) Jobs(q *jobs.Queue) {
	jobs.Handle(q, func(ctx context.Context, _ cleanUp) error {
		_, err := s.Cleanup(ctx)
		return err
	})
	jobs.Periodic(q, time.Hour, cleanUp{})
}
