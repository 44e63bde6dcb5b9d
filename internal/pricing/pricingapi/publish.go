package pricingapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/platform/httpx"
)

// registerPublishing adds which price list stands on the platform's home page.
func (h handler) registerPublishing(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "published-price-list", Method: http.MethodGet, Path: backOffice + "/published-price-list", Tag: tag,
		Summary: "Which price list the home page shows to everybody", Permission: access.PlatformPrices,
	}, h.published)
	httpx.Handle(api, httpx.Op{
		ID: "publish-price-list", Method: http.MethodPut, Path: backOffice + "/price-lists/{price_list}/published", Tag: tag,
		Summary: "Show a price list on the home page instead of any other, or take it away", Permission: access.PlatformPrices,
		Errors: []int{http.StatusNotFound},
	}, h.publish)
}

type publishedListOutput struct {
	Body struct {
		PriceList *uuid.UUID `json:"price_list" doc:"null: none"`
	}
}

func (h handler) published(ctx context.Context, actor access.Actor, _ *struct{}) (*publishedListOutput, error) {
	out := &publishedListOutput{}
	var err error
	out.Body.PriceList, err = h.prices.PublishedList(ctx, actor)
	return out, err
}

type publishListInput struct {
	List uuid.UUID `path:"price_list"`
	Body struct {
		Published bool `json:"published"`
	}
}

func (h handler) publish(ctx context.Context, actor access.Actor, in *publishListInput) (*struct{}, error) {
	return nil, h.prices.Publish(ctx, actor, in.List, in.Body.Published)
}
