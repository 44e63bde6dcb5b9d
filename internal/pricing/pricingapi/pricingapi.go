// Package pricingapi is the HTTP face of package pricing: price lists and who
// pays by which, for the platform in its back office and for resellers; a
// company's own prices; numbering plans.
package pricingapi

import (
	"context"
	"net/http"

	"parley/internal/access"
	"parley/internal/platform/httpx"
	"parley/internal/pricing"
)

const (
	tag        = "Prices"
	backOffice = "/api/v1/back-office"
	ofCompany  = "/api/v1/companies/{company}"

	largestTable = 4 << 20  // bytes of a list
	largestPlan  = 48 << 20 // bytes of a numbering plan
)

// Register adds the operations of prices to the API.
func Register(api *httpx.API, prices *pricing.Service) {
	h := handler{prices}
	h.registerPlatform(api)
	h.registerReseller(api)
	h.registerPlans(api)
	h.registerPublishing(api)
	h.registerExceptions(api)
	httpx.Handle(api, httpx.Op{
		ID: "own-prices", Method: http.MethodGet, Path: ofCompany + "/prices", Tag: tag,
		Summary: "What the company pays now", Permission: access.PricesView,
	}, h.own)
}

type handler struct{ prices *pricing.Service }

// selling describes an operation of a seller.
type selling struct {
	id, method, path, summary string
	status                    int
	maxBody                   int64
}

var (
	lists      = selling{id: "price-lists", method: http.MethodGet, path: "/price-lists", summary: "The seller's price lists"}
	create     = selling{id: "create-price-list", method: http.MethodPost, path: "/price-lists", summary: "Make an empty price list", status: http.StatusCreated}
	list       = selling{id: "price-list", method: http.MethodGet, path: "/price-lists/{price_list}", summary: "A price list with its versions"}
	addVersion = selling{
		id: "add-price-version", method: http.MethodPost, path: "/price-lists/{price_list}/versions", summary: "Change prices from an instant on",
		status: http.StatusCreated, maxBody: largestTable,
	}
	version = selling{id: "price-version", method: http.MethodGet, path: "/price-lists/{price_list}/versions/{number}", summary: "A version's prices, with cost"}
	table   = selling{id: "price-table", method: http.MethodGet, path: "/price-lists/{price_list}/versions/{number}/csv", summary: "A version's prices as CSV"}
	preview = selling{
		id: "preview-prices", method: http.MethodPost, path: "/price-lists/{price_list}/preview",
		summary: "Read a CSV table of prices, without a change", maxBody: largestTable,
	}
	buyers = selling{id: "price-list-companies", method: http.MethodGet, path: "/price-lists/{price_list}/companies", summary: "Who pays by a list, or will"}
)

// op returns the operation below a root; a prefix tells those of resellers apart.
func (x selling) op(root, prefix string, permission access.Permission) httpx.Op {
	return httpx.Op{
		ID: prefix + x.id, Method: x.method, Path: root + x.path, Tag: tag, Summary: x.summary, Status: x.status, Permission: permission,
		MaxBody: x.maxBody, Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}
}

func (h handler) registerPlatform(api *httpx.API) {
	op := func(x selling) httpx.Op { return x.op(backOffice, "", access.PlatformPrices) }
	httpx.Handle(api, op(lists), h.lists)
	httpx.Handle(api, op(create), h.create)
	httpx.Handle(api, op(list), h.list)
	httpx.Handle(api, op(addVersion), h.addVersion)
	httpx.Handle(api, op(version), h.version)
	api.HandleRaw(op(table), h.table)
	httpx.Handle(api, op(preview), h.preview)
	httpx.Handle(api, op(buyers), h.buyers)
	httpx.Handle(api, op(selling{
		id: "assign-price-list", method: http.MethodPut, path: "/companies/{company}/price-list", summary: "Let a company pay by a list",
	}), func(ctx context.Context, actor access.Actor, in *assignInput) (*assignOutput, error) {
		return h.assign(ctx, actor, in.Company, in.Body)
	})
}

// registerReseller adds the same for resellers, whose company is in the path.
func (h handler) registerReseller(api *httpx.API) {
	op := func(x selling) httpx.Op { return x.op(ofCompany, "reseller-", access.ResellerDependents) }
	httpx.Handle(api, op(lists), func(ctx context.Context, actor access.Actor, _ *struct{ httpx.InCompany }) (*listsOutput, error) {
		return h.lists(ctx, actor, nil)
	})
	httpx.Handle(api, op(create), func(ctx context.Context, actor access.Actor, in *struct {
		httpx.InCompany
		CreateInput
	}) (*listOutput, error) {
		return h.create(ctx, actor, &in.CreateInput)
	})
	httpx.Handle(api, op(list), func(ctx context.Context, actor access.Actor, in *struct {
		httpx.InCompany
		ListInput
	}) (*listOutput, error) {
		return h.list(ctx, actor, &in.ListInput)
	})
	httpx.Handle(api, op(addVersion), func(ctx context.Context, actor access.Actor, in *struct {
		httpx.InCompany
		NewVersionInput
	}) (*versionOutput, error) {
		return h.addVersion(ctx, actor, &in.NewVersionInput)
	})
	httpx.Handle(api, op(version), func(ctx context.Context, actor access.Actor, in *struct {
		httpx.InCompany
		VersionInput
	}) (*versionOutput, error) {
		return h.version(ctx, actor, &in.VersionInput)
	})
	api.HandleRaw(op(table), h.table)
	httpx.Handle(api, op(preview), func(ctx context.Context, actor access.Actor, in *struct {
		httpx.InCompany
		PreviewInput
	}) (*previewOutput, error) {
		return h.preview(ctx, actor, &in.PreviewInput)
	})
	httpx.Handle(api, op(buyers), func(ctx context.Context, actor access.Actor, in *struct {
		httpx.InCompany
		BuyersInput
	}) (*buyersOutput, error) {
		return h.buyers(ctx, actor, &in.BuyersInput)
	})
	httpx.Handle(api, op(selling{
		id: "assign-price-list", method: http.MethodPut, path: "/dependents/{dependent}/price-list", summary: "Let a dependent company pay by a list",
	}), func(ctx context.Context, actor access.Actor, in *dependentAssignInput) (*assignOutput, error) {
		return h.assign(ctx, actor, in.Dependent, in.Body)
	})
}
