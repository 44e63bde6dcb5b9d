package seed

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/pricing"
)

// prices gives the platform its wholesale and retail lists and the reseller a
// retail list of its own.
func (s *seeder) prices(ctx context.Context) error {
	wholesale, retail := pricing.Seed()
	for _, l := range []struct {
		seller access.Actor
		name   string
		items  []pricing.ItemPrice
		buyers []*firm
	}{
		{s.platform.owner, "Wholesale", wholesale, []*firm{s.reseller}},
		{s.platform.owner, "Retail", retail, []*firm{s.robot}},
		{s.reseller.owner, "Northwind retail", retail, []*firm{s.bakery, s.garage}},
	} {
		listID, err := s.list(ctx, l.seller, l.name, l.items)
		if err != nil {
			return fmt.Errorf("price list %s: %w", l.name, err)
		}
		for _, buyer := range l.buyers {
			if _, err := s.app.Pricing.Assign(ctx, l.seller, pricing.NewAssignment{BuyerID: buyer.ID, ListID: listID}); err != nil {
				return fmt.Errorf("price list of %s: %w", buyer.Name, err)
			}
		}
	}
	return nil
}

func (s *seeder) list(ctx context.Context, seller access.Actor, name string, items []pricing.ItemPrice) (uuid.UUID, error) {
	list, err := s.app.Pricing.CreateList(ctx, seller, name, pricing.SeedCurrency)
	if err != nil {
		return uuid.Nil, err
	}
	_, err = s.app.Pricing.AddVersion(ctx, seller, pricing.NewVersion{ListID: list.ID, Items: items})
	return list.ID, err
}

// deposits pays in what the month will cost, and some more.
func (s *seeder) deposits(ctx context.Context) error {
	for _, d := range []struct {
		by     access.Actor
		to     *firm
		amount money.Amount
	}{
		{s.platform.owner, s.reseller, 20_000 * money.Unit},
		{s.platform.owner, s.robot, 3_000 * money.Unit},
		{s.reseller.owner, s.bakery, 5_000 * money.Unit},
		{s.reseller.owner, s.garage, 2_000 * money.Unit},
	} {
		_, err := s.app.Ledger.Deposit(ctx, d.by, ledger.Deposit{
			CompanyID: d.to.ID, Amount: d.amount, Reason: "Bank transfer", Reference: "demo-1",
		})
		if err != nil {
			return fmt.Errorf("deposit of %s: %w", d.to.Name, err)
		}
	}
	return nil
}
