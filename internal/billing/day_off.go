package billing

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

// DaysOff are the days besides Saturdays and Sundays on which a country does
// not work, by its ISO 3166-1 code.
type DaysOff map[string]map[time.Time]bool

// DefaultDaysOff are known to the program. Countries that are not here have
// weekends only.
//
// Russia: holidays of article 112 of the Labour Code, and the days to which it
// moves those that fall on a weekend. 2026 also has the days off that decree
// № 1466 of the government of 24 September 2025 moves to 9 January and 31
// December. The decree for 2027 is to be added when it is published, or by the
// setting.
var DefaultDaysOff = DaysOff{"RU": days(
	"2026-01-01", "2026-01-02", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09",
	"2026-02-23", "2026-03-09", "2026-05-01", "2026-05-11", "2026-06-12", "2026-11-04", "2026-12-31",
	"2027-01-01", "2027-01-04", "2027-01-05", "2027-01-06", "2027-01-07", "2027-01-08",
	"2027-02-23", "2027-03-08", "2027-05-03", "2027-05-10", "2027-06-14", "2027-11-04",
)}

func days(texts ...string) map[time.Time]bool {
	out := map[time.Time]bool{}
	for _, text := range texts {
		day, err := parseDate(text)
		if err != nil {
			panic(err) // a constant of ours
		}
		out[day] = true
	}
	return out
}

// ParseDaysOff reads settings such as "RU:2027-02-22/2027-11-05": a country and
// days that are added to [DefaultDaysOff].
func ParseDaysOff(settings []string) (DaysOff, error) {
	out := DaysOff{}
	for country, off := range DefaultDaysOff {
		out[country] = maps.Clone(off)
	}
	for _, setting := range settings {
		country, list, ok := strings.Cut(setting, ":")
		if !ok || len(country) != 2 || strings.ToUpper(country) != country {
			return nil, fmt.Errorf("%q is not like RU:2027-02-22/2027-11-05", setting)
		}
		if out[country] == nil {
			out[country] = map[time.Time]bool{}
		}
		for _, text := range strings.Split(list, "/") {
			day, err := parseDate(text)
			if err != nil {
				return nil, fmt.Errorf("%q is not like RU:2027-02-22/2027-11-05", setting)
			}
			out[country][day] = true
		}
	}
	return out, nil
}

// workingDay returns the day that is so many working days of a country later.
func (d DaysOff) workingDay(country string, day time.Time, later int) time.Time {
	for later > 0 {
		day = day.AddDate(0, 0, 1)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday && !d[country][day] {
			later--
		}
	}
	return day
}

// payBy is the last day to pay an invoice of a seller that was issued on a day:
// the seller's bank has to be at work.
func (s *Service) payBy(seller Party, issued time.Time, workingDays int) time.Time {
	return s.options.DaysOff.workingDay(seller.Requisites.Country, issued, workingDays)
}
