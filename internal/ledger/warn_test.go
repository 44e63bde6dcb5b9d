package ledger

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/money"
	"parley/internal/platform/events"
)

// move is one thing that happens to a book.
type move struct {
	by    int64 // money, in units
	limit int64 // the credit limit from now on, in units
	topUp bool
}

func spend(n int64) move  { return move{by: -n} }
func refund(n int64) move { return move{by: n} }
func topUp(n int64) move  { return move{by: n, topUp: true} }

func told(e events.Event) string {
	switch e := e.(type) {
	case BalanceLow:
		return fmt.Sprintf("low %d at %s", e.Percent, e.Spendable/money.Unit*money.Unit)
	case Exhausted:
		return fmt.Sprintf("exhausted at %s", e.Spendable)
	case Restored:
		return fmt.Sprintf("restored at %s", e.Spendable)
	}
	return ""
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	company := []percent{10}
	for name, c := range map[string]struct {
		steps []percent
		moves []move
		want  []string
	}{
		"nothing was ever paid":             {company, []move{spend(0), refund(0)}, nil},
		"the first top-up restores nothing": {company, []move{topUp(100)}, nil},
		"once on the way down":              {company, []move{topUp(100), spend(89), spend(1), spend(1), spend(1)}, []string{"low 10 at 10.00"}},
		"past the step to nothing":          {company, []move{topUp(100), spend(100)}, []string{"exhausted at 0.00"}},
		"low, then nothing":                 {company, []move{topUp(100), spend(95), spend(5), spend(1)}, []string{"low 10 at 5.00", "exhausted at 0.00"}},
		"hovering around the step": {
			company, []move{topUp(100), spend(90), refund(1), spend(1), refund(1), spend(1)},
			[]string{"low 10 at 10.00"},
		},
		"hovering around nothing": {
			company, []move{topUp(100), spend(100), refund(1), spend(1), refund(2), spend(2)},
			[]string{"exhausted at 0.00"},
		},
		"refunds far past the step restore": {
			company, []move{topUp(100), spend(100), refund(30), spend(30)},
			[]string{"exhausted at 0.00", "restored at 30.00", "exhausted at 0.00"},
		},
		"a top-up restores, however small": {
			company, []move{topUp(100), spend(100), topUp(5)},
			[]string{"exhausted at 0.00", "restored at 5.00"},
		},
		"a top-up that does not reach zero": {
			company, []move{topUp(100), spend(150), topUp(20), topUp(40)},
			[]string{"exhausted at -50.00", "restored at 10.00"},
		},
		"debt of one who never paid": {company, []move{spend(1), topUp(10)}, []string{"exhausted at -1.00", "restored at 9.00"}},
		"a limit counts as money": {
			company, []move{{limit: 100, topUp: true}, spend(95), spend(5)},
			[]string{"low 10 at 5.00", "exhausted at 0.00"},
		},
		"a limit taken away": {
			company, []move{{limit: 100, topUp: true}, spend(50), {limit: 0}},
			[]string{"exhausted at -50.00"},
		},
		"a reseller hears four times": {
			resellerSteps, []move{topUp(100), spend(80), spend(10), spend(5), spend(5)},
			[]string{"low 20 at 20.00", "low 10 at 10.00", "low 5 at 5.00", "exhausted at 0.00"},
		},
		"amounts near the largest": {company, []move{topUp(9_000_000_000_000), spend(8_999_999_999_999)}, []string{"low 10 at 1.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &book{companyID: 7, warned: plenty}
			var got []string
			limit := int64(0)
			for _, m := range c.moves {
				b.balance += money.Amount(m.by) * money.Unit
				if m.limit != 0 || m.by == 0 {
					limit = m.limit
				}
				b.credit = money.Amount(limit) * money.Unit
				if e := b.warn(c.steps, m.topUp); e != nil {
					got = append(got, told(e))
				}
			}
			require.Equal(t, c.want, got)
		})
	}
}
