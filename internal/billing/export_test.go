package billing

// What the rules are tested by.
var (
	MonthLines = monthLines
	VATWithin  = vatWithin
	VATSums    = vatSums
	RateOf     = rateOf
	WorkingDay = workingDay
	Rounded    = rounded
	Total      = total
	PaymentQR  = paymentCode
)
