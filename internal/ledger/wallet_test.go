package ledger

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/money"
)

func TestShares(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		amount money.Amount
		want   []money.Amount
	}{
		{9, []money.Amount{3, 3, 3}},
		{10, []money.Amount{4, 3, 3}},
		{-10, []money.Amount{-4, -3, -3}},
		{1, []money.Amount{1, 0, 0}},
		{-1, []money.Amount{-1, 0, 0}},
		{0, []money.Amount{0, 0, 0}},
	} {
		require.Equal(t, x.want, shares(x.amount, 3))
	}
}

// Whatever is done to all stripes together, they stay on one side of zero and
// lose nothing.
func TestLevel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(-1_000_000, 1_000_000)
		w := &wallet{stripes: make([]stripe, rapid.IntRange(1, mostStripes).Draw(t, "stripes"))}
		for i := range w.stripes {
			w.stripes[i].available = money.Amount(amount.Draw(t, "available"))
		}
		w.setCredit(money.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "credit")))
		w.addBonus(money.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "bonus")))
		before, credit, welcome := w.spendable(), w.credit(), w.stripes[0].bonus

		price := money.Amount(rapid.Int64Range(0, 1_000_000).Draw(t, "price"))
		hold := rapid.Bool().Draw(t, "hold")
		bonus := w.take(price, hold)

		require.Equal(t, min(price, welcome), bonus)
		require.Equal(t, before-price, w.spendable())
		require.Equal(t, credit, w.credit())
		var below, above bool
		for _, x := range w.stripes {
			below, above = below || x.available+x.credit+x.bonus < 0, above || x.available+x.credit+x.bonus > 0
		}
		require.False(t, below && above)
		if hold {
			require.Equal(t, price, w.stripes[0].held+w.stripes[0].bonusHeld)
		}
	})
}
