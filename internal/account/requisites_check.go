package account

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"parley/internal/account/checkdigit"
	"parley/internal/platform/fault"
)

// The regimes and VAT rates that Russian law knows; each rate is one that was
// in force in some year, because papers of that year may still be made.
var (
	taxRegimes = []string{"general", "simplified", "automated", "patent", "agricultural", "professional"}
	vatRates   = []string{"none", "0", "5", "7", "10", "20", "22"}
)

var (
	percent      = regexp.MustCompile(`^(none|\d{1,2}(\.\d{1,2})?)$`)
	plainAccount = regexp.MustCompile(`^[0-9A-Z]{4,34}$`)
	postcode     = regexp.MustCompile(`^[0-9A-Z][0-9A-Z -]{1,10}$`)
	postcodes    = map[string]*regexp.Regexp{
		"RU": regexp.MustCompile(`^\d{6}$`),
		"BY": regexp.MustCompile(`^\d{6}$`),
		"DE": regexp.MustCompile(`^\d{5}$`),
		"US": regexp.MustCompile(`^\d{5}(-\d{4})?$`),
	}
)

const (
	longestField   = 300
	mostPaperMails = 10
)

// codes are the fields of digits and letters that people write with blanks and
// dashes in them.
var codes = []string{
	"country", "inn", "kpp", "ogrn", "vat_number", "duns", "bank.bik", "bank.account", "bank.correspondent_account", "bank.iban",
	"bank.swift", "bank.aba", "legal_address.country", "postal_address.country",
}

// russianOnly and foreignOnly are empty on the other side of the border.
var (
	russianOnly = []string{"inn", "kpp", "ogrn", "tax_regime", "bank.bik", "bank.correspondent_account"}
	foreignOnly = []string{"registration_number", "tax_number", "vat_number", "duns", "bank.iban", "bank.swift", "bank.aba"}
)

const underRequisites = "requisites."

// check cleans what was typed, empties what the country and the kind don't
// have, and notes what cannot be. What is not filled in yet is no problem.
func (r *Requisites) check(p *problems) {
	r.clean(p)
	r.checkParty(p)
	if r.russian() {
		r.empty(foreignOnly...)
		r.checkRussian(p)
	} else {
		r.empty(russianOnly...)
		r.checkForeign(p)
	}
	r.LegalAddress.check(p, underRequisites+"legal_address.")
	if r.PostalSame {
		r.PostalAddress = Address{}
	}
	r.PostalAddress.check(p, underRequisites+"postal_address.")
	if r.ContractDate != "" {
		date, err := time.Parse(time.DateOnly, r.ContractDate)
		p.must(err == nil && date.Year() >= 1990 && date.Year() < 2100, "requisites.contract_date", "Enter a date such as 2026-11-21.")
	}
	r.checkEmails(p)
}

func (r *Requisites) clean(p *problems) {
	for _, f := range fields {
		value := f.value(r)
		if slices.Contains(codes, f.path) {
			*value = compact(*value)
		}
		*value = p.text(underRequisites+f.path, *value, false, longestField)
	}
}

// compact takes blanks and dashes out of a code and makes it capital.
func compact(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '.' {
			return -1
		}
		return r
	}, s))
}

func (r *Requisites) empty(paths ...string) {
	for _, f := range fields {
		if slices.Contains(paths, f.path) {
			*f.value(r) = ""
		}
	}
}

func (r *Requisites) checkParty(p *problems) {
	p.country(underRequisites+"country", r.Country)
	kinds := []string{"", CompanyParty, PersonParty}
	if r.russian() {
		kinds = append(kinds, EntrepreneurParty, SelfEmployedParty)
	}
	p.must(slices.Contains(kinds, r.Kind), "requisites.kind", "Choose what the country has.")
	p.must(r.VATRate == "" || percent.MatchString(r.VATRate), "requisites.vat_rate", "Enter a percentage such as 22, or none.")
}

