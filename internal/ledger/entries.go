package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Entry is a line of a company's own book, as people read it.
type Entry struct {
	ID           uuid.UUID
	Number       int64
	Batch        uuid.UUID
	Kind         Kind
	At           time.Time
	Amount       money.Amount // signed: what it did to the balance
	BalanceAfter money.Amount
	Currency     string
	Reason       string
	Welcome      bool // it moved welcome credit
	Item         string
	Quantity     int64
	Period       *time.Time
	OriginID     *int64 // the company whose activity was charged
	SellerID     int64
	CreatedBy    *int64
}

func entryOf(r ledgerdb.Entry) Entry {
	e := Entry{
		ID: r.ID, Batch: r.BatchID, Kind: Kind(r.Kind), At: r.At, Currency: r.Currency, Reason: r.Reason,
		Period: r.Period, OriginID: r.OriginID, SellerID: r.CounterpartyID, CreatedBy: r.CreatedBy,
		Welcome: r.Debit == onBonus || r.Credit == onBonus, Amount: money.Amount(r.Amount),
	}
	if r.Credit == onWallet || r.Credit == onBonus {
		e.Amount = -e.Amount
	}
	if r.Number != nil {
		e.Number, e.BalanceAfter = *r.Number, money.Amount(*r.BalanceAfter)
	}
	if r.Item != nil {
		e.Item = *r.Item
	}
	if r.Quantity != nil {
		e.Quantity = *r.Quantity
	}
	return e
}

// EntryFilter chooses entries of the actor's company.
type EntryFilter struct {
	Kind         Kind // empty: all
	Since, Until time.Time
	Before       *EntryPlace // where the page before ended
	Limit        int
}

// EntryPlace is a place in a book.
type EntryPlace struct {
	At     time.Time
	Number int64
}

// Total is what the entries of a kind add up to.
type Total struct {
	Entries int64
	Amount  money.Amount
}

var (
	distantPast   = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	distantFuture = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Entries returns a page of the actor's company's book, the newest first, and
// what each kind adds up to over the whole period.
func (s *Service) Entries(ctx context.Context, actor access.Actor, f EntryFilter) ([]Entry, map[Kind]Total, error) {
	if !actor.May(access.ChargesView) {
		return nil, nil, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	if f.Since.IsZero() {
		f.Since = distantPast
	}
	if f.Until.IsZero() {
		f.Until = distantFuture
	}
	if f.Before == nil {
		f.Before = &EntryPlace{At: distantFuture}
	}
	var rows []ledgerdb.Entry
	totals := map[Kind]Total{}
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		var err error
		if rows, err = s.entryRows(ctx, tx, actor.CompanyID, f); err != nil {
			return fmt.Errorf("list entries: %w", err)
		}
		sums, err := s.q.EntryTotals(ctx, tx, ledgerdb.EntryTotalsParams{CompanyID: actor.CompanyID, Since: f.Since, Until: f.Until})
		if err != nil {
			return fmt.Errorf("add up entries: %w", err)
		}
		for _, t := range sums {
			totals[Kind(t.Kind)] = Total{Entries: t.Entries, Amount: money.Amount(t.Amount)}
		}
		return nil
	})
	out := make([]Entry, 0, len(rows))
	for _, r := range rows {
		out = append(out, entryOf(r))
	}
	return out, totals, err
}

func (s *Service) entryRows(ctx context.Context, tx *db.Tx, companyID int64, f EntryFilter) ([]ledgerdb.Entry, error) {
	all := ledgerdb.EntriesParams{
		CompanyID: companyID, Since: f.Since, Until: f.Until,
		BeforeAt: f.Before.At, BeforeNumber: f.Before.Number, MaxRows: int32(f.Limit),
	}
	if f.Kind == "" {
		return s.q.Entries(ctx, tx, all)
	}
	return s.q.EntriesOfKind(ctx, tx, ledgerdb.EntriesOfKindParams{
		CompanyID: companyID, Kind: string(f.Kind), Since: f.Since, Until: f.Until,
		BeforeAt: f.Before.At, BeforeNumber: f.Before.Number, MaxRows: int32(f.Limit),
	})
}

// EntryByID returns an entry of the actor's company.
func (s *Service) EntryByID(ctx context.Context, actor access.Actor, entryID uuid.UUID) (Entry, error) {
	if !actor.May(access.ChargesView) {
		return Entry{}, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	var out Entry
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		e, err := s.EntryTx(ctx, tx, actor.CompanyID, entryID)
		out = e
		return err
	})
	return out, err
}

// EntryTx returns an entry of a company's book to a trusted caller.
func (s *Service) EntryTx(ctx context.Context, tx *db.Tx, companyID int64, entryID uuid.UUID) (Entry, error) {
	row, err := s.q.EntryByID(ctx, tx, ledgerdb.EntryByIDParams{CompanyID: companyID, ID: entryID})
	if db.NoRows(err) {
		return Entry{}, fault.New(fault.NotFound, "There is no such entry.")
	}
	if err != nil {
		return Entry{}, fmt.Errorf("read entry: %w", err)
	}
	return entryOf(row), nil
}

// EntriesOfBatchTx returns what the company's own book says of a batch; nothing
// while it is not posted.
func (s *Service) EntriesOfBatchTx(ctx context.Context, tx *db.Tx, companyID int64, batch uuid.UUID) ([]Entry, error) {
	rows, err := s.q.EntriesOfBatch(ctx, tx, ledgerdb.EntriesOfBatchParams{CompanyID: companyID, BatchID: batch})
	if err != nil {
		return nil, fmt.Errorf("read entries of batch: %w", err)
	}
	out := make([]Entry, 0, len(rows))
	for _, r := range rows {
		out = append(out, entryOf(r))
	}
	return out, nil
}
