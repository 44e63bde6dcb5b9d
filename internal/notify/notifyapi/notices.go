package notifyapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const noticesTag = "Notices"

func (h handler) registerNotices(api *httpx.API) {
	const root = "/api/v1/companies/{company}/notices"
	httpx.Handle(api, httpx.Op{
		ID: "notices", Method: http.MethodGet, Path: root, Tag: noticesTag,
		Summary: "What the company's people are told, newest first, of the kinds that one may see",
		// Everybody has the bell; which kinds are in it is decided by kind.
		Permission: access.CompanyView, Errors: []int{http.StatusUnprocessableEntity},
	}, h.notices)
	httpx.Handle(api, httpx.Op{
		ID: "read-notices", Method: http.MethodPost, Path: root + "/read", Tag: noticesTag,
		Summary: "Mark notices as read by oneself: some, or all", Permission: access.CompanyView,
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.readNotices)
}

// Notice is a fact that the company's people are told.
type Notice struct {
	ID   uuid.UUID         `json:"id"`
	Kind string            `json:"kind" enum:"low_balance,credit_ending,service_suspended,service_restored,invoice,documents_of_month,payment_received,fee_unpaid,fee_paused"`
	At   time.Time         `json:"at"`
	Args map[string]string `json:"args" doc:"Names and amounts as they were then"`
	Read bool              `json:"read" doc:"By oneself"`
}

// Pin stands above the notices as long as it is true.
type Pin struct {
	Kind     string       `json:"kind" enum:"balance_spent,seller_suspended"`
	Balance  money.Amount `json:"balance"`
	Currency string       `json:"currency"`
	OnCredit bool         `json:"on_credit" doc:"There is a credit limit, and it is spent"`
	Seller   string       `json:"seller" doc:"Of seller_suspended: who has paused the service"`
	Support  string       `json:"support" doc:"And the address to ask at; empty when there is none"`
}

type noticesInput struct {
	httpx.InCompany
	httpx.Page
}

type noticesOutput struct {
	Body struct {
		Items      []Notice `json:"items"`
		Pinned     *Pin     `json:"pinned"`
		Unread     int      `json:"unread" doc:"Of all pages; 100 stands for 100 and more"`
		NextCursor *string  `json:"next_cursor"`
	}
}

func (h handler) notices(ctx context.Context, actor access.Actor, in *noticesInput) (*noticesOutput, error) {
	var after *uuid.UUID
	if in.Cursor != "" {
		place, err := uuid.Parse(in.Cursor)
		if err != nil {
			return nil, fault.Field("cursor", fault.BadFormat, "This is no cursor of this list.")
		}
		after = &place
	}
	page, err := h.letters.Notices(ctx, actor, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	pin, err := h.letters.Pinned(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &noticesOutput{}
	out.Body.Items, out.Body.Unread, out.Body.Pinned = []Notice{}, page.Unread, showPin(pin)
	for i, n := range page.Items {
		if i == in.Limit {
			cursor := page.Items[i-1].ID.String()
			out.Body.NextCursor = &cursor
			break
		}
		out.Body.Items = append(out.Body.Items, Notice{ID: n.ID, Kind: string(n.Kind), At: n.At, Args: n.Args, Read: n.Read})
	}
	return out, nil
}

func showPin(p *notify.Pin) *Pin {
	if p == nil {
		return nil
	}
	return &Pin{
		Kind: string(p.Kind), Balance: p.Balance.Amount, Currency: p.Balance.Currency,
		OnCredit: p.OnCredit, Seller: p.Seller, Support: p.Support,
	}
}

type readNoticesInput struct {
	httpx.InCompany
	Body struct {
		IDs []uuid.UUID `json:"ids,omitempty" maxItems:"100" doc:"Which; one that is not there refuses them all"`
		All bool        `json:"all,omitempty" doc:"Instead of ids: whatever is there now"`
	}
}

func (h handler) readNotices(ctx context.Context, actor access.Actor, in *readNoticesInput) (*struct{}, error) {
	switch {
	case in.Body.All == (len(in.Body.IDs) > 0):
		return nil, fault.Field("ids", fault.Required, "Name the notices, or say that you mean all.")
	case in.Body.All:
		return nil, h.letters.ReadAllNotices(ctx, actor)
	}
	return nil, h.letters.ReadNotices(ctx, actor, in.Body.IDs)
}
