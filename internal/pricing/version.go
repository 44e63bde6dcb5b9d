package pricing

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/pricing/internal/pricingdb"
)

// NewVersion is a change of a list's prices.
type NewVersion struct {
	ListID     uuid.UUID
	ValidFrom  *time.Time // nil: as soon as possible
	ValidUntil *time.Time // nil: until the next version
	Items      []ItemPrice
	BelowCost  bool // a person has confirmed prices below the seller's own cost
	own        bool // of one company: its first version changes prices that hold
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
	return s.addVersion(ctx, actor, n)
}

func (s *Service) addVersion(ctx context.Context, actor access.Actor, n NewVersion) (Version, error) {
	v := Version{CreatedBy: actor.Person(), Items: n.Items, Prices: int64(len(n.Items))}
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		list, err := s.q.LockList(ctx, tx, pricingdb.LockListParams{CompanyID: actor.CompanyID, ID: n.ListID})
		if db.NoRows(err) {
			return errNoList
		}
		if err != nil {
			return fmt.Errorf("lock price list: %w", err)
		}
		if (list.BuyerID != nil) != n.own {
			return errNoList
		}
		last, err := s.q.LastNumber(ctx, tx, pricingdb.LastNumberParams{CompanyID: actor.CompanyID, ListID: n.ListID})
		if err != nil {
			return fmt.Errorf("number price version: %w", err)
		}
		v.CreatedAt = s.clock.Now()
		v.ID, v.Number = id.New(v.CreatedAt), last+1
		if v.ValidFrom, err = effective(n.ValidFrom, v.CreatedAt, last == 0 && !n.own); err != nil {
			return err
		}
		if v.ValidUntil, err = end(n.ValidUntil, v.ValidFrom); err != nil {
			return err
		}
		if err := s.aboveCost(ctx, actor.CompanyID, n, v.ValidFrom); err != nil {
			return err
		}
		return s.insertVersionTx(ctx, tx, actor, n.ListID, v)
	})
	return v, err
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

// end says until when a version holds.
func end(wanted *time.Time, from time.Time) (*time.Time, error) {
	if wanted == nil {
		return nil, nil
	}
	until := wanted.UTC().Truncate(time.Microsecond)
	if !until.After(from) {
		return nil, fault.Field("valid_until", fault.OutOfRange, "The prices would end before they begin.")
	}
	return &until, nil
}

func (s *Service) insertVersionTx(ctx context.Context, tx *db.Tx, actor access.Actor, listID uuid.UUID, v Version) error {
	err := s.q.InsertVersion(ctx, tx, pricingdb.InsertVersionParams{
		CompanyID: actor.CompanyID, ID: v.ID, ListID: listID, Number: v.Number,
		ValidFrom: v.ValidFrom, ValidUntil: v.ValidUntil, CreatedBy: v.CreatedBy, CreatedAt: v.CreatedAt,
	})
	if err != nil {
		return fmt.Errorf("insert price version: %w", err)
	}
	p := pricingdb.InsertItemsParams{CompanyID: actor.CompanyID, VersionID: v.ID}
	for _, x := range v.Items {
		p.Items = append(p.Items, string(x.Item))
		p.Countries = append(p.Countries, x.Destination.Country)
		p.Networks = append(p.Networks, x.Destination.Network)
		p.Categories = append(p.Categories, x.Destination.Category)
		p.FromQuantities = append(p.FromQuantities, x.FromQuantity)
		p.FreeQuantities = append(p.FreeQuantities, x.FreeQuantity)
		p.UnitPrices = append(p.UnitPrices, int64(x.UnitPrice))
		p.MinimumSeconds = append(p.MinimumSeconds, x.MinimumSeconds)
		p.FreeSeconds = append(p.FreeSeconds, x.FreeSeconds)
	}
	if err := s.q.InsertItems(ctx, tx, p); err != nil {
		return fmt.Errorf("insert prices: %w", err)
	}
	return s.changedTx(ctx, tx, actor, account.Change{
		Action: "price_list.changed", Subject: "price_list:" + listID.String(), New: told(v),
	})
}

// mostTold is how many prices the audit trail names; of more it tells the
// number, and the version keeps them.
const mostTold = 50

func told(v Version) map[string]any {
	out := map[string]any{"number": v.Number, "valid_from": v.ValidFrom, "prices": v.Prices}
	if v.ValidUntil != nil {
		out["valid_until"] = *v.ValidUntil
	}
	if len(v.Items) > mostTold {
		return out
	}
	for _, x := range v.Items {
		out[x.String()] = x.UnitPrice
	}
	return out
}

// changedTx records a change of prices and lets every node notice it.
func (s *Service) changedTx(ctx context.Context, tx *db.Tx, actor access.Actor, c account.Change) error {
	if err := s.accounts.RecordTx(ctx, tx, actor, c); err != nil {
		return err
	}
	return s.noteTx(ctx, tx)
}

// noteTx comes last in its transaction.
func (s *Service) noteTx(ctx context.Context, tx *db.Tx) error {
	if err := s.q.NoteChange(ctx, tx); err != nil {
		return fmt.Errorf("note change of prices: %w", err)
	}
	return nil
}
