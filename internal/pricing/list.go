package pricing

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/pricing/internal/pricingdb"
)

const maxName = 100

// List is a price list of a seller.
type List struct {
	ID        uuid.UUID
	Name      string
	Currency  string
	CreatedAt time.Time
	Versions  int64 // how many
	Buyers    int64 // how many were ever assigned to it
}

// Version is what a list says from an instant on.
type Version struct {
	ID        uuid.UUID
	Number    int
	ValidFrom time.Time
	CreatedBy *int64
	CreatedAt time.Time
	Items     []ItemPrice
}

// ItemPrice is the price of one unit of an item. Cost is what the seller itself
// pays for it now, when it is a reseller.
type ItemPrice struct {
	Item      Item
	UnitPrice money.Amount
	Cost      *money.Amount
}

// CreateList makes an empty price list of the actor's company. The currency is
// the company's own when it is left out.
func (s *Service) CreateList(ctx context.Context, actor access.Actor, name, currency string) (List, error) {
	if err := seller(actor); err != nil {
		return List{}, err
	}
	name = strings.TrimSpace(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return List{}, fault.Field("name", fault.Required, "Name the price list.")
	case n > maxName:
		return List{}, fault.Field("name", fault.TooLong, "The name has more than 100 characters.")
	}
	own, err := s.accounts.Company(ctx, actor.CompanyID)
	if err != nil {
		return List{}, fmt.Errorf("create price list: %w", err)
	}
	if currency == "" {
		currency = own.Currency
	}
	if !isCurrency(currency) {
		return List{}, fault.Field("currency", fault.BadFormat, "A currency has three capital letters, such as RUB.")
	}
	now := s.clock.Now()
	l := List{ID: id.New(now), Name: name, Currency: currency, CreatedAt: now}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		err := s.q.InsertList(ctx, tx, pricingdb.InsertListParams{
			CompanyID: actor.CompanyID, ID: l.ID, Name: l.Name, Currency: l.Currency, CreatedAt: now,
		})
		if db.Unique(err, "price_list_company_id_name_key") {
			return fault.Field("name", fault.Taken, "There is a price list of this name already.")
		}
		if err != nil {
			return fmt.Errorf("insert price list: %w", err)
		}
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "price_list.created", Subject: "price_list:" + l.ID.String(), New: map[string]any{"name": name, "currency": currency},
		})
	})
	return l, err
}

func isCurrency(s string) bool {
	return len(s) == 3 && strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// Lists returns the price lists of the actor's company by name.
func (s *Service) Lists(ctx context.Context, actor access.Actor) ([]List, error) {
	if err := seller(actor); err != nil {
		return nil, err
	}
	var out []List
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.Lists(ctx, tx, actor.CompanyID)
		for _, r := range rows {
			out = append(out, List(r))
		}
		return err
	})
	return out, err
}

// ByID returns a price list of the actor's company with all its versions, the
// newest first.
func (s *Service) ByID(ctx context.Context, actor access.Actor, listID uuid.UUID) (List, []Version, error) {
	if err := seller(actor); err != nil {
		return List{}, nil, err
	}
	var list List
	var versions []Version
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.ListByID(ctx, tx, pricingdb.ListByIDParams{CompanyID: actor.CompanyID, ID: listID})
		if db.NoRows(err) {
			return errNoList
		}
		if err != nil {
			return fmt.Errorf("read price list: %w", err)
		}
		list = List{ID: row.ID, Name: row.Name, Currency: row.Currency, CreatedAt: row.CreatedAt}
		versions, err = s.versionsTx(ctx, tx, actor.CompanyID, listID)
		list.Versions = int64(len(versions))
		return err
	})
	if err != nil {
		return List{}, nil, err
	}
	cost, err := s.costs(ctx, actor.CompanyID, s.clock.Now())
	if err != nil {
		return List{}, nil, err
	}
	for _, v := range versions {
		for i := range v.Items {
			if c, ok := cost[v.Items[i].Item]; ok {
				v.Items[i].Cost = &c
			}
		}
	}
	return list, versions, nil
}

var errNoList = fault.New(fault.NotFound, "There is no such price list.")

func (s *Service) versionsTx(ctx context.Context, tx *db.Tx, companyID int64, listID uuid.UUID) ([]Version, error) {
	rows, err := s.q.Versions(ctx, tx, pricingdb.VersionsParams{CompanyID: companyID, ListID: listID})
	if err != nil {
		return nil, fmt.Errorf("read price versions: %w", err)
	}
	items, err := s.q.ItemsOfList(ctx, tx, pricingdb.ItemsOfListParams{CompanyID: companyID, ListID: listID})
	if err != nil {
		return nil, fmt.Errorf("read prices: %w", err)
	}
	of := map[uuid.UUID][]ItemPrice{}
	for _, i := range items {
		of[i.VersionID] = append(of[i.VersionID], ItemPrice{Item: Item(i.Item), UnitPrice: money.Amount(i.UnitPrice)})
	}
	out := make([]Version, 0, len(rows))
	for _, r := range rows {
		out = append(out, Version{
			ID: r.ID, Number: r.Number, ValidFrom: r.ValidFrom, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, Items: of[r.ID],
		})
	}
	return out, nil
}

// costs returns what the seller itself pays at an instant; nothing for the
// platform.
func (s *Service) costs(ctx context.Context, sellerID int64, at time.Time) (map[Item]money.Amount, error) {
	own, err := s.accounts.Company(ctx, sellerID)
	if err != nil || own.ParentID == nil {
		return nil, err
	}
	sheet, err := s.sheet(ctx, pair{*own.ParentID, sellerID}, at)
	if err != nil {
		return nil, err
	}
	out := map[Item]money.Amount{}
	for _, item := range Items {
		if _, price, ok := sheet.at(item, at); ok {
			out[item] = price
		}
	}
	return out, nil
}
