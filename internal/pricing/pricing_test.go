package pricing_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

var ctx = context.Background()

type bundle struct {
	*accounttest.Fixture
	*pricing.Service
	clock *clock.Fixed
	other *pricing.Service // another node
}

func setup(t *testing.T) bundle {
	t.Helper()
	d := dbtest.New(t)
	c := clock.At(time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC))
	a := accounttest.NewAt(t, d, c, account.Options{})
	return bundle{a, pricing.New(d, c, a.Service), c, pricing.New(d, c, a.Service)}
}

func price(item pricing.Item, amount money.Amount) []pricing.ItemPrice {
	return []pricing.ItemPrice{{Item: item, UnitPrice: amount}}
}

// list makes a list with one price of an operator's message.
func (b bundle) list(t *testing.T, seller *accounttest.Firm, name string, amount money.Amount) uuid.UUID {
	t.Helper()
	l, err := b.CreateList(ctx, seller.Actor(t, access.Owner), name, "")
	require.NoError(t, err)
	_, err = b.AddVersion(ctx, seller.Actor(t, access.Owner), pricing.NewVersion{ListID: l.ID, Items: price(pricing.ChatOperatorMessage, amount)})
	require.NoError(t, err)
	return l.ID
}

func (b bundle) assign(t *testing.T, seller, buyer *accounttest.Firm, list uuid.UUID) pricing.Assignment {
	t.Helper()
	a, err := b.Assign(ctx, seller.Actor(t, access.Owner), pricing.NewAssignment{BuyerID: buyer.ID, ListID: list})
	require.NoError(t, err)
	return a
}

func (b bundle) rate(t *testing.T, s *pricing.Service, buyer *accounttest.Firm) pricing.Rated {
	t.Helper()
	r, err := s.Rate(ctx, pricing.Ask{BuyerID: buyer.ID, Item: pricing.ChatOperatorMessage, Quantity: 2, At: b.clock.Now()})
	require.NoError(t, err)
	return r
}

func TestRateOnBothLevels(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.assign(t, b.Platform, b.Reseller, b.list(t, b.Platform, "Wholesale", 600_000))
	b.assign(t, b.Platform, b.Direct, b.list(t, b.Platform, "Direct", 900_000))
	b.assign(t, b.Reseller, b.First, b.list(t, b.Reseller, "Retail", 1_000_000))

	r := b.rate(t, b.Service, b.First)
	require.Equal(t, b.Reseller.ID, r.Retail.SellerID)
	require.Equal(t, "2.00", r.Retail.Amount.String())
	require.Equal(t, b.Platform.ID, r.Wholesale.SellerID)
	require.Equal(t, "1.20", r.Wholesale.Amount.String())
	require.True(t, r.Priced())

	for buyer, want := range map[*accounttest.Firm]string{b.Direct: "1.80", b.Reseller: "1.20"} {
		r = b.rate(t, b.Service, buyer)
		require.Equal(t, want, r.Retail.Amount.String())
		require.Nil(t, r.Wholesale)
	}
	r = b.rate(t, b.Service, b.Platform)
	require.Nil(t, r.Retail)
	require.True(t, r.Priced())
	require.False(t, b.rate(t, b.Service, b.Second).Priced(), "a company without a list")
}

// A change is known to every node before it takes effect, whatever each
// remembers.
func TestChangeTakesEffectEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	list := b.list(t, b.Platform, "Direct", money.Unit)
	require.Equal(t, b.clock.Now(), b.assign(t, b.Platform, b.Direct, list).ValidFrom, "the first list holds at once")
	both := func(want string) {
		t.Helper()
		for _, s := range []*pricing.Service{b.Service, b.other} {
			require.Equal(t, want, b.rate(t, s, b.Direct).Retail.UnitPrice.String())
		}
	}
	both("1.00")
	v, err := b.AddVersion(ctx, b.Platform.Actor(t, access.Owner), pricing.NewVersion{ListID: list, Items: price(pricing.ChatOperatorMessage, 2*money.Unit)})
	require.NoError(t, err)
	require.Equal(t, 2, v.Number)
	require.Equal(t, b.clock.Now().Add(pricing.EffectDelay), v.ValidFrom)
	both("1.00")
	for b.clock.Now().Before(v.ValidFrom.Add(-100 * time.Millisecond)) {
		both("1.00")
		b.clock.Step(100 * time.Millisecond)
	}
	both("1.00")
	b.clock.Step(100 * time.Millisecond)
	both("2.00")

	a := b.assign(t, b.Platform, b.Direct, b.list(t, b.Platform, "Cheap", 500_000))
	require.Equal(t, b.clock.Now().Add(pricing.EffectDelay), a.ValidFrom)
	both("2.00")
	b.clock.Step(pricing.EffectDelay)
	both("0.50")

	r, err := b.Rate(ctx, pricing.Ask{BuyerID: b.Direct.ID, Item: pricing.ChatOperatorMessage, Quantity: 1, At: v.ValidFrom.Add(-1)})
	require.NoError(t, err)
	require.Equal(t, "1.00", r.Retail.Amount.String(), "what was accepted before is rated as then")
	why, err := b.Explain(ctx, pricing.Priced{SellerID: r.Retail.SellerID, Version: *r.Retail.Version, Item: pricing.ChatOperatorMessage})
	require.NoError(t, err)
	require.Equal(t, "Direct", why.List)
	require.Equal(t, 1, why.Version)
	require.Equal(t, money.Unit, why.Match.UnitPrice)
	b.clock.Step(30 * 24 * time.Hour)
	r, err = b.Rate(ctx, pricing.Ask{BuyerID: b.Direct.ID, Item: pricing.ChatOperatorMessage, Quantity: 1, At: v.ValidFrom.Add(-1)})
	require.NoError(t, err)
	require.Equal(t, "1.00", r.Retail.Amount.String(), "even a month later")
}

