package account

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
)

// The kinds of parties in papers. Outside of Russia there are companies and
// persons only.
const (
	CompanyParty      = "company"
	EntrepreneurParty = "entrepreneur"
	SelfEmployedParty = "self_employed"
	PersonParty       = "person"
)

// Requisites are what a company is called and where it banks, for papers. The
// country decides which fields there are: "RU" has its own. Empty is not
// filled in. They are stored and frozen into papers as JSON.
type Requisites struct {
	Country            string    `json:"country" doc:"ISO 3166-1 alpha-2; RU has fields of its own"`
	Kind               string    `json:"kind" doc:"RU: company, entrepreneur, self_employed or person; others: company or person"`
	ShortName          string    `json:"short_name"`
	LegalName          string    `json:"legal_name"`
	INN                string    `json:"inn" doc:"RU: 10 digits of a company, 12 of a person"`
	KPP                string    `json:"kpp" doc:"RU companies"`
	OGRN               string    `json:"ogrn" doc:"RU: 13 digits of a company, 15 (OGRNIP) of an entrepreneur"`
	TaxRegime          string    `json:"tax_regime" doc:"RU: general, simplified, automated, patent, agricultural or professional"`
	VATRate            string    `json:"vat_rate" doc:"Percent, such as 22, or none"`
	RegistrationNumber string    `json:"registration_number" doc:"Not RU"`
	TaxNumber          string    `json:"tax_number" doc:"Not RU"`
	VATNumber          string    `json:"vat_number" doc:"Not RU; with the country's prefix"`
	DUNS               string    `json:"duns" doc:"Not RU; 9 digits"`
	Signatory          Signatory `json:"signatory"`
	ContractNumber     string    `json:"contract_number"`
	ContractDate       string    `json:"contract_date" doc:"2026-11-21, or empty"`
	Bank               Bank      `json:"bank"`
	LegalAddress       Address   `json:"legal_address"`
	PostalAddress      Address   `json:"postal_address" doc:"Empty when it is the legal one"`
	PostalSame         bool      `json:"postal_same"`
	DocumentEmails     []string  `json:"document_emails" maxItems:"10"`
}

// Signatory is who signs for a company, and by what right.
type Signatory struct {
	Name     string `json:"name"`
	Position string `json:"position"`
	Basis    string `json:"basis" doc:"Such as the charter, or a power of attorney"`
}

// Bank is where a company banks.
type Bank struct {
	Name                 string `json:"name"`
	BIK                  string `json:"bik" doc:"RU"`
	Account              string `json:"account" doc:"RU: the settlement account, 20 digits; others: the account where there is no IBAN"`
	CorrespondentAccount string `json:"correspondent_account" doc:"RU: 20 digits"`
	IBAN                 string `json:"iban"`
	SWIFT                string `json:"swift" doc:"BIC, 8 or 11 characters"`
	ABA                  string `json:"aba" doc:"US routing number, 9 digits"`
	Receiver             string `json:"receiver"`
}

// Address is a place that post reaches.
type Address struct {
	Country    string `json:"country" doc:"ISO 3166-1 alpha-2"`
	PostalCode string `json:"postal_code"`
	Region     string `json:"region"`
	City       string `json:"city"`
	Street     string `json:"street" doc:"Street, house, flat"`
}

// Requisites returns what a company said of itself; zero when it never did.
// Who may know is the caller's question.
func (s *Service) Requisites(ctx context.Context, companyID int64) (Requisites, error) {
	row, err := s.trusted().CompanyDetails(ctx, companyID)
	if db.NoRows(err) {
		return Requisites{}, nil
	}
	if err != nil {
		return Requisites{}, fmt.Errorf("read requisites: %w", err)
	}
	return requisitesOf(row)
}

func requisitesOf(row accountdb.CompanyDetail) (Requisites, error) {
	var r Requisites
	if err := json.Unmarshal(row.Requisites, &r); err != nil {
		return r, fmt.Errorf("requisites of company %d: %w", row.CompanyID, err)
	}
	return r, nil
}

// russian says which rules hold.
func (r Requisites) russian() bool { return r.Country == "RU" }
