package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// wallet is all stripes of a company, locked.
type wallet struct {
	companyID int64
	currency  string
	period    time.Time
	reseller  *int64
	suspended bool // the seller is past its own limit
	stripes   []stripe
}

type stripe struct {
	available, held, credit money.Amount
	bonus, bonusHeld        money.Amount
	batch                   *uuid.UUID
}

// spendable is what the company can spend now.
func (w *wallet) spendable() money.Amount {
	var sum money.Amount
	for _, x := range w.stripes {
		sum += x.available + x.credit + x.bonus
	}
	return sum
}

// exhausted says that the company is at its limit or past it. What is held is
// not spent yet: a hold that comes back must not need anybody to notice.
func (w *wallet) exhausted() bool {
	sum := w.spendable()
	for _, x := range w.stripes {
		sum += x.held + x.bonusHeld
	}
	return sum <= 0
}

func (w *wallet) credit() money.Amount {
	var sum money.Amount
	for _, x := range w.stripes {
		sum += x.credit
	}
	return sum
}

// take takes an amount, welcome credit first, and returns how much of it was
// welcome credit. It asks nobody whether there is enough.
func (w *wallet) take(amount money.Amount, hold bool) (bonus money.Amount) {
	first := &w.stripes[0]
	bonus = min(first.bonus, amount)
	first.bonus -= bonus
	first.available -= amount - bonus
	if hold {
		first.bonusHeld += bonus
		first.held += amount - bonus
	}
	w.level()
	return bonus
}

// add gives own money, or takes it when negative.
func (w *wallet) add(amount money.Amount) {
	w.stripes[0].available += amount
	w.level()
}

// addBonus gives welcome credit.
func (w *wallet) addBonus(amount money.Amount) {
	w.stripes[0].bonus += amount
	w.level()
}

func (w *wallet) setCredit(limit money.Amount) {
	for i, part := range shares(limit, len(w.stripes)) {
		w.stripes[i].credit = part
	}
	w.level()
}

// level shares out evenly what can be spent, so that no stripe is below zero
// while another is above: a stripe that can bear a charge alone then proves that
// the company can.
func (w *wallet) level() {
	for i, part := range shares(w.spendable(), len(w.stripes)) {
		x := &w.stripes[i]
		x.available = part - x.credit - x.bonus
	}
}

// shares splits an amount into n parts that differ by at most one millionth.
func shares(amount money.Amount, n int) []money.Amount {
	out := make([]money.Amount, n)
	part, rest := amount/money.Amount(n), amount%money.Amount(n)
	for i := range out {
		out[i] = part
		switch {
		case rest > 0:
			out[i]++
			rest--
		case rest < 0:
			out[i]--
			rest++
		}
	}
	return out
}

// errNoWallet is told in the moment before wallet and book of a new company are
// opened, to whoever did not prepare them.
var errNoWallet = fault.New(fault.Unavailable, "The company's wallet is being opened. Try again in a moment.").After(time.Second)

// lockWallet locks all stripes.
func (s *Service) lockWallet(ctx context.Context, tx *db.Tx, companyID int64) (*wallet, error) {
	rows, err := s.q.LockWallet(ctx, tx, companyID)
	if err != nil {
		return nil, fmt.Errorf("lock wallet: %w", err)
	}
	if len(rows) == 0 {
		s.opened.Delete(companyID)
		return nil, errNoWallet
	}
	w := &wallet{companyID: companyID, currency: rows[0].Currency, reseller: rows[0].ResellerID, suspended: rows[0].SellerSuspended}
	for _, r := range rows {
		w.stripes = append(w.stripes, stripe{
			available: money.Amount(r.Available), held: money.Amount(r.Held), credit: money.Amount(r.Credit),
			bonus: money.Amount(r.Bonus), bonusHeld: money.Amount(r.BonusHeld), batch: r.BatchID,
		})
		if r.Period.After(w.period) {
			w.period = r.Period
		}
	}
	s.widths.Store(companyID, len(rows))
	return w, nil
}

func (s *Service) saveWallet(ctx context.Context, tx *db.Tx, w *wallet) error {
	p := ledgerdb.SaveWalletParams{CompanyID: w.companyID, Stripes: int16(len(w.stripes)), Period: w.period}
	for i, x := range w.stripes {
		p.Stripe = append(p.Stripe, int16(i))
		p.Available = append(p.Available, int64(x.available))
		p.Held = append(p.Held, int64(x.held))
		p.Credit = append(p.Credit, int64(x.credit))
		p.Bonus = append(p.Bonus, int64(x.bonus))
		p.BonusHeld = append(p.BonusHeld, int64(x.bonusHeld))
		var batch uuid.UUID
		if x.batch != nil {
			batch = *x.batch
		}
		p.BatchIds = append(p.BatchIds, batch)
	}
	if err := s.q.SaveWallet(ctx, tx, p); err != nil {
		return fmt.Errorf("save wallet: %w", err)
	}
	return s.changedTx(tx, w.companyID)
}

const mostStripes = 16

// Widen spreads a company's wallet over at least n stripes. More stripes let
// more charges commit side by side; each makes the refusal of the last ones a
// little dearer.
func (s *Service) Widen(ctx context.Context, companyID int64, n int) error {
	n = min(n, mostStripes)
	if err := s.open(ctx, companyID); err != nil {
		return err
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		w, err := s.lockWallet(ctx, tx, companyID)
		if err != nil {
			return err
		}
		have := len(w.stripes)
		if n <= have {
			return nil
		}
		err = s.q.AddStripes(ctx, tx, ledgerdb.AddStripesParams{CompanyID: companyID, First: have, Last: n - 1})
		if err != nil {
			return fmt.Errorf("add stripes: %w", err)
		}
		limit := w.credit()
		w.stripes = append(w.stripes, make([]stripe, n-have)...)
		w.setCredit(limit)
		return s.saveWallet(ctx, tx, w)
	})
}
