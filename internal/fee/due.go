package fee

import (
	"time"

	"parley/internal/pricing"
)

const (
	// grace is how long after something came its first fee is due.
	grace = time.Hour
	// farthest is how many months a late run catches up.
	farthest = 12
)

// thing is what a fee may be due for.
type thing struct {
	companyID int64
	item      pricing.Item
	key       string // a user's number, a connection's id
	since     time.Time
}

// name tells a thing apart from all others.
type name struct {
	companyID int64
	item      pricing.Item
	key       string
}

func (t thing) name() name { return name{t.companyID, t.item, t.key} }

// due is a fee that has to be paid.
type due struct {
	thing
	month time.Time
	days  pricing.Days
	at    time.Time
}

// dues returns the fees of a thing that are due now and come after a month,
// in their order. The zero month stands for none.
func dues(t thing, now time.Time, zone *time.Location, after time.Time) []due {
	var out []due
	current := monthOf(now, zone)
	m := latest(monthOf(t.since, zone), after.AddDate(0, 1, 0), current.AddDate(0, -farthest, 0))
	for ; !m.After(current); m = m.AddDate(0, 1, 0) {
		length := m.AddDate(0, 1, -1).Day()
		d := due{thing: t, month: m, days: pricing.Days{Paid: length, Of: length}, at: begins(m, zone)}
		if t.since.After(d.at) {
			d.days.Paid = length - t.since.In(zone).Day() + 1
			d.at = t.since.Add(grace)
		}
		if !d.at.After(now) {
			out = append(out, d)
		}
	}
	return out
}

// monthOf is the month of an instant in a zone, as dates are kept: the midnight
// of its first day in UTC.
func monthOf(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// begins is the instant at which a month begins in a zone; where the clocks
// leave midnight out, the one that they go on with.
func begins(month time.Time, zone *time.Location) time.Time {
	return time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, zone).UTC()
}

func latest(times ...time.Time) time.Time {
	var out time.Time
	for _, t := range times {
		if t.After(out) {
			out = t
		}
	}
	return out
}
