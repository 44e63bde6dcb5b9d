package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"parley/internal/account"
	"parley/internal/channel"
	"parley/internal/notify/internal/notifydb"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/jobs"
)

const (
	keepLetters = 365 * 24 * time.Hour
	attempts    = 12 // over about a day
)

// Options say who writes to users and how letters leave.
type Options struct {
	Platform string // its name, in subjects and texts
	Address  string // of the web app, such as https://parley.example
	From     string // sender of letters
	// Send hands a letter to the mail server. Without it letters wait.
	Send func(ctx context.Context, l channel.Letter) error
}

// Service tells users.
type Service struct {
	db       *db.DB
	q        *notifydb.Queries
	clock    clock.Clock
	accounts *account.Service
	queue    *jobs.Queue
	letters  *renderer
	options  Options
}

// New returns a service; Subscribe and Work connect it.
func New(d *db.DB, c clock.Clock, accounts *account.Service, queue *jobs.Queue, o Options) (*Service, error) {
	letters, err := newRenderer()
	if err != nil {
		return nil, err
	}
	return &Service{db: d, q: notifydb.New(d.Worker()), clock: c, accounts: accounts, queue: queue, letters: letters, options: o}, nil
}

// Subscribe names the facts that users hear of.
func (s *Service) Subscribe(bus *events.Bus) {
	bus.Subscribe("notify", events.On(s.signInLocked))
}

// Work names the jobs.
func (s *Service) Work() {
	jobs.Handle(s.queue, func(ctx context.Context, a sendLetter) error { return s.send(ctx, a.LetterID) })
	jobs.Handle(s.queue, s.forget)
	jobs.Periodic(s.queue, 24*time.Hour, forgetLetters{})
}

type sendLetter struct {
	LetterID uuid.UUID `json:"letter_id"`
}

func (sendLetter) Kind() string { return "notify.send_letter" }

type forgetLetters struct{}

func (forgetLetters) Kind() string { return "notify.forget_letters" }

func (s *Service) signInLocked(ctx context.Context, tx *db.Tx, e events.Of[account.Locked]) error {
	return s.writeTx(ctx, tx, letter{
		user: e.Event.UserID, kind: "sign_in_locked", fact: e.ID,
		data: func(zone string) map[string]string {
			return map[string]string{"Until": clockTime(e.Event.Until, zone), "IP": e.Event.IP}
		},
	})
}

// letter is what a fact says to one user; data is asked for once the reader's
// time zone is known.
type letter struct {
	user int64
	kind string
	fact uuid.UUID
	data func(zone string) map[string]string
}

// writeTx stores a letter and the job that sends it.
func (s *Service) writeTx(ctx context.Context, tx *db.Tx, l letter) error {
	user, err := s.accounts.Recipient(ctx, l.user)
	if fault.Is(err, fault.NotFound) {
		return nil // a locked login that nobody has, or a user who is gone: nobody to write to
	}
	if err != nil {
		return fmt.Errorf("recipient of letter: %w", err)
	}
	if !user.EmailConfirmed {
		return nil
	}
	values := l.data(user.TimeZone)
	values["Name"], values["Platform"], values["Address"] = user.Name, s.options.Platform, s.options.Address
	data, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("letter %s: %w", l.kind, err)
	}
	now := s.clock.Now()
	made, err := notifydb.New(tx).InsertLetter(ctx, notifydb.InsertLetterParams{
		ID: id.New(now), UserID: user.UserID, Kind: l.kind, Fact: l.fact,
		Recipient: user.Email, Language: user.Language, Data: data, CreatedAt: now,
	})
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("insert letter: %w", err)
	}
	return s.queue.InsertOnTx(ctx, tx, sendLetter{made}, jobs.Terms{Attempts: attempts})
}

// send sends a waiting letter. A crash between the mail server's answer and
// our note sends it again with the same Message-ID.
func (s *Service) send(ctx context.Context, letterID uuid.UUID) error {
	if s.options.Send == nil {
		return errors.New("no mail server is set")
	}
	row, err := s.q.WaitingLetter(ctx, letterID)
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read letter: %w", err)
	}
	values := map[string]string{}
	if err := json.Unmarshal(row.Data, &values); err != nil {
		return fmt.Errorf("read letter: %w", err)
	}
	text, err := s.letters.render(row.Kind, row.Language, values)
	if err != nil {
		return err
	}
	err = s.options.Send(ctx, channel.Letter{
		ID: row.ID.String() + "@" + host(s.options.From), From: s.options.From, To: row.Recipient,
		Subject: text.Subject, Text: text.Text, HTML: text.HTML, Language: row.Language,
	})
	switch {
	case err == nil:
		now := s.clock.Now()
		return s.q.LetterSent(ctx, notifydb.LetterSentParams{ID: row.ID, SentAt: &now})
	case channel.Retryable(err):
		return err
	}
	slog.WarnContext(ctx, "letter was refused", "letter", row.ID, "kind", row.Kind, "error", err)
	return s.q.LetterFailed(ctx, notifydb.LetterFailedParams{ID: row.ID, Reason: err.Error()})
}

func (s *Service) forget(ctx context.Context, _ forgetLetters) error {
	_, err := s.q.DeleteOldLetters(ctx, s.clock.Now().Add(-keepLetters))
	return err
}
