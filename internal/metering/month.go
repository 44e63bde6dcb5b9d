package metering

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/ledger"
	"parley/internal/metering/internal/meteringdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

// MonthSum is what a company pays a seller for an item at one price in a
// billing month, captured less refunded, welcome credit included. Quantity and
// Amount are below zero when more was refunded.
type MonthSum struct {
	SellerID  int64
	Item      pricing.Item
	UnitPrice money.Amount
	Quantity  int64
	Amount    money.Amount
}

// MonthsTx returns what companies pay for a billing month, as far as it is
// posted. A reseller's own usage and that of its dependents are one.
func (s *Service) MonthsTx(ctx context.Context, tx *db.Tx, companyIDs []int64, period time.Time) (map[int64][]MonthSum, error) {
	rows, err := s.q.Months(ctx, tx, meteringdb.MonthsParams{CompanyIds: companyIDs, Period: period})
	if err != nil {
		return nil, fmt.Errorf("read sums of the month: %w", err)
	}
	out := map[int64][]MonthSum{}
	for _, r := range rows {
		out[r.CompanyID] = append(out[r.CompanyID], MonthSum{
			SellerID: r.SellerID, Item: pricing.Item(r.Item), UnitPrice: money.Amount(r.UnitPrice), Quantity: r.Quantity, Amount: money.Amount(r.Amount),
		})
	}
	return out, nil
}

// addMonths adds what was posted to the sums of billing months, for each company
// that pays: the buyer, and its reseller for the wholesale leg.
func (s *Service) addMonths(ctx context.Context, tx *db.Tx, sums []meteringdb.BatchSumsRow) error {
	type key struct {
		company, seller int64
		period          time.Time
		item            string
		price           int64
	}
	places := map[key]int{}
	var p meteringdb.AddMonthsParams
	add := func(k key, quantity, amount int64) {
		i, known := places[k]
		if !known {
			i = len(p.CompanyIds)
			places[k] = i
			p.CompanyIds = append(p.CompanyIds, k.company)
			p.SellerIds = append(p.SellerIds, k.seller)
			p.Periods = append(p.Periods, k.period)
			p.Items = append(p.Items, k.item)
			p.UnitPrices = append(p.UnitPrices, k.price)
			p.Quantities = append(p.Quantities, 0)
			p.Amounts = append(p.Amounts, 0)
		}
		p.Quantities[i] += quantity
		p.Amounts[i] += amount
	}
	for _, r := range sums {
		sign := int64(1)
		if Phase(r.Phase) == Refunded {
			sign = -1
		}
		if r.SellerID != nil && r.Amount > 0 {
			add(key{r.CompanyID, *r.SellerID, r.Period, r.Item, r.UnitPrice}, sign*r.Quantity, sign*r.Amount)
		}
		if r.WholesaleSellerID != nil && r.WholesaleAmount > 0 {
			add(key{*r.SellerID, *r.WholesaleSellerID, r.Period, r.Item, r.WholesaleUnitPrice}, sign*r.Quantity, sign*r.WholesaleAmount)
		}
	}
	if len(places) == 0 {
		return nil
	}
	if err := s.q.AddMonths(ctx, tx, p); err != nil {
		return fmt.Errorf("add to months: %w", err)
	}
	return nil
}

// MonthUsage chooses usage that a company has paid for in a billing month.
type MonthUsage struct {
	CompanyID    int64
	Period       time.Time
	Item         pricing.Item
	UnitPrice    money.Amount
	Since, Until time.Time // between which it was posted
	After        MonthPlace
	Limit        int
}

// MonthPlace is where a page of usage ended.
type MonthPlace struct {
	Entry     ledger.EntryPlace
	Reference uuid.UUID
}

// lookAhead is how many entries are looked through at once.
const lookAhead = 500

// UsageOfMonth returns a page of usage in the order of the company's book and
// where it ended, or nil when nothing follows. The caller has made sure that
// whoever asks may see the company's charges.
func (s *Service) UsageOfMonth(ctx context.Context, m MonthUsage) ([]Part, *MonthPlace, error) {
	var out []Part
	from := m.After
	for {
		entries, err := s.ledger.Postings(ctx, ledger.MonthItem{
			CompanyID: m.CompanyID, Period: m.Period, Item: string(m.Item), Since: m.Since, Until: m.Until, From: from.Entry, Limit: lookAhead,
		})
		if err != nil || len(entries) == 0 {
			return out, nil, err
		}
		if entries[0].Place != from.Entry {
			from.Reference = uuid.Nil
		}
		rows, err := s.usageOfBatches(ctx, m, entries, from.Reference, m.Limit+1-len(out))
		if err != nil {
			return nil, nil, err
		}
		for _, r := range rows {
			if len(out) == m.Limit {
				return out, &from, nil
			}
			out = append(out, partOf(m, r))
			from = MonthPlace{Entry: entries[r.N-1].Place, Reference: r.Reference}
		}
		if len(entries) < lookAhead {
			return out, nil, nil
		}
		next := entries[len(entries)-1].Place
		next.Number++
		from = MonthPlace{Entry: next}
	}
}

func (s *Service) usageOfBatches(ctx context.Context, m MonthUsage, entries []ledger.Posting, after uuid.UUID, limit int) ([]meteringdb.UsageOfBatchesRow, error) {
	p := meteringdb.UsageOfBatchesParams{
		CompanyID: m.CompanyID, Item: string(m.Item), Period: m.Period, UnitPrice: int64(m.UnitPrice), After: after, MaxRows: int32(limit),
	}
	for _, e := range entries {
		phase := Captured
		if e.Kind == ledger.RefundKind {
			phase = Refunded
		}
		p.BatchIds = append(p.BatchIds, e.Batch)
		p.Phases = append(p.Phases, string(phase))
		p.OriginIds = append(p.OriginIds, e.OriginID)
	}
	rows, err := s.q.UsageOfBatches(ctx, s.db.Worker(), p)
	if err != nil {
		return nil, fmt.Errorf("read usage of the month: %w", err)
	}
	return rows, nil
}

func partOf(m MonthUsage, r meteringdb.UsageOfBatchesRow) Part {
	part := Part{
		Reference: r.Reference, CompanyID: r.CompanyID, Item: m.Item, Quantity: r.Quantity, Phase: Phase(r.Phase), At: r.At, Amount: money.Amount(r.Amount),
	}
	if part.Phase == Refunded {
		part.Quantity, part.Amount = -part.Quantity, -part.Amount
	}
	return part
}
