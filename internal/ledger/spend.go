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
	"parley/internal/platform/id"
)

// Spend takes money from a wallet.
type Spend struct {
	CompanyID int64
	Amount    money.Amount
	// Refusable work is of our own doing and needs the money to be there. What
	// arrives from outside is charged always.
	Refusable bool
	// By is who is told when it is refused: amounts are named only to those who
	// may see them.
	By access.Actor
}

// Spent says where the money came from.
type Spent struct {
	Stripe int16
	Period time.Time // billing month, its first day
	Bonus  money.Amount
	Batch  uuid.UUID // what will post it; zero when it was held
}

// SpendTx charges an amount. It is the last statement but one of a transaction:
// everybody who charges the same stripe waits for its end. A transaction that
// charges several things charges their sum.
func (s *Service) SpendTx(ctx context.Context, tx *db.Tx, p Spend) (Spent, error) {
	return s.takeTx(ctx, tx, p, false)
}

// HoldTx sets an amount aside for work that was accepted and is not final.
func (s *Service) HoldTx(ctx context.Context, tx *db.Tx, p Spend) (Spent, error) {
	return s.takeTx(ctx, tx, p, true)
}

func (s *Service) takeTx(ctx context.Context, tx *db.Tx, p Spend, hold bool) (Spent, error) {
	company, err := s.accounts.Company(ctx, p.CompanyID)
	if err != nil {
		return Spent{}, fmt.Errorf("spend: %w", err)
	}
	now := s.now()
	arg := ledgerdb.TakeParams{
		CompanyID: p.CompanyID, Stripe: s.pick(tx, p.CompanyID), Amount: int64(p.Amount),
		Hold: hold, Refusable: p.Refusable, Month: month(now, company.Location), BatchID: id.New(now),
	}
	var r ledgerdb.TakeRow
	if arg.Stripe == 0 {
		r, err = s.q.Take(ctx, tx, arg) // in order even when all have to be locked next
	} else {
		r, err = s.q.TakeSafely(ctx, tx.Tx, arg)
	}
	if db.NoRows(err) {
		return s.takeFromAll(ctx, tx, p, arg)
	}
	if err != nil {
		return Spent{}, fmt.Errorf("take from stripe: %w", err)
	}
	s.widths.Store(p.CompanyID, int(r.Stripes))
	return spent(r.Stripe, r.Period, r.LastBonus, r.BatchID, hold), s.changedTx(tx, p.CompanyID)
}

func spent(stripe int16, period time.Time, bonus int64, batch *uuid.UUID, hold bool) Spent {
	out := Spent{Stripe: stripe, Period: period, Bonus: money.Amount(bonus)}
	if !hold && batch != nil {
		out.Batch = *batch
	}
	return out
}

// pick chooses the stripe that the transaction tries first; always the same
// one, so that a second charge waits for no other stripe.
func (s *Service) pick(tx *db.Tx, companyID int64) int16 {
	width, ok := s.widths.Load(companyID)
	if !ok || width.(int) < 2 {
		return 0
	}
	return int16(ledgerdb.Lane(tx.Tx) % uint32(width.(int)))
}

// takeFromAll decides finally, with all stripes locked: it takes what they have
// together, or refuses.
func (s *Service) takeFromAll(ctx context.Context, tx *db.Tx, p Spend, arg ledgerdb.TakeParams) (Spent, error) {
	w, err := s.lockWallet(ctx, tx, p.CompanyID)
	if err != nil {
		return Spent{}, err
	}
	if p.Refusable && w.suspended {
		return Spent{}, fault.New(fault.SellerSuspended, "Your service provider has paused the service.")
	}
	if p.Refusable && p.Amount > 0 && w.spendable() < p.Amount {
		return Spent{}, s.refusal(p, w)
	}
	bonus := w.take(p.Amount, arg.Hold)
	if arg.Month.After(w.period) {
		w.period = arg.Month
	}
	first := &w.stripes[0]
	if !arg.Hold && first.batch == nil {
		first.batch = &arg.BatchID
	}
	if err := s.saveWallet(ctx, tx, w); err != nil {
		return Spent{}, err
	}
	return spent(0, w.period, int64(bonus), first.batch, arg.Hold), nil
}

