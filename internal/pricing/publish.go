package pricing

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/pricing/internal/pricingdb"
)

// PublicPrice is what an item costs by a published list. Lowest: it is the
// lowest of several, by destination or by volume.
type PublicPrice struct {
	Item      Item
	UnitPrice money.Amount
	Lowest    bool
}

// Published are prices that a seller shows to everybody.
type Published struct {
	Currency string
	Prices   []PublicPrice // in the order of [Items]
}

// Publish shows a price list of the actor's company on its home page instead of
// any other, or takes it away from there.
func (s *Service) Publish(ctx context.Context, actor access.Actor, listID uuid.UUID, on bool) error {
	if err := seller(actor); err != nil {
		return err
	}
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		list, err := s.listTx(ctx, tx, actor.CompanyID, listID)
		if err != nil {
			return err
		}
		action := "price_list.published"
		if on {
			err = s.q.Publish(ctx, tx, pricingdb.PublishParams{CompanyID: actor.CompanyID, ListID: listID})
		} else {
			action = "price_list.unpublished"
			_, err = s.q.Unpublish(ctx, tx, pricingdb.UnpublishParams{CompanyID: actor.CompanyID, ListID: listID})
		}
		if err != nil {
			return fmt.Errorf("publish price list: %w", err)
		}
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: action, Subject: "price_list:" + listID.String(), New: map[string]any{"name": list.Name},
		})
	})
}

// PublishedList returns which price list of the actor's company stands on its
// home page; nil: none.
func (s *Service) PublishedList(ctx context.Context, actor access.Actor) (out *uuid.UUID, err error) {
	if err := seller(actor); err != nil {
		return nil, err
	}
	err = s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		listID, err := s.q.PublishedList(ctx, tx, actor.CompanyID)
		if db.NoRows(err) {
			return nil
		}
		out = &listID
		return err
	})
	return out, err
}

// Published returns the prices on a seller's home page; not_found when there
// are none.
func (s *Service) Published(ctx context.Context, sellerID int64) (Published, error) {
	rows, err := s.q.PublishedPrices(ctx, s.db.Worker(), pricingdb.PublishedPricesParams{CompanyID: sellerID, Now: s.clock.Now()})
	if err != nil {
		return Published{}, fmt.Errorf("read published prices: %w", err)
	}
	if len(rows) == 0 {
		return Published{}, fault.New(fault.NotFound, "No prices are published here.")
	}
	var p Published
	for _, r := range rows {
		p.Currency = r.Currency
		p.Prices = append(p.Prices, PublicPrice{Item(r.Item), money.Amount(r.UnitPrice), r.Lowest})
	}
	slices.SortFunc(p.Prices, func(a, b PublicPrice) int { return slices.Index(Items, a.Item) - slices.Index(Items, b.Item) })
	return p, nil
}
