package pricingapi

import (
	"context"
	"net/http"
	"time"

	"parley/internal/access"
	"parley/internal/platform/httpx"
	"parley/internal/pricing"
)

type ownOutput struct {
	Body struct {
		Currency  string     `json:"currency"`
		ValidFrom *time.Time `json:"valid_from" doc:"null: no prices are set"`
		Changes   *time.Time `json:"changes" doc:"When other prices hold; null: no change is set"`
		Items     []Price    `json:"items"`
	}
}

func (h handler) own(ctx context.Context, actor access.Actor, _ *struct{ httpx.InCompany }) (*ownOutput, error) {
	p, err := h.prices.Own(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &ownOutput{}
	out.Body.Currency, out.Body.ValidFrom, out.Body.Changes = p.Currency, p.ValidFrom, p.Changes
	out.Body.Items = make([]Price, len(p.Items))
	for i, x := range p.Items {
		out.Body.Items[i] = showPrice(x)
	}
	return out, nil
}

func (h handler) registerPlans(api *httpx.API) {
	op := func(id, method, path, summary string) httpx.Op {
		return httpx.Op{
			ID: id, Method: method, Path: backOffice + path, Tag: tag, Summary: summary, Permission: access.PlatformPrices,
			MaxBody: largestPlan, Errors: []int{http.StatusUnprocessableEntity},
		}
	}
	httpx.Handle(api, op("number-plans", http.MethodGet, "/number-plans", "Which numbers belong to which network, by country"), h.plans)
	httpx.Handle(api, op("import-number-plan", http.MethodPut, "/number-plans/{country}", "Replace the numbering plan of a country"), h.importPlan)
	httpx.Handle(api, op("locate-number", http.MethodGet, "/number-location", "Where a telephone number lies"), h.locate)
}

// NumberPlan is the numbering plan of a country.
type NumberPlan struct {
	Country    string     `json:"country"`
	Source     string     `json:"source"`
	Ranges     int        `json:"ranges"`
	ImportedAt *time.Time `json:"imported_at" doc:"null: built in"`
}

type plansOutput struct {
	Body struct {
		Items      []NumberPlan `json:"items"`
		NextCursor *string      `json:"next_cursor" doc:"Always null"`
	}
}

func (h handler) plans(ctx context.Context, actor access.Actor, _ *struct{}) (*plansOutput, error) {
	all, err := h.prices.Plans(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &plansOutput{}
	out.Body.Items = make([]NumberPlan, len(all))
	for i, p := range all {
		out.Body.Items[i] = NumberPlan(p)
	}
	return out, nil
}

type planInput struct {
	Country string `path:"country" pattern:"^[A-Z]{2}$"`
	Body    struct {
		Source string `json:"source" minLength:"1" maxLength:"200" doc:"Where it comes from, for people"`
		Table  string `json:"table" doc:"CSV: prefix,mcc,mnc,name or from,to,mcc,mnc,name or the open data of Rossvyaz"`
	}
}

type planOutput struct{ Body NumberPlan }

func (h handler) importPlan(ctx context.Context, actor access.Actor, in *planInput) (*planOutput, error) {
	p, err := h.prices.ImportPlan(ctx, actor, pricing.NewPlan{Country: in.Country, Source: in.Body.Source, Table: []byte(in.Body.Table)})
	if err != nil {
		return nil, err
	}
	return &planOutput{NumberPlan(p)}, nil
}

type locateInput struct {
	Number string `query:"number" maxLength:"40" doc:"As people write it"`
}

type locateOutput struct {
	Body struct {
		Number  string `json:"number" doc:"E.164"`
		Country string `json:"country"`
		Network string `json:"network" doc:"MCC and MNC; empty: unknown. Ported numbers are told by the network that gave them out"`
		Name    string `json:"name" doc:"Of the network"`
	}
}

func (h handler) locate(ctx context.Context, actor access.Actor, in *locateInput) (*locateOutput, error) {
	at, err := h.prices.Locate(ctx, actor, in.Number)
	if err != nil {
		return nil, err
	}
	out := &locateOutput{}
	out.Body.Number, out.Body.Country, out.Body.Network, out.Body.Name = at.Number, at.Country, at.Network, at.Name
	return out, nil
}
