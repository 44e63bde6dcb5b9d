// Package pricingapi is the HTTP face of package pricing: the platform's price
// lists and who pays by which.
package pricingapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/money"
	"parley/internal/platform/httpx"
	"parley/internal/pricing"
)

const (
	tag  = "Prices"
	root = "/api/v1/back-office"
)

// Register adds the operations of prices to the API.
func Register(api *httpx.API, prices *pricing.Service) {
	h := handler{prices}
	op := func(id, method, path, summary string, status int) httpx.Op {
		return httpx.Op{
			ID: id, Method: method, Path: root + path, Tag: tag, Summary: summary, Status: status,
			Permission: access.PlatformPrices, Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		}
	}
	httpx.Handle(api, op("price-lists", http.MethodGet, "/price-lists", "The platform's price lists", 0), h.lists)
	httpx.Handle(api, op("create-price-list", http.MethodPost, "/price-lists", "Make an empty price list", http.StatusCreated), h.create)
	httpx.Handle(api, op("price-list", http.MethodGet, "/price-lists/{list}", "A price list with all its versions", 0), h.list)
	httpx.Handle(api, op("add-price-version", http.MethodPost, "/price-lists/{list}/versions", "Change prices from an instant on", http.StatusCreated), h.addVersion)
	httpx.Handle(api, op("assign-price-list", http.MethodPut, "/companies/{company}/price-list", "Let a company pay by a list", 0), h.assign)
}

type handler struct{ prices *pricing.Service }

// PriceItem is the price of one unit.
type PriceItem struct {
	Item      string        `json:"item" example:"chat.operator_message"`
	UnitPrice money.Amount  `json:"unit_price" doc:"Tax included"`
	Cost      *money.Amount `json:"cost,omitempty" doc:"What the seller itself pays now"`
}

// PriceVersion is what a list says from an instant on; it never changes.
type PriceVersion struct {
	Number    int         `json:"number"`
	ValidFrom time.Time   `json:"valid_from"`
	CreatedAt time.Time   `json:"created_at"`
	Items     []PriceItem `json:"items"`
}

// PriceList is a list with its versions, newest first.
type PriceList struct {
	ID        uuid.UUID      `json:"id"`
	Name      string         `json:"name"`
	Currency  string         `json:"currency"`
	CreatedAt time.Time      `json:"created_at"`
	Companies int64          `json:"companies" doc:"How many were ever assigned to it"`
	Versions  []PriceVersion `json:"versions"`
}

func show(l pricing.List, versions []pricing.Version) PriceList {
	out := PriceList{ID: l.ID, Name: l.Name, Currency: l.Currency, CreatedAt: l.CreatedAt, Companies: l.Buyers, Versions: []PriceVersion{}}
	for _, v := range versions {
		shown := PriceVersion{Number: v.Number, ValidFrom: v.ValidFrom, CreatedAt: v.CreatedAt, Items: make([]PriceItem, len(v.Items))}
		for i, x := range v.Items {
			shown.Items[i] = PriceItem{string(x.Item), x.UnitPrice, x.Cost}
		}
		out.Versions = append(out.Versions, shown)
	}
	return out
}

type listsOutput struct {
	Body struct {
		Items      []PriceList `json:"items"`
		NextCursor *string     `json:"next_cursor" doc:"Always null: a seller has few lists"`
	}
}

func (h handler) lists(ctx context.Context, actor access.Actor, _ *struct{}) (*listsOutput, error) {
	all, err := h.prices.Lists(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &listsOutput{}
	out.Body.Items = make([]PriceList, len(all))
	for i, l := range all {
		out.Body.Items[i] = show(l, nil)
	}
	return out, nil
}

type listOutput struct{ Body PriceList }

type createInput struct {
	Body struct {
		Name     string `json:"name" minLength:"1" maxLength:"100"`
		Currency string `json:"currency,omitempty" pattern:"^[A-Z]{3}$" doc:"ISO 4217; the seller's own when left out"`
	}
}

func (h handler) create(ctx context.Context, actor access.Actor, in *createInput) (*listOutput, error) {
	l, err := h.prices.CreateList(ctx, actor, in.Body.Name, in.Body.Currency)
	if err != nil {
		return nil, err
	}
	return &listOutput{show(l, nil)}, nil
}

type ListInput struct {
	List uuid.UUID `path:"list"`
}

func (h handler) list(ctx context.Context, actor access.Actor, in *ListInput) (*listOutput, error) {
	l, versions, err := h.prices.ByID(ctx, actor, in.List)
	if err != nil {
		return nil, err
	}
	for i, v := range versions {
		if _, versions[i], err = h.prices.Version(ctx, actor, in.List, v.Number); err != nil {
			return nil, err
		}
	}
	return &listOutput{show(l, versions)}, nil
}

type versionInput struct {
	ListInput
	Body struct {
		ValidFrom *time.Time `json:"valid_from,omitempty" doc:"Left out: as soon as possible, which is seconds from now"`
		Items     []struct {
			Item      string       `json:"item"`
			UnitPrice money.Amount `json:"unit_price"`
		} `json:"items" minItems:"1" maxItems:"100"`
		BelowCost bool `json:"below_cost,omitempty" doc:"Confirms prices below the seller's own cost"`
	}
}

func (h handler) addVersion(ctx context.Context, actor access.Actor, in *versionInput) (*listOutput, error) {
	n := pricing.NewVersion{ListID: in.List, ValidFrom: in.Body.ValidFrom, BelowCost: in.Body.BelowCost}
	for _, x := range in.Body.Items {
		n.Items = append(n.Items, pricing.ItemPrice{Item: pricing.Item(x.Item), UnitPrice: x.UnitPrice})
	}
	if _, err := h.prices.AddVersion(ctx, actor, n); err != nil {
		return nil, err
	}
	return h.list(ctx, actor, &in.ListInput)
}

type assignInput struct {
	httpx.InCompany
	Body struct {
		PriceList uuid.UUID  `json:"price_list"`
		ValidFrom *time.Time `json:"valid_from,omitempty" doc:"Left out: as soon as possible"`
	}
}

type assignOutput struct {
	Body struct {
		PriceList uuid.UUID `json:"price_list"`
		Name      string    `json:"name"`
		ValidFrom time.Time `json:"valid_from"`
	}
}

func (h handler) assign(ctx context.Context, actor access.Actor, in *assignInput) (*assignOutput, error) {
	a, err := h.prices.Assign(ctx, actor, pricing.NewAssignment{BuyerID: in.Company, ListID: in.Body.PriceList, ValidFrom: in.Body.ValidFrom})
	if err != nil {
		return nil, err
	}
	out := &assignOutput{}
	out.Body.PriceList, out.Body.Name, out.Body.ValidFrom = a.ListID, a.List, a.ValidFrom
	return out, nil
}
