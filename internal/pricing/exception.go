package pricing

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/pricing/internal/pricingdb"
)

// exceptions reads a buyer's own prices in order of time, without overlap.
func (s *Service) exceptions(ctx context.Context, p pair, since time.Time) ([]stretch, error) {
	rows, err := s.q.Exceptions(ctx, s.db.Lookup(), pricingdb.ExceptionsParams{CompanyID: p.seller, BuyerID: p.buyer, Since: since})
	if err != nil {
		return nil, fmt.Errorf("load own prices of company %d: %w", p.buyer, err)
	}
	var out []stretch
	for _, r := range rows {
		n := len(out)
		if n == 0 || out[n-1].version != r.VersionID {
			out = append(out, stretch{from: r.ValidFrom, until: r.Until, version: r.VersionID, validFrom: r.ValidFrom, prices: prices{}})
			n++
		}
		x := out[n-1].prices.add(place{Item(r.Item), Destination{r.Country, r.Network, r.Category}}, r.FromQuantity, r.FreeQuantity, money.Amount(r.UnitPrice))
		x.version, x.minimum, x.freeSeconds = r.VersionID, r.MinimumSeconds, r.FreeSeconds
	}
	return out, nil
}

// overlay lays own prices over a list's: where both name a place, the own one
// counts, with its tiers. Time without a list stays without prices.
func overlay(lists, own []stretch) []stretch {
	var out []stretch
	for _, l := range lists {
		cuts := []time.Time{l.from, l.until}
		for _, o := range own {
			for _, t := range []time.Time{o.from, o.until} {
				if t.After(l.from) && t.Before(l.until) {
					cuts = append(cuts, t)
				}
			}
		}
		slices.SortFunc(cuts, time.Time.Compare)
		cuts = slices.CompactFunc(cuts, time.Time.Equal)
		for i := range cuts[:len(cuts)-1] {
			part := l
			part.from, part.until = cuts[i], cuts[i+1]
			if o, ok := (sheet{stretches: own}).at(part.from); ok {
				part.prices = maps.Clone(l.prices)
				maps.Copy(part.prices, o.prices)
			}
			out = append(out, part)
		}
	}
	return out
}

// Exceptions returns the own prices of a buyer of the actor's company, with
// their versions, the newest first; nothing when it never had any.
func (s *Service) Exceptions(ctx context.Context, actor access.Actor, buyerID int64) (*List, []Version, error) {
	if err := seller(actor); err != nil {
		return nil, nil, err
	}
	if _, err := s.buyer(ctx, actor, buyerID); err != nil {
		return nil, nil, err
	}
	var listID uuid.UUID
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
		listID, err = s.q.ExceptionsOf(ctx, tx, pricingdb.ExceptionsOfParams{CompanyID: actor.CompanyID, BuyerID: buyerID})
		return err
	})
	if db.NoRows(err) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read own prices: %w", err)
	}
	list, versions, err := s.ByID(ctx, actor, listID)
	return &list, versions, err
}

// SetExceptions gives a buyer of the actor's company its own prices from an
// instant on, over those of whatever list it pays by; no items let the list
// alone count. It takes EffectDelay, as every change of prices that hold.
// ListID is ignored.
func (s *Service) SetExceptions(ctx context.Context, actor access.Actor, buyerID int64, n NewVersion) (Version, error) {
	if err := seller(actor); err != nil {
		return Version{}, err
	}
	buyer, err := s.buyer(ctx, actor, buyerID)
	if err != nil {
		return Version{}, err
	}
	if len(n.Items) > 0 {
		if err := checkItems(n.Items); err != nil {
			return Version{}, err
		}
	}
	if n.ListID, err = s.exceptionList(ctx, actor, buyer); err != nil {
		return Version{}, err
	}
	n.own = true
	return s.addVersion(ctx, actor, n)
}

// exceptionList makes the list of a buyer's own prices, once.
func (s *Service) exceptionList(ctx context.Context, actor access.Actor, buyer account.Company) (uuid.UUID, error) {
	var listID uuid.UUID
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		now := s.clock.Now()
		err := s.q.InsertExceptions(ctx, tx, pricingdb.InsertExceptionsParams{
			CompanyID: actor.CompanyID, ID: id.New(now), Name: "company " + strconv.FormatInt(buyer.ID, 10),
			Currency: buyer.Currency, CreatedAt: now, BuyerID: &buyer.ID,
		})
		if db.Unique(err, "price_list_company_id_name_key") {
			return fault.New(fault.Conflict, "Another price list has the name of this company's own prices.")
		}
		if err != nil {
			return fmt.Errorf("insert list of own prices: %w", err)
		}
		listID, err = s.q.ExceptionsOf(ctx, tx, pricingdb.ExceptionsOfParams{CompanyID: actor.CompanyID, BuyerID: buyer.ID})
		return err
	})
	return listID, err
}
