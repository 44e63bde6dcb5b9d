package fee

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/money"
	"parley/internal/pricing"
)

var zones = []string{"UTC", "Europe/Moscow", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham", "America/New_York", "Pacific/Apia", "America/Sao_Paulo"}

func zone(t require.TestingT, name string) *time.Location {
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func TestDues(t *testing.T) {
	t.Parallel()
	at := func(text, in string) time.Time {
		out, err := time.ParseInLocation("2006-01-02 15:04", text, zone(t, in))
		require.NoError(t, err)
		return out
	}
	for name, x := range map[string]struct {
		zone, since, now string
		want             []string // month paid/of
	}{
		"the first month by days":        {"Europe/Moscow", "2026-11-21 12:00", "2026-11-30 12:00", []string{"2026-11 10/30"}},
		"the last day":                   {"Europe/Moscow", "2026-11-30 23:59", "2026-12-01 00:59", []string{"2026-11 1/30", "2026-12 31/31"}},
		"an hour has not passed":         {"UTC", "2026-11-21 12:00", "2026-11-21 12:59", nil},
		"whole from the first instant":   {"Asia/Kolkata", "2027-02-01 00:00", "2027-02-01 00:00", []string{"2027-02 28/28"}},
		"an instant later by days":       {"Asia/Kolkata", "2027-02-01 00:01", "2027-02-01 01:01", []string{"2027-02 28/28"}},
		"February of a leap year":        {"America/St_Johns", "2028-02-29 10:00", "2028-03-01 00:00", []string{"2028-02 1/29", "2028-03 31/31"}},
		"through the spring's change":    {"Pacific/Chatham", "2026-09-27 10:00", "2026-10-01 00:00", []string{"2026-09 4/30", "2026-10 31/31"}},
		"at most a year":                 {"UTC", "2020-01-05 10:00", "2026-11-05 00:00", []string{"2025-11 30/30", "2025-12 31/31", "2026-01 31/31", "2026-02 28/28", "2026-03 31/31", "2026-04 30/30", "2026-05 31/31", "2026-06 30/30", "2026-07 31/31", "2026-08 31/31", "2026-09 30/30", "2026-10 31/31", "2026-11 30/30"}},
		"the zone's month, not of UTC's": {"Pacific/Chatham", "2026-10-31 12:00", "2026-11-01 00:00", []string{"2026-10 1/31", "2026-11 30/30"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range dues(thing{since: at(x.since, x.zone)}, at(x.now, x.zone), zone(t, x.zone), time.Time{}) {
				got = append(got, d.month.Format("2006-01 ")+fraction(d.days))
			}
			require.Equal(t, x.want, got)
		})
	}
}

func fraction(d pricing.Days) string {
	return time.Date(2000, 1, d.Paid, 0, 0, 0, 0, time.UTC).Format("2") + "/" + time.Date(2000, 1, d.Of, 0, 0, 0, 0, time.UTC).Format("2")
}

// Whenever and how often it runs, a thing has paid in the end for each civil day
// from the one on which it came, counted one by one: no day twice, none left out.
func TestDuesAddUpToDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		price := money.Amount(rapid.Int64Range(1, int64(5000*money.Unit)).Draw(t, "price"))
		since := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, int64(900*24*time.Hour)).Draw(t, "since")))
		end := since.Add(time.Duration(rapid.Int64Range(0, int64(330*24*time.Hour)).Draw(t, "stays")))
		var last time.Time
		var paid money.Amount
		months := map[time.Time]int{}
		now := since
		for !now.After(end) {
			for _, d := range dues(thing{since: since}, now, in, last) {
				last = d.month
				months[d.month] += d.days.Paid
				paid += price.MulDiv(int64(d.days.Paid), int64(d.days.Of))
			}
			now = now.Add(time.Duration(rapid.Int64Range(int64(time.Hour), int64(90*24*time.Hour)).Draw(t, "pause")))
		}
		now = end.Add(grace)
		for _, d := range dues(thing{since: since}, now, in, last) {
			months[d.month] += d.days.Paid
			paid += price.MulDiv(int64(d.days.Paid), int64(d.days.Of))
		}
		want := money.Amount(0)
		counted := map[time.Time]int{}
		for day := since.In(in); ; day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, in) {
			m := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
			if y, month, _ := now.In(in).Date(); m.After(time.Date(y, month, 1, 0, 0, 0, 0, time.UTC)) {
				break
			}
			counted[m]++
		}
		for m, n := range counted {
			want += halfEven(price, n, m.AddDate(0, 1, 0).Sub(m))
		}
		require.Equal(t, counted, months)
		require.Equal(t, want, paid)
	})
}

// halfEven divides without the code under test: by remainders.
func halfEven(price money.Amount, days int, month time.Duration) money.Amount {
	of := int64(month / (24 * time.Hour))
	whole, rest := int64(price)*int64(days)/of, int64(price)*int64(days)%of
	if 2*rest > of || 2*rest == of && whole%2 == 1 {
		whole++
	}
	return money.Amount(whole)
}
