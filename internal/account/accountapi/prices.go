package accountapi

import (
	"context"
	"net/http"

	"parley/internal/access"
	"parley/internal/money"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

// Prices are what the seller of a host shows to everybody.
type Prices struct {
	Currency string  `json:"currency"`
	Items    []Price `json:"items"`
}

// Price is what one unit of an item costs.
type Price struct {
	Item      string       `json:"item" example:"chat.operator_message"`
	UnitPrice money.Amount `json:"unit_price"`
	Lowest    bool         `json:"lowest" doc:"There are higher ones, by destination or by volume"`
}

type pricesOutput struct{ Body Prices }

func (e *Entry) registerPrices(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "site-prices", Method: http.MethodGet, Path: "/api/v1/site/prices", Tag: tagSignUp,
		Summary: "What the seller whose pages these are asks for, when it has published that", Permission: access.Public,
		Errors: []int{http.StatusNotFound},
	}, e.prices)
}

func (e *Entry) prices(ctx context.Context, _ access.Actor, in *hostInput) (*pricesOutput, error) {
	site, err := e.accounts.Site(ctx, in.request.Host)
	if err != nil {
		return nil, err
	}
	if e.options.Prices == nil {
		return nil, fault.New(fault.NotFound, "No prices are published here.")
	}
	p, err := e.options.Prices(ctx, site.SellerID)
	return &pricesOutput{p}, err
}

// pricesPublished says whether a seller shows its prices to everybody.
func (e *Entry) pricesPublished(ctx context.Context, sellerID int64) (bool, error) {
	if e.options.Prices == nil {
		return false, nil
	}
	_, err := e.options.Prices(ctx, sellerID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}
