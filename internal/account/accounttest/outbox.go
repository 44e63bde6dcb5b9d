package accounttest

import (
	"context"
	"slices"
	"sync"

	"parley/internal/account"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Outbox keeps what would reach people once its transaction has committed.
type Outbox struct {
	mu      sync.Mutex
	noSMS   bool
	refuse  error
	codes   []account.SMSCode
	letters []account.Letter
}

// NoRoute takes the route for SMS away.
func (o *Outbox) NoRoute() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.noSMS = true
}

// Refuse makes codes by SMS fail.
func (o *Outbox) Refuse(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.refuse = err
}

// SMSCodeTx implements account.Outbox.
func (o *Outbox) SMSCodeTx(_ context.Context, tx *db.Tx, m account.SMSCode) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.noSMS {
		return fault.New(fault.Unavailable, "No route for SMS is set.")
	}
	if o.refuse != nil {
		return o.refuse
	}
	tx.AfterCommit(func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.codes = append(o.codes, m)
	})
	return nil
}

// LetterTx implements account.Outbox.
func (o *Outbox) LetterTx(_ context.Context, tx *db.Tx, l account.Letter) error {
	tx.AfterCommit(func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.letters = append(o.letters, l)
	})
	return nil
}

// Codes returns what went by SMS, oldest first.
func (o *Outbox) Codes() []account.SMSCode {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.codes)
}

// Letters returns the letters, oldest first.
func (o *Outbox) Letters() []account.Letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.letters)
}