func TestBelowCostNeedsAPerson(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.assign(t, b.Platform, b.Reseller, b.list(t, b.Platform, "Wholesale", 600_000))
	actor := b.Reseller.Actor(t, access.Owner)
	l, err := b.CreateList(ctx, actor, "Retail", "")
	require.NoError(t, err)
	n := pricing.NewVersion{ListID: l.ID, Items: append(price(pricing.ChatBotMessage, 0), price(pricing.ChatOperatorMessage, 599_999)...)}
	_, err = b.AddVersion(ctx, actor, n)
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Fields, "items[1].unit_price")
	require.NotContains(t, e.Fields, "items[0].unit_price", "an item that costs nothing")
	require.Equal(t, true, e.Extra["below_cost"])
	n.BelowCost = true
	_, err = b.AddVersion(ctx, actor, n)
	require.NoError(t, err)

	_, v, err := b.Version(ctx, actor, l.ID, 1)
	require.NoError(t, err)
	require.Equal(t, pricing.ChatOperatorMessage, v.Items[0].Item, "in the order of Items")
	require.Equal(t, "0.60", v.Items[0].Cost.String())
	require.Nil(t, v.Items[1].Cost)
}

func TestListsAreTheSellers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	theirs := b.list(t, b.Platform, "Wholesale", money.Unit)
	mine := b.list(t, b.Reseller, "Retail", money.Unit)
	reseller := b.Reseller.Actor(t, access.Owner)
	for name, fails := range map[string]error{
		"read":       second(b.ByID(ctx, reseller, theirs)),
		"change":     only(b.AddVersion(ctx, reseller, pricing.NewVersion{ListID: theirs, Items: price(pricing.ChatBotMessage, 1)})),
		"assign":     only(b.Assign(ctx, reseller, pricing.NewAssignment{BuyerID: b.First.ID, ListID: theirs})),
		"to another": only(b.Assign(ctx, reseller, pricing.NewAssignment{BuyerID: b.Direct.ID, ListID: mine})),
		"over it":    only(b.Assign(ctx, b.Platform.Actor(t, access.Owner), pricing.NewAssignment{BuyerID: b.First.ID, ListID: theirs})),
	} {
		require.True(t, fault.Is(fails, fault.NotFound), "%s: %v", name, fails)
	}
	for _, actor := range []access.Actor{b.First.Actor(t, access.Owner), b.Reseller.Actor(t, access.Accountant), b.Platform.Actor(t, access.Operator)} {
		_, err := b.Lists(ctx, actor)
		require.True(t, fault.Is(err, fault.Forbidden))
	}
	lists, err := b.Lists(ctx, reseller)
	require.NoError(t, err)
	require.Len(t, lists, 1)
	require.EqualValues(t, 1, lists[0].Versions)
}

func only[T any](_ T, err error) error           { return err }
func second[T, U any](_ T, _ U, err error) error { return err }

func TestBadLists(t *testing.T) {
	t.Parallel()
	b := setup(t)
	actor := b.Platform.Actor(t, access.Owner)
	list := b.list(t, b.Platform, "Direct", money.Unit)
	field := func(name string, err error) {
		t.Helper()
		var e *fault.Error
		require.ErrorAs(t, err, &e)
		require.Contains(t, e.Fields, name)
	}
	field("name", only(b.CreateList(ctx, actor, "Direct", "")))
	field("name", only(b.CreateList(ctx, actor, " ", "")))
	field("currency", only(b.CreateList(ctx, actor, "x", "rub")))
	add := func(items ...pricing.ItemPrice) error {
		_, err := b.AddVersion(ctx, actor, pricing.NewVersion{ListID: list, Items: items})
		return err
	}
	field("items", add())
	field("items[0].item", add(price("chat.thought", 1)...))
	field("items[1].item", add(append(price(pricing.ChatBotMessage, 1), price(pricing.ChatBotMessage, 1)...)...))
	field("items[0].unit_price", add(price(pricing.ChatBotMessage, -1)...))
	field("items[0].unit_price", add(price(pricing.ChatBotMessage, 1001*money.Unit)...))
	past := b.clock.Now().Add(-time.Hour)
	_, err := b.AddVersion(ctx, actor, pricing.NewVersion{ListID: list, Items: price(pricing.ChatBotMessage, 1), ValidFrom: &past})
	field("valid_from", err)
	dollars, err := b.CreateList(ctx, actor, "Dollars", "USD")
	require.NoError(t, err)
	field("price_list", only(b.Assign(ctx, actor, pricing.NewAssignment{BuyerID: b.Direct.ID, ListID: dollars.ID})))
	empty, err := b.CreateList(ctx, actor, "Empty", "")
	require.NoError(t, err)
	field("price_list", only(b.Assign(ctx, actor, pricing.NewAssignment{BuyerID: b.Direct.ID, ListID: empty.ID})))
	b.assign(t, b.Platform, b.Direct, list)
	b.assign(t, b.Platform, b.Direct, list)
	field("valid_from", only(b.Assign(ctx, actor, pricing.NewAssignment{BuyerID: b.Direct.ID, ListID: list})))
	all, err := b.Assignments(ctx, actor, b.Direct.ID)
	require.NoError(t, err)
	require.Len(t, all, 2)
}

