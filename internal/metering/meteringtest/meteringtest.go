// Package meteringtest gives tests companies that have prices and money.
package meteringtest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

// Fixture is accounttest's companies with the seed prices assigned: wholesale
// to the reseller, retail to the others.
type Fixture struct {
	*accounttest.Fixture
	Clock    clock.Clock
	Prices   *pricing.Service
	Ledger   *ledger.Service
	Metering *metering.Service
	Lists    Lists
}

// Lists are the price lists that New makes.
type Lists struct {
	Wholesale, Retail, ResellerRetail uuid.UUID
}

// New makes companies with prices and without money, on the machine's clock.
func New(t testing.TB, d *db.DB) *Fixture {
	t.Helper()
	return NewAt(t, d, clock.Real{}, ledger.Options{})
}

// NewAt is New with a clock and options of the test's own.
func NewAt(t testing.TB, d *db.DB, c clock.Clock, o ledger.Options) *Fixture {
	t.Helper()
	return On(t, accounttest.NewAt(t, d, c, account.Options{}), c, o)
}

// On adds prices to companies that are there.
func On(t testing.TB, a *accounttest.Fixture, c clock.Clock, o ledger.Options) *Fixture {
	t.Helper()
	f := &Fixture{Fixture: a, Clock: c, Prices: pricing.New(a.DB, c, a.Service)}
	f.Ledger = ledger.New(a.DB, c, a.Service, o)
	f.Metering = metering.New(a.DB, c, a.Service, f.Prices, f.Ledger)
	wholesale, retail := pricing.Seed()
	f.Lists.Wholesale = f.list(t, a.Platform, "Wholesale", wholesale, a.Reseller)
	f.Lists.Retail = f.list(t, a.Platform, "Retail", retail, a.Direct)
	f.Lists.ResellerRetail = f.list(t, a.Reseller, "Retail", retail, a.First, a.Second)
	return f
}

func (f *Fixture) list(t testing.TB, seller *accounttest.Firm, name string, items []pricing.ItemPrice, buyers ...*accounttest.Firm) uuid.UUID {
	t.Helper()
	ctx, actor := context.Background(), seller.Actor(t, access.Owner)
	list, err := f.Prices.CreateList(ctx, actor, name, "")
	require.NoError(t, err)
	_, err = f.Prices.AddVersion(ctx, actor, pricing.NewVersion{ListID: list.ID, Items: items})
	require.NoError(t, err)
	for _, buyer := range buyers {
		_, err := f.Prices.Assign(ctx, actor, pricing.NewAssignment{BuyerID: buyer.ID, ListID: list.ID})
		require.NoError(t, err)
	}
	return list.ID
}

// Fund deposits an amount such as "100" and returns the entry.
func (f *Fixture) Fund(t testing.TB, companyID int64, amount string) ledger.Entry {
	t.Helper()
	e, err := f.Ledger.Deposit(context.Background(), f.Platform.Actor(t, access.Owner), ledger.Deposit{
		CompanyID: companyID, Amount: Amount(t, amount), Reason: "Bank transfer", Reference: uuid.NewString(),
	})
	require.NoError(t, err)
	return e
}

// FundAll gives every company that pays plenty.
func (f *Fixture) FundAll(t testing.TB) {
	t.Helper()
	for _, firm := range f.Firms()[1:] {
		f.Fund(t, firm.ID, "100000")
	}
}

// Charge is one operator message of a company, now.
func (f *Fixture) Charge(companyID int64) metering.Charge {
	now := f.Clock.Now()
	return metering.Charge{
		CompanyID: companyID, Reference: id.New(now), Item: pricing.ChatOperatorMessage, Quantity: 1, At: now, Refusable: true,
	}
}

// Capture charges in a transaction of its own.
func (f *Fixture) Capture(ctx context.Context, c metering.Charge) (u metering.Usage, err error) {
	if err := f.Metering.Prepare(ctx, c.CompanyID); err != nil {
		return u, err
	}
	err = f.DB.InCompany(ctx, c.CompanyID, func(tx *db.Tx) error {
		u, err = f.Metering.CaptureTx(ctx, tx, c)
		return err
	})
	return u, err
}

// Settle posts everything.
func (f *Fixture) Settle(t testing.TB) int {
	t.Helper()
	n, err := f.Metering.Settle(context.Background())
	require.NoError(t, err)
	return n
}

// Balance reads a company's balance.
func (f *Fixture) Balance(t testing.TB, companyID int64) ledger.Balance {
	t.Helper()
	b, err := f.Ledger.Balance(context.Background(), companyID)
	require.NoError(t, err)
	return b
}

// Amount reads an amount such as "12.34".
func Amount(t testing.TB, text string) money.Amount {
	t.Helper()
	a, err := money.Parse(text)
	require.NoError(t, err)
	return a
}

// MakePartitions makes room for usage around an instant that lies far from now.
func MakePartitions(t testing.TB, d *db.DB, around time.Time) {
	t.Helper()
	_, err := d.Worker().Exec(context.Background(), "CALL ensure_partitions('usage', $1::date, 6)", around.AddDate(0, -2, 0))
	require.NoError(t, err)
}
