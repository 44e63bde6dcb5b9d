package ledger_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
)

var ctx = context.Background()

type bundle struct {
	*accounttest.Fixture
	*ledger.Service
	clock *clock.Fixed
}

func setup(t *testing.T, o ledger.Options) bundle {
	t.Helper()
	d := dbtest.New(t)
	c := clock.At(time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC))
	a := accounttest.NewAt(t, d, c, account.Options{})
	return bundle{a, ledger.New(d, c, a.Service, o), c}
}

func (b bundle) deposit(t *testing.T, company int64, amount money.Amount, key string) ledger.Entry {
	t.Helper()
	e, err := b.Deposit(ctx, b.Platform.Actor(t, access.Owner), ledger.Deposit{CompanyID: company, Amount: amount, Reason: "Payment order 17", Reference: key})
	require.NoError(t, err)
	return e
}

func (b bundle) balance(t *testing.T, company int64) ledger.Balance {
	t.Helper()
	x, err := b.Balance(ctx, company)
	require.NoError(t, err)
	return x
}

// A deposit sent ten times at once is one deposit.
func TestDepositOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, ledger.Options{})
	var group sync.WaitGroup
	var mu sync.Mutex
	ids := map[any]bool{}
	for range 10 {
		group.Go(func() {
			e, err := b.Deposit(ctx, b.Platform.Actor(t, access.Owner), ledger.Deposit{CompanyID: b.First.ID, Amount: 5, Reason: "x", Reference: "key"})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			ids[e.ID] = true
			mu.Unlock()
		})
	}
	group.Wait()
	require.Len(t, ids, 1)
	require.EqualValues(t, 5, b.balance(t, b.First.ID).Balance)
	_, err := b.Deposit(ctx, b.Platform.Actor(t, access.Owner), ledger.Deposit{CompanyID: b.First.ID, Amount: 6, Reason: "x", Reference: "key"})
	require.True(t, fault.Is(err, fault.KeyReused), err)

	records, _, err := b.Fixture.Service.Trail(ctx, b.Platform.Actor(t, access.Owner), account.TrailFilter{Action: "deposit.posted"})
	require.NoError(t, err)
	require.Len(t, records, 1)
	var told int
	require.NoError(t, b.DB.Worker().QueryRow(ctx, "SELECT count(*) FROM event WHERE name = 'ledger.deposited'").Scan(&told))
	require.Equal(t, 1, told)
}

func TestDepositIsChecked(t *testing.T) {
	t.Parallel()
	b := setup(t, ledger.Options{})
	good := ledger.Deposit{CompanyID: b.First.ID, Amount: money.Unit, Reason: "x", Reference: "r"}
	with := func(change func(*ledger.Deposit)) ledger.Deposit {
		d := good
		change(&d)
		return d
	}
	owner := b.Platform.Actor(t, access.Owner)
	for name, x := range map[string]struct {
		by   access.Actor
		d    ledger.Deposit
		want fault.Code
	}{
		"nothing":                 {owner, with(func(d *ledger.Deposit) { d.Amount = 0 }), fault.Invalid},
		"less than nothing":       {owner, with(func(d *ledger.Deposit) { d.Amount = -1 }), fault.Invalid},
		"too much":                {owner, with(func(d *ledger.Deposit) { d.Amount = money.Max + 1 }), fault.Invalid},
		"no reason":               {owner, with(func(d *ledger.Deposit) { d.Reason = "  " }), fault.Invalid},
		"no key":                  {owner, with(func(d *ledger.Deposit) { d.Reference = "" }), fault.Invalid},
		"to nobody":               {owner, with(func(d *ledger.Deposit) { d.CompanyID = 1 << 40 }), fault.NotFound},
		"to the platform":         {owner, with(func(d *ledger.Deposit) { d.CompanyID = b.Platform.ID }), fault.Conflict},
		"to oneself":              {b.First.Actor(t, access.Owner), good, fault.Forbidden},
		"by a stranger":           {b.Direct.Actor(t, access.Owner), good, fault.Forbidden},
		"by the platform's clerk": {b.Platform.Actor(t, access.Accountant), good, fault.Forbidden},
		"by another's seller":     {b.Reseller.Actor(t, access.Owner), with(func(d *ledger.Deposit) { d.CompanyID = b.Direct.ID }), fault.Forbidden},
	} {
		_, err := b.Deposit(ctx, x.by, x.d)
		require.True(t, fault.Is(err, x.want), "%s: %v", name, err)
	}
	_, err := b.Deposit(ctx, b.Reseller.Actor(t, access.Owner), good)
	require.NoError(t, err, "the seller may")
}