func (r *Requisites) checkRussian(p *problems) {
	if r.Kind != CompanyParty {
		r.empty("kpp")
	}
	if r.Kind == SelfEmployedParty || r.Kind == PersonParty {
		r.empty("ogrn")
	}
	if r.Kind == SelfEmployedParty {
		r.TaxRegime, r.VATRate = "professional", "none"
	}
	inn := len(r.INN) == 12
	if r.Kind == CompanyParty {
		inn = len(r.INN) == 10
	}
	p.must(r.INN == "" || inn && checkdigit.INN(r.INN), "requisites.inn", "This is no INN: a company has 10 digits, a person 12.")
	p.must(r.KPP == "" || checkdigit.KPP(r.KPP), "requisites.kpp", "This is no KPP: it has 9 characters.")
	ogrn := checkdigit.OGRN
	if r.Kind == EntrepreneurParty {
		ogrn = checkdigit.OGRNIP
	}
	p.must(r.OGRN == "" || ogrn(r.OGRN), "requisites.ogrn", "This is no OGRN: a company has 13 digits, an entrepreneur 15.")
	p.must(r.TaxRegime == "" || slices.Contains(taxRegimes, r.TaxRegime), "requisites.tax_regime", "There is no such regime.")
	p.must(r.VATRate == "" || slices.Contains(vatRates, r.VATRate), "requisites.vat_rate", "There is no such rate.")
	r.Bank.checkRussian(p)
}

func (b Bank) checkRussian(p *problems) {
	p.must(b.BIK == "" || checkdigit.BIK(b.BIK), "requisites.bank.bik", "This is no BIK: it has 9 digits.")
	if !checkdigit.BIK(b.BIK) {
		p.must(b.Account == "" || len(b.Account) == 20, "requisites.bank.account", "An account has 20 digits.")
		p.must(b.CorrespondentAccount == "" || len(b.CorrespondentAccount) == 20, "requisites.bank.correspondent_account", "An account has 20 digits.")
		return
	}
	p.must(b.Account == "" || checkdigit.SettlementAccount(b.Account, b.BIK), "requisites.bank.account", "The bank with this BIK has no such account.")
	p.must(b.CorrespondentAccount == "" || checkdigit.CorrespondentAccount(b.CorrespondentAccount, b.BIK),
		"requisites.bank.correspondent_account", "The bank with this BIK has no such account.")
}

func (r *Requisites) checkForeign(p *problems) {
	vat, _ := checkdigit.VAT(r.VATNumber, r.Country)
	p.must(r.VATNumber == "" || vat, "requisites.vat_number", "The country has no such VAT numbers.")
	p.must(r.DUNS == "" || checkdigit.DUNS(r.DUNS), "requisites.duns", "A DUNS number has 9 digits.")
	b := r.Bank
	p.must(b.IBAN == "" || checkdigit.IBAN(b.IBAN), "requisites.bank.iban", "This is no IBAN: a character is wrong.")
	p.must(b.SWIFT == "" || checkdigit.SWIFT(b.SWIFT), "requisites.bank.swift", "A SWIFT code has 8 or 11 characters.")
	p.must(b.ABA == "" || checkdigit.ABA(b.ABA), "requisites.bank.aba", "This is no routing number: a digit is wrong.")
	p.must(b.Account == "" || plainAccount.MatchString(b.Account), "requisites.bank.account", "Use digits and letters only.")
}

func (a *Address) check(p *problems, prefix string) {
	p.country(prefix+"country", a.Country)
	if a.PostalCode == "" {
		return
	}
	a.PostalCode = strings.ToUpper(a.PostalCode)
	form, known := postcodes[a.Country]
	if !known {
		form = postcode
	}
	p.must(form.MatchString(a.PostalCode), prefix+"postal_code", "The country has no such postal codes.")
}

func (r *Requisites) checkEmails(p *problems) {
	const field = "requisites.document_emails"
	p.must(len(r.DocumentEmails) <= mostPaperMails, field, "Enter ten addresses at most.")
	emails := []string{}
	for _, s := range r.DocumentEmails[:min(len(r.DocumentEmails), mostPaperMails)] {
		if strings.TrimSpace(s) == "" {
			continue
		}
		if email := p.email(field, s); !slices.Contains(emails, email) {
			emails = append(emails, email)
		}
	}
	r.DocumentEmails = emails
}

// country checks a code of two letters; empty is not filled in.
func (p *problems) country(field, code string) {
	if code == "" {
		return
	}
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() || region.Canonicalize() != region || region.String() != code {
		p.add(field, fault.UnknownName, "Choose a country.")
	}
}

// must notes a malformed field unless ok.
func (p *problems) must(ok bool, field, message string) {
	if !ok {
		p.add(field, fault.BadFormat, message)
	}
}
