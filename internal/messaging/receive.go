package messaging

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/channel"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/metering"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

const (
	lookForEarly = 500 * time.Millisecond
	mostEarly    = 1000
)

// receive stores what a network says has become of parts. It waits for answers
// that are not stored yet, because a receipt may be as fast as they.
func (o *owner) receive(ctx context.Context, list []channel.Receipt) error {
	final := make(map[string]channel.Receipt, len(list))
	names := make([]string, 0, len(list))
	for _, r := range list {
		if _, told := final[r.ID]; !told && r.Status.Final() {
			final[r.ID] = r
			names = append(names, r.ID)
		}
	}
	if len(names) == 0 {
		return nil
	}
	o.settle(ctx)
	return o.applyReceipts(ctx, names, final)
}

// applyReceipts ends the parts that are known and keeps receipts of others.
func (o *owner) applyReceipts(ctx context.Context, names []string, receipts map[string]channel.Receipt) error {
	rows, err := o.q.KeysOf(ctx, o.DB.Worker(), messagingdb.KeysOfParams{GatewayID: o.way.ID, NetworkIds: names})
	if err != nil {
		return fmt.Errorf("find parts of receipts: %w", err)
	}
	companies := map[int64]*ending{}
	for _, r := range rows {
		e := companies[r.CompanyID]
		if e == nil {
			e = &ending{companyID: r.CompanyID, gateway: o.way.ID}
			companies[r.CompanyID] = e
		}
		e.names, e.statuses = append(e.names, r.NetworkID), append(e.statuses, string(receipts[r.NetworkID].Status))
		e.attempts = append(e.attempts, r.AttemptID)
	}
	var failures []error
	known := map[string]bool{}
	for companyID, e := range companies {
		err := o.DB.AsWorker(ctx, func(tx *db.Tx) error { return o.endTx(ctx, tx, e, receipts) })
		if err != nil {
			failures = append(failures, fmt.Errorf("apply receipts of company %d: %w", companyID, err))
		}
		for _, name := range e.names {
			known[name] = true
		}
	}
	return errors.Join(append(failures, o.keepEarly(ctx, names, known, receipts))...)
}

func (o *owner) keepEarly(ctx context.Context, names []string, known map[string]bool, receipts map[string]channel.Receipt) error {
	p := messagingdb.InsertEarlyParams{GatewayID: o.way.ID, Now: o.Clock.Now()}
	for _, name := range names {
		if !known[name] {
			p.NetworkIds, p.Statuses = append(p.NetworkIds, name), append(p.Statuses, string(receipts[name].Status))
			p.Codes = append(p.Codes, receipts[name].Code)
		}
	}
	if len(p.NetworkIds) == 0 {
		return nil
	}
	if err := o.q.InsertEarly(ctx, o.DB.Worker(), p); err != nil {
		return fmt.Errorf("keep early receipts: %w", err)
	}
	return nil
}

// applyEarly applies receipts that came before the answers they belong to.
func (o *owner) applyEarly(ctx context.Context) {
	for {
		if err := o.applyKnown(ctx); err != nil && ctx.Err() == nil {
			o.Log.ErrorContext(ctx, "early receipts cannot be applied", "gateway", o.way.ID, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookForEarly):
		}
	}
}

func (o *owner) applyKnown(ctx context.Context) error {
	rows, err := o.q.EarlyKnown(ctx, o.DB.Worker(), messagingdb.EarlyKnownParams{GatewayID: o.way.ID, Most: mostEarly})
	if err != nil || len(rows) == 0 {
		return err
	}
	receipts := make(map[string]channel.Receipt, len(rows))
	names := make([]string, 0, len(rows))
	for _, r := range rows {
		names = append(names, r.NetworkID)
		receipts[r.NetworkID] = channel.Receipt{ID: r.NetworkID, Status: channel.Status(r.Status), Code: r.Code}
	}
	if err := o.applyReceipts(ctx, names, receipts); err != nil {
		return err
	}
	return o.q.DeleteEarly(ctx, o.DB.Worker(), messagingdb.DeleteEarlyParams{GatewayID: o.way.ID, NetworkIds: names})
}

// ending is what receipts end for one company.
type ending struct {
	companyID int64
	gateway   uuid.UUID
	names     []string
	statuses  []string
	attempts  []uuid.UUID
}

