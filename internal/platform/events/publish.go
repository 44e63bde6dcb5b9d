package events

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"parley/internal/platform/db"
	"parley/internal/platform/id"
)

// Event is a fact. Its name, past tense behind its feature ("chat.session_closed"), and the
// JSON names of its fields are stored: add to them, never change them.
type Event interface{ EventName() string }

// PublishTx stores e as a fact about a company, or with company 0 about the installation.
// Subscribers see it when tx has committed.
func PublishTx(ctx context.Context, tx *db.Tx, companyID int64, e Event) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("publish %s: %w", e.EventName(), err)
	}
	const insert = "INSERT INTO event (id, company_id, name, payload) VALUES ($1, nullif($2::bigint, 0), $3, $4)"
	if _, err := tx.Exec(ctx, insert, id.New(time.Now()), companyID, e.EventName(), payload); err != nil {
		return fmt.Errorf("publish %s: %w", e.EventName(), err)
	}
	tx.AfterCommit(committed.fire)
	return nil
}

// committed wakes the subscribers of this process. It is the process's, not a bus's, so that
// publishing needs no bus; a wake too many costs one small query.
var committed signal

// signal wakes everyone who waits for it.
type signal struct {
	mu sync.Mutex
	ch chan struct{}
}

// next returns a channel that closes at the next fire. Take it before looking for work.
func (s *signal) next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ch == nil {
		s.ch = make(chan struct{})
	}
	return s.ch
}

func (s *signal) fire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ch != nil {
		close(s.ch)
		s.ch = nil
	}
}
