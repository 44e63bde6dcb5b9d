package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/money"
	"parley/internal/platform/db"
)

// Line is what a batch contains of one kind, item and month.
type Line struct {
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

// PostTx brings batches of a company to the books: the company's own, its
// seller's, and where a reseller stands between, the reseller's wallet and book
// and the platform's book. The batches come from TakePendingTx in the same
// transaction.
func (s *Service) PostTx(ctx context.Context, tx *db.Tx, companyID int64, lines []Line) error {
	resellers := resellersOf(lines)
	for _, r := range resellers {
		if err := s.open(ctx, r); err != nil {
			return err
		}
	}
	own, err := s.lockBook(ctx, tx, companyID)
	if err != nil {
		return err
	}
	k := &ink{now: s.now()}
	for _, l := range lines {
		k.retail(own, l)
	}
	if err := s.saveBook(ctx, tx, own); err != nil {
		return err
	}
	type leg struct {
		*book
		*wallet
	}
	var legs []leg
	for _, r := range resellers {
		b, err := s.lockBook(ctx, tx, r)
		if err != nil {
			return err
		}
		w, err := s.lockWallet(ctx, tx, r)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if l.Wholesale != nil && *l.SellerID == r {
				k.wholesale(b, w, companyID, l)
			}
		}
		if err := s.saveWallet(ctx, tx, w); err != nil {
			return err
		}
		legs = append(legs, leg{b, w})
	}
	if err := k.flush(ctx, s, tx); err != nil {
		return err
	}
	for _, x := range legs {
		if err := s.reviewTx(ctx, tx, x.book, x.wallet); err != nil {
			return err
		}
		if err := s.saveBook(ctx, tx, x.book); err != nil {
			return err
		}
	}
	return s.reviewOwnTx(ctx, tx, own)
}

// resellersOf returns the resellers that have to pay, in order.
func resellersOf(lines []Line) []int64 {
	var out []int64
	for _, l := range lines {
		if l.Wholesale != nil && l.Wholesale.Amount > 0 {
			out = append(out, *l.SellerID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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
func (k *ink) wholesale(b *book, w *wallet, companyID int64, l Line) {
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
		period: l.Period, item: l.Item, quantity: l.Quantity, origin: companyID,
	}, amount-bonus, bonus)
}

// reviewOwnTx looks whether a reseller's own usage has brought it to its limit.
func (s *Service) reviewOwnTx(ctx context.Context, tx *db.Tx, b *book) error {
	company, err := s.accounts.Company(ctx, b.companyID)
	if err != nil || !isReseller(company) {
		return err
	}
	w, err := s.lockWallet(ctx, tx, b.companyID)
	if err != nil {
		return err
	}
	before := b.suspended
	if err := s.reviewTx(ctx, tx, b, w); err != nil {
		return err
	}
	if b.suspended == before {
		return nil
	}
	return s.saveBook(ctx, tx, b)
}

// TakePendingTx returns the closed batches of a company that nobody else is
// posting; they count as posted once tx commits.
func (s *Service) TakePendingTx(ctx context.Context, tx *db.Tx, companyID int64) ([]uuid.UUID, error) {
	batches, err := s.q.TakePending(ctx, tx, companyID)
	if err != nil {
		return nil, fmt.Errorf("take pending batches: %w", err)
	}
	return batches, nil
}