func (s *Service) endTx(ctx context.Context, tx *db.Tx, e *ending, receipts map[string]channel.Receipt) error {
	locked, err := s.q.LockAttempts(ctx, tx, messagingdb.LockAttemptsParams{CompanyID: e.companyID, Ids: e.attempts})
	if err != nil {
		return fmt.Errorf("lock attempts: %w", err)
	}
	ended, err := s.q.EndParts(ctx, tx, messagingdb.EndPartsParams{
		CompanyID: e.companyID, GatewayID: e.gateway, NetworkIds: e.names, Statuses: e.statuses,
	})
	if err != nil {
		return fmt.Errorf("end parts: %w", err)
	}
	if len(ended) == 0 {
		return nil // all of it was told before
	}
	parts := make([]endedPart, 0, len(ended))
	for _, r := range ended {
		parts = append(parts, endedPart{r.AttemptID, int(r.Part), channel.Status(r.Status), receipts[r.NetworkID].Code})
	}
	return s.endPartsTx(ctx, tx, e.companyID, locked, parts)
}

// endedPart is a part that has just got its final status.
type endedPart struct {
	attempt uuid.UUID
	part    int
	status  channel.Status
	code    string
}

// endPartsTx draws the consequences for attempts, counts and money.
func (s *Service) endPartsTx(ctx context.Context, tx *db.Tx, companyID int64, locked []messagingdb.LockAttemptsRow, parts []endedPart) error {
	tallies, err := s.tallies(ctx, tx, companyID, locked, parts)
	if err != nil {
		return err
	}
	p := messagingdb.EndAttemptsParams{CompanyID: companyID, Now: s.Clock.Now()}
	var count counts
	var ends []metering.End
	attempts := make(map[uuid.UUID]messagingdb.LockAttemptsRow, len(locked))
	for _, a := range locked {
		attempts[a.ID] = a
	}
	told := map[uuid.UUID]bool{}
	for _, part := range parts {
		a, ok := attempts[part.attempt]
		if !ok {
			continue // its partition is gone
		}
		if item := pricing.Item(a.Item); !billedWhenSent(item) {
			ends = append(ends, metering.End{Reference: partReference(a.ID, part.part), Item: item, Phase: phaseOf(part.status)})
		}
		state, complete := endState(int(a.Parts), tallies[a.ID])
		if told[a.ID] || !complete || State(a.State) != Sent {
			continue
		}
		told[a.ID] = true
		reason := reasonOf(state, tallies[a.ID])
		p.Ids, p.States = append(p.Ids, a.ID), append(p.States, string(state))
		p.Reasons, p.Details = append(p.Reasons, reason), append(p.Details, part.code)
		if a.CampaignID != nil {
			count.move(*a.CampaignID, a.Step, tally{Sent, a.Reason}, tally{state, reason})
		}
	}
	if len(p.Ids) > 0 {
		if err := s.q.EndAttempts(ctx, tx, p); err != nil {
			return fmt.Errorf("end attempts: %w", err)
		}
	}
	if err := s.countTx(ctx, tx, companyID, count); err != nil {
		return err
	}
	return s.endHoldsTx(ctx, tx, companyID, ends)
}

// tallies counts the ended parts of attempts by status. Texts of one part, the
// most, need no look.
func (s *Service) tallies(ctx context.Context, tx *db.Tx, companyID int64, locked []messagingdb.LockAttemptsRow, parts []endedPart) (map[uuid.UUID]map[channel.Status]int, error) {
	out := make(map[uuid.UUID]map[channel.Status]int, len(locked))
	var several []uuid.UUID
	for _, a := range locked {
		out[a.ID] = map[channel.Status]int{}
		if a.Parts > 1 {
			several = append(several, a.ID)
		}
	}
	if len(several) > 0 {
		rows, err := s.q.PartsOf(ctx, tx, messagingdb.PartsOfParams{CompanyID: companyID, AttemptIds: several})
		if err != nil {
			return nil, fmt.Errorf("count parts: %w", err)
		}
		for _, r := range rows {
			out[r.AttemptID][channel.Status(r.Status)] = r.Parts
		}
	}
	for _, p := range parts {
		if t := out[p.attempt]; len(t) == 0 && t != nil {
			t[p.status] = 1
		}
	}
	return out, nil
}

func phaseOf(s channel.Status) metering.Phase {
	if s == channel.Delivered {
		return metering.Captured
	}
	return metering.Released
}
