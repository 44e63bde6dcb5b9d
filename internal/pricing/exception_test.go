package pricing_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account/accounttest"
	"parley/internal/money"
	"parley/internal/pricing"
)

// listOf makes a list with prices.
func (b bundle) listOf(t *testing.T, seller *accounttest.Firm, items []pricing.ItemPrice) uuid.UUID {
	t.Helper()
	l, err := b.CreateList(ctx, seller.Actor(t, access.Owner), "List", "")
	require.NoError(t, err)
	_, err = b.AddVersion(ctx, seller.Actor(t, access.Owner), pricing.NewVersion{ListID: l.ID, Items: items})
	require.NoError(t, err)
	return l.ID
}

// A company's own prices stand over those of its list, place by place, from
// their time on and until they are taken back.
func TestExceptions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	now := b.clock
	actor := b.Platform.Actor(t, access.Owner)
	list := b.listOf(t, b.Platform, []pricing.ItemPrice{
		{Item: pricing.SMSDelivered, UnitPrice: 10 * money.Unit},
		{Item: pricing.SMSDelivered, Destination: pricing.Destination{Country: "RU"}, UnitPrice: 5 * money.Unit},
	})
	_, err := b.Assign(ctx, actor, pricing.NewAssignment{BuyerID: b.Direct.ID, ListID: list})
	require.NoError(t, err)
	paid := func(country string) pricing.Level {
		t.Helper()
		r, err := b.Rate(ctx, pricing.Ask{
			BuyerID: b.Direct.ID, Item: pricing.SMSDelivered, Quantity: 1, At: now.Now(), Destination: pricing.Destination{Country: country},
		})
		require.NoError(t, err)
		require.NotNil(t, r.Retail.Version)
		return *r.Retail
	}
	listed := *paid("RU").Version

	own := []pricing.ItemPrice{{Item: pricing.SMSDelivered, Destination: pricing.Destination{Country: "RU"}, UnitPrice: 3 * money.Unit}}
	v, err := b.SetExceptions(ctx, actor, b.Direct.ID, pricing.NewVersion{Items: own})
	require.NoError(t, err)
	require.Equal(t, now.Now().Add(pricing.EffectDelay), v.ValidFrom)
	now.Step(pricing.EffectDelay - time.Microsecond)
	require.Equal(t, 5*money.Unit, paid("RU").UnitPrice, "a moment before")
	now.Step(time.Microsecond)
	require.Equal(t, 3*money.Unit, paid("RU").UnitPrice)
	require.Equal(t, v.ID, *paid("RU").Version)
	require.Equal(t, 10*money.Unit, paid("KZ").UnitPrice, "elsewhere the list counts")
	require.Equal(t, listed, *paid("KZ").Version)
	why, err := b.Explain(ctx, pricing.Priced{
		SellerID: b.Platform.ID, Version: v.ID, Item: pricing.SMSDelivered, Destination: pricing.Destination{Country: "RU"},
	})
	require.NoError(t, err)
	require.True(t, why.Own)
	require.Equal(t, "RU", why.Match.Destination.Country)
	shown, err := b.Own(ctx, b.Direct.Actor(t, access.Owner))
	require.NoError(t, err)
	require.Equal(t, 3*money.Unit, shown.Items[1].UnitPrice)

	_, err = b.SetExceptions(ctx, actor, b.Direct.ID, pricing.NewVersion{})
	require.NoError(t, err)
	now.Step(pricing.EffectDelay)
	require.Equal(t, 5*money.Unit, paid("RU").UnitPrice, "taken back")

	lists, err := b.Lists(ctx, actor)
	require.NoError(t, err)
	require.Len(t, lists, 1, "own prices are no list to assign")
	held, versions, err := b.Service.Exceptions(ctx, actor, b.Direct.ID)
	require.NoError(t, err)
	require.Len(t, versions, 2)
	_, err = b.Assign(ctx, actor, pricing.NewAssignment{BuyerID: b.Reseller.ID, ListID: held.ID})
	require.ErrorContains(t, err, "not_found")
	_, err = b.AddVersion(ctx, actor, pricing.NewVersion{ListID: held.ID, Items: own})
	require.ErrorContains(t, err, "not_found")
	_, err = b.SetExceptions(ctx, actor, b.First.ID, pricing.NewVersion{Items: own})
	require.ErrorContains(t, err, "not_found", "it is a reseller's company")
}

// A reseller's exception below its own cost is confirmed first.
func TestExceptionBelowCost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	platform, reseller := b.Platform.Actor(t, access.Owner), b.Reseller.Actor(t, access.Owner)
	wholesale := b.listOf(t, b.Platform, price(pricing.ChatBotMessage, 2*money.Unit))
	_, err := b.Assign(ctx, platform, pricing.NewAssignment{BuyerID: b.Reseller.ID, ListID: wholesale})
	require.NoError(t, err)
	n := pricing.NewVersion{Items: price(pricing.ChatBotMessage, money.Unit)}
	_, err = b.SetExceptions(ctx, reseller, b.First.ID, n)
	require.ErrorContains(t, err, "invalid")
	n.BelowCost = true
	_, err = b.SetExceptions(ctx, reseller, b.First.ID, n)
	require.NoError(t, err)
}

func TestAssignAll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	now := b.clock
	reseller := b.Reseller.Actor(t, access.Owner)
	list := b.listOf(t, b.Reseller, price(pricing.ChatBotMessage, money.Unit))
	later := now.Now().Add(time.Hour)
	n := pricing.NewAssignment{ListID: list, ValidFrom: &later}
	_, err := b.AssignAll(ctx, reseller, n, []int64{b.First.ID, b.Direct.ID})
	require.ErrorContains(t, err, "invalid", "a stranger's company")
	before, err := b.Assignments(ctx, reseller, b.First.ID)
	require.NoError(t, err)
	require.Empty(t, before, "none or all")
	_, err = b.AssignAll(ctx, reseller, n, nil)
	require.ErrorContains(t, err, "invalid")
	all, err := b.AssignAll(ctx, reseller, n, []int64{b.Second.ID, b.First.ID, b.First.ID})
	require.NoError(t, err)
	require.Len(t, all, 2)
	for _, company := range []int64{b.First.ID, b.Second.ID} {
		held, err := b.Assignments(ctx, reseller, company)
		require.NoError(t, err)
		require.Len(t, held, 1)
		require.Equal(t, later, held[0].ValidFrom.UTC())
	}
}
