package pricingapi

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/money"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
	"parley/internal/pricing"
)

// Price is the price of one unit, for a destination and from a number of units
// used in the month. Empty texts stand for any.
type Price struct {
	Item         string       `json:"item" example:"sms.delivered_part"`
	Country      string       `json:"country,omitempty" example:"RU" doc:"ISO 3166-1 alpha-2"`
	Network      string       `json:"network,omitempty" example:"25001" doc:"MCC and MNC (ITU-T E.212)"`
	Category     string       `json:"category,omitempty" example:"marketing" doc:"Of a WhatsApp template"`
	FromQuantity int64        `json:"from_quantity,omitempty" minimum:"0" doc:"Units of the item used before in the month"`
	FreeQuantity int64        `json:"free_quantity,omitempty" minimum:"0" doc:"Units of the month that cost nothing; with the price from 0"`
	UnitPrice    money.Amount `json:"unit_price" doc:"Tax included"`

	MinimumSeconds int `json:"minimum_seconds,omitempty" minimum:"0" maximum:"3600" doc:"Of a call: it counts as at least this long"`
	FreeSeconds    int `json:"free_seconds,omitempty" minimum:"0" maximum:"3600" doc:"Of a call: up to this length it costs nothing"`
}

// PricedItem is a price with what the seller itself pays.
type PricedItem struct {
	Price
	Cost      *money.Amount `json:"cost,omitempty" doc:"What the seller itself pays now for the same, when it is a reseller"`
	BelowCost bool          `json:"below_cost,omitempty" doc:"It has to be confirmed"`
}

func showPrice(x pricing.ItemPrice) Price {
	return Price{
		Item: string(x.Item), Country: x.Destination.Country, Network: x.Destination.Network, Category: x.Destination.Category,
		FromQuantity: x.FromQuantity, FreeQuantity: x.FreeQuantity, UnitPrice: x.UnitPrice,
		MinimumSeconds: x.MinimumSeconds, FreeSeconds: x.FreeSeconds,
	}
}

func (p Price) read() pricing.ItemPrice {
	return pricing.ItemPrice{
		Item: pricing.Item(p.Item), Destination: pricing.Destination{Country: p.Country, Network: p.Network, Category: p.Category},
		FromQuantity: p.FromQuantity, FreeQuantity: p.FreeQuantity, UnitPrice: p.UnitPrice,
		MinimumSeconds: p.MinimumSeconds, FreeSeconds: p.FreeSeconds,
	}
}

// PriceVersion is what a list says from an instant on; it never changes.
type PriceVersion struct {
	Number     int          `json:"number"`
	ValidFrom  time.Time    `json:"valid_from"`
	ValidUntil *time.Time   `json:"valid_until" doc:"null: until the next version"`
	CreatedAt  time.Time    `json:"created_at"`
	Prices     int64        `json:"prices" doc:"How many"`
	Items      []PricedItem `json:"items,omitempty" doc:"Only of a version that is asked for alone"`
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
		out.Versions = append(out.Versions, showVersion(v))
	}
	return out
}

func showVersion(v pricing.Version) PriceVersion {
	out := PriceVersion{Number: v.Number, ValidFrom: v.ValidFrom, ValidUntil: v.ValidUntil, CreatedAt: v.CreatedAt, Prices: v.Prices}
	for _, x := range v.Items {
		out.Items = append(out.Items, PricedItem{Price: showPrice(x), Cost: x.Cost})
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

type CreateInput struct {
	Body struct {
		Name     string `json:"name" minLength:"1" maxLength:"100"`
		Currency string `json:"currency,omitempty" pattern:"^[A-Z]{3}$" doc:"ISO 4217; the seller's own when left out"`
	}
}

func (h handler) create(ctx context.Context, actor access.Actor, in *CreateInput) (*listOutput, error) {
	l, err := h.prices.CreateList(ctx, actor, in.Body.Name, in.Body.Currency)
	if err != nil {
		return nil, err
	}
	return &listOutput{show(l, nil)}, nil
}

type ListInput struct {
	PriceList uuid.UUID `path:"price_list"`
}

func (h handler) list(ctx context.Context, actor access.Actor, in *ListInput) (*listOutput, error) {
	l, versions, err := h.prices.ByID(ctx, actor, in.PriceList)
	if err != nil {
		return nil, err
	}
	return &listOutput{show(l, versions)}, nil
}

type VersionInput struct {
	ListInput
	Number int `path:"number" minimum:"1"`
}

type versionOutput struct{ Body PriceVersion }

func (h handler) version(ctx context.Context, actor access.Actor, in *VersionInput) (*versionOutput, error) {
	_, v, err := h.prices.Version(ctx, actor, in.PriceList, in.Number)
	if err != nil {
		return nil, err
	}
	return &versionOutput{showVersion(v)}, nil
}

func (h handler) table(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	id, err := uuid.Parse(r.PathValue("price_list"))
	if err != nil {
		return fault.New(fault.NotFound, "There is no such price list.")
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return fault.New(fault.NotFound, "The price list has no such version.")
	}
	list, v, err := h.prices.Version(r.Context(), actor, id, number)
	if err != nil {
		return err
	}
	head := w.Header()
	head.Set("Content-Type", "text/csv; charset=utf-8")
	head.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fmt.Sprintf("%s %d.csv", list.Name, v.Number)}))
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(pricing.Table(v.Items)) // whoever went away needs no answer
	return nil
}

