package metering_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/metering/meteringtest"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

var ctx = context.Background()

func TestCaptureChargesBothLevels(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.Fund(t, f.Reseller.ID, "10")
	f.Fund(t, f.First.ID, "5")

	c := f.Charge(f.First.ID)
	u, err := f.Capture(ctx, c)
	require.NoError(t, err)
	require.Equal(t, metering.Captured, u.Phase)
	require.Equal(t, "1.00", u.Amount.String())
	require.Equal(t, f.Reseller.ID, *u.SellerID)
	require.Equal(t, "4.00", f.Balance(t, f.First.ID).Balance.String(), "the payer's balance falls at once")
	require.Equal(t, "10.00", f.Balance(t, f.Reseller.ID).Balance.String())

	require.Equal(t, 1, f.Settle(t))
	require.Equal(t, "9.40", f.Balance(t, f.Reseller.ID).Balance.String(), "the wholesale leg follows with the settler")
	require.Zero(t, f.Settle(t), "posted once")

	entries, totals, err := f.Ledger.Entries(ctx, f.First.Actor(t, access.Owner), ledger.EntryFilter{Limit: 10})
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.Equal(t, ledger.ChargeKind, entries[0].Kind)
	require.Equal(t, "-1.00", entries[0].Amount.String())
	require.Equal(t, "4.00", entries[0].BalanceAfter.String())
	require.Equal(t, string(pricing.ChatOperatorMessage), entries[0].Item)
	require.Equal(t, int64(2), entries[0].Number)
	require.Equal(t, "-1.00", totals[ledger.ChargeKind].Amount.String())

	entries, _, err = f.Ledger.Entries(ctx, f.Reseller.Actor(t, access.Owner), ledger.EntryFilter{Kind: ledger.ChargeKind, Limit: 10})
	require.NoError(t, err)
	require.Len(t, entries, 1, "the reseller's own book has what it pays, not what it earns")
	require.Equal(t, "-0.60", entries[0].Amount.String())
	require.Equal(t, f.First.ID, *entries[0].OriginID)
}

func TestDirectCompanyAndPlatform(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.Fund(t, f.Direct.ID, "1")

	u, err := f.Capture(ctx, f.Charge(f.Direct.ID))
	require.NoError(t, err)
	require.Equal(t, f.Platform.ID, *u.SellerID)
	_, err = f.Capture(ctx, f.Charge(f.Direct.ID))
	require.True(t, fault.Is(err, fault.InsufficientFunds), err)

	u, err = f.Capture(ctx, f.Charge(f.Platform.ID))
	require.NoError(t, err, "the platform pays nobody")
	require.Nil(t, u.SellerID)
	require.Zero(t, u.Amount)
	require.Equal(t, 2, f.Settle(t))
}

func TestRefusalNamesAmountsToThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.Fund(t, f.Reseller.ID, "10")
	f.Fund(t, f.First.ID, "0.40")

	refused := func(by access.Actor) map[string]any {
		c := f.Charge(f.First.ID)
		c.By = by
		_, err := f.Capture(ctx, c)
		var e *fault.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, fault.InsufficientFunds, e.Code)
		return e.Extra
	}
	require.Empty(t, refused(f.First.Actor(t, access.Operator)))
	extra := refused(f.First.Actor(t, access.Owner))
	require.EqualValues(t, "0.60 RUB", extra["missing"].(interface{ String() string }).String())
	require.EqualValues(t, "0.40 RUB", extra["available"].(interface{ String() string }).String())
	require.EqualValues(t, "1.00 RUB", extra["price"].(interface{ String() string }).String())
}

func TestInboundIsNeverRefused(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	c := f.Charge(f.First.ID)
	c.Item, c.Refusable = pricing.ChatContactMessage, false
	_, err := f.Capture(ctx, c)
	require.NoError(t, err)
	require.Equal(t, "-0.25", f.Balance(t, f.First.ID).Balance.String())
	f.Settle(t)
	require.Equal(t, "-0.15", f.Balance(t, f.Reseller.ID).Balance.String())
}

func TestHoldCaptureReleaseRefund(t *testing.T) {
	t.Parallel()
	f := meteringtest.NewAt(t, dbtest.New(t), clock.Real{}, ledger.Options{WelcomeCredit: meteringtest.Amount(t, "1.50")})
	f.Fund(t, f.Reseller.ID, "10")
	f.Fund(t, f.First.ID, "10")
	require.NoError(t, f.Ledger.GiveWelcomeCredit(ctx, f.First.ID))
	require.NoError(t, f.Ledger.GiveWelcomeCredit(ctx, f.First.ID), "once")
	in := func(fn func(tx *db.Tx) error) error { return f.DB.InCompany(ctx, f.First.ID, fn) }
	hold := func() metering.Charge {
		c := f.Charge(f.First.ID)
		require.NoError(t, in(func(tx *db.Tx) error { _, err := f.Metering.HoldTx(ctx, tx, c); return err }))
		return c
	}
	check := func(balance, available, held, welcome string) {
		t.Helper()
		b := f.Balance(t, f.First.ID)
		require.Equal(t, []string{balance, available, held, welcome},
			[]string{b.Balance.String(), b.Available.String(), b.Held.String(), b.Welcome.String()})
	}
	check("11.50", "11.50", "0.00", "1.50")
	a, b := hold(), hold()
	check("11.50", "9.50", "2.00", "1.50")
	require.Zero(t, f.Settle(t), "what is held is not posted")

	require.NoError(t, in(func(tx *db.Tx) error { return f.Metering.CaptureHeldTx(ctx, tx, f.First.ID, a.Reference, a.Item) }))
	check("10.50", "9.50", "1.00", "0.50")
	require.ErrorIs(t, in(func(tx *db.Tx) error { return f.Metering.ReleaseTx(ctx, tx, f.First.ID, a.Reference, a.Item) }), metering.ErrNotHeld)
	require.NoError(t, in(func(tx *db.Tx) error { return f.Metering.ReleaseTx(ctx, tx, f.First.ID, b.Reference, b.Item) }))
	check("10.50", "10.50", "0.00", "0.50")
	require.Equal(t, 1, f.Settle(t))

	require.NoError(t, in(func(tx *db.Tx) error { return f.Metering.RefundTx(ctx, tx, f.First.ID, a.Reference, a.Item) }))
	check("11.50", "11.50", "0.00", "1.50")
	require.ErrorIs(t, in(func(tx *db.Tx) error { return f.Metering.RefundTx(ctx, tx, f.First.ID, a.Reference, a.Item) }), metering.ErrNotCaptured)
	require.Equal(t, 1, f.Settle(t))
	require.Equal(t, "10.00", f.Balance(t, f.Reseller.ID).Balance.String(), "the wholesale leg came back")
}

func TestNothingIsBilledTwice(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.FundAll(t)
	c := f.Charge(f.Direct.ID)
	_, err := f.Capture(ctx, c)
	require.NoError(t, err)
	_, err = f.Capture(ctx, c)
	require.ErrorIs(t, err, metering.ErrBilled)
	require.Equal(t, "99999.00", f.Balance(t, f.Direct.ID).Balance.String())
}
