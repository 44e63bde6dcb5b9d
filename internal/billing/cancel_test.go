package billing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/billing"
	"parley/internal/ledger"
	"parley/internal/platform/fault"
)

// A seller cancels what it has issued as long as nobody has paid of it, and
// nothing of another seller's.
func TestASellerCancels(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	platform, reseller := h.Platform.Actor(t, access.Owner), h.Reseller.Actor(t, access.Owner)
	i := h.topUp(t, 1_000)
	_, err := h.billing.CancelSold(ctx, reseller, h.Direct.ID, i.ID)
	require.True(t, fault.Is(err, fault.NotFound), "another seller's")
	_, err = h.billing.CancelSold(ctx, h.Direct.Actor(t, access.Owner), h.Direct.ID, i.ID)
	require.True(t, fault.Is(err, fault.Forbidden), "who sells nothing")
	_, err = h.billing.CancelSold(ctx, platform, h.First.ID, i.ID)
	require.True(t, fault.Is(err, fault.NotFound), "not that buyer's")
	state, _ := h.state(t, i)
	require.Equal(t, billing.Issued, state)

	for range 2 { // the second time changes nothing
		got, err := h.billing.CancelSold(ctx, platform, h.Direct.ID, i.ID)
		require.NoError(t, err)
		require.Equal(t, billing.Cancelled, got.State)
		require.Equal(t, i.Number, got.Number)
	}
	_, err = h.pay(t, i, 1_000, "17")
	require.True(t, fault.Is(err, fault.Conflict), "no money for a cancelled one")

	paid := h.topUp(t, 2_000)
	_, err = h.pay(t, paid, 500, "18")
	require.NoError(t, err)
	_, err = h.billing.CancelSold(ctx, platform, h.Direct.ID, paid.ID)
	require.True(t, fault.Is(err, fault.Conflict))

	theirs, err := h.billing.TopUp(ctx, h.First.Actor(t, access.Owner), rubles(300))
	require.NoError(t, err)
	_, err = h.billing.CancelSold(ctx, platform, h.First.ID, theirs.ID)
	require.True(t, fault.Is(err, fault.NotFound), "the platform sells nothing to a reseller's company")
	got, err := h.billing.CancelSold(ctx, reseller, h.First.ID, theirs.ID)
	require.NoError(t, err)
	require.Equal(t, billing.Cancelled, got.State)
}
