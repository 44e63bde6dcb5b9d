package pricing

import (
	"time"

	"parley/internal/money"
)

// CallTerms are how the duration of a call becomes units that are paid for.
type CallTerms struct {
	Increment time.Duration // of one unit: a second or a minute; a unit that has begun counts
	Minimum   time.Duration // a call that costs anything counts as at least this long
	Free      time.Duration // a call of at most this length costs nothing
}

// Terms returns the increment of an item of calls with what its price adds.
// The increment is 0 for other items.
func (x ItemPrice) Terms() CallTerms {
	t := CallTerms{Minimum: time.Duration(x.MinimumSeconds) * time.Second, Free: time.Duration(x.FreeSeconds) * time.Second}
	switch x.Item {
	case CallOutgoingMinute, CallIncomingMinute:
		t.Increment = time.Minute
	case CallOutgoingSecond, CallIncomingSecond:
		t.Increment = time.Second
	}
	return t
}

// Units says for how many units a call is paid that was answered for talked.
// The free length is no discount: a call that exceeds it counts from its start.
// What was never answered has no units.
func (t CallTerms) Units(talked time.Duration) int64 {
	if t.Increment <= 0 || talked <= 0 || talked <= t.Free {
		return 0
	}
	counted := max(talked, t.Minimum)
	return int64((counted-1)/t.Increment) + 1
}

// Call returns what a call of a duration costs by a price, and its units: the
// unit price multiplied by them, with nothing to round.
func (x ItemPrice) Call(talked time.Duration) (units int64, amount money.Amount) {
	units = x.Terms().Units(talked)
	return units, x.UnitPrice.MulDiv(units, 1)
}
