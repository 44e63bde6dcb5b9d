package messaging

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/channel"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/metering"
	"parley/internal/platform/db"
	"parley/internal/platform/plain"
	"parley/internal/pricing"
)

const (
	firstPause    = time.Second
	longestPause  = time.Minute
	longestDetail = 200
)

// Reasons of our own beside those of channel.
const (
	reasonTooLate  = "too_late"   // its lifetime ended before the network took it
	reasonTemplate = "template"   // the campaign's text cannot be written for this recipient
	reasonSilence  = "no_receipt" // the network never said what became of it
)

var errTooLate = errors.New(reasonTooLate)

// outcome is what an answer means for an attempt.
type outcome struct {
	result
	state  State
	reason string
	detail string
	again  *time.Time // queued again until then
}

// judge reads an answer.
func judge(r result, now time.Time) outcome {
	o := outcome{result: r, state: Sent}
	var e *channel.SendError
	switch {
	case r.err == nil:
		return o
	case errors.Is(r.err, errTooLate):
		o.state, o.reason = Expired, reasonTooLate
		return o
	case errors.Is(r.err, errTemplate):
		o.state, o.reason, o.detail = Rejected, reasonTemplate, r.err.Error()
		return o
	case !errors.As(r.err, &e):
		e = &channel.SendError{Reason: channel.NetworkBusy, Retry: true, Detail: r.err.Error()}
	}
	o.reason, o.detail = string(e.Reason), plain.Cut(plain.Line(e.Detail), longestDetail)
	switch {
	case len(r.sent.IDs) > 0: // some parts are on their way; the others are lost
	case e.Reason == channel.InDoubt && !r.row.Resend:
		o.state = InDoubt
	case e.Retry, e.Reason == channel.InDoubt:
		pause := max(e.RetryAfter, min(firstPause<<min(int(r.row.Tries), 6), longestPause))
		if again := now.Add(pause); again.Before(r.row.ExpiresAt) {
			o.state, o.again = Queued, &again
		} else {
			o.state = Expired
		}
	default:
		o.state = Rejected
	}
	return o
}

// finish stores answers, each company's in a transaction of its own.
func (o *owner) finish(ctx context.Context, list []result) error {
	return o.finishAll(ctx, list, o.way.ID, o.wire.Capabilities())
}

func (s *Service) finishAll(ctx context.Context, list []result, gateway uuid.UUID, can channel.Capabilities) error {
	now := s.Clock.Now()
	companies := map[int64][]outcome{}
	for _, r := range list {
		companies[r.row.CompanyID] = append(companies[r.row.CompanyID], judge(r, now))
	}
	var failures []error
	for companyID, outcomes := range companies {
		f := finishing{companyID: companyID, gateway: gateway, can: can, now: now, outcomes: outcomes}
		if err := s.finishCompany(ctx, f); err != nil {
			failures = append(failures, fmt.Errorf("finish messages of company %d: %w", companyID, err))
		}
	}
	return errors.Join(failures...)
}

// finishCompany stores answers together, or one by one when one of them spoils
// the others. An answer whose money is gone, which cannot be, is stored without
// it rather than never: the audit names it.
func (s *Service) finishCompany(ctx context.Context, f finishing) error {
	err := s.DB.AsWorker(ctx, func(tx *db.Tx) error { return s.finishTx(ctx, tx, f) })
	switch {
	case err == nil || ctx.Err() != nil || db.Unavailable(err):
		return err
	case len(f.outcomes) == 1 && errors.Is(err, metering.ErrNotHeld):
		s.Log.ErrorContext(ctx, "no money is held for a message", "company", f.companyID, "message", f.outcomes[0].row.ID)
		f.unpaid = true
		return s.DB.AsWorker(ctx, func(tx *db.Tx) error { return s.finishTx(ctx, tx, f) })
	case len(f.outcomes) == 1:
		return err
	}
	var failures []error
	for _, o := range f.outcomes {
		f.outcomes = []outcome{o}
		failures = append(failures, s.finishCompany(ctx, f))
	}
	return errors.Join(failures...)
}

// finishing is what one company's transaction stores.
type finishing struct {
	companyID int64
	gateway   uuid.UUID
	can       channel.Capabilities
	now       time.Time
	outcomes  []outcome
	unpaid    bool // leave the money as it is

	tries messagingdb.FinishTryParams
	back  messagingdb.PutBackParams
	keys  messagingdb.InsertReceiptKeysParams
	ends  []metering.End
	count counts
	named map[string]bool // names of parts that are in keys
}

func (s *Service) finishTx(ctx context.Context, tx *db.Tx, f finishing) error {
	f.outcomes = slices.Clone(f.outcomes)
	if err := s.keepOurs(ctx, tx, &f); err != nil {
		return err
	}
	slices.SortFunc(f.outcomes, func(a, b outcome) int { return slices.Compare(a.row.ID[:], b.row.ID[:]) })
	for i := range f.outcomes {
		f.add(&f.outcomes[i])
	}
	f.tries.CompanyID, f.tries.Now = f.companyID, f.now
	if err := s.q.FinishTry(ctx, tx, f.tries); err != nil {
		return fmt.Errorf("store answers: %w", err)
	}
	if len(f.back.Ids) > 0 {
		f.back.CompanyID = f.companyID
		if err := s.q.PutBack(ctx, tx, f.back); err != nil {
			return fmt.Errorf("queue messages again: %w", err)
		}
	}
	if len(f.keys.NetworkIds) > 0 {
		f.keys.CompanyID, f.keys.GatewayID, f.keys.Now = f.companyID, f.gateway, f.now
		if err := s.insertKeys(ctx, tx, f.keys); err != nil {
			return err
		}
	}
	if err := s.countTx(ctx, tx, f.companyID, f.count); err != nil {
		return err
	}
	if f.unpaid {
		return nil
	}
	return s.endHoldsTx(ctx, tx, f.companyID, f.ends)
}

