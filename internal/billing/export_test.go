package billing

import "time"

// What the rules are tested by.
var (
	MonthLines = monthLines
	VATWithin  = vatWithin
	VATSums    = vatSums
	RateOf     = rateOf
	Rounded    = rounded
	Total      = total
	PaymentQR  = paymentCode
)

// WorkingDay is the day so many working days of a country later.
func (d DaysOff) WorkingDay(country string, day time.Time, later int) time.Time {
	return d.workingDay(country, day, later)
}
