package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/money"
	"parley/internal/platform/db"
)

// EndMonth lets what companies do from now on belong to next, the first day of
// a month, or to a later one if they are there already. It returns the batches
// that are to be posted before their books say all of the months before; see
// [Service.Unposted]. Name buyers of one seller at a time, as settling does.
func (s *Service) EndMonth(ctx context.Context, companyIDs []int64, next time.Time) ([]Batch, error) {
	var out []Batch
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		if err := s.q.EndMonth(ctx, tx, ledgerdb.EndMonthParams{CompanyIds: companyIDs, Next: next}); err != nil {
			return fmt.Errorf("end month: %w", err)
		}
		rows, err := s.q.PendingOf(ctx, tx, companyIDs)
		if err != nil {
			return fmt.Errorf("list pending batches: %w", err)
		}
		for _, r := range rows {
			out = append(out, Batch{CompanyID: r.CompanyID, ID: r.BatchID})
		}
		return nil
	})
	return out, err
}

// Unposted returns those of the batches that no entries speak of yet.
func (s *Service) Unposted(ctx context.Context, batches []Batch) ([]Batch, error) {
	var p ledgerdb.StillPendingParams
	for _, b := range batches {
		p.CompanyIds = append(p.CompanyIds, b.CompanyID)
		p.BatchIds = append(p.BatchIds, b.ID)
	}
	rows, err := s.q.StillPending(ctx, s.db.Worker(), p)
	if err != nil {
		return nil, fmt.Errorf("look for pending batches: %w", err)
	}
	out := make([]Batch, 0, len(rows))
	for _, r := range rows {
		out = append(out, Batch{CompanyID: r.CompanyID, ID: r.BatchID})
	}
	return out, nil
}

// Month is what a company's book says of a billing month that has ended.
type Month struct {
	// Welcome is the part of the month's charges less refunds that was welcome
	// credit, by item.
	Welcome map[string]money.Amount
	// Own is the company's own money at the month's end; below zero is credit.
	Own money.Amount
}

// MonthsTx reads what the books of companies say of a month. ends are the
// instants at which it ended for them. Everything of the month must be posted.
func (s *Service) MonthsTx(ctx context.Context, tx *db.Tx, period time.Time, ends map[int64]time.Time) (map[int64]Month, error) {
	p := ledgerdb.BalancesAtEndParams{Period: period}
	for companyID, end := range ends {
		p.CompanyIds = append(p.CompanyIds, companyID)
		p.Ends = append(p.Ends, end)
	}
	balances, err := s.q.BalancesAtEnd(ctx, tx, p)
	if err != nil {
		return nil, fmt.Errorf("read balances at the month's end: %w", err)
	}
	welcome, err := s.q.WelcomeOfMonth(ctx, tx, ledgerdb.WelcomeOfMonthParams{CompanyIds: p.CompanyIds, Period: period})
	if err != nil {
		return nil, fmt.Errorf("read welcome credit of the month: %w", err)
	}
	out := make(map[int64]Month, len(balances))
	for _, r := range balances {
		out[r.CompanyID] = Month{Own: money.Amount(r.Balance), Welcome: map[string]money.Amount{}}
	}
	for _, r := range welcome {
		out[r.CompanyID].Welcome[*r.Item] = money.Amount(r.Amount)
	}
	return out, nil
}

// MonthItem chooses entries of a company's book: charges and refunds of an item
// in a billing month that moved own money, posted between two instants.
type MonthItem struct {
	CompanyID    int64
	Period       time.Time
	Item         string
	Since, Until time.Time
	From         EntryPlace // the first that may be returned
	Limit        int
}

// Posting says which batch of which company an entry speaks of.
type Posting struct {
	Place    EntryPlace
	Batch    uuid.UUID
	Kind     Kind
	OriginID int64
}

// Postings returns the entries, the oldest first, for a caller who has made sure
// that whoever asks may see them.
func (s *Service) Postings(ctx context.Context, m MonthItem) ([]Posting, error) {
	rows, err := s.q.EntriesOfItem(ctx, s.db.Worker(), ledgerdb.EntriesOfItemParams{
		CompanyID: m.CompanyID, Since: m.Since, Until: m.Until, FromAt: m.From.At, FromNumber: m.From.Number,
		Period: m.Period, Item: m.Item, MaxRows: int32(m.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list entries of an item: %w", err)
	}
	out := make([]Posting, 0, len(rows))
	for _, r := range rows {
		out = append(out, Posting{Place: EntryPlace{At: r.At, Number: r.Number}, Batch: r.BatchID, Kind: Kind(r.Kind), OriginID: r.OriginID})
	}
	return out, nil
}

// Dependents returns the companies whose usage a reseller pays for.
func (s *Service) Dependents(ctx context.Context, resellerID int64) ([]int64, error) {
	out, err := s.q.DependentsOf(ctx, s.db.Worker(), &resellerID)
	if err != nil {
		return nil, fmt.Errorf("list dependents: %w", err)
	}
	return out, nil
}
