package pricing

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/money"
)

func TestPriceThatHolds(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2027, 1, n, 0, 0, 0, 0, time.UTC) }
	old, young := uuid.UUID{1}, uuid.UUID{2}
	held := func(version uuid.UUID, items ...ItemPrice) prices {
		out := pricesOf(items)
		for _, x := range out {
			x.version = version
		}
		return out
	}
	s := sheet{stretches: []stretch{
		{from: day(1), until: day(5), version: old, prices: held(old, ItemPrice{Item: ChatBotMessage, UnitPrice: 100}, ItemPrice{Item: ChatContactMessage, UnitPrice: 7})},
		{from: day(5), until: day(9), version: young, prices: held(young, ItemPrice{Item: ChatBotMessage, UnitPrice: 200})},
	}}
	for name, x := range map[string]struct {
		at      time.Time
		item    Item
		version uuid.UUID
		price   money.Amount
		found   bool
	}{
		"before all":             {day(1).Add(-1), ChatBotMessage, uuid.UUID{}, 0, false},
		"the first instant":      {day(1), ChatBotMessage, old, 100, true},
		"the last instant":       {day(5).Add(-1), ChatBotMessage, old, 100, true},
		"the change":             {day(5), ChatBotMessage, young, 200, true},
		"after all":              {day(9), ChatBotMessage, uuid.UUID{}, 0, false},
		"an item with no price":  {day(2), ChatOperatorMessage, old, 0, false},
		"an item that was ended": {day(6), ChatContactMessage, young, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := s.level(5, Ask{Item: x.item, Quantity: 3, At: x.at})
			require.Equal(t, x.price, l.UnitPrice)
			require.Equal(t, 3*x.price, l.Amount)
			require.Equal(t, x.found, l.Version != nil)
			if x.found {
				require.Equal(t, x.version, *l.Version)
			}
		})
	}
}

func TestRatingIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		price := money.Amount(rapid.Int64Range(0, int64(1000*money.Unit)).Draw(t, "price"))
		quantity := rapid.Int64Range(1, 1_000_000).Draw(t, "quantity")
		s := sheet{stretches: []stretch{{until: time.Now(), prices: pricesOf([]ItemPrice{{Item: ChatBotMessage, UnitPrice: price}})}}}
		l := s.level(1, Ask{Item: ChatBotMessage, Quantity: quantity})
		require.Equal(t, price, l.Amount/money.Amount(quantity))
		require.Zero(t, l.Amount%money.Amount(quantity))
	})
}

// The seed prices are known answers: other tests and the demo count on them.
func TestSeed(t *testing.T) {
	t.Parallel()
	wholesale, retail := Seed()
	require.NoError(t, checkItems(wholesale))
	require.NoError(t, checkItems(retail))
	require.Empty(t, belowCost(retail, pricesOf(wholesale)), "sold at a loss")
	seeded := map[Item]bool{}
	for i, x := range retail {
		require.Equal(t, wholesale[i].place(), x.place())
		seeded[x.Item] = true
	}
	// Each item has a price, or the other event of its channel has.
	for _, item := range Items {
		other := strings.NewReplacer(".sent_", ".delivered_", ".delivered_", ".sent_", "_second", "_minute").Replace(string(item))
		require.True(t, seeded[item] || seeded[Item(other)], item)
	}
	require.Equal(t, "0.60", wholesale[0].UnitPrice.String())
	require.Equal(t, "1.00", retail[0].UnitPrice.String())
}

func TestEffective(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) *time.Time { x := now.Add(d); return &x }
	for name, x := range map[string]struct {
		wanted *time.Time
		first  bool
		want   time.Duration
		refuse bool
	}{
		"as soon as possible":    {nil, false, EffectDelay, false},
		"at once when first":     {nil, true, 0, false},
		"later":                  {at(time.Hour), false, time.Hour, false},
		"just in time":           {at(EffectDelay), false, EffectDelay, false},
		"sooner than all know":   {at(EffectDelay - 1), false, 0, true},
		"the past":               {at(-time.Hour), false, 0, true},
		"the past, though first": {at(-1), true, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := effective(x.wanted, now, x.first)
			if x.refuse {
				require.ErrorContains(t, err, "invalid")
				return
			}
			require.NoError(t, err)
			require.Equal(t, now.Add(x.want), got)
		})
	}
}
