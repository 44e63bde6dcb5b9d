package metering

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"parley/internal/ledger"
	"parley/internal/metering/internal/meteringdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

// CaptureHeldTx spends what was held for a reference. It comes last in its
// transaction.
func (s *Service) CaptureHeldTx(ctx context.Context, tx *db.Tx, companyID int64, reference uuid.UUID, item pricing.Item) error {
	_, err := s.EndHoldsTx(ctx, tx, companyID, []End{{Reference: reference, Item: item, Phase: Captured}})
	return err
}

// ReleaseTx gives back what was held for a reference. It comes last in its
// transaction.
func (s *Service) ReleaseTx(ctx context.Context, tx *db.Tx, companyID int64, reference uuid.UUID, item pricing.Item) error {
	_, err := s.EndHoldsTx(ctx, tx, companyID, []End{{Reference: reference, Item: item, Phase: Released}})
	return err
}

// End says how a hold ends.
type End struct {
	Reference uuid.UUID
	Item      pricing.Item
	Phase     Phase // Captured or Released
}

// Ended is what became of holds that ended together.
type Ended struct {
	Captured money.Amount
	Released money.Amount
	Batch    uuid.UUID // of what was captured; zero when nothing was
}

// EndHoldsTx captures and releases many holds of one company: one change of the
// wallet and one statement for all rows. It fails as a whole with ErrNotHeld when
// one of them is not open. It comes last in its transaction.
func (s *Service) EndHoldsTx(ctx context.Context, tx *db.Tx, companyID int64, ends []End) (Ended, error) {
	if len(ends) == 0 {
		return Ended{}, nil
	}
	p, phases, err := endParams(companyID, ends)
	if err != nil {
		return Ended{}, err
	}
	held, err := s.q.OpenHolds(ctx, tx, meteringdb.OpenHoldsParams{CompanyID: companyID, Refs: p.Refs, Items: p.Items})
	if err != nil {
		return Ended{}, fmt.Errorf("find holds: %w", err)
	}
	if len(held) != len(ends) {
		return Ended{}, notHeld(companyID, ends)
	}
	out, stripes := sortHolds(held, phases)
	spent, err := s.ledger.EndHoldsTx(ctx, tx, ledger.Ends{CompanyID: companyID, Spends: slices.Contains(p.Phases, string(Captured)), Stripes: stripes})
	if err != nil {
		return Ended{}, err
	}
	p.Period, out.Batch = spent.Period, spent.Batch
	if out.Batch != uuid.Nil {
		p.BatchID = &out.Batch
	}
	n, err := s.q.EndHolds(ctx, tx, p)
	if err != nil {
		return Ended{}, fmt.Errorf("insert ends of holds: %w", err)
	}
	if int(n) != len(ends) {
		return Ended{}, notHeld(companyID, ends)
	}
	return out, s.countBackTx(ctx, tx, companyID, held, phases)
}

// hold names one hold of a company.
type hold struct {
	reference uuid.UUID
	item      pricing.Item
}

func endParams(companyID int64, ends []End) (meteringdb.EndHoldsParams, map[hold]Phase, error) {
	p := meteringdb.EndHoldsParams{CompanyID: companyID}
	phases := make(map[hold]Phase, len(ends))
	for _, e := range ends {
		if e.Phase != Captured && e.Phase != Released {
			return p, nil, fmt.Errorf("end hold of %s %s: it cannot become %q", e.Item, e.Reference, e.Phase)
		}
		phases[hold{e.Reference, e.Item}] = e.Phase
		p.Refs = append(p.Refs, e.Reference)
		p.Items = append(p.Items, string(e.Item))
		p.Phases = append(p.Phases, string(e.Phase))
	}
	if len(phases) != len(ends) {
		return p, nil, fmt.Errorf("end holds of company %d: one is named twice", companyID)
	}
	return p, phases, nil
}

func notHeld(companyID int64, ends []End) error {
	if len(ends) == 1 {
		return fmt.Errorf("%w: %s %s", ErrNotHeld, ends[0].Item, ends[0].Reference)
	}
	return fmt.Errorf("%w: one of %d of company %d", ErrNotHeld, len(ends), companyID)
}

// sortHolds adds up what becomes of the money of each stripe.
func sortHolds(held []meteringdb.OpenHoldsRow, phases map[hold]Phase) (Ended, []ledger.Ended) {
	var out Ended
	stripes := map[int16]*ledger.Ended{}
	for _, h := range held {
		e := stripes[h.Stripe]
		if e == nil {
			e = &ledger.Ended{Stripe: h.Stripe}
			stripes[h.Stripe] = e
		}
		part, sum := &e.Returned, &out.Released
		if phases[hold{h.Reference, pricing.Item(h.Item)}] == Captured {
			part, sum = &e.Spent, &out.Captured
		}
		part.Amount += money.Amount(h.Amount)
		part.Bonus += money.Amount(h.Bonus)
		*sum += money.Amount(h.Amount)
	}
	list := make([]ledger.Ended, 0, len(stripes))
	for _, e := range stripes {
		list = append(list, *e)
	}
	slices.SortFunc(list, func(a, b ledger.Ended) int { return cmp.Compare(a.Stripe, b.Stripe) })
	return out, list
}
