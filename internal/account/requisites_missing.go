package account

import (
	"slices"
	"strings"
)

// field is a part of the requisites by the path that it has in JSON.
type field struct {
	path  string
	value func(r *Requisites) *string
}

// fields are all of the text fields, in the order of the form.
var fields = []field{
	{"country", func(r *Requisites) *string { return &r.Country }},
	{"kind", func(r *Requisites) *string { return &r.Kind }},
	{"legal_name", func(r *Requisites) *string { return &r.LegalName }},
	{"short_name", func(r *Requisites) *string { return &r.ShortName }},
	{"inn", func(r *Requisites) *string { return &r.INN }},
	{"kpp", func(r *Requisites) *string { return &r.KPP }},
	{"ogrn", func(r *Requisites) *string { return &r.OGRN }},
	{"tax_regime", func(r *Requisites) *string { return &r.TaxRegime }},
	{"vat_rate", func(r *Requisites) *string { return &r.VATRate }},
	{"registration_number", func(r *Requisites) *string { return &r.RegistrationNumber }},
	{"tax_number", func(r *Requisites) *string { return &r.TaxNumber }},
	{"vat_number", func(r *Requisites) *string { return &r.VATNumber }},
	{"duns", func(r *Requisites) *string { return &r.DUNS }},
	{"signatory.name", func(r *Requisites) *string { return &r.Signatory.Name }},
	{"signatory.position", func(r *Requisites) *string { return &r.Signatory.Position }},
	{"signatory.basis", func(r *Requisites) *string { return &r.Signatory.Basis }},
	{"contract_number", func(r *Requisites) *string { return &r.ContractNumber }},
	{"contract_date", func(r *Requisites) *string { return &r.ContractDate }},
	{"bank.name", func(r *Requisites) *string { return &r.Bank.Name }},
	{"bank.bik", func(r *Requisites) *string { return &r.Bank.BIK }},
	{"bank.account", func(r *Requisites) *string { return &r.Bank.Account }},
	{"bank.correspondent_account", func(r *Requisites) *string { return &r.Bank.CorrespondentAccount }},
	{"bank.iban", func(r *Requisites) *string { return &r.Bank.IBAN }},
	{"bank.swift", func(r *Requisites) *string { return &r.Bank.SWIFT }},
	{"bank.aba", func(r *Requisites) *string { return &r.Bank.ABA }},
	{"bank.receiver", func(r *Requisites) *string { return &r.Bank.Receiver }},
	{"legal_address.country", func(r *Requisites) *string { return &r.LegalAddress.Country }},
	{"legal_address.postal_code", func(r *Requisites) *string { return &r.LegalAddress.PostalCode }},
	{"legal_address.region", func(r *Requisites) *string { return &r.LegalAddress.Region }},
	{"legal_address.city", func(r *Requisites) *string { return &r.LegalAddress.City }},
	{"legal_address.street", func(r *Requisites) *string { return &r.LegalAddress.Street }},
	{"postal_address.country", func(r *Requisites) *string { return &r.PostalAddress.Country }},
	{"postal_address.postal_code", func(r *Requisites) *string { return &r.PostalAddress.PostalCode }},
	{"postal_address.region", func(r *Requisites) *string { return &r.PostalAddress.Region }},
	{"postal_address.city", func(r *Requisites) *string { return &r.PostalAddress.City }},
	{"postal_address.street", func(r *Requisites) *string { return &r.PostalAddress.Street }},
}

// parties are the fields that a kind of party must fill in: "RU company".
var parties = map[string][]string{
	"RU " + CompanyParty: {
		"legal_name", "short_name", "inn", "kpp", "ogrn", "tax_regime", "vat_rate", "signatory.name", "signatory.position", "signatory.basis",
		"bank.name", "bank.bik", "bank.account", "bank.correspondent_account",
	},
	"RU " + EntrepreneurParty: {
		"legal_name", "inn", "ogrn", "tax_regime", "vat_rate", "bank.name", "bank.bik", "bank.account", "bank.correspondent_account",
	},
	"RU " + SelfEmployedParty: {"legal_name", "inn"},
	"RU " + PersonParty:       {"legal_name"},
	CompanyParty:              {"legal_name", "registration_number", "signatory.name"},
	PersonParty:               {"legal_name"},
}

// withoutPostcodes are countries that have none (Universal Postal Union,
// addressing systems); everywhere else one must be given.
const withoutPostcodes = " AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GA GD GH GM GQ GY HK JM KI KM KN KP LC " +
	"ML MO MR MW NR NU PA QA RW SB SC SL SR ST SY TD TF TG TK TL TO TT TV UG VU YE ZW "

// Missing names the required fields that are not filled in, in the order of the
// form, by their JSON paths such as "bank.bik".
func (r Requisites) Missing() []string {
	required := []string{"country", "kind"}
	party := r.Kind
	if r.russian() {
		party = "RU " + r.Kind
	}
	if r.Country == "" || parties[party] == nil {
		required = append(required, "legal_name")
	}
	required = append(required, parties[party]...)
	required = append(required, r.LegalAddress.required("legal_address.")...)
	if !r.PostalSame {
		required = append(required, r.PostalAddress.required("postal_address.")...)
	}
	missing := []string{}
	for _, f := range fields {
		if slices.Contains(required, f.path) && *f.value(&r) == "" {
			missing = append(missing, f.path)
		}
	}
	return missing
}

func (a Address) required(prefix string) []string {
	paths := []string{prefix + "country", prefix + "city", prefix + "street"}
	if !strings.Contains(withoutPostcodes, " "+a.Country+" ") {
		paths = append(paths, prefix+"postal_code")
	}
	return paths
}
