package pricing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

// An imported plan replaces the built-in one of its country on every node, a
// second later; a number outside it has a country only.
func TestNumberingPlans(t *testing.T) {
	t.Parallel()
	b := setup(t)
	actor := b.Platform.Actor(t, access.Owner)
	where := func(number string) pricing.Destination {
		t.Helper()
		mine, err := b.DestinationOf(ctx, number)
		require.NoError(t, err)
		theirs, err := b.other.DestinationOf(ctx, number)
		require.NoError(t, err)
		require.Equal(t, mine, theirs)
		return mine
	}
	require.Equal(t, pricing.Destination{Country: "RU", Network: "25001"}, where("+79123456789"))
	require.Equal(t, pricing.Destination{Country: "KZ", Network: "40101"}, where("+77051234567"))
	require.Equal(t, pricing.Destination{Country: "KZ"}, where("+77172123456"), "a landline")
	require.Equal(t, pricing.Destination{Country: "US"}, where("+12125550100"))
	require.Equal(t, pricing.Destination{Country: "FR"}, where("+33612345678"))

	n := pricing.NewPlan{Country: "RU", Source: "Operator's letter", Table: []byte("from,to,mcc,mnc,name\n79120000000,79129999999,250,20,T2\n79123400000,79123499999,250,99,Beeline\n")}
	plan, err := b.ImportPlan(ctx, actor, n)
	require.NoError(t, err)
	require.Equal(t, 2, plan.Ranges)
	b.clock.Step(time.Second)
	require.Equal(t, pricing.Destination{Country: "RU", Network: "25099"}, where("+79123456789"))
	require.Equal(t, pricing.Destination{Country: "RU", Network: "25020"}, where("+79120056789"))
	require.Equal(t, pricing.Destination{Country: "RU"}, where("+79261234567"))
	require.Equal(t, pricing.Destination{Country: "KZ", Network: "40101"}, where("+77051234567"))

	at, err := b.Locate(ctx, b.Reseller.Actor(t, access.Owner), "8 912 345-67-89")
	require.NoError(t, err)
	require.Equal(t, pricing.Located{Number: "+79123456789", Destination: pricing.Destination{Country: "RU", Network: "25099"}, Name: "Beeline"}, at)

	n.Table = []byte("from,to,mcc,mnc\n1,2,3,4\n")
	var e *fault.Error
	require.ErrorAs(t, only(b.ImportPlan(ctx, actor, n)), &e)
	require.Len(t, e.Extra["lines"], 1)
	require.True(t, fault.Is(only(b.ImportPlan(ctx, b.Reseller.Actor(t, access.Owner), n)), fault.Forbidden))
	plans, err := b.Plans(ctx, actor)
	require.NoError(t, err)
	require.Len(t, plans, 3)
	require.Equal(t, "Operator's letter", plans[2].Source, "what was refused changed nothing")
	require.Nil(t, plans[0].ImportedAt)
}