type NewVersionInput struct {
	ListInput
	Body struct {
		ValidFrom  *time.Time `json:"valid_from,omitempty" doc:"Left out: as soon as possible, which is seconds from now"`
		ValidUntil *time.Time `json:"valid_until,omitempty" doc:"Left out: until the next version"`
		Items      []Price    `json:"items" minItems:"1" maxItems:"20000"`
		BelowCost  bool       `json:"below_cost,omitempty" doc:"Confirms prices below the seller's own cost"`
	}
}

func (h handler) addVersion(ctx context.Context, actor access.Actor, in *NewVersionInput) (*versionOutput, error) {
	n := pricing.NewVersion{ListID: in.PriceList, ValidFrom: in.Body.ValidFrom, ValidUntil: in.Body.ValidUntil, BelowCost: in.Body.BelowCost}
	for _, x := range in.Body.Items {
		n.Items = append(n.Items, x.read())
	}
	v, err := h.prices.AddVersion(ctx, actor, n)
	if err != nil {
		return nil, err
	}
	v.Items = nil
	return &versionOutput{showVersion(v)}, nil
}

type PreviewInput struct {
	ListInput
	Body struct {
		Table string `json:"table" doc:"CSV with the columns item, country, network, category, from_quantity, free_quantity, unit_price"`
	}
}

// LineError says what is wrong with a line of a table.
type LineError struct {
	Line    int    `json:"line" doc:"The first is 1"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

type previewOutput struct {
	Body struct {
		Items  []PricedItem `json:"items" doc:"Empty when lines are wrong"`
		Errors []LineError  `json:"errors" doc:"At most 100"`
	}
}

func (h handler) preview(ctx context.Context, actor access.Actor, in *PreviewInput) (*previewOutput, error) {
	p, err := h.prices.Preview(ctx, actor, in.PriceList, []byte(in.Body.Table))
	if err != nil {
		return nil, err
	}
	out := &previewOutput{}
	out.Body.Items, out.Body.Errors = make([]PricedItem, len(p.Items)), make([]LineError, len(p.Errors))
	for i, x := range p.Items {
		out.Body.Items[i] = PricedItem{Price: showPrice(x), Cost: x.Cost, BelowCost: p.Below[i]}
	}
	for i, e := range p.Errors {
		out.Body.Errors[i] = LineError(e)
	}
	return out, nil
}

type BuyersInput struct {
	ListInput
	httpx.Page
}

// Buyer is a company that pays by a list, or will.
type Buyer struct {
	Company   int64     `json:"company"`
	Name      string    `json:"name"`
	ValidFrom time.Time `json:"valid_from"`
}

type buyersOutput struct {
	Body struct {
		Items      []Buyer `json:"items"`
		NextCursor *string `json:"next_cursor"`
	}
}

func (h handler) buyers(ctx context.Context, actor access.Actor, in *BuyersInput) (*buyersOutput, error) {
	after := int64(0)
	if in.Cursor != "" {
		var err error
		if after, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
			return nil, fault.Field("cursor", fault.BadFormat, "This is no cursor of this list.")
		}
	}
	all, err := h.prices.Buyers(ctx, actor, in.PriceList, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &buyersOutput{}
	out.Body.Items = []Buyer{}
	for i, b := range all {
		if i >= in.Limit {
			cursor := strconv.FormatInt(all[i-1].CompanyID, 10)
			out.Body.NextCursor = &cursor
			break
		}
		out.Body.Items = append(out.Body.Items, Buyer{b.CompanyID, b.Name, b.ValidFrom})
	}
	return out, nil
}

// Assignment changes the list of a company.
type Assignment struct {
	PriceList uuid.UUID  `json:"price_list"`
	ValidFrom *time.Time `json:"valid_from,omitempty" doc:"Left out: as soon as possible"`
}

type assignInput struct {
	httpx.InCompany
	Body Assignment
}

type dependentAssignInput struct {
	httpx.InCompany
	Dependent int64 `path:"dependent" minimum:"1"`
	Body      Assignment
}

type assignOutput struct {
	Body struct {
		PriceList uuid.UUID `json:"price_list"`
		Name      string    `json:"name"`
		ValidFrom time.Time `json:"valid_from"`
	}
}

func (h handler) assign(ctx context.Context, actor access.Actor, buyer int64, n Assignment) (*assignOutput, error) {
	a, err := h.prices.Assign(ctx, actor, pricing.NewAssignment{BuyerID: buyer, ListID: n.PriceList, ValidFrom: n.ValidFrom})
	if err != nil {
		return nil, err
	}
	out := &assignOutput{}
	out.Body.PriceList, out.Body.Name, out.Body.ValidFrom = a.ListID, a.List, a.ValidFrom
	return out, nil
}
