package pricing

import (
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
	s := sheet{stretches: []stretch{
		{from: day(1), until: day(5), version: old, prices: map[Item]money.Amount{ChatBotMessage: 100, ChatContactMessage: 7}},
		{from: day(5), until: day(9), version: young, prices: map[Item]money.Amount{ChatBotMessage: 200}},
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
			version, price, ok := s.at(x.item, x.at)
			require.Equal(t, x.found, ok)
			require.Equal(t, x.version, version)
			require.Equal(t, x.price, price)
			l := s.level(5, Ask{Item: x.item, Quantity: 3, At: x.at})
			require.Equal(t, 3*x.price, l.Amount)
			require.Equal(t, x.found, l.Version != nil)
		})
	}
}

func TestRatingIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		price := money.Amount(rapid.Int64Range(0, int64(1000*money.Unit)).Draw(t, "price"))
		quantity := rapid.Int64Range(1, 1_000_000).Draw(t, "quantity")
		s := sheet{stretches: []stretch{{until: time.Now(), prices: map[Item]money.Amount{ChatBotMessage: price}}}}
		l := s.level(1, Ask{Item: ChatBotMessage, Quantity: quantity})
		require.Equal(t, price, l.Amount/money.Amount(quantity))
		require.Zero(t, l.Amount%money.Amount(quantity))
	})
}

// The seed prices are known answers: other tests and the demo count on them.
func TestSeed(t *testing.T) {
	t.Parallel()
	wholesale, retail := Seed()
	require.Len(t, wholesale, len(Items))
	for i, item := range Items {
		require.Equal(t, item, wholesale[i].Item)
		require.Equal(t, item, retail[i].Item)
		require.Less(t, wholesale[i].UnitPrice, retail[i].UnitPrice, "%s would be sold at a loss", item)
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
