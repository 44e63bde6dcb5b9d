package pricingapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/platform/httpx"
	"parley/internal/pricing"
)

var (
	exceptions    = selling{id: "own-prices-of-company", method: http.MethodGet, summary: "A company's own prices over its list's, through time"}
	setExceptions = selling{
		id: "set-own-prices-of-company", method: http.MethodPost, summary: "Give a company its own prices over its list's", status: http.StatusCreated, maxBody: largestTable,
	}
	assignAll = selling{
		id: "assign-price-list-to-many", method: http.MethodPost, path: "/price-lists/{price_list}/companies",
		summary: "Let many companies pay by a list from one time on: all or none",
	}
)

func (x selling) at(path string) selling {
	x.path = path
	return x
}

// registerExceptions adds own prices of companies, and lists for many at once.
func (h handler) registerExceptions(api *httpx.API) {
	platform := func(x selling) httpx.Op { return x.op(backOffice, "", access.PlatformPrices) }
	const ofPlatform = "/companies/{company}/own-prices"
	httpx.Handle(api, platform(exceptions.at(ofPlatform)), func(ctx context.Context, actor access.Actor, in *struct{ httpx.InCompany }) (*exceptionsOutput, error) {
		return h.exceptions(ctx, actor, in.Company)
	})
	httpx.Handle(api, platform(setExceptions.at(ofPlatform)), func(ctx context.Context, actor access.Actor, in *struct {
		httpx.InCompany
		Body OwnVersion
	}) (*versionOutput, error) {
		return h.setExceptions(ctx, actor, in.Company, in.Body)
	})
	httpx.Handle(api, platform(assignAll), h.assignAll)
	reseller := func(x selling) httpx.Op { return x.op(ofCompany, "reseller-", access.ResellerDependents) }
	const ofReseller = "/dependents/{dependent}/own-prices"
	httpx.Handle(api, reseller(exceptions.at(ofReseller)), func(ctx context.Context, actor access.Actor, in *DependentInput) (*exceptionsOutput, error) {
		return h.exceptions(ctx, actor, in.Dependent)
	})
	httpx.Handle(api, reseller(setExceptions.at(ofReseller)), func(ctx context.Context, actor access.Actor, in *struct {
		DependentInput
		Body OwnVersion
	}) (*versionOutput, error) {
		return h.setExceptions(ctx, actor, in.Dependent, in.Body)
	})
	httpx.Handle(api, reseller(assignAll), func(ctx context.Context, actor access.Actor, in *struct {
		httpx.InCompany
		AssignAllInput
	}) (*assignAllOutput, error) {
		return h.assignAll(ctx, actor, &in.AssignAllInput)
	})
}

type DependentInput struct {
	httpx.InCompany
	Dependent int64 `path:"dependent" minimum:"1"`
}

// OwnVersion is what a company's own prices are from an instant on.
type OwnVersion struct {
	ValidFrom  *time.Time `json:"valid_from,omitempty" doc:"Left out: as soon as possible, which is seconds from now"`
	ValidUntil *time.Time `json:"valid_until,omitempty" doc:"Left out: until the next version"`
	Items      []Price    `json:"items" maxItems:"20000" doc:"Empty: its list alone counts"`
	BelowCost  bool       `json:"below_cost,omitempty" doc:"Confirms prices below the seller's own cost"`
}

type exceptionsOutput struct {
	Body struct {
		PriceList *uuid.UUID     `json:"price_list" doc:"Under which its versions are read one by one; null: it never had own prices"`
		Currency  string         `json:"currency"`
		Versions  []PriceVersion `json:"versions" doc:"Newest first"`
		Lists     []AssignedList `json:"lists" doc:"By which it pays and paid, newest first"`
	}
}

// AssignedList is a list that a company pays by from an instant on.
type AssignedList struct {
	PriceList uuid.UUID `json:"price_list"`
	Name      string    `json:"name"`
	ValidFrom time.Time `json:"valid_from"`
}

func (h handler) exceptions(ctx context.Context, actor access.Actor, buyer int64) (*exceptionsOutput, error) {
	list, versions, err := h.prices.Exceptions(ctx, actor, buyer)
	if err != nil {
		return nil, err
	}
	assigned, err := h.prices.Assignments(ctx, actor, buyer)
	if err != nil {
		return nil, err
	}
	out := &exceptionsOutput{}
	out.Body.Versions, out.Body.Lists = make([]PriceVersion, len(versions)), make([]AssignedList, len(assigned))
	if list != nil {
		out.Body.PriceList, out.Body.Currency = &list.ID, list.Currency
	}
	for i, v := range versions {
		out.Body.Versions[i] = showVersion(v)
	}
	for i, a := range assigned {
		out.Body.Lists[i] = AssignedList{a.ListID, a.List, a.ValidFrom}
	}
	return out, nil
}

func (h handler) setExceptions(ctx context.Context, actor access.Actor, buyer int64, n OwnVersion) (*versionOutput, error) {
	p := pricing.NewVersion{ValidFrom: n.ValidFrom, ValidUntil: n.ValidUntil, BelowCost: n.BelowCost}
	for _, x := range n.Items {
		p.Items = append(p.Items, x.read())
	}
	v, err := h.prices.SetExceptions(ctx, actor, buyer, p)
	if err != nil {
		return nil, err
	}
	v.Items = nil
	return &versionOutput{showVersion(v)}, nil
}

type AssignAllInput struct {
	ListInput
	Body struct {
		Companies []int64    `json:"companies" minItems:"1" maxItems:"500"`
		ValidFrom *time.Time `json:"valid_from,omitempty" doc:"Left out: as soon as possible"`
	}
}

type assignAllOutput struct {
	Body struct {
		Companies int       `json:"companies" doc:"How many"`
		ValidFrom time.Time `json:"valid_from"`
	}
}

func (h handler) assignAll(ctx context.Context, actor access.Actor, in *AssignAllInput) (*assignAllOutput, error) {
	all, err := h.prices.AssignAll(ctx, actor, pricing.NewAssignment{ListID: in.PriceList, ValidFrom: in.Body.ValidFrom}, in.Body.Companies)
	if err != nil {
		return nil, err
	}
	out := &assignAllOutput{}
	out.Body.Companies, out.Body.ValidFrom = len(all), all[0].ValidFrom
	return out, nil
}
