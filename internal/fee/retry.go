package fee

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/fee/internal/feedb"
	"parley/internal/notify"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

// Retry charges unpaid fees for which there is money now, lets what is paid go
// on, and pauses what was not paid in time.
func (s *Service) Retry(ctx context.Context) error {
	rows, err := s.q.Unpaid(ctx, s.DB.Worker())
	if err != nil {
		return fmt.Errorf("read unpaid fees: %w", err)
	}
	var failures []error
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].CompanyID == rows[0].CompanyID {
			n++
		}
		if err := s.retry(ctx, rows[:n]); err != nil {
			failures = append(failures, fmt.Errorf("unpaid fees of company %d: %w", rows[0].CompanyID, err))
		}
		rows = rows[n:]
	}
	return errors.Join(failures...)
}

func (s *Service) retry(ctx context.Context, owed []feedb.UnpaidRow) error {
	companyID := owed[0].CompanyID
	there, err := s.things(ctx, []int64{companyID})
	if err != nil {
		return err
	}
	known := map[name]thing{}
	for _, t := range there {
		known[t.name()] = t
	}
	var late []due
	for _, r := range owed {
		t, stands := known[name{companyID, pricing.Item(r.Item), r.Thing}]
		if !stands {
			if err := s.gone(ctx, thing{companyID: companyID, item: pricing.Item(r.Item), key: r.Thing}); err != nil {
				return err
			}
			continue
		}
		d := due{thing: t, month: r.Month, days: pricing.Days{Paid: int(r.Days), Of: int(r.OfDays)}, at: r.DueAt}
		switch err := s.pay(ctx, d, r.Paused); {
		case err == nil, errors.Is(err, errTaken):
		case !refused(err):
			return err
		case !r.Paused && !r.PauseAt.After(s.now()):
			late = append(late, d)
		}
	}
	return s.pause(ctx, companyID, late)
}

// pay charges an unpaid fee; a thing that owes nothing more goes on.
func (s *Service) pay(ctx context.Context, d due, paused bool) error {
	return s.DB.AsWorker(ctx, func(tx *db.Tx) error {
		reference := id.New(s.now())
		n, err := s.q.Pay(ctx, tx, feedb.PayParams{
			CompanyID: d.companyID, Item: string(d.item), Thing: d.key, Month: d.month, Reference: reference,
		})
		if err != nil {
			return fmt.Errorf("pay fee: %w", err)
		}
		if n == 0 {
			return errTaken
		}
		if paused {
			still, err := s.q.StillPaused(ctx, tx, feedb.StillPausedParams{CompanyID: d.companyID, Item: string(d.item), Thing: d.key})
			if err != nil {
				return fmt.Errorf("look for pauses: %w", err)
			}
			if !still {
				if err := s.switchTx(ctx, tx, d.thing, false); err != nil {
					return err
				}
			}
		}
		_, err = s.Metering.CaptureTx(ctx, tx, d.charge(reference))
		return err
	})
}

// pause stops things whose time is over, and tells the company.
func (s *Service) pause(ctx context.Context, companyID int64, all []due) error {
	if len(all) == 0 {
		return nil
	}
	return s.DB.AsWorker(ctx, func(tx *db.Tx) error {
		stopped := 0
		for _, d := range all {
			n, err := s.q.Pause(ctx, tx, feedb.PauseParams{CompanyID: companyID, Item: string(d.item), Thing: d.key, Month: d.month})
			if err != nil {
				return fmt.Errorf("pause: %w", err)
			}
			if n == 0 {
				continue
			}
			stopped++
			if err := s.switchTx(ctx, tx, d.thing, true); err != nil {
				return err
			}
		}
		if stopped == 0 {
			return nil
		}
		return s.Notify.NoticeTx(ctx, tx, notify.NewNotice{
			CompanyID: companyID, Kind: notify.FeePaused, Fact: fact(companyID, "paused", s.now()),
			Args: map[string]string{"count": strconv.Itoa(stopped)},
		})
	})
}

// gone gives up what is unpaid for a thing that is there no more; should it
// come back, it is not paused.
func (s *Service) gone(ctx context.Context, t thing) error {
	return s.DB.AsWorker(ctx, func(tx *db.Tx) error {
		if err := s.q.LapseGone(ctx, tx, feedb.LapseGoneParams{CompanyID: t.companyID, Item: string(t.item), Thing: t.key}); err != nil {
			return fmt.Errorf("lapse fees: %w", err)
		}
		return s.switchTx(ctx, tx, t, false)
	})
}

// switchTx pauses a thing or lets it go on.
func (s *Service) switchTx(ctx context.Context, tx *db.Tx, t thing, paused bool) error {
	switch t.item {
	case pricing.UserFee:
		userID, err := strconv.ParseInt(t.key, 10, 64)
		if err != nil {
			return fmt.Errorf("fee of user %q: %w", t.key, err)
		}
		var since *time.Time
		if now := s.now(); paused {
			since = &now
		}
		return s.Accounts.PauseMemberTx(ctx, tx, t.companyID, userID, since)
	case pricing.ConnectionFee:
		connectionID, err := uuid.Parse(t.key)
		if err != nil {
			return fmt.Errorf("fee of connection %q: %w", t.key, err)
		}
		return s.Connections.PauseTx(ctx, tx, t.companyID, connectionID, paused)
	}
	return fmt.Errorf("fee of %s: no such thing can pause", t.item)
}
