package billingapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/billing"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

// Filter is embedded in inputs of lists of invoices.
type Filter struct {
	httpx.Page
	Number string    `query:"number" maxLength:"100" doc:"A part of the number, or the whole id; for sellers a part of the company's name, or its number, too"`
	Kind   string    `query:"kind" enum:"top_up,monthly" doc:"Empty: all"`
	State  string    `query:"state" enum:"issued,partly_paid,paid,cancelled,unpaid" doc:"Empty: all; unpaid: issued or partly paid"`
	From   time.Time `query:"from" doc:"Issued at or after"`
	To     time.Time `query:"to" doc:"Issued before"`
	Sort   string    `query:"sort" enum:"-issued_at,issued_at,-total,total" default:"-issued_at"`
}

func (f Filter) filter() (billing.Filter, error) {
	out := billing.Filter{
		Number: f.Number, Kind: billing.Kind(f.Kind), State: billing.State(f.State), From: f.From, To: f.To, Limit: f.Limit + 1,
		ByTotal: f.Sort == "total" || f.Sort == "-total", Ascending: f.Sort == "total" || f.Sort == "issued_at",
	}
	if f.State == "unpaid" {
		out.State, out.Unpaid = "", true
	}
	if f.Cursor != "" {
		out.After = &billing.Place{}
		if err := unpack(f.Cursor, out.After); err != nil {
			return out, err
		}
	}
	return out, nil
}

type invoicesInput struct {
	httpx.InCompany
	Filter
}

type invoicesOutput struct {
	Body struct {
		Items      []Listed `json:"items"`
		NextCursor *string  `json:"next_cursor"`
	}
}

func (h handler) list(ctx context.Context, actor access.Actor, in *invoicesInput) (*invoicesOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	found, err := h.billing.List(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	return page(found, in.Limit), nil
}

func page(found []billing.Invoice, limit int) *invoicesOutput {
	out := &invoicesOutput{}
	out.Body.Items = make([]Listed, 0, len(found))
	for n, i := range found {
		if n == limit {
			last := found[n-1]
			out.Body.NextCursor = pack(billing.Place{IssuedAt: last.IssuedAt, Total: last.Total, ID: last.ID})
			break
		}
		out.Body.Items = append(out.Body.Items, showListed(i))
	}
	return out
}

// pack writes a place in a list as a cursor.
func pack(place any) *string {
	data, err := json.Marshal(place)
	if err != nil {
		return nil
	}
	text := base64.RawURLEncoding.EncodeToString(data)
	return &text
}

func unpack(cursor string, place any) error {
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(data, place) != nil {
		return fault.Field("cursor", fault.BadFormat, "This is no cursor of this list.")
	}
	return nil
}

type lineUsageInput struct {
	httpx.InCompany
	httpx.Page
	Invoice uuid.UUID `path:"invoice"`
	N       int       `path:"n" minimum:"1" doc:"The line"`
}

// Usage is a piece of what stands behind a line.
type Usage struct {
	Reference uuid.UUID    `json:"reference" doc:"Such as a message's id"`
	Company   int64        `json:"company" doc:"Whose activity it was"`
	Item      string       `json:"item"`
	Quantity  int64        `json:"quantity" doc:"Below zero: given back"`
	Amount    money.Amount `json:"amount"`
	At        time.Time    `json:"at"`
}

type lineUsageOutput struct {
	Body struct {
		Items      []Usage `json:"items"`
		NextCursor *string `json:"next_cursor"`
	}
}

// usagePlace is a cursor of usage.
type usagePlace struct {
	At        time.Time
	Number    int64
	Reference uuid.UUID
}

func (h handler) usage(ctx context.Context, actor access.Actor, in *lineUsageInput) (*lineUsageOutput, error) {
	var after metering.MonthPlace
	if in.Cursor != "" {
		var p usagePlace
		if err := unpack(in.Cursor, &p); err != nil {
			return nil, err
		}
		after = metering.MonthPlace{Entry: ledger.EntryPlace{At: p.At, Number: p.Number}, Reference: p.Reference}
	}
	parts, next, err := h.billing.Usage(ctx, actor, in.Invoice, in.N, after, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &lineUsageOutput{}
	out.Body.Items = make([]Usage, 0, len(parts))
	for _, p := range parts {
		out.Body.Items = append(out.Body.Items, Usage{
			Reference: p.Reference, Company: p.CompanyID, Item: string(p.Item), Quantity: p.Quantity, Amount: p.Amount, At: p.At,
		})
	}
	if next != nil {
		out.Body.NextCursor = pack(usagePlace{next.Entry.At, next.Entry.Number, next.Reference})
	}
	return out, nil
}
