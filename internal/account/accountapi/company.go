package accountapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const tagCompany = "Company"

func (e *Entry) registerCompany(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "company", Method: http.MethodGet, Path: "/api/v1/companies/{company}", Tag: tagCompany,
		Summary: "The company's settings", Permission: access.CompanyView,
	}, e.company)
	httpx.Handle(api, httpx.Op{
		ID: "change-company", Method: http.MethodPatch, Path: "/api/v1/companies/{company}", Tag: tagCompany,
		Summary: "Change the company's settings", Permission: access.CompanyManage,
		Errors: []int{http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity},
	}, e.changeCompany)
}

// Company is a company's settings.
type Company struct {
	ID                 int64  `json:"id"`
	Kind               string `json:"kind" enum:"platform,reseller,company"`
	Name               string `json:"name"`
	TimeZone           string `json:"time_zone" doc:"IANA name"`
	Currency           string `json:"currency" doc:"ISO 4217; fixed after the first entry"`
	MaxDialogs         int    `json:"max_dialogs" doc:"Open sessions an operator gets, unless theirs says otherwise"`
	OperatorsSeePrices bool   `json:"operators_see_prices"`
	Version            int    `json:"version"`
}

type companyOutput struct {
	ETag string `header:"ETag"`
	Body Company
}

func companyAnswer(c account.Company) *companyOutput {
	return &companyOutput{ETag: strconv.Quote(strconv.Itoa(c.Version)), Body: Company{
		ID: c.ID, Kind: string(c.Kind), Name: c.Name, TimeZone: c.TimeZone, Currency: c.Currency,
		MaxDialogs: c.MaxDialogs, OperatorsSeePrices: c.OperatorsSeePrices, Version: c.Version,
	}}
}

func (e *Entry) company(ctx context.Context, actor access.Actor, _ *struct{ httpx.InCompany }) (*companyOutput, error) {
	c, err := e.accounts.Settings(ctx, actor)
	if err != nil {
		return nil, err
	}
	return companyAnswer(c), nil
}

type changeCompanyInput struct {
	httpx.InCompany
	IfMatch string `header:"If-Match" doc:"ETag of the version that was seen; without it whatever is there is changed"`
	Body    struct {
		Name               *string `json:"name,omitempty"`
		TimeZone           *string `json:"time_zone,omitempty"`
		Currency           *string `json:"currency,omitempty"`
		MaxDialogs         *int    `json:"max_dialogs,omitempty"`
		OperatorsSeePrices *bool   `json:"operators_see_prices,omitempty"`
	}
}

func (e *Entry) changeCompany(ctx context.Context, actor access.Actor, in *changeCompanyInput) (*companyOutput, error) {
	version, err := versionOf(in.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := e.accounts.ChangeCompany(ctx, actor, account.CompanyChange{
		Version: version, Name: in.Body.Name, TimeZone: in.Body.TimeZone, Currency: in.Body.Currency,
		MaxDialogs: in.Body.MaxDialogs, OperatorsSeePrices: in.Body.OperatorsSeePrices,
	})
	if err != nil {
		return nil, err
	}
	return companyAnswer(c), nil
}

// versionOf reads an If-Match of one entity tag of ours; 0 is any version.
func versionOf(ifMatch string) (int, error) {
	if ifMatch == "" || ifMatch == "*" {
		return 0, nil
	}
	version, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(ifMatch, "W/"), `"`))
	if err != nil || version < 1 {
		return 0, fault.New(fault.VersionConflict, "The If-Match header names no version of this.")
	}
	return version, nil
}
