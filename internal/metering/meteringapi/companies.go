package meteringapi

import (
	"context"
	"strconv"
	"time"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

// Company is a company as the back office sees it.
type Company struct {
	ID             int64        `json:"id"`
	Name           string       `json:"name"`
	Kind           string       `json:"kind" enum:"platform,reseller,company"`
	Parent         *Parent      `json:"parent"`
	Currency       string       `json:"currency"`
	Balance        money.Amount `json:"balance"`
	CreditLimit    money.Amount `json:"credit_limit"`
	SpentThisMonth money.Amount `json:"spent_this_month" doc:"What it paid the platform, or its reseller did for it"`
	Status         string       `json:"status" enum:"active,blocked,closed"`
	Suspended      bool         `json:"suspended" doc:"Its seller is past its own limit"`
	CreatedAt      time.Time    `json:"created_at"`
}

// Parent is the seller of a company.
type Parent struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type companiesInput struct {
	httpx.Page
	Q string `query:"q" maxLength:"200" doc:"Part of the name, or the whole number"`
}

type companiesOutput struct {
	Body struct {
		Items      []Company `json:"items"`
		NextCursor *string   `json:"next_cursor"`
	}
}

func (h handler) companies(ctx context.Context, actor access.Actor, in *companiesInput) (*companiesOutput, error) {
	f := account.CompanyFilter{Text: in.Q, Limit: in.Limit}
	if in.Cursor != "" {
		var err error
		if f.After, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
			return nil, fault.Field("cursor", fault.BadFormat, "This is no cursor of this list.")
		}
	}
	listed, more, err := h.Accounts.ListCompanies(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	out := &companiesOutput{}
	if out.Body.Items, err = h.withMoney(ctx, actor, listed); err != nil {
		return nil, err
	}
	if more {
		cursor := strconv.FormatInt(listed[len(listed)-1].ID, 10)
		out.Body.NextCursor = &cursor
	}
	return out, nil
}

func (h handler) withMoney(ctx context.Context, actor access.Actor, listed []account.ListedCompany) ([]Company, error) {
	ids := make([]int64, len(listed))
	for i, c := range listed {
		ids[i] = c.ID
	}
	balances, err := h.Ledger.Balances(ctx, ids)
	if err != nil {
		return nil, err
	}
	month, err := h.month(ctx, actor)
	if err != nil {
		return nil, err
	}
	spent, err := h.Metering.SoldSince(ctx, actor, ids, month)
	if err != nil {
		return nil, err
	}
	out := make([]Company, len(listed))
	for i, c := range listed {
		b := balances[c.ID]
		out[i] = Company{
			ID: c.ID, Name: c.Name, Kind: string(c.Kind), Currency: c.Currency, Balance: b.Balance, CreditLimit: b.CreditLimit,
			SpentThisMonth: spent[c.ID], Status: string(c.Status), Suspended: b.Suspended, CreatedAt: c.CreatedAt,
		}
		if c.ParentID != nil {
			out[i].Parent = &Parent{*c.ParentID, c.ParentName}
		}
	}
	return out, nil
}

// month is when the current month began for the reader's company.
func (h handler) month(ctx context.Context, actor access.Actor) (time.Time, error) {
	c, err := h.Accounts.Company(ctx, actor.CompanyID)
	if err != nil {
		return time.Time{}, err
	}
	now := h.Clock.Now().In(c.Location)
	return time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, c.Location), nil
}
