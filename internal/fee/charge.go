package fee

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/fee/internal/feedb"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

// The states of a fee.
const (
	free    = "free"
	charged = "charged"
	unpaid  = "unpaid"
)

// errTaken says that another node was first; there is nothing left to do.
var errTaken = errors.New("fee: another node has charged it")

// charge charges a company's fees: all together if there is money for all, or
// else one by one.
func (s *Service) charge(ctx context.Context, companyID int64, all []due) error {
	nothing, payable, err := s.sort(ctx, all)
	if err != nil {
		return err
	}
	if len(nothing) > 0 {
		err := s.DB.AsWorker(ctx, func(tx *db.Tx) error {
			_, err := s.q.Insert(ctx, tx, rows(companyID, nothing, free))
			return err
		})
		if err != nil {
			return fmt.Errorf("note fees of nothing: %w", err)
		}
	}
	if len(payable) == 0 {
		return nil
	}
	if err := s.Metering.Prepare(ctx, companyID); err != nil {
		return err
	}
	switch err := s.take(ctx, companyID, payable); {
	case err == nil, errors.Is(err, errTaken):
		return nil
	case !refused(err):
		return err
	}
	var left []due
	for _, d := range payable {
		switch err := s.take(ctx, companyID, []due{d}); {
		case refused(err):
			left = append(left, d)
		case err != nil && !errors.Is(err, errTaken):
			return err
		}
	}
	return s.owe(ctx, companyID, left)
}

func refused(err error) bool {
	return fault.Is(err, fault.InsufficientFunds) || fault.Is(err, fault.SellerSuspended)
}

// sort parts fees that cost nothing from those that have to be paid.
func (s *Service) sort(ctx context.Context, all []due) (nothing, payable []due, err error) {
	for _, d := range all {
		r, err := s.Prices.Rate(ctx, d.ask())
		if err != nil {
			return nil, nil, err
		}
		if r.Priced() && (r.Counts() || r.Retail.Amount > 0 || r.Wholesale != nil && r.Wholesale.Amount > 0) {
			payable = append(payable, d)
		} else {
			nothing = append(nothing, d)
		}
	}
	return nothing, payable, nil
}

func (d due) ask() pricing.Ask {
	return pricing.Ask{BuyerID: d.companyID, Item: d.item, Quantity: 1, At: d.at, Days: d.days}
}

func (d due) charge(reference uuid.UUID) metering.Charge {
	return metering.Charge{
		CompanyID: d.companyID, Reference: reference, Item: d.item, Quantity: 1, At: d.at, Days: d.days, Refusable: true,
	}
}

// rows writes fees down with new references where they are charged.
func rows(companyID int64, all []due, state string) feedb.InsertParams {
	p := feedb.InsertParams{CompanyID: companyID, State: state}
	for _, d := range all {
		p.Items = append(p.Items, string(d.item))
		p.Things = append(p.Things, d.key)
		p.Months = append(p.Months, d.month)
		p.Days = append(p.Days, d.days.Paid)
		p.OfDays = append(p.OfDays, d.days.Of)
		p.DueAts = append(p.DueAts, d.at)
		p.Refs = append(p.Refs, uuid.Nil)
	}
	return p
}

// take charges fees in one transaction, all or none.
func (s *Service) take(ctx context.Context, companyID int64, all []due) error {
	return s.DB.AsWorker(ctx, func(tx *db.Tx) error {
		p := rows(companyID, all, charged)
		charges := make([]metering.Charge, len(all))
		for i, d := range all {
			p.Refs[i] = id.New(s.now())
			charges[i] = d.charge(p.Refs[i])
			if err := s.lapseTx(ctx, tx, d); err != nil {
				return err
			}
		}
		n, err := s.q.Insert(ctx, tx, p)
		if err != nil {
			return fmt.Errorf("insert fees: %w", err)
		}
		if n < int64(len(all)) {
			return errTaken
		}
		_, err = s.Metering.CaptureChunkTx(ctx, tx, companyID, charges)
		return err
	})
}

// lapseTx gives up what a paused thing owes of earlier months, and lets it go
// on: the fee of the new month takes its place.
func (s *Service) lapseTx(ctx context.Context, tx *db.Tx, d due) error {
	was, err := s.q.StillPaused(ctx, tx, feedb.StillPausedParams{CompanyID: d.companyID, Item: string(d.item), Thing: d.key})
	if err != nil {
		return fmt.Errorf("look for pauses: %w", err)
	}
	if !was {
		return nil
	}
	p := feedb.LapseParams{CompanyID: d.companyID, Item: string(d.item), Thing: d.key, Month: d.month}
	if err := s.q.Lapse(ctx, tx, p); err != nil {
		return fmt.Errorf("lapse fees: %w", err)
	}
	return s.switchTx(ctx, tx, d.thing, false)
}

// owe notes fees that were refused, and tells the company once. A thing that is
// paused already stays so.
func (s *Service) owe(ctx context.Context, companyID int64, all []due) error {
	if len(all) == 0 {
		return nil
	}
	var amount money.Amount
	currency := ""
	for _, d := range all {
		r, err := s.Prices.Rate(ctx, d.ask())
		if err != nil {
			return err
		}
		amount, currency = amount+r.Retail.Amount, r.Currency
	}
	company, err := s.Accounts.Company(ctx, companyID)
	if err != nil {
		return err
	}
	now := s.now()
	pauseAt := now.Add(notice)
	return s.DB.AsWorker(ctx, func(tx *db.Tx) error {
		fresh := 0
		for _, d := range all {
			p := rows(companyID, []due{d}, unpaid)
			was, err := s.q.StillPaused(ctx, tx, feedb.StillPausedParams{CompanyID: companyID, Item: string(d.item), Thing: d.key})
			if err != nil {
				return fmt.Errorf("look for pauses: %w", err)
			}
			if p.PauseAt = &pauseAt; was {
				p.PauseAt = &now
			} else {
				fresh++
			}
			if _, err := s.q.Insert(ctx, tx, p); err != nil {
				return fmt.Errorf("insert unpaid fees: %w", err)
			}
			if !was {
				continue
			}
			if err := s.stayPausedTx(ctx, tx, d); err != nil {
				return err
			}
		}
		if fresh == 0 {
			return nil
		}
		return s.Notify.NoticeTx(ctx, tx, notify.NewNotice{
			CompanyID: companyID, Kind: notify.FeeUnpaid, Fact: fact(companyID, "unpaid", now),
			Args: map[string]string{
				"amount": amount.String(), "currency": currency, "count": fmt.Sprint(len(all)),
				"pause_on": pauseAt.In(company.Location).Format(time.DateOnly),
			},
		})
	})
}

// stayPausedTx lets the new month's fee stand for the pause.
func (s *Service) stayPausedTx(ctx context.Context, tx *db.Tx, d due) error {
	if _, err := s.q.Pause(ctx, tx, feedb.PauseParams{CompanyID: d.companyID, Item: string(d.item), Thing: d.key, Month: d.month}); err != nil {
		return fmt.Errorf("pause: %w", err)
	}
	if err := s.q.Lapse(ctx, tx, feedb.LapseParams{CompanyID: d.companyID, Item: string(d.item), Thing: d.key, Month: d.month}); err != nil {
		return fmt.Errorf("lapse fees: %w", err)
	}
	return nil
}

// fact names what a notice speaks of: the same in one hour is one fact.
func fact(companyID int64, what string, at time.Time) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "fee %d %s %s", companyID, what, at.UTC().Format("2006-01-02T15")))
}