func TestCreditLimit(t *testing.T) {
	t.Parallel()
	b := setup(t, ledger.Options{})
	owner := b.Platform.Actor(t, access.Owner)
	require.NoError(t, b.Widen(ctx, b.Direct.ID, 3))
	require.NoError(t, b.SetCreditLimit(ctx, owner, b.Direct.ID, 10*money.Unit))
	x := b.balance(t, b.Direct.ID)
	require.Equal(t, "10.00", x.CreditLimit.String())
	require.Equal(t, "10.00", x.Available.String())
	require.Zero(t, x.Balance)
	require.True(t, fault.Is(b.SetCreditLimit(ctx, owner, b.Direct.ID, -1), fault.Invalid))
	require.True(t, fault.Is(b.SetCreditLimit(ctx, b.Direct.Actor(t, access.Owner), b.Direct.ID, 1), fault.Forbidden))

	spend := func(amount money.Amount) error {
		return b.DB.InCompany(ctx, b.Direct.ID, func(tx *db.Tx) error {
			_, err := b.SpendTx(ctx, tx, ledger.Spend{CompanyID: b.Direct.ID, Amount: amount, Refusable: true})
			return err
		})
	}
	require.NoError(t, spend(8*money.Unit))
	require.NoError(t, b.SetCreditLimit(ctx, owner, b.Direct.ID, 5*money.Unit))
	require.Equal(t, "-3.00", b.balance(t, b.Direct.ID).Available.String())
	require.True(t, fault.Is(spend(1), fault.InsufficientFunds))
}

