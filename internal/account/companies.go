package account

import (
	"context"
	"fmt"
	"time"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// ListedCompany is a company as lists over companies show it.
type ListedCompany struct {
	ID         int64
	ParentID   *int64
	ParentName string
	Kind       access.CompanyKind
	Name       string
	Currency   string
	TimeZone   string
	Status     Status
	CreatedAt  time.Time
}

// CompanyFilter narrows and pages a list of companies.
type CompanyFilter struct {
	Text   string // a part of the name, or the whole number
	Status Status // "" is any
	After  int64  // goes on after this company's number
	Limit  int
}

// ListCompanies lists, by number, all companies for the platform's people and a
// reseller's own and dependent ones for the reseller's. more says that the list
// goes on.
func (s *Service) ListCompanies(ctx context.Context, actor access.Actor, f CompanyFilter) (companies []ListedCompany, more bool, err error) {
	limit, text := pageSize(f.Limit), searched(f.Text)
	params := accountdb.ListCompaniesParams{
		Q: text, Pattern: db.Containing(text), Status: string(f.Status), AfterID: f.After, MaxRows: int32(limit) + 1,
	}
	switch {
	case actor.May(access.PlatformCompanies):
	case actor.May(access.ResellerDependents):
		params.ResellerID = &actor.CompanyID
	default:
		return nil, false, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	rows, err := s.trusted().ListCompanies(ctx, params)
	if err != nil {
		return nil, false, fmt.Errorf("list companies: %w", err)
	}
	for _, row := range rows[:min(limit, len(rows))] {
		c := ListedCompany{
			ID: row.ID, ParentID: row.ParentID, Kind: access.CompanyKind(row.Kind), Name: row.Name, Currency: row.Currency,
			TimeZone: row.TimeZone, Status: Status(row.Status), CreatedAt: row.CreatedAt,
		}
		set(&c.ParentName, row.ParentName)
		companies = append(companies, c)
	}
	return companies, len(rows) > limit, nil
}
