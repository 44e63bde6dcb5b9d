package pricing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/pricing/internal/pricingdb"
)

// OwnPrices is what a company pays its seller.
type OwnPrices struct {
	Currency  string
	SellerID  int64 // 0: nobody sells to the platform's own company
	ValidFrom *time.Time
	Changes   *time.Time // when other prices hold; nil: no change is set
	Items     []ItemPrice
}

// Own returns what the actor's company pays now.
func (s *Service) Own(ctx context.Context, actor access.Actor) (OwnPrices, error) {
	if !actor.May(access.PricesView) {
		return OwnPrices{}, fault.New(fault.Forbidden, "Your role does not allow seeing prices.")
	}
	buyer, err := s.accounts.Company(ctx, actor.CompanyID)
	if err != nil {
		return OwnPrices{}, fmt.Errorf("own prices: %w", err)
	}
	out := OwnPrices{Currency: buyer.Currency}
	if buyer.ParentID == nil {
		return out, nil
	}
	out.SellerID = *buyer.ParentID
	now := s.clock.Now()
	sheet, err := s.sheet(ctx, pair{out.SellerID, buyer.ID}, now)
	if err != nil {
		return out, err
	}
	held, ok := sheet.at(now)
	if !ok {
		return out, nil
	}
	out.ValidFrom = &held.from
	if held.until.Year() < 9999 {
		out.Changes = &held.until
	}
	out.Items = held.prices.items()
	return out, nil
}

// items lists prices in the order in which people see them.
func (p prices) items() []ItemPrice {
	var out []ItemPrice
	for at, x := range p {
		for _, t := range x.tiers {
			row := ItemPrice{Item: at.item, Destination: at.Destination, FromQuantity: t.from, UnitPrice: t.unit}
			row.MinimumSeconds, row.FreeSeconds = x.minimum, x.freeSeconds
			if t.from == 0 {
				row.FreeQuantity = x.free
			}
			out = append(out, row)
		}
	}
	slices.SortFunc(out, func(a, b ItemPrice) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Items, a.Item), slices.Index(Items, b.Item)),
			cmp.Compare(a.Destination.Country, b.Destination.Country), cmp.Compare(a.Destination.Network, b.Destination.Network),
			cmp.Compare(a.Destination.Category, b.Destination.Category), cmp.Compare(a.FromQuantity, b.FromQuantity),
		)
	})
	return out
}

// Priced is a price that was frozen, with what it was chosen by.
type Priced struct {
	SellerID    int64
	Version     uuid.UUID
	Item        Item
	Destination Destination
	Position    *int64 // among the units of the month; nil: it did not matter
}

// Why explains a price that was charged.
type Why struct {
	List      string
	Version   int
	ValidFrom time.Time
	Match     *ItemPrice // the row of the list that counted
	Free      bool       // it was one of the month's free units
	Own       bool       // it stands among the company's own prices, over its list's
}

// Explain tells which row of which version of which list a frozen price came
// from. The caller has made sure that whoever asks is a party to that price.
func (s *Service) Explain(ctx context.Context, p Priced) (Why, error) {
	v, err := s.q.VersionByID(ctx, s.db.Worker(), pricingdb.VersionByIDParams{CompanyID: p.SellerID, ID: p.Version})
	if err != nil {
		return Why{}, fmt.Errorf("explain price version %s: %w", p.Version, err)
	}
	why := Why{List: v.Name, Version: v.Number, ValidFrom: v.ValidFrom, Own: v.BuyerID != nil}
	rows, err := s.q.PricesOfItem(ctx, s.db.Worker(), pricingdb.PricesOfItemParams{
		CompanyID: p.SellerID, VersionID: p.Version, Item: string(p.Item),
		Country: p.Destination.Country, Network: p.Destination.Network, Category: p.Destination.Category,
	})
	if err != nil {
		return Why{}, fmt.Errorf("explain price: %w", err)
	}
	all := prices{}
	for _, r := range rows {
		all.add(place{p.Item, Destination{r.Country, r.Network, r.Category}}, r.FromQuantity, r.FreeQuantity, money.Amount(r.UnitPrice))
	}
	x, at, ok := all.find(p.Item, p.Destination)
	if !ok {
		return why, nil
	}
	position := int64(uncounted)
	if p.Position != nil {
		position = *p.Position
	}
	t := x.tierAt(position)
	why.Match = &ItemPrice{Item: p.Item, Destination: at.Destination, FromQuantity: t.from, FreeQuantity: x.free, UnitPrice: t.unit}
	why.Free = position >= 0 && position < x.free
	return why, nil
}

// Buyer is a company that pays by a list, or will.
type Buyer struct {
	CompanyID int64
	Name      string
	ValidFrom time.Time
}

// Buyers returns a page of the companies that pay by a list of the actor's
// company or are going to, by their numbers.
func (s *Service) Buyers(ctx context.Context, actor access.Actor, listID uuid.UUID, after int64, limit int) ([]Buyer, error) {
	if _, _, err := s.ByID(ctx, actor, listID); err != nil {
		return nil, err
	}
	var out []Buyer
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.Buyers(ctx, tx, pricingdb.BuyersParams{
			CompanyID: actor.CompanyID, ListID: listID, AfterID: after, At: s.clock.Now(), MaxRows: int32(limit),
		})
		for _, r := range rows {
			out = append(out, Buyer{CompanyID: r.BuyerID, ValidFrom: r.ValidFrom})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list buyers: %w", err)
	}
	for i := range out {
		company, err := s.accounts.Company(ctx, out[i].CompanyID)
		if err != nil {
			return nil, fmt.Errorf("name buyer: %w", err)
		}
		out[i].Name = company.Name
	}
	return out, nil
}
