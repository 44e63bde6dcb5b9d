package fee_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/audit/audittest"
	"parley/internal/connection"
	"parley/internal/fee"
	"parley/internal/ledger"
	"parley/internal/metering/meteringtest"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/pricing"
)

type bundle struct {
	*meteringtest.Fixture
	fees        *fee.Service
	clock       *clock.Fixed
	connections *connection.Service
}

func setup(t *testing.T, at time.Time) bundle {
	t.Helper()
	now := clock.At(at)
	d := dbtest.New(t)
	meteringtest.MakePartitions(t, d, at)
	f := meteringtest.NewAt(t, d, now, ledger.Options{})
	b := bundle{Fixture: f, clock: now, connections: connection.New(d, now)}
	tell, err := notify.New(notify.Deps{DB: d, Clock: now, Accounts: f.Service, Ledger: f.Ledger}, notify.Options{})
	require.NoError(t, err)
	b.fees = fee.New(fee.Deps{
		DB: d, Clock: now, Accounts: f.Service, Connections: b.connections, Prices: f.Prices, Metering: f.Metering, Notify: tell,
	})
	return b
}

// prices lets the direct company pay fees, at once.
func (b bundle) prices(t *testing.T) {
	t.Helper()
	_, retail := pricing.Seed()
	for i := range retail {
		switch retail[i].Item {
		case pricing.UserFee:
			retail[i].UnitPrice = 300 * money.Unit
		case pricing.ConnectionFee:
			retail[i].UnitPrice = 100 * money.Unit
		}
	}
	_, err := b.Prices.AddVersion(t.Context(), b.Platform.Actor(t, access.Owner), pricing.NewVersion{ListID: b.Lists.Retail, Items: retail})
	require.NoError(t, err)
	b.clock.Step(pricing.EffectDelay)
}

func (b bundle) run(t *testing.T, at time.Time) {
	t.Helper()
	b.clock.Set(at)
	require.NoError(t, b.fees.Retry(t.Context()))
	require.NoError(t, b.fees.Charge(t.Context()))
}

func (b bundle) connect(t *testing.T) connection.Connection {
	t.Helper()
	var made connection.Connection
	require.NoError(t, b.DB.InCompany(t.Context(), b.Direct.ID, func(tx *db.Tx) (err error) {
		made, err = b.connections.CreateWebTx(t.Context(), tx, b.Direct.ID, connection.NewWeb{Name: "Site"})
		return err
	}))
	return made
}

func (b bundle) state(t *testing.T, id uuid.UUID) connection.State {
	t.Helper()
	var out connection.State
	require.NoError(t, b.DB.InCompany(t.Context(), b.Direct.ID, func(tx *db.Tx) error {
		all, err := b.connections.ByIDsTx(t.Context(), tx, b.Direct.ID, []uuid.UUID{id})
		out = all[id].State
		return err
	}))
	return out
}

func (b bundle) notices(t *testing.T) []string {
	t.Helper()
	rows, err := b.DB.Worker().Query(t.Context(), "SELECT kind FROM notice WHERE company_id = $1 ORDER BY at, kind", b.Direct.ID)
	require.NoError(t, err)
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var kind string
		require.NoError(t, rows.Scan(&kind))
		out = append(out, kind)
	}
	require.NoError(t, rows.Err())
	return out
}

// A month by days, then whole months once each, however often it runs and
// however late.
func TestFeesAreChargedOnce(t *testing.T) {
	t.Parallel()
	start := time.Date(2027, 2, 15, 9, 0, 0, 0, time.UTC)
	b := setup(t, start)
	b.prices(t)
	b.Fund(t, b.Direct.ID, "10000")
	b.connect(t)
	b.run(t, start.Add(30*time.Minute))
	require.Equal(t, "10000.00", b.Balance(t, b.Direct.ID).Available.String(), "the hour has not passed")
	for range 3 {
		b.run(t, start.Add(2*time.Hour))
	}
	// 14 of 28 days of a connection.
	require.Equal(t, "9950.00", b.Balance(t, b.Direct.ID).Available.String())
	b.run(t, time.Date(2027, 2, 28, 20, 59, 59, 0, time.UTC))
	require.Equal(t, "9950.00", b.Balance(t, b.Direct.ID).Available.String())
	b.run(t, time.Date(2027, 2, 28, 21, 0, 0, 0, time.UTC)) // midnight in Moscow
	require.Equal(t, "9850.00", b.Balance(t, b.Direct.ID).Available.String())
	b.run(t, time.Date(2027, 5, 3, 0, 0, 0, 0, time.UTC)) // two months asleep
	b.run(t, time.Date(2027, 5, 3, 0, 10, 0, 0, time.UTC))
	require.Equal(t, "9650.00", b.Balance(t, b.Direct.ID).Available.String())
	b.Settle(t)
	audittest.Clean(t, b.DB)
}

// Without money the company is told, three days later the thing pauses, and it
// goes on with the payment; in the next month it owes that month alone.
func TestUnpaidThingsPause(t *testing.T) {
	t.Parallel()
	start := time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC)
	b := setup(t, start)
	b.prices(t)
	site := b.connect(t)
	due := start.Add(2 * time.Hour)
	b.run(t, due)
	require.Equal(t, []string{"fee_unpaid"}, b.notices(t))
	b.run(t, due.Add(72*time.Hour-time.Second))
	require.Equal(t, connection.Active, b.state(t, site.ID))
	b.run(t, due.Add(72*time.Hour))
	require.Equal(t, connection.Paused, b.state(t, site.ID))
	require.Equal(t, []string{"fee_unpaid", "fee_paused"}, b.notices(t))

	b.run(t, time.Date(2027, 5, 2, 0, 0, 0, 0, time.UTC))
	require.Equal(t, connection.Paused, b.state(t, site.ID), "it stays so in May")
	require.Len(t, b.notices(t), 2)
	b.Fund(t, b.Direct.ID, "1000")
	b.run(t, time.Date(2027, 5, 10, 0, 0, 0, 0, time.UTC))
	require.Equal(t, connection.Active, b.state(t, site.ID))
	require.Equal(t, "900.00", b.Balance(t, b.Direct.ID).Available.String(), "April has lapsed, May is paid")
	b.Settle(t)
	audittest.Clean(t, b.DB)
}

// A user who is not paid for is paused, keeps the place in the company, and what
// is gone owes nothing.
func TestUnpaidUsers(t *testing.T) {
	t.Parallel()
	start := time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC)
	b := setup(t, start)
	b.prices(t)
	vera := b.Direct.Another(t, access.Operator)
	b.run(t, start.Add(2*time.Hour))
	b.run(t, start.Add(80*time.Hour))
	paused := func() (out bool) {
		t.Helper()
		require.NoError(t, b.DB.InCompany(t.Context(), b.Direct.ID, func(tx *db.Tx) error {
			all, err := b.Service.MembersTx(t.Context(), tx, b.Direct.ID, []int64{vera.ID})
			out = all[vera.ID].Paused
			return err
		}))
		return out
	}
	require.True(t, paused())
	b.Fund(t, b.Direct.ID, "5000")
	b.run(t, start.Add(81*time.Hour))
	require.False(t, paused())
	b.Settle(t)
	audittest.Clean(t, b.DB)
}
