package accountapi

import (
	"context"
	"net/http"
	"strconv"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/httpx"
)

func (e *Entry) registerInformation(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "company-information", Method: http.MethodGet, Path: "/api/v1/companies/{company}/information", Tag: tagCompany,
		Summary: "What the company says of itself, and what is missing", Permission: access.CompanyDetails,
	}, e.information)
	httpx.Handle(api, httpx.Op{
		ID: "change-company-information", Method: http.MethodPut, Path: "/api/v1/companies/{company}/information", Tag: tagCompany,
		Summary: "Change what the company says of itself; what is not filled in yet is no error", Permission: access.CompanyDetails,
		Errors: []int{http.StatusPreconditionFailed, http.StatusUnprocessableEntity},
	}, e.changeInformation)
}

// Information is what a company says of itself.
type Information struct {
	Name        string             `json:"name"`
	Email       string             `json:"email"`
	Phone       string             `json:"phone" doc:"E.164, or empty"`
	TimeZone    string             `json:"time_zone" doc:"IANA name"`
	MaxDialogs  int                `json:"max_dialogs" doc:"Open sessions an operator gets, unless theirs says otherwise"`
	Currency    string             `json:"currency" doc:"ISO 4217"`
	CreditLimit money.Amount       `json:"credit_limit" doc:"Set by the seller"`
	Requisites  account.Requisites `json:"requisites"`
	Missing     []string           `json:"missing" doc:"Required and not filled in, in the form's order, such as requisites.inn"`
	Version     int                `json:"version"`
}

type informationOutput struct {
	ETag string `header:"ETag"`
	Body Information
}

func (e *Entry) informationAnswer(ctx context.Context, companyID int64, i account.Information) (*informationOutput, error) {
	company, err := e.accounts.Company(ctx, companyID)
	if err != nil {
		return nil, err
	}
	out := &informationOutput{ETag: strconv.Quote(strconv.Itoa(i.Version)), Body: Information{
		Name: i.Name, Email: i.Email, Phone: i.Phone, TimeZone: i.TimeZone, MaxDialogs: i.MaxDialogs,
		Currency: company.Currency, Requisites: i.Requisites, Missing: i.Missing(), Version: i.Version,
	}}
	if e.options.CreditLimit != nil {
		out.Body.CreditLimit, err = e.options.CreditLimit(ctx, companyID)
	}
	return out, err
}

func (e *Entry) information(ctx context.Context, actor access.Actor, _ *struct{ httpx.InCompany }) (*informationOutput, error) {
	info, err := e.accounts.Information(ctx, actor)
	if err != nil {
		return nil, err
	}
	return e.informationAnswer(ctx, actor.CompanyID, info)
}

type changeInformationInput struct {
	httpx.InCompany
	IfMatch string `header:"If-Match" doc:"ETag of the version that was seen; without it whatever is there is changed"`
	Body    struct {
		Name       string             `json:"name"`
		Email      string             `json:"email"`
		Phone      string             `json:"phone"`
		TimeZone   string             `json:"time_zone"`
		MaxDialogs int                `json:"max_dialogs"`
		Requisites account.Requisites `json:"requisites"`
	}
}

func (e *Entry) changeInformation(ctx context.Context, actor access.Actor, in *changeInformationInput) (*informationOutput, error) {
	version, err := versionOf(in.IfMatch)
	if err != nil {
		return nil, err
	}
	info, err := e.accounts.ChangeInformation(ctx, actor, account.Information{
		Name: in.Body.Name, Email: in.Body.Email, Phone: in.Body.Phone, TimeZone: in.Body.TimeZone,
		MaxDialogs: in.Body.MaxDialogs, Requisites: in.Body.Requisites, Version: version,
	})
	if err != nil {
		return nil, err
	}
	return e.informationAnswer(ctx, actor.CompanyID, info)
}
