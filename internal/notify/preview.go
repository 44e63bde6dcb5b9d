package notify

import (
	"maps"
	"slices"

	"parley/internal/platform/fault"
)

// samples are values of each kind, for previews and tests. What a kind needs
// is what its sample has.
var samples = map[string]map[string]string{
	"email_confirmation":  {"Link": "https://parley.example/confirm#sample"},
	"code":                {"Code": "123456"},
	"address_in_use":      {},
	"recovery":            {"Link": "https://parley.example/recovery#sample"},
	"password_changed":    {"IP": "192.0.2.7"},
	"new_device":          {"Device": "Firefox, Linux", "IP": "192.0.2.7"},
	"sign_in_locked":      {"Until": "12:15 (MSK, UTC+03:00)", "IP": "192.0.2.7"},
	"legal_texts_changed": {},
	"invoice":             {"Number": "A-17", "Total": "12 000.00 RUB", "DueOn": "2026-12-05", "ID": "sample"},
	"documents_of_month":  {"Month": "2026-11", "ToPay": "12 000.00 RUB", "DueOn": "2026-12-14", "ID": "sample"},
	"payment_received":    {"Amount": "12 000.00 RUB", "Invoice": "A-17"},
	"low_balance":         {"Company": "Red Robot", "Balance": "120.00 RUB", "Percent": "10", "Dependents": "12"},
	"service_suspended":   {"Company": "Red Robot", "Balance": "-0.40 RUB", "Dependents": "12"},
	"service_restored":    {"Company": "Red Robot", "Balance": "5 000.00 RUB", "Dependents": "12"},
	"credit_ending":       {"Company": "Red Robot", "Left": "300.00 RUB", "Percent": "10", "Dependents": "12"},
	"sms_cap_reached": {
		"Prefix": "+7912", "Sent": "200", "SentCost": "700.00 RUB", "Refused": "340", "RefusedCost": "1190.00 RUB", "Until": "12:15 (MSK, UTC+03:00)",
	},
	"test": {},
}

// Kinds lists the kinds of letters.
func Kinds() []string { return slices.Sorted(maps.Keys(samples)) }

// Preview is a letter made of sample values.
type Preview struct{ Subject, Text, HTML string }

// Preview renders a kind of letter in a language ("ru" or "en") as it would
// reach a person.
func (s *Service) Preview(kind, language string) (Preview, error) {
	sample, ok := samples[kind]
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
