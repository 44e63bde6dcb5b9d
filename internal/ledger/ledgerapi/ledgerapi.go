// Package ledgerapi is the HTTP face of package ledger: what happened to a
// company's balance, and the seller's deposits and credit limits.
package ledgerapi

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
	"parley/internal/platform/idempotency"
)

const tag = "Money"

// Register adds the operations of the ledger to the API.
func Register(api *httpx.API, l *ledger.Service) {
	h := handler{l}
	httpx.Handle(api, httpx.Op{
		ID: "entries", Method: http.MethodGet, Path: "/api/v1/companies/{company}/entries", Tag: tag,
		Summary: "What happened to the balance, newest first", Permission: access.ChargesView, Errors: []int{http.StatusUnprocessableEntity},
	}, h.entries)
	httpx.Handle(api, httpx.Op{
		ID: "entry", Method: http.MethodGet, Path: "/api/v1/companies/{company}/entries/{entry}", Tag: tag,
		Summary: "One entry", Permission: access.ChargesView,
	}, h.entry)
	httpx.Handle(api, httpx.Op{
		ID: "post-deposit", Method: http.MethodPost, Path: "/api/v1/back-office/companies/{company}/deposits", Tag: "Back office",
		Summary: "Post a payment by hand", Permission: access.PlatformDeposits, Status: http.StatusCreated,
		Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.deposit)
	httpx.Handle(api, httpx.Op{
		ID: "set-credit-limit", Method: http.MethodPut, Path: "/api/v1/back-office/companies/{company}/credit-limit", Tag: "Back office",
		Summary: "Set how far a balance may go below zero", Permission: access.PlatformDeposits, Errors: []int{http.StatusUnprocessableEntity},
	}, h.creditLimit)
}

type handler struct{ ledger *ledger.Service }

// Entry is one thing that happened to the balance.
type Entry struct {
	ID           uuid.UUID    `json:"id"`
	Number       int64        `json:"number" doc:"1, 2, 3 … in the company's book"`
	At           time.Time    `json:"at"`
	Kind         string       `json:"kind" enum:"deposit,charge,refund,adjustment"`
	Amount       money.Amount `json:"amount" doc:"Signed: what it did to the balance"`
	BalanceAfter money.Amount `json:"balance_after"`
	Currency     string       `json:"currency"`
	Reason       string       `json:"reason"`
	Welcome      bool         `json:"welcome_credit" doc:"It moved welcome credit"`
	Item         *string      `json:"item" example:"chat.operator_message"`
	Quantity     *int64       `json:"quantity"`
	Batch        uuid.UUID    `json:"batch" doc:"Joins it with the seller's entry of the same fact"`
	Company      *int64       `json:"company" doc:"Whose activity was charged"`
}

func show(e ledger.Entry) Entry {
	out := Entry{
		ID: e.ID, Number: e.Number, At: e.At, Kind: string(e.Kind), Amount: e.Amount, BalanceAfter: e.BalanceAfter, Currency: e.Currency,
		Reason: e.Reason, Welcome: e.Welcome, Batch: e.Batch, Company: e.OriginID,
	}
	if e.Item != "" {
		out.Item, out.Quantity = &e.Item, &e.Quantity
	}
	return out
}

type entriesInput struct {
	httpx.InCompany
	httpx.Page
	Kind string    `query:"kind" enum:"deposit,charge,refund,adjustment" doc:"Empty: all"`
	From time.Time `query:"from"`
	To   time.Time `query:"to" doc:"Not included"`
}

// Total sums the entries of one kind in the period.
type Total struct {
	Kind    string       `json:"kind"`
	Entries int64        `json:"entries"`
	Amount  money.Amount `json:"amount" doc:"Signed"`
}

type entriesOutput struct {
	Body struct {
		Items      []Entry `json:"items"`
		NextCursor *string `json:"next_cursor"`
		Totals     []Total `json:"totals"`
	}
}

func (h handler) entries(ctx context.Context, actor access.Actor, in *entriesInput) (*entriesOutput, error) {
	f := ledger.EntryFilter{Kind: ledger.Kind(in.Kind), Since: in.From, Until: in.To, Limit: in.Limit + 1}
	var err error
	if f.Before, err = placeOf(in.Cursor); err != nil {
		return nil, err
	}
	list, totals, err := h.ledger.Entries(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	out := &entriesOutput{}
	out.Body.Items = make([]Entry, 0, len(list))
	for i, e := range list {
		if i == in.Limit {
			last := list[i-1]
			cursor := fmt.Sprintf("%d.%d", last.At.UnixMicro(), last.Number)
			out.Body.NextCursor = &cursor
			break
		}
		out.Body.Items = append(out.Body.Items, show(e))
	}
	out.Body.Totals = []Total{}
	for _, kind := range []ledger.Kind{ledger.DepositKind, ledger.ChargeKind, ledger.RefundKind, ledger.AdjustmentKind} {
		if t, ok := totals[kind]; ok {
			out.Body.Totals = append(out.Body.Totals, Total{string(kind), t.Entries, t.Amount})
		}
	}
	return out, nil
}

// placeOf reads a cursor: where the page before ended.
func placeOf(cursor string) (*ledger.EntryPlace, error) {
	if cursor == "" {
		return nil, nil
	}
	at, number, ok := strings.Cut(cursor, ".")
	micros, err := strconv.ParseInt(at, 10, 64)
	n, err2 := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || err2 != nil || micros < 0 || micros > 1<<56 {
		return nil, fault.Field("cursor", fault.BadFormat, "This is no cursor of this list.")
	}
	return &ledger.EntryPlace{At: time.UnixMicro(micros).UTC(), Number: n}, nil
}

type entryInput struct {
	httpx.InCompany
	Entry uuid.UUID `path:"entry"`
}

type entryOutput struct{ Body Entry }

func (h handler) entry(ctx context.Context, actor access.Actor, in *entryInput) (*entryOutput, error) {
	e, err := h.ledger.EntryByID(ctx, actor, in.Entry)
	if err != nil {
		return nil, err
	}
	return &entryOutput{show(e)}, nil
}

type depositInput struct {
	httpx.InCompany
	Body struct {
		Amount money.Amount `json:"amount" doc:"Above zero, in the company's currency"`
		Reason string       `json:"reason" minLength:"1" maxLength:"200" doc:"Such as the number of the payment order"`
	}
}

func (h handler) deposit(ctx context.Context, actor access.Actor, in *depositInput) (*entryOutput, error) {
	e, err := h.ledger.Deposit(ctx, actor, ledger.Deposit{
		CompanyID: in.Company, Amount: in.Body.Amount, Reason: in.Body.Reason, Reference: reference(ctx, actor),
	})
	if err != nil {
		return nil, err
	}
	return &entryOutput{show(e)}, nil
}

// reference makes a deposit once even when its answer was lost together with
// the key that the answer was to be stored under.
func reference(ctx context.Context, actor access.Actor) string {
	key := idempotency.Key(ctx)
	if key == "" {
		key = rand.Text()
	}
	return fmt.Sprintf("user:%d:%s", actor.UserID, key)
}

type creditLimitInput struct {
	httpx.InCompany
	Body struct {
		Amount money.Amount `json:"amount" doc:"Not below zero"`
	}
}

func (h handler) creditLimit(ctx context.Context, actor access.Actor, in *creditLimitInput) (*struct{}, error) {
	return nil, h.ledger.SetCreditLimit(ctx, actor, in.Company, in.Body.Amount)
}
