package pricing

import (
	"context"
	"fmt"
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

// NewVersion is a change of a list's prices.
type NewVersion struct {
	ListID    uuid.UUID
	ValidFrom *time.Time // nil: as soon as possible
	Items     []ItemPrice
	BelowCost bool // a person has confirmed prices below the seller's own cost
}

// AddVersion adds a version to a list of the actor's company. It holds no
// sooner than EffectDelay from now, except that a list's first version may hold
// at once: nobody can have been assigned to a list without prices.
func (s *Service) AddVersion(ctx context.Context, actor access.Actor, n NewVersion) (Version, error) {
	if err := seller(actor); err != nil {
		return Version{}, err
	}
	if err := checkItems(n.Items); err != nil {
		return Version{}, err
	}
	v := Version{CreatedBy: person(actor), Items: n.Items}
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		_, err := s.q.LockList(ctx, tx, pricingdb.LockListParams{CompanyID: actor.CompanyID, ID: n.ListID})
		if db.NoRows(err) {
			return errNoList
		}
		if err != nil {
			return fmt.Errorf("lock price list: %w", err)
		}
		last, err := s.q.LastNumber(ctx, tx, pricingdb.LastNumberParams{CompanyID: actor.CompanyID, ListID: n.ListID})
		if err != nil {
			return fmt.Errorf("number price version: %w", err)
		}
		v.CreatedAt = s.clock.Now()
		v.ID, v.Number = id.New(v.CreatedAt), last+1
		if v.ValidFrom, err = effective(n.ValidFrom, v.CreatedAt, last == 0); err != nil {
			return err
		}
		if err := s.aboveCost(ctx, actor.CompanyID, n, v.ValidFrom); err != nil {
			return err
		}
		return s.insertVersionTx(ctx, tx, actor, n.ListID, v)
	})
	return v, err
}

func checkItems(items []ItemPrice) error {
	if len(items) == 0 {
		return fault.Field("items", fault.Required, "A version needs at least one price.")
	}
	seen := map[Item]bool{}
	for i, x := range items {
		name := fmt.Sprintf("items[%d]", i)
		switch {
		case !x.Item.Known():
			return fault.Field(name+".item", fault.UnknownName, "There is no such item.")
		case seen[x.Item]:
			return fault.Field(name+".item", fault.Taken, "The item is listed twice.")
		case x.UnitPrice < 0 || x.UnitPrice > money.Max/1_000_000:
			return fault.Field(name+".unit_price", fault.OutOfRange, "A price lies between 0 and 1000.")
		}
		seen[x.Item] = true
	}
	return nil
}

// effective says from when a change holds.
func effective(wanted *time.Time, now time.Time, first bool) (time.Time, error) {
	soonest := now.Add(EffectDelay)
	if first {
		soonest = now
	}
	if wanted == nil {
		return soonest, nil
	}
	if wanted.Before(soonest) {
		return time.Time{}, fault.Field("valid_from", fault.OutOfRange,
			fmt.Sprintf("Prices cannot change before %s; leave the time out to change them as soon as possible.", soonest.UTC().Format(time.RFC3339)))
	}
	return wanted.UTC().Truncate(time.Microsecond), nil
}

// aboveCost refuses prices below what the seller pays itself, unless a person
// has confirmed them.
func (s *Service) aboveCost(ctx context.Context, sellerID int64, n NewVersion, at time.Time) error {
	if n.BelowCost {
		return nil
	}
	cost, err := s.costs(ctx, sellerID, at)
	if err != nil {
		return err
	}
	var refused *fault.Error
	for i, x := range n.Items {
		if c, ok := cost[x.Item]; ok && x.UnitPrice < c {
			name := fmt.Sprintf("items[%d].unit_price", i)
			const message = "The price is below your own cost. Confirm it to sell at a loss."
			if refused == nil {
				refused = fault.Field(name, fault.OutOfRange, message).With("below_cost", true)
			} else {
				refused = refused.And(name, fault.OutOfRange, message)
			}
		}
	}
	if refused != nil {
		return refused
	}
	return nil
}

func (s *Service) insertVersionTx(ctx context.Context, tx *db.Tx, actor access.Actor, listID uuid.UUID, v Version) error {
	err := s.q.InsertVersion(ctx, tx, pricingdb.InsertVersionParams{
		CompanyID: actor.CompanyID, ID: v.ID, ListID: listID, Number: v.Number,
		ValidFrom: v.ValidFrom, CreatedBy: v.CreatedBy, CreatedAt: v.CreatedAt,
	})
	if err != nil {
		return fmt.Errorf("insert price version: %w", err)
	}
	p := pricingdb.InsertItemsParams{CompanyID: actor.CompanyID, VersionID: v.ID}
	told := map[string]any{"number": v.Number, "valid_from": v.ValidFrom}
	for _, x := range v.Items {
		p.Items = append(p.Items, string(x.Item))
		p.UnitPrices = append(p.UnitPrices, int64(x.UnitPrice))
		told[string(x.Item)] = x.UnitPrice
	}
	if err := s.q.InsertItems(ctx, tx, p); err != nil {
		return fmt.Errorf("insert prices: %w", err)
	}
	return s.changedTx(ctx, tx, actor, account.Change{
		Action: "price_list.changed", Subject: "price_list:" + listID.String(), New: told,
	})
}

// changedTx records a change of prices and lets every node notice it.
func (s *Service) changedTx(ctx context.Context, tx *db.Tx, actor access.Actor, c account.Change) error {
	if err := s.accounts.RecordTx(ctx, tx, actor, c); err != nil {
		return err
	}
	if err := s.q.NoteChange(ctx, tx); err != nil {
		return fmt.Errorf("note change of prices: %w", err)
	}
	return nil
}

func person(actor access.Actor) *int64 {
	if actor.UserID == 0 {
		return nil
	}
	return &actor.UserID
}
