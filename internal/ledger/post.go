package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/money"
	"parley/internal/platform/db"
)

// Line is what a batch of a company contains of one kind, item and month.
type Line struct {
	CompanyID int64
	Batch     uuid.UUID
	Kind      Kind // ChargeKind or RefundKind
	Item      string
	Period    time.Time
	Currency  string
	Quantity  int64
	SellerID  *int64 // nil: nobody sells to the platform's own company
	Amount    money.Amount
	Bonus     money.Amount // the part of Amount that is welcome credit
	Wholesale *Wholesale   // set when SellerID resells
}

// Wholesale is what a reseller pays for its company's usage.
type Wholesale struct {
	SellerID int64
	Amount   money.Amount
}

// PostTx brings batches to the books: the company's own, its seller's, and where
// a reseller stands between, the reseller's wallet and book and the platform's
// book. The batches come from TakePendingTx in the same transaction.
func (s *Service) PostTx(ctx context.Context, tx *db.Tx, lines []Line) error {
	p := posting{s: s, tx: tx, lines: lines, ink: ink{now: s.now()}, wallets: map[int64]*wallet{}}
	if err := p.lock(ctx); err != nil {
		return err
	}
	for _, l := range lines {
		p.retail(p.books[l.CompanyID], l)
		if l.Wholesale != nil && l.Wholesale.Amount > 0 {
			p.wholesale(p.books[*l.SellerID], p.wallets[*l.SellerID], l)
		}
	}
	return p.save(ctx)
}

// posting is all that a call of PostTx changes.
type posting struct {
	ink
	s         *Service
	tx        *db.Tx
	lines     []Line
	resellers []int64 // that pay for themselves or for dependents, in order
	payers    map[int64]bool
	books     map[int64]*book
	wallets   map[int64]*wallet // of the resellers
}

// lock takes everything in the order that keeps settlers, deposits and limits
// from waiting for each other: dependents' books, resellers' books, resellers'
// wallets.
func (p *posting) lock(ctx context.Context) error {
	var others []int64
	p.payers = map[int64]bool{}
	for _, l := range p.lines {
		resells, err := p.s.resells(ctx, l.CompanyID)
		if err != nil {
			return err
		}
		if resells {
			p.resellers = append(p.resellers, l.CompanyID)
		} else {
			others = append(others, l.CompanyID)
		}
		if l.Wholesale != nil && l.Wholesale.Amount > 0 {
			p.resellers = append(p.resellers, *l.SellerID)
			p.payers[*l.SellerID] = true
		}
	}
	var err error
	if p.books, err = p.s.lockBooks(ctx, p.tx, distinct(others)); err != nil {
		return err
	}
	p.resellers = distinct(p.resellers)
	books, err := p.s.lockBooks(ctx, p.tx, p.resellers)
	if err != nil {
		return err
	}
	maps.Copy(p.books, books)
	for _, r := range p.resellers {
		if p.wallets[r], err = p.s.lockWallet(ctx, p.tx, r); err != nil {
			return err
		}
	}
	return nil
}

func distinct(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// save writes entries, wallets and books, and last tells the dependents of
// resellers that have come to their limit.
func (p *posting) save(ctx context.Context) error {
	if err := p.flush(ctx, p.s, p.tx); err != nil {
		return err
	}
	for _, r := range p.resellers {
		if p.payers[r] {
			if err := p.s.saveWallet(ctx, p.tx, p.wallets[r]); err != nil {
				return err
			}
		}
	}
	for _, r := range p.resellers {
		if err := p.s.reviewTx(ctx, p.tx, p.books[r], p.wallets[r]); err != nil {
			return err
		}
	}
	for _, companyID := range slices.Sorted(maps.Keys(p.books)) {
		if err := p.s.warnTx(ctx, p.tx, p.books[companyID], false); err != nil {
			return err
		}
	}
	return p.s.saveBooks(ctx, p.tx, slices.Collect(maps.Values(p.books))...)
}

// retail writes what a company pays for a line: one entry on its wallet, one
// on its welcome credit, or both, of which the first carries the quantity.
func (k *ink) retail(b *book, l Line) {
	if l.SellerID == nil {
		return
	}
	m := movement{
		kind: l.Kind, currency: l.Currency, batch: l.Batch, seller: *l.SellerID,
		period: l.Period, item: l.Item, quantity: l.Quantity, origin: b.companyID,
	}
	k.split(b, m, l.Amount-l.Bonus, l.Bonus)
}

func (k *ink) split(b *book, m movement, own, bonus money.Amount) {
	for _, part := range []struct {
		account string
		amount  money.Amount
	}{{onWallet, own}, {onBonus, bonus}} {
		if part.amount == 0 {
			continue
		}
		m.debit, m.credit, m.amount = onServices, part.account, part.amount
		if m.kind == RefundKind {
			m.debit, m.credit = m.credit, m.debit
		}
		k.write(b, m)
		m.quantity = 0
	}
}

// wholesale takes what the reseller pays from its wallet and writes it. What
// was paid by welcome credit returns there first, so that a refund cannot turn
// it into own money.
func (k *ink) wholesale(b *book, w *wallet, l Line) {
	amount := l.Wholesale.Amount
	var bonus money.Amount
	if l.Kind == RefundKind {
		bonus = min(amount, b.wholesaleBonus)
		b.wholesaleBonus -= bonus
		w.addBonus(bonus)
		w.add(amount - bonus)
	} else {
		bonus = w.take(amount, false)
		b.wholesaleBonus += bonus
	}
	k.split(b, movement{
		kind: l.Kind, currency: l.Currency, batch: l.Batch, seller: l.Wholesale.SellerID,
		period: l.Period, item: l.Item, quantity: l.Quantity, origin: l.CompanyID,
	}, amount-bonus, bonus)
}

// Batch names closed charges of a company.
type Batch struct {
	CompanyID int64
	ID        uuid.UUID
}

// TakePendingTx returns the closed batches of companies that nobody else is
// posting; they count as posted once tx commits.
func (s *Service) TakePendingTx(ctx context.Context, tx *db.Tx, companyIDs []int64) ([]Batch, error) {
	rows, err := s.q.TakePending(ctx, tx, companyIDs)
	if err != nil {
		return nil, fmt.Errorf("take pending batches: %w", err)
	}
	out := make([]Batch, 0, len(rows))
	for _, r := range rows {
		out = append(out, Batch{CompanyID: r.CompanyID, ID: r.BatchID})
	}
	return out, nil
}
