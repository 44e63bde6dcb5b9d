package pricing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/money"
)

func TestCall(t *testing.T) {
	t.Parallel()
	minute := ItemPrice{Item: CallOutgoingMinute, UnitPrice: 2 * money.Unit}
	second := ItemPrice{Item: CallOutgoingSecond, UnitPrice: 30_000}
	with := func(x ItemPrice, minimum, free int) ItemPrice {
		x.MinimumSeconds, x.FreeSeconds = minimum, free
		return x
	}
	for name, x := range map[string]struct {
		price  ItemPrice
		talked time.Duration
		units  int64
		amount string
	}{
		"not answered":                   {minute, 0, 0, "0.00"},
		"a minute has begun":             {minute, time.Millisecond, 1, "2.00"},
		"a whole minute":                 {minute, time.Minute, 1, "2.00"},
		"the second has begun":           {minute, time.Minute + 1, 2, "4.00"},
		"an hour":                        {minute, time.Hour, 60, "120.00"},
		"a second has begun":             {second, 1, 1, "0.03"},
		"61 seconds":                     {second, 61 * time.Second, 61, "1.83"},
		"below the minimum":              {with(second, 30, 0), 4 * time.Second, 30, "0.90"},
		"the minimum":                    {with(second, 30, 0), 30 * time.Second, 30, "0.90"},
		"above the minimum":              {with(second, 30, 0), 30*time.Second + 1, 31, "0.93"},
		"the minimum in minutes":         {with(minute, 61, 0), time.Second, 2, "4.00"},
		"free":                           {with(minute, 0, 3), 3 * time.Second, 0, "0.00"},
		"from its start when not free":   {with(second, 0, 3), 3*time.Second + 1, 4, "0.12"},
		"free though there is a minimum": {with(second, 30, 3), 2 * time.Second, 0, "0.00"},
		"no minimum when not answered":   {with(second, 30, 0), 0, 0, "0.00"},
		"no call at all":                 {ItemPrice{Item: SMSSent, UnitPrice: money.Unit}, time.Minute, 0, "0.00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			units, amount := x.price.Call(x.talked)
			require.Equal(t, x.units, units)
			require.Equal(t, x.amount, amount.String())
		})
	}
}

// A longer call never costs less, and is paid for at least as long as it was.
func TestCallNeverCostsLessForLonger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		terms := CallTerms{
			Increment: rapid.SampledFrom([]time.Duration{time.Second, time.Minute}).Draw(t, "increment"),
			Minimum:   time.Duration(rapid.IntRange(0, 120).Draw(t, "minimum")) * time.Second,
			Free:      time.Duration(rapid.IntRange(0, 10).Draw(t, "free")) * time.Second,
		}
		short := time.Duration(rapid.Int64Range(0, int64(2*time.Hour)).Draw(t, "talked"))
		long := short + time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "more"))
		require.LessOrEqual(t, terms.Units(short), terms.Units(long))
		paid := time.Duration(terms.Units(long)) * terms.Increment
		if paid == 0 {
			require.LessOrEqual(t, long, terms.Free)
			return
		}
		require.GreaterOrEqual(t, paid, max(long, terms.Minimum))
		require.Less(t, paid-max(long, terms.Minimum), terms.Increment)
	})
}
