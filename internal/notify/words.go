package notify

import (
	"time"

	"github.com/bojanz/currency"

	"parley/internal/money"
)

// Amount writes money for people: "12 000,00 ₽" or "RUB 12,000.00".
func Amount(m money.Money, language string) string {
	a, err := currency.NewAmount(m.Amount.String(), m.Currency)
	if err != nil {
		return m.String()
	}
	return currency.NewFormatter(currency.NewLocale(language)).Format(a)
}

// Date writes a day for people: "05.12.2026" or "5 December 2026".
func Date(t time.Time, language string) string {
	if language == "ru" {
		return t.Format("02.01.2006")
	}
	return t.Format("2 January 2006")
}

var russianMonths = [...]string{
	"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
}

// Month writes a month for people: "ноябрь 2026 года" or "November 2026". The
// Russian form also stands after "за".
func Month(t time.Time, language string) string {
	if language == "ru" {
		return russianMonths[t.Month()-1] + t.Format(" 2006 года")
	}
	return t.Format("January 2006")
}

// ClockTime writes an instant for people, with the zone, which a letter's
// reader cannot guess.
func ClockTime(t time.Time, zone string) string {
	location, err := time.LoadLocation(zone)
	if err != nil {
		location = time.UTC
	}
	return t.In(location).Format("15:04 (MST, UTC-07:00)")
}
