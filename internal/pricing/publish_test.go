package pricing_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

// A seller shows one of its lists to everybody: what holds now, and nothing of
// its other lists.
func TestPublishedPrices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner := b.Platform.Actor(t, access.Owner)
	wholesale, direct := b.list(t, b.Platform, "Wholesale", 600_000), b.list(t, b.Platform, "Direct", 900_000)
	none := func(seller int64) {
		t.Helper()
		_, err := b.Published(ctx, seller)
		require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	}
	none(b.Platform.ID)
	require.NoError(t, b.Publish(ctx, owner, direct, true))
	b.clock.Step(time.Minute) // until prices hold
	later := b.clock.Now().Add(time.Hour)
	_, err := b.AddVersion(ctx, owner, pricing.NewVersion{ListID: direct, ValidFrom: &later, Items: []pricing.ItemPrice{
		{Item: pricing.SMSSent, UnitPrice: 5_000_000},
		{Item: pricing.SMSSent, Destination: pricing.Destination{Country: "RU"}, UnitPrice: 3_000_000},
		{Item: pricing.ChatOperatorMessage, UnitPrice: 700_000},
	}})
	require.NoError(t, err)
	got, err := b.Published(ctx, b.Platform.ID)
	require.NoError(t, err)
	require.Equal(t, pricing.Published{Currency: "RUB", Prices: []pricing.PublicPrice{{Item: pricing.ChatOperatorMessage, UnitPrice: 900_000}}}, got)
	b.clock.Step(2 * time.Hour)
	got, err = b.Published(ctx, b.Platform.ID)
	require.NoError(t, err)
	require.Equal(t, []pricing.PublicPrice{{pricing.ChatOperatorMessage, 700_000, false}, {pricing.SMSSent, 3_000_000, true}}, got.Prices)
	none(b.Reseller.ID)

	require.NoError(t, b.Publish(ctx, owner, wholesale, false), "taking away another one changes nothing")
	listed, err := b.PublishedList(ctx, owner)
	require.NoError(t, err)
	require.Equal(t, direct, *listed)
	require.NoError(t, b.Publish(ctx, owner, direct, false))
	none(b.Platform.ID)
	listed, err = b.PublishedList(ctx, owner)
	require.NoError(t, err)
	require.Nil(t, listed)

	require.True(t, fault.Is(b.Publish(ctx, b.Reseller.Actor(t, access.Owner), direct, true), fault.NotFound), "another seller's list")
	require.True(t, fault.Is(b.Publish(ctx, b.Direct.Actor(t, access.Owner), direct, true), fault.Forbidden))
	require.True(t, fault.Is(b.Publish(ctx, owner, uuid.New(), true), fault.NotFound))
}
