// Package meteringapi is the HTTP face of package metering: the balance with
// how long it lasts, the price of one message, and what lies behind an entry.
package meteringapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const tag = "Money"

// Services are what the operations work with.
type Services struct {
	Accounts *account.Service
	Ledger   *ledger.Service
	Metering *metering.Service
	Clock    clock.Clock
}

// Register adds the operations of metering to the API.
func Register(api *httpx.API, s Services) {
	h := handler{s}
	httpx.Handle(api, httpx.Op{
		ID: "balance", Method: http.MethodGet, Path: "/api/v1/companies/{company}/balance", Tag: tag,
		Summary: "What the company can spend", Permission: access.BalanceView,
	}, h.balance)
	httpx.Handle(api, httpx.Op{
		ID: "message-money", Method: http.MethodGet, Path: "/api/v1/companies/{company}/messages/{message}/money", Tag: tag,
		Summary: "What one message cost, and why", Permission: access.PricesView,
	}, h.card)
	httpx.Handle(api, httpx.Op{
		ID: "dependent-message-money", Method: http.MethodGet, Path: "/api/v1/companies/{company}/dependents/{dependent}/messages/{message}/money", Tag: tag,
		Summary: "What one message of a dependent company cost and earned", Permission: access.ResellerDependents,
	}, h.dependentCard)
	httpx.Handle(api, httpx.Op{
		ID: "entry-usage", Method: http.MethodGet, Path: "/api/v1/companies/{company}/entries/{entry}/usage", Tag: tag,
		Summary: "The messages behind a charge or refund", Permission: access.ChargesView, Errors: []int{http.StatusUnprocessableEntity},
	}, h.usage)
	httpx.Handle(api, httpx.Op{
		ID: "back-office-companies", Method: http.MethodGet, Path: "/api/v1/back-office/companies", Tag: "Back office",
		Summary: "All companies with their money", Permission: access.PlatformCompanies, Errors: []int{http.StatusUnprocessableEntity},
	}, h.companies)
}

type handler struct{ Services }

// Balance is what a company has and can spend.
type Balance struct {
	Currency      string       `json:"currency"`
	Balance       money.Amount `json:"balance" doc:"Own money and welcome credit, held included"`
	Available     money.Amount `json:"available" doc:"What can be spent now, credit limit included"`
	Held          money.Amount `json:"held"`
	CreditLimit   money.Amount `json:"credit_limit"`
	WelcomeCredit money.Amount `json:"welcome_credit" doc:"The part of the balance that is welcome credit; spent first"`
	Seller        Seller       `json:"seller"`
	Suspended     bool         `json:"suspended" doc:"The service provider has paused the service"`
	DaysLeft      *int64       `json:"days_left" doc:"At the rate of the last week; null: nothing was spent"`
}

// Seller is who the company pays.
type Seller struct {
	Name string `json:"name"`
}

type balanceOutput struct{ Body Balance }

func (h handler) balance(ctx context.Context, actor access.Actor, _ *struct{ httpx.InCompany }) (*balanceOutput, error) {
	b, err := h.Ledger.Balance(ctx, actor.CompanyID)
	if err != nil {
		return nil, err
	}
	days, err := h.Metering.DaysLeft(ctx, actor.CompanyID, b.Available)
	if err != nil {
		return nil, err
	}
	out := &balanceOutput{Balance{
		Currency: b.Currency, Balance: b.Balance, Available: b.Available, Held: b.Held, CreditLimit: b.CreditLimit,
		WelcomeCredit: b.Welcome, Suspended: b.Suspended, DaysLeft: days,
	}}
	out.Body.Seller.Name, err = h.seller(ctx, actor.CompanyID)
	return out, err
}

func (h handler) seller(ctx context.Context, companyID int64) (string, error) {
	c, err := h.Accounts.Company(ctx, companyID)
	if err != nil || c.ParentID == nil {
		return "", err
	}
	parent, err := h.Accounts.Company(ctx, *c.ParentID)
	return parent.Name, err
}

type usageInput struct {
	httpx.InCompany
	httpx.Page
	Entry uuid.UUID `path:"entry"`
}

// Usage is one charged message behind an entry.
type Usage struct {
	Reference       uuid.UUID     `json:"reference" doc:"The message"`
	Company         int64         `json:"company"`
	Item            string        `json:"item"`
	Quantity        int64         `json:"quantity"`
	Phase           string        `json:"phase" enum:"held,captured,released,refunded"`
	Amount          money.Amount  `json:"amount" doc:"What the company paid"`
	WholesaleAmount *money.Amount `json:"wholesale_amount,omitempty" doc:"What its reseller paid; in the reseller's own book only"`
	At              time.Time     `json:"at"`
}

type usageOutput struct {
	Body struct {
		Items      []Usage `json:"items"`
		NextCursor *string `json:"next_cursor"`
	}
}

func (h handler) usage(ctx context.Context, actor access.Actor, in *usageInput) (*usageOutput, error) {
	after := uuid.Nil
	if in.Cursor != "" {
		var err error
		if after, err = uuid.Parse(in.Cursor); err != nil {
			return nil, fault.Field("cursor", fault.BadFormat, "This is no cursor of this list.")
		}
	}
	parts, err := h.Metering.UsageOfEntry(ctx, actor, in.Entry, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &usageOutput{}
	out.Body.Items = make([]Usage, 0, len(parts))
	for i, p := range parts {
		if i == in.Limit {
			cursor := parts[i-1].Reference.String()
			out.Body.NextCursor = &cursor
			break
		}
		out.Body.Items = append(out.Body.Items, Usage{
			Reference: p.Reference, Company: p.CompanyID, Item: string(p.Item), Quantity: p.Quantity, Phase: string(p.Phase),
			Amount: p.Amount, WholesaleAmount: p.Wholesale, At: p.At,
		})
	}
	return out, nil
}
