package notify

import (
	"maps"
	"slices"
	"time"

	"parley/internal/money"
	"parley/internal/platform/fault"
)

// samples are values of each kind in a language, for previews and tests,
// written as the letters of real facts write them. What a kind needs is what its
// sample has.
func samples(language string) map[string]map[string]string {
	rub := func(amount string) string {
		value, err := money.Parse(amount)
		if err != nil {
			panic(err) // never: they stand below
		}
		return Amount(money.Money{Amount: value, Currency: "RUB"}, language)
	}
	due := Date(time.Date(2026, time.December, 5, 0, 0, 0, 0, time.UTC), language)
	month := Month(time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC), language)
	return map[string]map[string]string{
		"email_confirmation":  {"Link": "https://parley.example/confirm#sample"},
		"code":                {"Code": "123456"},
		"address_in_use":      {},
		"invitation":          {"Link": "https://parley.example/invitation#sample", "Company": "Red Robot", "Inviter": "Paula"},
		"recovery":            {"Link": "https://parley.example/recovery#sample"},
		"password_changed":    {"IP": "192.0.2.7"},
		"new_device":          {"Device": "Firefox, Linux", "IP": "192.0.2.7"},
		"sign_in_locked":      {"Until": "12:15 (MSK, UTC+03:00)", "IP": "192.0.2.7"},
		"legal_texts_changed": {},
		"invoice":             {"Number": "A-17", "Total": rub("12000"), "DueOn": due, "ID": "sample"},
		"documents_of_month":  {"Month": month, "ToPay": rub("12000"), "DueOn": due, "ID": "sample"},
		"payment_received":    {"Amount": rub("12000"), "Invoice": "A-17"},
		"low_balance":         {"Company": "Red Robot", "Balance": rub("120"), "Percent": "10", "Dependents": "12"},
		"service_suspended":   {"Company": "Red Robot", "Balance": rub("-0.40"), "Dependents": "12"},
		"service_restored":    {"Company": "Red Robot", "Balance": rub("5000"), "Dependents": "12"},
		"credit_ending":       {"Company": "Red Robot", "Left": rub("300"), "Percent": "10", "Dependents": "12"},
		"sms_cap_reached": {
			"Prefix": "+7912", "Sent": "200", "SentCost": rub("700"), "Refused": "340", "RefusedCost": rub("1190"), "Until": "12:15 (MSK, UTC+03:00)",
		},
		"test": {},
	}
}

// Kinds lists the kinds of letters.
func Kinds() []string { return slices.Sorted(maps.Keys(samples("en"))) }

// Preview is a letter made of sample values.
type Preview struct{ Subject, Text, HTML string }

// Preview renders a kind of letter in a language ("ru" or "en") as it would
// reach a person.
func (s *Service) Preview(kind, language string) (Preview, error) {
	sample, ok := samples(language)[kind]
	if !ok || !slices.Contains(languages, language) {
		return Preview{}, fault.New(fault.NotFound, "There is no such letter.")
	}
	values := map[string]string{
		"Name": map[string]string{"ru": "Анна", "en": "Anna"}[language], "Platform": s.options.Platform,
		"Address": s.options.Address, "Cabinet": s.options.Address + "/c/1",
	}
	maps.Copy(values, sample)
	text, err := s.letters.render(kind, language, values)
	if err != nil {
		return Preview{}, err
	}
	return Preview(text), nil
}

// Languages lists the languages of every letter.
func Languages() []string { return slices.Clone(languages) }