func TestEntriesArePaged(t *testing.T) {
	t.Parallel()
	b := setup(t, ledger.Options{WelcomeCredit: money.Unit})
	require.NoError(t, b.GiveWelcomeCredit(ctx, b.Direct.ID))
	for i := range 5 {
		b.deposit(t, b.Direct.ID, money.Amount(i+1)*money.Unit, string(rune('a'+i)))
		if i == 2 {
			b.clock.Step(time.Hour)
		}
	}
	actor := b.Direct.Actor(t, access.Accountant)
	page := func(f ledger.EntryFilter) (numbers []int64) {
		f.Limit = 2
		for {
			list, _, err := b.Entries(ctx, actor, f)
			require.NoError(t, err)
			for _, e := range list {
				numbers = append(numbers, e.Number)
			}
			if len(list) < f.Limit {
				return numbers
			}
			last := list[len(list)-1]
			f.Before = &ledger.EntryPlace{At: last.At, Number: last.Number}
		}
	}
	require.Equal(t, []int64{6, 5, 4, 3, 2, 1}, page(ledger.EntryFilter{}))
	require.Equal(t, []int64{6, 5, 4, 3, 2}, page(ledger.EntryFilter{Kind: ledger.DepositKind}))
	require.Equal(t, []int64{6, 5}, page(ledger.EntryFilter{Since: b.clock.Now()}))
	require.Equal(t, []int64{4, 3, 2, 1}, page(ledger.EntryFilter{Until: b.clock.Now()}))
	list, totals, err := b.Entries(ctx, actor, ledger.EntryFilter{Limit: 10})
	require.NoError(t, err)
	require.Equal(t, "16.00", list[0].BalanceAfter.String())
	require.Equal(t, "15.00", totals[ledger.DepositKind].Amount.String())
	require.Equal(t, "1.00", totals[ledger.AdjustmentKind].Amount.String())
	require.Equal(t, "Payment order 17", list[0].Reason)

	_, _, err = b.Entries(ctx, b.Direct.Actor(t, access.Operator), ledger.EntryFilter{Limit: 1})
	require.True(t, fault.Is(err, fault.Forbidden))
	_, err = b.EntryByID(ctx, b.First.Actor(t, access.Owner), list[0].ID)
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestCurrencyIsFixedByTheFirstEntry(t *testing.T) {
	t.Parallel()
	b := setup(t, ledger.Options{})
	change := func(company int64, currency string) error {
		return b.DB.InCompany(ctx, company, func(tx *db.Tx) error { return b.ChangeCurrencyTx(ctx, tx, company, currency) })
	}
	require.True(t, fault.Is(change(b.Direct.ID, "EUR"), fault.Unavailable), "its wallet would be opened in the old one")
	require.NoError(t, b.Prepare(ctx, []int64{b.Direct.ID, b.First.ID}))
	require.NoError(t, change(b.Direct.ID, "EUR"))
	require.Equal(t, "EUR", b.balance(t, b.Direct.ID).Currency)
	b.deposit(t, b.Direct.ID, 1, "a")
	require.True(t, fault.Is(change(b.Direct.ID, "USD"), fault.Invalid))

	require.NoError(t, b.DB.InCompany(ctx, b.First.ID, func(tx *db.Tx) error {
		_, err := b.SpendTx(ctx, tx, ledger.Spend{CompanyID: b.First.ID, Amount: 1})
		return err
	}))
	require.True(t, fault.Is(change(b.First.ID, "USD"), fault.Invalid), "what is charged and not posted counts")
}

// A new company's welcome credit comes by the event, once however often it is
// told.
func TestWelcomeCreditByEvent(t *testing.T) {
	t.Parallel()
	b := setup(t, ledger.Options{WelcomeCredit: 7 * money.Unit})
	for range 2 {
		bus := events.New(b.DB, events.Options{})
		bus.Subscribe("ledger", events.On(b.OnCompanyCreated))
		require.NoError(t, bus.Drain(ctx))
		_, err := b.DB.Worker().Exec(ctx, "DELETE FROM event_cursor")
		require.NoError(t, err)
	}
	for _, firm := range b.Firms()[1:] {
		x := b.balance(t, firm.ID)
		require.Equal(t, "7.00", x.Welcome.String())
		require.Equal(t, "7.00", x.Balance.String())
		require.False(t, x.Suspended)
	}
	require.Zero(t, b.balance(t, b.Platform.ID).Balance)
}

// Open pages are told of changes, each company at most once a second.
func TestBalanceIsTold(t *testing.T) {
	t.Parallel()
	told := make(chan ledger.BalanceChanged, 100)
	var about sync.Map
	b := setup(t, ledger.Options{Publish: func(company int64, c ledger.BalanceChanged) {
		about.Store(company, true)
		told <- c
	}})
	running, stop := context.WithCancel(ctx)
	var loop sync.WaitGroup
	loop.Go(func() { b.TellBalances(running) })
	b.deposit(t, b.Direct.ID, money.Unit, "a")
	require.Equal(t, ledger.BalanceChanged{Type: "balance", Balance: money.Unit, Available: money.Unit, Currency: "RUB"}, <-told)
	for i := range 5 {
		b.deposit(t, b.Direct.ID, money.Unit, string(rune('b'+i)))
	}
	began, times := time.Now(), 1
	for c := range told {
		times++
		if c.Balance == 6*money.Unit {
			break
		}
	}
	stop()
	loop.Wait()
	require.LessOrEqual(t, times, 2+int(time.Since(began)/time.Second))
	require.Empty(t, told)
	_, other := about.Load(b.First.ID)
	require.False(t, other)
}