// refusal says what is missing, with amounts for those who may see them.
func (s *Service) refusal(p Spend, w *wallet) error {
	err := fault.New(fault.InsufficientFunds, "The balance is not enough for this.")
	if p.By.May(access.PricesView) {
		err = err.With("price", money.Money{Amount: p.Amount, Currency: w.currency})
	}
	if p.By.May(access.BalanceView) {
		err = err.With("available", money.Money{Amount: w.spendable(), Currency: w.currency}).
			With("top_up_url", s.options.TopUpURL)
	}
	if p.By.May(access.PricesView) && p.By.May(access.BalanceView) {
		err = err.With("missing", money.Money{Amount: p.Amount - w.spendable(), Currency: w.currency})
	}
	return err
}

// LockTx keeps everybody else from the company's wallet until the transaction
// ends, and returns the billing month that a charge would belong to. It is for
// whoever has to know what was charged before to say what is charged now.
func (s *Service) LockTx(ctx context.Context, tx *db.Tx, companyID int64) (time.Time, error) {
	company, err := s.accounts.Company(ctx, companyID)
	if err != nil {
		return time.Time{}, fmt.Errorf("lock wallet: %w", err)
	}
	w, err := s.lockWallet(ctx, tx, companyID)
	if err != nil {
		return time.Time{}, err
	}
	if m := month(s.now(), company.Location); m.After(w.period) {
		return m, nil
	}
	return w.period, nil
}

// Taken names money that a charge or a hold took.
type Taken struct {
	CompanyID int64
	Stripe    int16
	Amount    money.Amount
	Bonus     money.Amount
}

func (t Taken) own() int64 { return int64(t.Amount - t.Bonus) }

// RefundTx gives back what was spent; welcome credit returns as such. Whoever
// refunds the same waits here, so look afterwards whether it was refunded.
func (s *Service) RefundTx(ctx context.Context, tx *db.Tx, t Taken) (Spent, error) {
	return s.move(ctx, tx, t, ledgerdb.MoveParams{Available: t.own(), Bonus: int64(t.Bonus)}, true)
}

// RefundAmongAllTx gives back what was spent from several stripes, in one change
// of the wallet.
func (s *Service) RefundAmongAllTx(ctx context.Context, tx *db.Tx, t Taken) (Spent, error) {
	company, err := s.accounts.Company(ctx, t.CompanyID)
	if err != nil {
		return Spent{}, fmt.Errorf("refund: %w", err)
	}
	t.Stripe = 0
	now := s.now()
	batch := id.New(now)
	return s.moveAmongAll(ctx, tx, t, ledgerdb.MoveParams{
		Available: t.own(), Bonus: int64(t.Bonus), Month: month(now, company.Location), BatchID: &batch,
	})
}

func (s *Service) move(ctx context.Context, tx *db.Tx, t Taken, arg ledgerdb.MoveParams, posted bool) (Spent, error) {
	company, err := s.accounts.Company(ctx, t.CompanyID)
	if err != nil {
		return Spent{}, fmt.Errorf("move money: %w", err)
	}
	now := s.now()
	arg.CompanyID, arg.Stripe, arg.Month = t.CompanyID, t.Stripe, month(now, company.Location)
	arg.Raising = arg.Available > 0 || arg.Bonus > 0
	if posted {
		batch := id.New(now)
		arg.BatchID = &batch
	}
	r, err := s.q.Move(ctx, tx, arg)
	if db.NoRows(err) {
		return s.moveAmongAll(ctx, tx, t, arg)
	}
	if err != nil {
		return Spent{}, fmt.Errorf("move money in stripe %d: %w", t.Stripe, err)
	}
	return spent(t.Stripe, r.Period, int64(t.Bonus), r.BatchID, !posted), s.changedTx(tx, t.CompanyID)
}

// moveAmongAll shares what comes back over all stripes.
func (s *Service) moveAmongAll(ctx context.Context, tx *db.Tx, t Taken, arg ledgerdb.MoveParams) (Spent, error) {
	w, err := s.lockWallet(ctx, tx, t.CompanyID)
	if err != nil {
		return Spent{}, err
	}
	if int(t.Stripe) >= len(w.stripes) {
		return Spent{}, fmt.Errorf("move money: company %d has no stripe %d", t.CompanyID, t.Stripe)
	}
	x := &w.stripes[t.Stripe]
	x.available += money.Amount(arg.Available)
	x.held += money.Amount(arg.Held)
	x.bonus += money.Amount(arg.Bonus)
	x.bonusHeld += money.Amount(arg.BonusHeld)
	if x.batch == nil {
		x.batch = arg.BatchID
	}
	if arg.Month.After(w.period) {
		w.period = arg.Month
	}
	w.level()
	if err := s.saveWallet(ctx, tx, w); err != nil {
		return Spent{}, err
	}
	return spent(t.Stripe, w.period, int64(t.Bonus), x.batch, arg.BatchID == nil), nil
}
