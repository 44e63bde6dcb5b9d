package metering_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/metering/meteringtest"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
)

// With one connection in all, and nothing remembered, whoever asked for another
// in the middle of a transaction would wait for itself.
func TestNobodyNeedsASecondConnection(t *testing.T) {
	t.Parallel()
	now := clock.At(time.Now().UTC().Truncate(time.Second))
	f := meteringtest.NewAt(t, dbtest.NewAlone(t), now, ledger.Options{})
	act := func(name string, do func(ctx context.Context) error) {
		t.Helper()
		now.Step(time.Minute) // nothing is remembered any more
		within, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		require.NoError(t, do(within), name)
	}
	owner := f.Platform.Actor(t, access.Owner)
	inFirst := func(name string, do func(ctx context.Context, tx *db.Tx) error) {
		t.Helper()
		act(name, func(ctx context.Context) error {
			return f.DB.InCompany(ctx, f.First.ID, func(tx *db.Tx) error { return do(ctx, tx) })
		})
	}
	var made account.Company
	act("new company", func(ctx context.Context) (err error) {
		made, err = f.Service.CreateCompany(ctx, owner, account.NewCompany{
			ParentID: f.Platform.ID, Kind: access.Company, Name: "New", Currency: "RUB", TimeZone: "Europe/Moscow",
		})
		return err
	})
	act("what follows from it", func(ctx context.Context) error {
		bus := events.New(f.DB, events.Options{})
		bus.Subscribe("ledger", events.On(f.Ledger.OnCompanyCreated))
		return bus.Drain(ctx)
	})
	for _, company := range []int64{made.ID, f.Reseller.ID, f.First.ID} {
		act("deposit", func(ctx context.Context) error {
			_, err := f.Ledger.Deposit(ctx, owner, ledger.Deposit{CompanyID: company, Amount: 1000 * money.Unit, Reason: "Order 1", Reference: "1"})
			return err
		})
	}
	act("credit limit", func(ctx context.Context) error { return f.Ledger.SetCreditLimit(ctx, owner, f.First.ID, money.Unit) })
	var taken []metering.Charge
	charge := func() metering.Charge {
		c := f.Charge(f.First.ID)
		taken = append(taken, c)
		return c
	}
	inFirst("spend", func(ctx context.Context, tx *db.Tx) error {
		_, err := f.Metering.CaptureTx(ctx, tx, charge())
		return err
	})
	inFirst("spend in a chunk", func(ctx context.Context, tx *db.Tx) error {
		_, err := f.Metering.CaptureChunkTx(ctx, tx, f.First.ID, []metering.Charge{charge(), charge()})
		return err
	})
	for range 2 {
		inFirst("hold", func(ctx context.Context, tx *db.Tx) error { _, err := f.Metering.HoldTx(ctx, tx, charge()); return err })
	}
	inFirst("capture", func(ctx context.Context, tx *db.Tx) error {
		return f.Metering.CaptureHeldTx(ctx, tx, f.First.ID, taken[3].Reference, taken[3].Item)
	})
	inFirst("release", func(ctx context.Context, tx *db.Tx) error {
		return f.Metering.ReleaseTx(ctx, tx, f.First.ID, taken[4].Reference, taken[4].Item)
	})
	inFirst("refund", func(ctx context.Context, tx *db.Tx) error {
		_, err := f.Metering.RefundAllTx(ctx, tx, f.First.ID, []uuid.UUID{taken[0].Reference})
		return err
	})
	act("settle", func(ctx context.Context) error { _, err := f.Metering.Settle(ctx); return err })
	act("widen", func(ctx context.Context) error { return f.Ledger.Widen(ctx, f.First.ID, 4) })
	act("balance", func(ctx context.Context) error { _, err := f.Ledger.Balance(ctx, f.First.ID); return err })
}
