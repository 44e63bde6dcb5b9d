package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
)

// Kind is what an entry is for.
type Kind string

// The kinds of entries.
const (
	DepositKind    Kind = "deposit"
	ChargeKind     Kind = "charge"
	RefundKind     Kind = "refund"
	AdjustmentKind Kind = "adjustment"
)

// Kinds lists every kind.
var Kinds = []Kind{DepositKind, ChargeKind, RefundKind, AdjustmentKind}

// The accounts of a buyer's book. wallet and bonus are what it has, the others
// say where it came from or went.
const (
	onWallet   = "wallet"
	onBonus    = "bonus"
	onServices = "services"
	onPayments = "payments"
	onGifts    = "gifts"
)

// mirrored says which account of the seller's book tells the same.
var mirrored = map[string]string{
	onWallet:   "customers",
	onBonus:    "customer_bonus",
	onServices: "revenue",
	onPayments: "bank",
	onGifts:    "promotion",
}

// book is the head of a company's own book, locked.
type book struct {
	companyID      int64
	balance, bonus money.Amount
	wholesaleBonus money.Amount
	entries        int64
	lastAt         time.Time
	suspended      bool
	credit         money.Amount
	filled         money.Amount // what could be spent after the last top-up
	warned         percent      // the lowest that people were told of since
}

// lockBooks locks the books of companies in order. All that a transaction needs
// of one level of the tree are locked together, dependents before resellers.
func (s *Service) lockBooks(ctx context.Context, tx *db.Tx, companyIDs []int64) (map[int64]*book, error) {
	rows, err := s.q.LockBooks(ctx, tx, companyIDs)
	if err != nil {
		return nil, fmt.Errorf("lock books: %w", err)
	}
	out := make(map[int64]*book, len(rows))
	for _, r := range rows {
		out[r.CompanyID] = &book{
			companyID: r.CompanyID, balance: money.Amount(r.Balance), bonus: money.Amount(r.Bonus),
			wholesaleBonus: money.Amount(r.WholesaleBonus), entries: r.Entries, lastAt: r.LastAt, suspended: r.Suspended,
			credit: money.Amount(r.Credit), filled: money.Amount(r.Filled), warned: percent(r.Warned),
		}
	}
	for _, companyID := range companyIDs {
		if out[companyID] == nil {
			return nil, errNoWallet
		}
	}
	return out, nil
}

func (s *Service) lockBook(ctx context.Context, tx *db.Tx, companyID int64) (*book, error) {
	books, err := s.lockBooks(ctx, tx, []int64{companyID})
	return books[companyID], err
}

func (s *Service) saveBooks(ctx context.Context, tx *db.Tx, books ...*book) error {
	var p ledgerdb.SaveBooksParams
	for _, b := range books {
		p.CompanyIds = append(p.CompanyIds, b.companyID)
		p.Balances = append(p.Balances, int64(b.balance))
		p.Bonuses = append(p.Bonuses, int64(b.bonus))
		p.WholesaleBonuses = append(p.WholesaleBonuses, int64(b.wholesaleBonus))
		p.Entries = append(p.Entries, b.entries)
		p.LastAts = append(p.LastAts, b.lastAt)
		p.Suspended = append(p.Suspended, b.suspended)
		p.Credits = append(p.Credits, int64(b.credit))
		p.Filled = append(p.Filled, int64(b.filled))
		p.Warned = append(p.Warned, int16(b.warned))
	}
	if err := s.q.SaveBooks(ctx, tx, p); err != nil {
		return fmt.Errorf("save books: %w", err)
	}
	return nil
}

// movement is one fact about money between a buyer and its seller.
type movement struct {
	kind          Kind
	debit, credit string // accounts of the buyer's book
	amount        money.Amount
	currency      string
	batch         uuid.UUID
	seller        int64
	period        time.Time // zero: none
	item          string
	quantity      int64
	origin        int64 // the company whose activity is charged
	reason        string
	reference     string
	createdBy     int64
}

// ink collects entries of one transaction, which are written together.
type ink struct {
	now time.Time
	p   ledgerdb.InsertEntriesParams
}

// write puts a movement into the buyer's book and its mirror into the seller's.
// It returns the id of the buyer's entry.
func (k *ink) write(b *book, m movement) uuid.UUID {
	for _, side := range []struct {
		account string
		sign    money.Amount
	}{{m.debit, 1}, {m.credit, -1}} {
		switch side.account {
		case onWallet:
			b.balance += side.sign * m.amount
		case onBonus:
			b.bonus += side.sign * m.amount
		}
	}
	b.entries++
	if k.now.After(b.lastAt) {
		b.lastAt = k.now
	}
	entryID := k.line(b.companyID, m.seller, m.debit, m.credit, m, b.lastAt, b.entries, b.balance+b.bonus)
	k.line(m.seller, b.companyID, mirrored[m.credit], mirrored[m.debit], m, b.lastAt, 0, 0)
	return entryID
}

func (k *ink) line(company, counterparty int64, debit, credit string, m movement, at time.Time, number int64, after money.Amount) uuid.UUID {
	entryID := id.New(k.now)
	p := &k.p
	p.CompanyIds = append(p.CompanyIds, company)
	p.Ids = append(p.Ids, entryID)
	p.BatchIds = append(p.BatchIds, m.batch)
	p.Kinds = append(p.Kinds, string(m.kind))
	p.Debits = append(p.Debits, debit)
	p.Credits = append(p.Credits, credit)
	p.Amounts = append(p.Amounts, int64(m.amount))
	p.Currencies = append(p.Currencies, m.currency)
	p.Ats = append(p.Ats, at)
	p.Periods = append(p.Periods, m.period)
	p.Items = append(p.Items, m.item)
	p.Quantities = append(p.Quantities, m.quantity)
	p.CounterpartyIds = append(p.CounterpartyIds, counterparty)
	p.OriginIds = append(p.OriginIds, m.origin)
	p.Reasons = append(p.Reasons, m.reason)
	p.Refs = append(p.Refs, m.reference)
	p.CreatedBys = append(p.CreatedBys, m.createdBy)
	p.Numbers = append(p.Numbers, number)
	p.BalancesAfter = append(p.BalancesAfter, int64(after))
	return entryID
}

// flush stores the entries.
func (k *ink) flush(ctx context.Context, s *Service, tx *db.Tx) error {
	if len(k.p.Ids) == 0 {
		return nil
	}
	if err := s.q.InsertEntries(ctx, tx, k.p); err != nil {
		return fmt.Errorf("insert entries: %w", err)
	}
	return nil
}
