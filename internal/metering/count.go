package metering

import (
	"context"
	"fmt"
	"time"

	"parley/internal/metering/internal/meteringdb"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

// counted is where charges stand among what a company has used of an item in a
// billing month.
type counted struct {
	period time.Time
	next   map[pricing.Item]int64 // how much was used before
}

// take returns the position of a charge and makes room for the next.
func (k *counted) take(item pricing.Item, quantity int64) int64 {
	position := k.next[item]
	k.next[item] += quantity
	return position
}

// countTx adds quantities of items to the month's counters. It locks the wallet
// first, whose month it is: so the counter is never waited for by anybody who
// has the wallet, and charges of different months cannot mix.
func (s *Service) countTx(ctx context.Context, tx *db.Tx, companyID int64, quantities map[pricing.Item]int64) (*counted, error) {
	period, err := s.ledger.LockTx(ctx, tx, companyID)
	if err != nil {
		return nil, err
	}
	p := meteringdb.CountParams{CompanyID: companyID, Period: period}
	for item, quantity := range quantities {
		p.Items = append(p.Items, string(item))
		p.Quantities = append(p.Quantities, quantity)
	}
	rows, err := s.q.Count(ctx, tx, p)
	if err != nil {
		return nil, fmt.Errorf("count usage of the month: %w", err)
	}
	out := &counted{period: period, next: make(map[pricing.Item]int64, len(rows))}
	for _, r := range rows {
		item := pricing.Item(r.Item)
		out.next[item] = r.Quantity - quantities[item]
	}
	return out, nil
}

// countBackTx takes released holds from the counters that counted them. The
// wallet is locked already.
func (s *Service) countBackTx(ctx context.Context, tx *db.Tx, companyID int64, held []meteringdb.OpenHoldsRow, phases map[hold]Phase) error {
	type month struct {
		item   string
		period time.Time
	}
	back := map[month]int64{}
	for _, h := range held {
		if h.CountedIn != nil && phases[hold{h.Reference, pricing.Item(h.Item)}] == Released {
			back[month{h.Item, *h.CountedIn}] += h.Quantity
		}
	}
	if len(back) == 0 {
		return nil
	}
	p := meteringdb.CountBackParams{CompanyID: companyID}
	for m, quantity := range back {
		p.Items = append(p.Items, m.item)
		p.Periods = append(p.Periods, m.period)
		p.Quantities = append(p.Quantities, quantity)
	}
	if err := s.q.CountBack(ctx, tx, p); err != nil {
		return fmt.Errorf("take back from what was used in the month: %w", err)
	}
	return nil
}
