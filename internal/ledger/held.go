package ledger

import (
	"context"
	"fmt"

	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
)

// Ended says what becomes of money that holds took from one stripe.
type Ended struct {
	Stripe   int16
	Spent    Part
	Returned Part
}

// Part is an amount and how much of it is welcome credit.
type Part struct{ Amount, Bonus money.Amount }

func (p Part) own() int64 { return int64(p.Amount - p.Bonus) }

// Ends are holds of a company that end together. Each stripe is named once.
type Ends struct {
	CompanyID int64
	Spends    bool // some are spent, be it for nothing, and need a batch
	Stripes   []Ended
}

// EndHoldsTx spends and gives back what was held, all of it in one change of the
// wallet. Whoever ends the same holds in another way waits here, so look
// afterwards whether they are still open.
func (s *Service) EndHoldsTx(ctx context.Context, tx *db.Tx, ends Ends) (Spent, error) {
	if len(ends.Stripes) == 1 {
		return s.endInStripe(ctx, tx, ends)
	}
	company, err := s.accounts.Company(ctx, ends.CompanyID)
	if err != nil {
		return Spent{}, fmt.Errorf("end holds: %w", err)
	}
	w, err := s.lockWallet(ctx, tx, ends.CompanyID)
	if err != nil {
		return Spent{}, err
	}
	returned := false
	for _, e := range ends.Stripes {
		if int(e.Stripe) >= len(w.stripes) {
			return Spent{}, fmt.Errorf("end holds: company %d has no stripe %d", ends.CompanyID, e.Stripe)
		}
		w.stripes[e.Stripe].end(e)
		returned = returned || e.Returned.Amount > 0
	}
	if returned {
		w.level()
	}
	now := s.now()
	if m := month(now, company.Location); m.After(w.period) {
		w.period = m
	}
	// All stripes are locked, so the batch of any of them is as good.
	first := &w.stripes[0]
	if ends.Spends && first.batch == nil {
		batch := id.New(now)
		first.batch = &batch
	}
	if err := s.saveWallet(ctx, tx, w); err != nil {
		return Spent{}, err
	}
	return spent(0, w.period, 0, first.batch, !ends.Spends), nil
}

func (x *stripe) end(e Ended) {
	x.held -= e.Spent.Amount - e.Spent.Bonus + e.Returned.Amount - e.Returned.Bonus
	x.bonusHeld -= e.Spent.Bonus + e.Returned.Bonus
	x.available += e.Returned.Amount - e.Returned.Bonus
	x.bonus += e.Returned.Bonus
}

func (s *Service) endInStripe(ctx context.Context, tx *db.Tx, ends Ends) (Spent, error) {
	e := ends.Stripes[0]
	return s.move(ctx, tx, Taken{CompanyID: ends.CompanyID, Stripe: e.Stripe}, ledgerdb.MoveParams{
		Available: e.Returned.own(), Held: -e.Spent.own() - e.Returned.own(),
		Bonus: int64(e.Returned.Bonus), BonusHeld: -int64(e.Spent.Bonus + e.Returned.Bonus),
	}, ends.Spends)
}
