package metering_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/audit/audittest"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/metering/meteringtest"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

// A balance for 100 messages lets exactly 100 of many parallel ones through.
func TestParallelSendsNeverOverdraw(t *testing.T) {
	t.Parallel()
	for name, stripes := range map[string]int{"one stripe": 1, "five stripes": 5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := meteringtest.New(t, dbtest.New(t))
			f.FundAll(t)
			f.Fund(t, f.Second.ID, "1") // so that it exists beside
			company := f.Direct.ID
			drain(t, f, company)
			f.Fund(t, company, "100")
			require.NoError(t, f.Ledger.Widen(ctx, company, stripes))

			var accepted, refused atomic.Int64
			var group sync.WaitGroup
			for range 200 {
				group.Go(func() {
					_, err := f.Capture(ctx, f.Charge(company))
					switch {
					case err == nil:
						accepted.Add(1)
					case fault.Is(err, fault.InsufficientFunds):
						refused.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			group.Wait()
			require.EqualValues(t, 100, accepted.Load())
			require.EqualValues(t, 100, refused.Load())
			require.Zero(t, f.Balance(t, company).Available)
			f.Settle(t)
			audittest.Clean(t, f.DB)
		})
	}
}

// drain spends all that a company has.
func drain(t *testing.T, f *meteringtest.Fixture, companyID int64) {
	t.Helper()
	c := f.Charge(companyID)
	c.Quantity = int64(f.Balance(t, companyID).Available / money.Unit)
	_, err := f.Capture(ctx, c)
	require.NoError(t, err)
	require.Zero(t, f.Balance(t, companyID).Available)
}

// Holds, refunds, inbound and refusable work, deposits and limits, all at once
// and with several settlers, some of which die: nothing is lost or doubled, and
// nothing goes below the limit but what arrives from outside.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	f := meteringtest.NewAt(t, dbtest.New(t), clock.Real{}, ledger.Options{WelcomeCredit: 20 * money.Unit})
	for _, firm := range f.Firms()[1:] {
		require.NoError(t, f.Ledger.GiveWelcomeCredit(ctx, firm.ID))
	}
	f.Fund(t, f.Reseller.ID, "30")
	require.NoError(t, f.Ledger.Widen(ctx, f.First.ID, 3))

	var work, settlers sync.WaitGroup
	for i := range 16 {
		firm := f.Firms()[1+i%4]
		work.Go(func() {
			for n := range 25 {
				c := f.Charge(firm.ID)
				c.Refusable = n%5 != 0
				err := oneWay(f, c, n)
				if err != nil && !fault.Is(err, fault.InsufficientFunds) && !fault.Is(err, fault.SellerSuspended) {
					t.Error(err)
				}
				if n%10 == 9 {
					f.Fund(t, firm.ID, "3")
				}
			}
		})
	}
	done := make(chan struct{})
	for i := range 3 {
		settlers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				dying := context.Context(ctx)
				if i == 0 {
					dying = dieAfter(n)
				}
				if _, err := f.Metering.Settle(dying); err != nil && i > 0 {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	close(done)
	settlers.Wait()
	audittest.Clean(t, f.DB)
	f.Settle(t)
	audittest.Clean(t, f.DB)
}

// oneWay is what becomes of a charge. Each change of the wallet has a transaction
// of its own: who has changed a stripe may wait for no other.
func oneWay(f *meteringtest.Fixture, c metering.Charge, n int) error {
	inCompany := func(fn func(tx *db.Tx) error) error { return f.DB.InCompany(ctx, c.CompanyID, fn) }
	if n%3 > 0 {
		err := inCompany(func(tx *db.Tx) error { _, err := f.Metering.CaptureTx(ctx, tx, c); return err })
		if err != nil || n%7 > 0 {
			return err
		}
		return inCompany(func(tx *db.Tx) error { return f.Metering.RefundTx(ctx, tx, c.CompanyID, c.Reference, c.Item) })
	}
	err := inCompany(func(tx *db.Tx) error { _, err := f.Metering.HoldTx(ctx, tx, c); return err })
	if err != nil || n%9 == 0 {
		return err
	}
	return inCompany(func(tx *db.Tx) error {
		if n%2 == 0 {
			return f.Metering.ReleaseTx(ctx, tx, c.CompanyID, c.Reference, c.Item)
		}
		return f.Metering.CaptureHeldTx(ctx, tx, c.CompanyID, c.Reference, c.Item)
	})
}

// dying is a context that ends when it has been looked at some times, which
// happens several times in each statement.
type dying struct {
	context.Context
	left atomic.Int64
	end  chan struct{}
}

func dieAfter(looks int) *dying {
	d := &dying{Context: context.Background(), end: make(chan struct{})}
	d.left.Store(int64(looks))
	return d
}

func (d *dying) Done() <-chan struct{} {
	if d.left.Add(-1) == 0 {
		close(d.end)
	}
	return d.end
}

func (d *dying) Err() error {
	select {
	case <-d.end:
		return context.Canceled
	default:
		return nil
	}
}

// A settler that dies between any two statements has posted all or nothing.
func TestSettlerMayDieAnywhere(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.FundAll(t)
	died := 0
	for looks := 1; ; looks += 2 {
		_, err := f.Capture(ctx, f.Charge(f.First.ID))
		require.NoError(t, err)
		d := dieAfter(looks)
		_, err = f.Metering.Settle(d)
		if looks%20 == 1 || err == nil {
			audittest.Clean(t, f.DB)
		}
		if err == nil && d.left.Load() > 0 {
			break // it lived
		}
		died++
	}
	require.Greater(t, died, 30, "the settler was to be killed at each of its statements")
	f.Settle(t)
	audittest.Clean(t, f.DB)
	require.Equal(t, 100_000*money.Unit-money.Amount(died+1)*money.Unit, f.Balance(t, f.First.ID).Balance)
	require.Equal(t, 100_000*money.Unit-money.Amount(died+1)*600_000, f.Balance(t, f.Reseller.ID).Balance)
}

// Two nodes whose clocks disagree about the month agree through the wallet.
func TestMonthNeverGoesBack(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	june := time.Date(2027, 6, 30, 20, 59, 58, 0, time.UTC) // 23:59:58 in Moscow
	meteringtest.MakePartitions(t, d, june)
	slow := clock.At(june)
	f := meteringtest.NewAt(t, d, slow, ledger.Options{})
	f.Fund(t, f.Direct.ID, "1000")
	fast := clock.At(june.Add(2 * time.Second))
	prices := pricing.New(d, fast, f.Service)
	other := metering.New(d, fast, f.Service, prices, ledger.New(d, fast, f.Service, ledger.Options{}))

	u, err := f.Capture(ctx, f.Charge(f.Direct.ID))
	require.NoError(t, err)
	require.Equal(t, time.June, u.Period.Month())

	var mu sync.Mutex
	months := map[time.Month]int{}
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			meter := f.Metering
			if i%2 == 0 {
				meter = other
			}
			err := d.InCompany(ctx, f.Direct.ID, func(tx *db.Tx) error {
				u, err := meter.CaptureTx(ctx, tx, f.Charge(f.Direct.ID))
				mu.Lock()
				months[u.Period.Month()]++
				mu.Unlock()
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.GreaterOrEqual(t, months[time.July], 20)
	u, err = f.Capture(ctx, f.Charge(f.Direct.ID))
	require.NoError(t, err)
	require.Equal(t, time.July, u.Period.Month(), "the slow node's month is over as well")
	f.Settle(t)
	audittest.Clean(t, d)
}

// A company that charges faster than one row can take gets more rows.
func TestHotCompanyGetsStripes(t *testing.T) {
	t.Parallel()
	f := meteringtest.NewAt(t, dbtest.New(t), clock.At(time.Now()), ledger.Options{})
	f.FundAll(t)
	var group sync.WaitGroup
	for range 12 {
		group.Go(func() {
			for range 40 {
				if _, err := f.Capture(ctx, f.Charge(f.Direct.ID)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	f.Settle(t)
	var stripes int
	require.NoError(t, f.DB.Worker().QueryRow(ctx, "SELECT count(*) FROM wallet WHERE company_id = $1", f.Direct.ID).Scan(&stripes))
	require.Equal(t, 2, stripes)
	require.Equal(t, "99520.00", f.Balance(t, f.Direct.ID).Balance.String())
	audittest.Clean(t, f.DB)
}