// A version that ends leaves no price, and the next begins when it says; both
// can be saved long before.
func TestVersionsAhead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	actor := b.Platform.Actor(t, access.Owner)
	list := b.list(t, b.Platform, "Direct", money.Unit)
	b.assign(t, b.Platform, b.Direct, list)
	start := b.clock.Now()
	at := func(hours time.Duration) *time.Time { x := start.Add(hours * time.Hour); return &x }
	for _, n := range []pricing.NewVersion{
		{ListID: list, ValidFrom: at(30), Items: price(pricing.ChatOperatorMessage, 3*money.Unit)},
		{ListID: list, ValidFrom: at(10), ValidUntil: at(20), Items: price(pricing.ChatOperatorMessage, 2*money.Unit)},
	} {
		_, err := b.AddVersion(ctx, actor, n)
		require.NoError(t, err)
	}
	for hours, want := range map[time.Duration]string{0: "1.00", 9: "1.00", 10: "2.00", 19: "2.00", 20: "", 29: "", 30: "3.00", 300: "3.00"} {
		r, err := b.Rate(ctx, pricing.Ask{BuyerID: b.Direct.ID, Item: pricing.ChatOperatorMessage, Quantity: 1, At: *at(hours)})
		require.NoError(t, err)
		require.Equal(t, want != "", r.Priced(), hours)
		if want != "" {
			require.Equal(t, want, r.Retail.Amount.String(), hours)
		}
	}
	own, err := b.Own(ctx, b.Direct.Actor(t, access.Accountant))
	require.NoError(t, err)
	require.Equal(t, *at(10), *own.Changes)
	require.Equal(t, money.Unit, own.Items[0].UnitPrice)
	require.True(t, fault.Is(only(b.Own(ctx, b.Direct.Actor(t, access.Operator))), fault.Forbidden))
	var e *fault.Error
	require.ErrorAs(t, only(b.AddVersion(ctx, actor, pricing.NewVersion{ListID: list, ValidFrom: at(10), ValidUntil: at(10), Items: price(pricing.ChatOperatorMessage, 1)})), &e)
	require.Contains(t, e.Fields, "valid_until")
}

// Why a price was what it was, from what is frozen with it.
func TestExplainTheRow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ru := pricing.Destination{Country: "RU"}
	l, err := b.CreateList(ctx, b.Platform.Actor(t, access.Owner), "Texts", "")
	require.NoError(t, err)
	v, err := b.AddVersion(ctx, b.Platform.Actor(t, access.Owner), pricing.NewVersion{ListID: l.ID, Items: []pricing.ItemPrice{
		{Item: pricing.SMSSent, UnitPrice: 9}, {Item: pricing.SMSSent, Destination: ru, FreeQuantity: 2, UnitPrice: 5},
		{Item: pricing.SMSSent, Destination: ru, FromQuantity: 10, UnitPrice: 4},
	}})
	require.NoError(t, err)
	for position, want := range map[int64]struct {
		unit money.Amount
		from int64
		free bool
	}{0: {5, 0, true}, 1: {5, 0, true}, 2: {5, 0, false}, 9: {5, 0, false}, 10: {4, 10, false}, 1000: {4, 10, false}} {
		why, err := b.Explain(ctx, pricing.Priced{
			SellerID: b.Platform.ID, Version: v.ID, Item: pricing.SMSSent, Position: &position,
			Destination: pricing.Destination{Country: "RU", Network: "25001"},
		})
		require.NoError(t, err)
		require.Equal(t, want.free, why.Free, position)
		require.Equal(t, pricing.ItemPrice{Item: pricing.SMSSent, Destination: ru, FromQuantity: want.from, FreeQuantity: 2, UnitPrice: want.unit}, *why.Match)
	}
	buyers, err := b.Buyers(ctx, b.Platform.Actor(t, access.Owner), l.ID, 0, 10)
	require.NoError(t, err)
	require.Empty(t, buyers)
	b.assign(t, b.Platform, b.Direct, l.ID)
	buyers, err = b.Buyers(ctx, b.Platform.Actor(t, access.Owner), l.ID, 0, 10)
	require.NoError(t, err)
	require.Equal(t, b.Direct.Name, buyers[0].Name)
}
