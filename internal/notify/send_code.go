package notify

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"parley/internal/channel"
	"parley/internal/notify/internal/notifydb"
	"parley/internal/platform/db"
)

const (
	senders      = 4   // batches at once, so that a slow one holds up no other
	mostCodes    = 100 // in a batch
	lookForCodes = 500 * time.Millisecond
	claimed      = time.Minute      // after which a code that was taken counts as abandoned
	confirmation = 15 * time.Minute // how long after its time a code may still be confirmed
	longestPause = 15 * time.Second
	inDoubtTries = 2
)

// sender is the connection to the SMS network that codes take.
type sender struct {
	adapter channel.Adapter
	network string
	route   SMSRoute
	stop    context.CancelFunc
	done    chan struct{}
}

// sweep ends codes whose time is over, and applies receipts that came before
// the answers they belong to.
func (s *Service) sweep(ctx context.Context) error {
	now := s.clock.Now()
	if _, err := s.q.ExpireCodes(ctx, notifydb.ExpireCodesParams{Now: now, ConfirmedBy: now.Add(-confirmation)}); err != nil {
		return err
	}
	_, err := s.q.ApplyReceipts(ctx)
	return err
}

func (s *Service) loop(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := s.sendCodes(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "codes could not be sent", "error", err)
		}
		if n == mostCodes {
			s.wake() // there may be more, for the others too
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.codes:
		case <-time.After(lookForCodes):
		}
	}
}

// outcome is what became of an attempt.
type outcome struct {
	id     uuid.UUID
	state  string
	reason string
	dueAt  time.Time
	ids    []string // the network's names of the parts
}

// sendCodes takes a batch of codes that are due, sends them all at once and
// notes what became of them.
func (s *Service) sendCodes(ctx context.Context) (int, error) {
	to := s.codeSender()
	if to == nil {
		return 0, nil
	}
	now := s.clock.Now()
	rows, err := s.q.ClaimCodes(ctx, notifydb.ClaimCodesParams{Now: now, LeaseEnds: now.Add(claimed), Most: mostCodes})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	results := make([]outcome, len(rows))
	var group sync.WaitGroup
	for i, row := range rows {
		group.Go(func() { results[i] = s.sendCode(ctx, to, row) })
	}
	group.Wait()
	// What was handed over is noted even while the program ends.
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), claimed/2)
	defer cancel()
	return len(rows), s.note(noting, to.network, results)
}

func (s *Service) sendCode(ctx context.Context, to *sender, row notifydb.ClaimCodesRow) outcome {
	code, err := s.options.Secrets.Open(row.Code, codePlace(row.ID))
	if err != nil {
		s.log.ErrorContext(ctx, "code cannot be opened", "code", row.ID, "error", err)
		return outcome{id: row.ID, state: "failed", reason: "sealed", dueAt: s.clock.Now()}
	}
	left := row.ExpiresAt.Sub(s.clock.Now())
	if left <= 0 {
		return outcome{id: row.ID, state: "expired", reason: "not_sent", dueAt: row.ExpiresAt}
	}
	ctx, cancel := context.WithTimeout(ctx, claimed*3/4)
	defer cancel()
	sent, err := to.adapter.Send(ctx, channel.Message{
		ID: row.ID.String(), To: row.Phone, From: to.route.Sender, Lifetime: left,
		Text: s.letters.short(row.Kind, row.Language, s.options.Platform, string(code)),
	})
	return s.judge(ctx, row, sent, err)
}

// judge says what an attempt means for a code.
func (s *Service) judge(ctx context.Context, row notifydb.ClaimCodesRow, sent channel.Sent, err error) outcome {
	now := s.clock.Now()
	o := outcome{id: row.ID, state: "sent", dueAt: now, ids: sent.IDs}
	if err == nil {
		return o
	}
	var e *channel.SendError
	if !errors.As(err, &e) {
		e = &channel.SendError{Reason: channel.NetworkBusy, Retry: true}
	}
	o.reason = string(e.Reason)
	switch {
	case e.Reason == channel.InDoubt && row.Attempts >= inDoubtTries:
	case e.Retry, e.Reason == channel.InDoubt:
		o.state, o.ids = "waiting", nil
		o.dueAt = now.Add(max(e.RetryAfter, min(time.Second<<min(row.Attempts-1, 4), longestPause)))
	default:
		o.state, o.ids = "failed", nil
		s.log.WarnContext(ctx, "code was refused", "code", row.ID, "error", e)
	}
	return o
}

// note stores outcomes together with the network's names, and applies the
// receipts that were faster.
func (s *Service) note(ctx context.Context, network string, results []outcome) error {
	p := notifydb.FinishCodesParams{Now: s.clock.Now()}
	parts := notifydb.InsertPartsParams{Route: network}
	for _, o := range results {
		p.Ids, p.States, p.Reasons = append(p.Ids, o.id), append(p.States, o.state), append(p.Reasons, o.reason)
		p.DueAts, p.Parts = append(p.DueAts, o.dueAt), append(p.Parts, int32(len(o.ids)))
		for _, name := range o.ids {
			parts.NetworkIds, parts.CodeIds = append(parts.NetworkIds, name), append(parts.CodeIds, o.id)
		}
	}
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		q := notifydb.New(tx)
		if err := q.FinishCodes(ctx, p); err != nil {
			return err
		}
		return q.InsertParts(ctx, parts)
	})
	if err != nil {
		return err
	}
	_, err = s.q.ApplyReceipts(ctx)
	return err
}

// receive stores receipts and applies them. The network repeats those that
// could not be stored.
func (s *Service) receive(ctx context.Context, network string, list []channel.Receipt) error {
	p := notifydb.InsertReceiptsParams{Route: network, At: s.clock.Now()}
	for _, r := range list {
		p.NetworkIds, p.Statuses, p.Details = append(p.NetworkIds, r.ID), append(p.Statuses, string(r.Status)), append(p.Details, r.Code)
	}
	if err := s.q.InsertReceipts(ctx, p); err != nil {
		return err
	}
	_, err := s.q.ApplyReceipts(ctx)
	return err
}