// insertKeys stores the names of parts. A name belongs to the part that got it last.
func (s *Service) insertKeys(ctx context.Context, tx *db.Tx, keys messagingdb.InsertReceiptKeysParams) error {
	stored, err := s.q.InsertReceiptKeys(ctx, tx, keys)
	if err == nil && int(stored) < len(keys.NetworkIds) {
		err = s.q.FreeNames(ctx, tx, messagingdb.FreeNamesParams{GatewayID: keys.GatewayID, NetworkIds: keys.NetworkIds, AttemptIds: keys.AttemptIds})
		if err == nil {
			_, err = s.q.InsertReceiptKeys(ctx, tx, keys)
		}
	}
	if err != nil {
		return fmt.Errorf("store names of parts: %w", err)
	}
	return nil
}

// keepOurs takes what is final off the queue and drops answers to messages that
// another owner has finished or tried meanwhile: he had taken over while our
// network was slow to answer.
func (s *Service) keepOurs(ctx context.Context, tx *db.Tx, f *finishing) error {
	var final, again []uuid.UUID
	var tries []int16
	for _, o := range f.outcomes {
		if o.again == nil {
			final = append(final, o.row.ID)
		} else {
			again, tries = append(again, o.row.ID), append(tries, o.row.Tries)
		}
	}
	ours := make(map[uuid.UUID]bool, len(f.outcomes))
	if len(final) > 0 {
		taken, err := s.q.TakeOut(ctx, tx, messagingdb.TakeOutParams{CompanyID: f.companyID, Ids: final})
		if err != nil {
			return fmt.Errorf("take messages off the queue: %w", err)
		}
		for _, id := range taken {
			ours[id] = true
		}
	}
	if len(again) > 0 {
		same, err := s.sameTry(ctx, tx, messagingdb.SameTryParams{CompanyID: f.companyID, Ids: again, Tries: tries})
		if err != nil {
			return err
		}
		for _, id := range same {
			ours[id] = true
		}
	}
	f.outcomes = slices.DeleteFunc(f.outcomes, func(o outcome) bool { return !ours[o.row.ID] })
	return nil
}

// sameTry locks what shall be tried again and says what of it is still ours to
// put back. The lock comes first: only what is read after it is certain.
func (s *Service) sameTry(ctx context.Context, tx *db.Tx, p messagingdb.SameTryParams) ([]uuid.UUID, error) {
	locked, err := s.q.LockClaimed(ctx, tx, messagingdb.LockClaimedParams{CompanyID: p.CompanyID, Ids: p.Ids})
	if err != nil {
		return nil, fmt.Errorf("lock messages of the queue: %w", err)
	}
	same, err := s.q.SameTry(ctx, tx, p)
	if err != nil {
		return nil, fmt.Errorf("compare tries: %w", err)
	}
	return slices.DeleteFunc(same, func(id uuid.UUID) bool { return !slices.Contains(locked, id) }), nil
}

func (f *finishing) add(o *outcome) {
	f.tries.Ids, f.tries.States = append(f.tries.Ids, o.row.ID), append(f.tries.States, string(o.state))
	f.tries.Reasons, f.tries.Details = append(f.tries.Reasons, o.reason), append(f.tries.Details, o.detail)
	if o.again != nil {
		f.back.Ids, f.back.DueAts = append(f.back.Ids, o.row.ID), append(f.back.DueAts, *o.again)
		return
	}
	if o.row.CampaignID != nil {
		f.count.move(*o.row.CampaignID, o.row.Step, tally{Queued, ""}, tally{o.state, o.reason})
	}
	taken := 0
	if o.state == Sent {
		taken = min(len(o.sent.IDs), int(o.row.Parts))
		f.addKeys(o, taken)
	}
	item := pricing.Item(o.row.Item)
	for part := range int(o.row.Parts) {
		switch {
		case part >= taken:
			f.end(o.row.ID, part, item, metering.Released)
		case billedWhenSent(item) || !f.can.Receipts:
			f.end(o.row.ID, part, item, metering.Captured)
		}
	}
}

// addKeys notes the network's names of parts. Parts that it did not take end at
// once, so that the end of the others ends the message.
func (f *finishing) addKeys(o *outcome, taken int) {
	if !f.can.Receipts {
		return
	}
	for part := range int(o.row.Parts) {
		// A name that no network has, for parts without one of their own.
		name, status := fmt.Sprintf("- %s %d", o.row.ID, part), channel.Status("")
		switch {
		case part >= taken:
			status = channel.Rejected
		case o.sent.IDs[part] != "" && !f.named[o.sent.IDs[part]]:
			name = o.sent.IDs[part]
		}
		if f.named == nil {
			f.named = map[string]bool{}
		}
		f.named[name] = true
		f.keys.NetworkIds, f.keys.AttemptIds = append(f.keys.NetworkIds, name), append(f.keys.AttemptIds, o.row.ID)
		f.keys.Parts, f.keys.Statuses = append(f.keys.Parts, int16(part)), append(f.keys.Statuses, string(status))
	}
}

func (f *finishing) end(attempt uuid.UUID, part int, item pricing.Item, phase metering.Phase) {
	f.ends = append(f.ends, metering.End{Reference: partReference(attempt, part), Item: item, Phase: phase})
}

// endHoldsTx comes last in its transaction, for it takes the wallet's lock.
func (s *Service) endHoldsTx(ctx context.Context, tx *db.Tx, companyID int64, ends []metering.End) error {
	if len(ends) == 0 {
		return nil
	}
	_, err := s.Metering.EndHoldsTx(ctx, tx, companyID, ends)
	return err
}
