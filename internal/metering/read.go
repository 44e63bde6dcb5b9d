package metering

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/ledger"
	"parley/internal/metering/internal/meteringdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

// UsageOf returns what was charged to the company for references, by reference;
// the caller shows it only to those who may see prices.
func (s *Service) UsageOf(ctx context.Context, companyID int64, references []uuid.UUID) (map[uuid.UUID][]Usage, error) {
	out := make(map[uuid.UUID][]Usage, len(references))
	if len(references) == 0 {
		return out, nil
	}
	err := s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) error {
		rows, err := s.q.UsageOf(ctx, tx, meteringdb.UsageOfParams{CompanyID: companyID, Refs: references})
		if err != nil {
			return fmt.Errorf("read usage: %w", err)
		}
		for _, r := range rows {
			out[r.Reference] = append(out[r.Reference], usageOfRead(r))
		}
		return nil
	})
	return out, err
}

func usageOfRead(r meteringdb.UsageOfRow) Usage {
	return Usage{
		Reference: r.Reference, Item: pricing.Item(r.Item), Phase: Phase(r.Phase), At: r.At, Period: r.Period,
		Quantity: r.Quantity, Currency: r.Currency, SellerID: r.SellerID, PriceVersion: r.PriceVersion,
		UnitPrice: money.Amount(r.UnitPrice), Amount: money.Amount(r.Amount), Welcome: money.Amount(r.Bonus), Batch: r.BatchID,
	}
}

// Part is a piece of usage that an entry consists of.
type Part struct {
	Reference uuid.UUID
	CompanyID int64
	Item      pricing.Item
	Quantity  int64
	Phase     Phase
	At        time.Time
	Amount    money.Amount  // what the company pays; of an entry of its own, the entry's share
	Wholesale *money.Amount // what its reseller pays; only in the reseller's own book
}

// UsageOfEntry returns what an entry in the actor's company's book consists of,
// by reference, beginning after one.
func (s *Service) UsageOfEntry(ctx context.Context, actor access.Actor, entryID, after uuid.UUID, limit int) ([]Part, error) {
	e, err := s.ledger.EntryByID(ctx, actor, entryID)
	if err != nil {
		return nil, err
	}
	phase := Captured
	switch {
	case e.OriginID == nil:
		return nil, nil
	case e.Kind == ledger.RefundKind:
		phase = Refunded
	}
	if *e.OriginID != actor.CompanyID {
		return s.dependentUsage(ctx, actor, e, phase, after, limit)
	}
	var out []Part
	err = s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.UsageOfBatch(ctx, tx, meteringdb.UsageOfBatchParams{
			CompanyID: actor.CompanyID, BatchID: &e.Batch, Item: e.Item, Phase: string(phase), Period: *e.Period,
			Welcome: e.Welcome, After: after, MaxRows: int32(limit),
		})
		for _, r := range rows {
			share := r.Amount - r.Bonus
			if e.Welcome {
				share = r.Bonus
			}
			out = append(out, Part{
				Reference: r.Reference, CompanyID: actor.CompanyID, Item: pricing.Item(r.Item),
				Quantity: r.Quantity, Phase: Phase(r.Phase), At: r.At, Amount: money.Amount(share),
			})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read usage of entry: %w", err)
	}
	return out, nil
}

// dependentUsage is trusted work: the rows lie in the dependent's company. They
// are bound to the reseller by the seller they name.
func (s *Service) dependentUsage(ctx context.Context, actor access.Actor, e ledger.Entry, phase Phase, after uuid.UUID, limit int) ([]Part, error) {
	rows, err := s.q.DependentUsage(ctx, s.db.Worker(), meteringdb.DependentUsageParams{
		CompanyID: *e.OriginID, ResellerID: &actor.CompanyID, BatchID: &e.Batch, Item: e.Item, Phase: string(phase),
		Period: *e.Period, After: after, MaxRows: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("read usage of a dependent: %w", err)
	}
	out := make([]Part, 0, len(rows))
	for _, r := range rows {
		out = append(out, Part{
			Reference: r.Reference, CompanyID: *e.OriginID, Item: pricing.Item(r.Item), Quantity: r.Quantity,
			Phase: Phase(r.Phase), At: r.At, Amount: money.Amount(r.Amount), Wholesale: amountOf(r.WholesaleAmount),
		})
	}
	return out, nil
}

func amountOf(n *int64) *money.Amount {
	if n == nil {
		return nil
	}
	a := money.Amount(*n)
	return &a
}

// burnDays is how far back spending is looked at to say how long money lasts.
const burnDays = 7

// DaysLeft says for how many days the money of the actor's company lasts if it
// goes on as in the last week; nil when nothing is being spent.
func (s *Service) DaysLeft(ctx context.Context, companyID int64, available money.Amount) (*int64, error) {
	now := s.clock.Now().UTC()
	since, firstDay := rollupRange(now.AddDate(0, 0, -burnDays))
	var spent int64
	earliest := now
	own, err := s.q.Burn(ctx, s.db.Worker(), meteringdb.BurnParams{CompanyIds: []int64{companyID}, Since: since, FirstDay: firstDay})
	if err != nil {
		return nil, fmt.Errorf("read what was spent: %w", err)
	}
	for _, r := range own {
		spent, earliest = r.Amount, r.Earliest
	}
	dependents, err := s.q.WholesaleBurn(ctx, s.db.Worker(), meteringdb.WholesaleBurnParams{CompanyID: &companyID, Since: since, FirstDay: firstDay})
	if err != nil {
		return nil, fmt.Errorf("read what dependents spent: %w", err)
	}
	if dependents.Amount != 0 {
		spent += dependents.Amount
		if dependents.Earliest.Before(earliest) {
			earliest = dependents.Earliest
		}
	}
	if spent <= 0 {
		return nil, nil
	}
	// A company that began two days ago has spent for two days, not seven.
	span := min(max(now.Sub(earliest), 24*time.Hour), burnDays*24*time.Hour)
	left := int64(0)
	if available > 0 {
		left = int64(available.MulDiv(int64(span/time.Minute), spent)) / (24 * 60)
	}
	return &left, nil
}

// SoldSince says what the platform earned by each company since an instant: the
// company's own price where it sells to it, the wholesale price where a
// reseller does, because it is no party to the reseller's.
func (s *Service) SoldSince(ctx context.Context, actor access.Actor, companyIDs []int64, since time.Time) (map[int64]money.Amount, error) {
	if !actor.May(access.PlatformCompanies) {
		return nil, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	from, firstDay := rollupRange(since)
	rows, err := s.q.SoldSince(ctx, s.db.Worker(), meteringdb.SoldSinceParams{CompanyIds: companyIDs, Since: from, FirstDay: firstDay})
	if err != nil {
		return nil, fmt.Errorf("read what companies spent: %w", err)
	}
	out := make(map[int64]money.Amount, len(rows))
	for _, r := range rows {
		out[r.CompanyID] = money.Amount(r.Amount)
	}
	return out, nil
}

// rollupRange splits "since" into a raw edge and whole days: quarters from the
// first until the second, days from the second on.
func rollupRange(since time.Time) (quarter, firstDay time.Time) {
	quarter = since.UTC().Truncate(15 * time.Minute)
	firstDay = bucket(days, quarter)
	if firstDay.Before(quarter) {
		firstDay = firstDay.AddDate(0, 0, 1)
	}
	return quarter, firstDay
}
