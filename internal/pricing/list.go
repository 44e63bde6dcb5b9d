package pricing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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
	Versions  int64  // how many
	Buyers    int64  // how many were ever assigned to it
	BuyerID   *int64 // set: the own prices of this company, over those of its list
}

// Version is what a list says from an instant on.
type Version struct {
	ID         uuid.UUID
	Number     int
	ValidFrom  time.Time
	ValidUntil *time.Time // nil: until the next version
	CreatedBy  *int64
	CreatedAt  time.Time
	Prices     int64       // how many
	Items      []ItemPrice // only of a version that was asked for alone
}

// ItemPrice is the price of one unit of an item, for a destination and from a
// number of units used in the month.
type ItemPrice struct {
	Item         Item
	Destination  Destination // empty texts stand for any
	FromQuantity int64
	FreeQuantity int64 // units of the month that cost nothing; only with the price from 0
	UnitPrice    money.Amount
	// Of a call; see [CallTerms].
	MinimumSeconds int
	FreeSeconds    int
	// Cost is what the seller itself pays now for the same, when it is a reseller.
	Cost *money.Amount
}

func (x ItemPrice) place() place { return place{x.Item, x.Destination} }

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
			out = append(out, List{ID: r.ID, Name: r.Name, Currency: r.Currency, CreatedAt: r.CreatedAt, Versions: r.Versions, Buyers: r.Buyers})
		}
		return err
	})
	return out, err
}

// ByID returns a price list of the actor's company with all its versions, the
// newest first, without their prices.
func (s *Service) ByID(ctx context.Context, actor access.Actor, listID uuid.UUID) (List, []Version, error) {
	if err := seller(actor); err != nil {
		return List{}, nil, err
	}
	var list List
	var versions []Version
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		var err error
		if list, err = s.listTx(ctx, tx, actor.CompanyID, listID); err != nil {
			return err
		}
		rows, err := s.q.Versions(ctx, tx, pricingdb.VersionsParams{CompanyID: actor.CompanyID, ListID: listID})
		if err != nil {
			return fmt.Errorf("read price versions: %w", err)
		}
		for _, r := range rows {
			versions = append(versions, Version{
				ID: r.ID, Number: r.Number, ValidFrom: r.ValidFrom, ValidUntil: r.ValidUntil, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, Prices: r.Items,
			})
		}
		list.Versions = int64(len(versions))
		return nil
	})
	return list, versions, err
}

var (
	errNoList    = fault.New(fault.NotFound, "There is no such price list.")
	errNoVersion = fault.New(fault.NotFound, "The price list has no such version.")
)

func (s *Service) listTx(ctx context.Context, tx *db.Tx, companyID int64, listID uuid.UUID) (List, error) {
	row, err := s.q.ListByID(ctx, tx, pricingdb.ListByIDParams{CompanyID: companyID, ID: listID})
	if db.NoRows(err) {
		return List{}, errNoList
	}
	if err != nil {
		return List{}, fmt.Errorf("read price list: %w", err)
	}
	return List{ID: row.ID, Name: row.Name, Currency: row.Currency, CreatedAt: row.CreatedAt, BuyerID: row.BuyerID}, nil
}

// Version returns a version of a list of the actor's company with its prices
// and what the seller itself pays for the same now.
func (s *Service) Version(ctx context.Context, actor access.Actor, listID uuid.UUID, number int) (List, Version, error) {
	if err := seller(actor); err != nil {
		return List{}, Version{}, err
	}
	var list List
	var v Version
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		var err error
		if list, err = s.listTx(ctx, tx, actor.CompanyID, listID); err != nil {
			return err
		}
		v, err = s.versionTx(ctx, tx, actor.CompanyID, listID, number)
		return err
	})
	if err != nil {
		return List{}, Version{}, err
	}
	cost, err := s.costs(ctx, actor.CompanyID, s.clock.Now())
	for i := range v.Items {
		v.Items[i].Cost = cost.unit(v.Items[i].place())
	}
	return list, v, err
}

func (s *Service) versionTx(ctx context.Context, tx *db.Tx, companyID int64, listID uuid.UUID, number int) (Version, error) {
	r, err := s.q.VersionByNumber(ctx, tx, pricingdb.VersionByNumberParams{CompanyID: companyID, ListID: listID, Number: number})
	if db.NoRows(err) {
		return Version{}, errNoVersion
	}
	if err != nil {
		return Version{}, fmt.Errorf("read price version: %w", err)
	}
	v := Version{ID: r.ID, Number: r.Number, ValidFrom: r.ValidFrom, ValidUntil: r.ValidUntil, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt}
	items, err := s.q.ItemsOfVersion(ctx, tx, pricingdb.ItemsOfVersionParams{CompanyID: companyID, VersionID: v.ID})
	if err != nil {
		return Version{}, fmt.Errorf("read prices: %w", err)
	}
	for _, i := range items {
		v.Items = append(v.Items, ItemPrice{
			Item: Item(i.Item), Destination: Destination{i.Country, i.Network, i.Category},
			FromQuantity: i.FromQuantity, FreeQuantity: i.FreeQuantity, UnitPrice: money.Amount(i.UnitPrice),
			MinimumSeconds: i.MinimumSeconds, FreeSeconds: i.FreeSeconds,
		})
	}
	v.Prices = int64(len(v.Items))
	slices.SortStableFunc(v.Items, func(a, b ItemPrice) int {
		return cmp.Compare(slices.Index(Items, a.Item), slices.Index(Items, b.Item))
	})
	return v, nil
}

// costs returns what the seller itself pays at an instant; nothing for the
// platform.
func (s *Service) costs(ctx context.Context, sellerID int64, at time.Time) (prices, error) {
	own, err := s.accounts.Company(ctx, sellerID)
	if err != nil || own.ParentID == nil {
		return nil, err
	}
	sheet, err := s.sheet(ctx, pair{*own.ParentID, sellerID}, at)
	if err != nil {
		return nil, err
	}
	held, _ := sheet.at(at)
	return held.prices, nil
}

// unit returns the price from 0 of what is sold at a place; nil: it has none.
func (p prices) unit(at place) *money.Amount {
	x, _, ok := p.find(at.item, at.Destination)
	if !ok {
		return nil
	}
	unit := x.at(uncounted)
	return &unit
}
