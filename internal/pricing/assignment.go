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
	"parley/internal/pricing/internal/pricingdb"
)

// Assignment says which list a buyer pays by from an instant on.
type Assignment struct {
	BuyerID   int64
	ValidFrom time.Time
	ListID    uuid.UUID
	List      string
	CreatedBy *int64
}

// NewAssignment changes the list of a buyer.
type NewAssignment struct {
	BuyerID   int64
	ListID    uuid.UUID
	ValidFrom *time.Time // nil: as soon as possible
}

// Assign lets a company that the actor's company sells to pay by one of its
// lists. A buyer's first list may hold at once, a change takes EffectDelay.
func (s *Service) Assign(ctx context.Context, actor access.Actor, n NewAssignment) (Assignment, error) {
	if err := seller(actor); err != nil {
		return Assignment{}, err
	}
	buyer, err := s.buyer(ctx, actor, n.BuyerID)
	if err != nil {
		return Assignment{}, err
	}
	a := Assignment{BuyerID: n.BuyerID, ListID: n.ListID, CreatedBy: person(actor)}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		list, err := s.q.ListByID(ctx, tx, pricingdb.ListByIDParams{CompanyID: actor.CompanyID, ID: n.ListID})
		if db.NoRows(err) {
			return errNoList
		}
		if err != nil {
			return fmt.Errorf("read price list: %w", err)
		}
		if list.Currency != buyer.Currency {
			return fault.Field("price_list", fault.BadFormat, "The list is in "+list.Currency+", the company pays in "+buyer.Currency+".")
		}
		a.List = list.Name
		return s.assignTx(ctx, tx, actor, n, &a)
	})
	return a, err
}

// buyer returns a company that the actor's company sells to.
func (s *Service) buyer(ctx context.Context, actor access.Actor, buyerID int64) (account.Company, error) {
	c, err := s.accounts.Company(ctx, buyerID)
	if err != nil {
		return c, err
	}
	if c.ParentID == nil || *c.ParentID != actor.CompanyID {
		return c, fault.New(fault.NotFound, "You do not sell to this company.")
	}
	return c, nil
}

func (s *Service) assignTx(ctx context.Context, tx *db.Tx, actor access.Actor, n NewAssignment, a *Assignment) error {
	if err := s.q.LockBuyer(ctx, tx, pricingdb.LockBuyerParams{CompanyID: actor.CompanyID, BuyerID: n.BuyerID}); err != nil {
		return fmt.Errorf("lock buyer: %w", err)
	}
	before, err := s.q.Assignments(ctx, tx, pricingdb.AssignmentsParams{CompanyID: actor.CompanyID, BuyerID: n.BuyerID})
	if err != nil {
		return fmt.Errorf("read assignments: %w", err)
	}
	if a.ValidFrom, err = effective(n.ValidFrom, s.clock.Now(), len(before) == 0); err != nil {
		return err
	}
	for _, b := range before {
		if b.ValidFrom.Equal(a.ValidFrom) {
			return fault.Field("valid_from", fault.Taken, "Another list begins at this very moment.")
		}
	}
	priced, err := s.q.HasPricesAt(ctx, tx, pricingdb.HasPricesAtParams{CompanyID: actor.CompanyID, ListID: n.ListID, At: a.ValidFrom})
	if err != nil {
		return fmt.Errorf("look for prices: %w", err)
	}
	if !priced {
		return fault.Field("price_list", fault.BadFormat, "The list has no prices at that time.")
	}
	err = s.q.InsertAssignment(ctx, tx, pricingdb.InsertAssignmentParams{
		CompanyID: actor.CompanyID, BuyerID: n.BuyerID, ValidFrom: a.ValidFrom, ListID: n.ListID, CreatedBy: a.CreatedBy,
	})
	if err != nil {
		return fmt.Errorf("insert assignment: %w", err)
	}
	change := account.Change{
		Action: "price_list.assigned", Subject: fmt.Sprintf("company:%d", n.BuyerID),
		New: map[string]any{"price_list": a.List, "valid_from": a.ValidFrom},
	}
	if len(before) > 0 {
		change.Old = map[string]any{"price_list": before[0].Name, "valid_from": before[0].ValidFrom}
	}
	return s.changedTx(ctx, tx, actor, change)
}

// Assignments returns which lists a buyer of the actor's company pays and paid
// by, the newest first.
func (s *Service) Assignments(ctx context.Context, actor access.Actor, buyerID int64) ([]Assignment, error) {
	if err := seller(actor); err != nil {
		return nil, err
	}
	if _, err := s.buyer(ctx, actor, buyerID); err != nil {
		return nil, err
	}
	var out []Assignment
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.Assignments(ctx, tx, pricingdb.AssignmentsParams{CompanyID: actor.CompanyID, BuyerID: buyerID})
		for _, r := range rows {
			out = append(out, Assignment{BuyerID: r.BuyerID, ValidFrom: r.ValidFrom, ListID: r.ListID, List: r.Name, CreatedBy: r.CreatedBy})
		}
		return err
	})
	return out, err
}
