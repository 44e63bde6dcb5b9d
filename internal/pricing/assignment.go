package pricing

import (
	"context"
	"fmt"
	"slices"
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
	a := Assignment{BuyerID: n.BuyerID, ListID: n.ListID, CreatedBy: actor.Person()}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		list, err := s.templateTx(ctx, tx, actor.CompanyID, n.ListID)
		if err != nil {
			return err
		}
		if list.Currency != buyer.Currency {
			return fault.Field("price_list", fault.BadFormat, "The list is in "+list.Currency+", the company pays in "+buyer.Currency+".")
		}
		a.List = list.Name
		change, err := s.assignTx(ctx, tx, actor, n, &a)
		if err != nil {
			return err
		}
		return s.changedTx(ctx, tx, actor, change)
	})
	return a, err
}

// templateTx reads a list that may be assigned; a company's own prices may not.
func (s *Service) templateTx(ctx context.Context, tx *db.Tx, companyID int64, listID uuid.UUID) (List, error) {
	list, err := s.listTx(ctx, tx, companyID, listID)
	if err == nil && list.BuyerID != nil {
		return List{}, errNoList
	}
	return list, err
}

// MostAssigned is how many companies one AssignAll may name.
const MostAssigned = 500

// AssignAll lets several companies that the actor's company sells to pay by one
// of its lists from the same instant on: all of them, or none when one cannot.
// Without a time it takes EffectDelay, also for those who had no list.
func (s *Service) AssignAll(ctx context.Context, actor access.Actor, n NewAssignment, buyerIDs []int64) ([]Assignment, error) {
	if err := seller(actor); err != nil {
		return nil, err
	}
	buyerIDs = slices.Compact(slices.Sorted(slices.Values(buyerIDs)))
	if len(buyerIDs) == 0 || len(buyerIDs) > MostAssigned {
		return nil, fault.Field("companies", fault.OutOfRange, "Name between 1 and 500 companies.")
	}
	currencies := make([]string, len(buyerIDs))
	for i, buyerID := range buyerIDs {
		buyer, err := s.buyer(ctx, actor, buyerID)
		if fault.Is(err, fault.NotFound) {
			return nil, fault.Field("companies", fault.UnknownName, fmt.Sprintf("You do not sell to company %d.", buyerID))
		}
		if err != nil {
			return nil, err
		}
		currencies[i] = buyer.Currency
	}
	if n.ValidFrom == nil {
		soonest := s.clock.Now().Add(EffectDelay)
		n.ValidFrom = &soonest
	}
	out := make([]Assignment, len(buyerIDs))
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		list, err := s.templateTx(ctx, tx, actor.CompanyID, n.ListID)
		if err != nil {
			return err
		}
		changes := make([]account.Change, len(buyerIDs))
		// In order of their numbers, so that two who assign do not wait for each other.
		for i, buyerID := range buyerIDs {
			if list.Currency != currencies[i] {
				return fault.Field("companies", fault.BadFormat, fmt.Sprintf("The list is in %s, company %d pays in %s.", list.Currency, buyerID, currencies[i]))
			}
			n.BuyerID = buyerID
			out[i] = Assignment{BuyerID: buyerID, ListID: n.ListID, List: list.Name, CreatedBy: actor.Person()}
			if changes[i], err = s.assignTx(ctx, tx, actor, n, &out[i]); err != nil {
				return err
			}
		}
		for _, change := range changes {
			if err := s.accounts.RecordTx(ctx, tx, actor, change); err != nil {
				return err
			}
		}
		return s.noteTx(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
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

func (s *Service) assignTx(ctx context.Context, tx *db.Tx, actor access.Actor, n NewAssignment, a *Assignment) (change account.Change, err error) {
	if err := s.q.LockBuyer(ctx, tx, pricingdb.LockBuyerParams{CompanyID: actor.CompanyID, BuyerID: n.BuyerID}); err != nil {
		return change, fmt.Errorf("lock buyer: %w", err)
	}
	before, err := s.q.Assignments(ctx, tx, pricingdb.AssignmentsParams{CompanyID: actor.CompanyID, BuyerID: n.BuyerID})
	if err != nil {
		return change, fmt.Errorf("read assignments: %w", err)
	}
	if a.ValidFrom, err = effective(n.ValidFrom, s.clock.Now(), len(before) == 0); err != nil {
		return change, err
	}
	for _, b := range before {
		if b.ValidFrom.Equal(a.ValidFrom) {
			return change, fault.Field("valid_from", fault.Taken, "Another list begins at this very moment.")
		}
	}
	priced, err := s.q.HasPricesAt(ctx, tx, pricingdb.HasPricesAtParams{CompanyID: actor.CompanyID, ListID: n.ListID, At: a.ValidFrom})
	if err != nil {
		return change, fmt.Errorf("look for prices: %w", err)
	}
	if !priced {
		return change, fault.Field("price_list", fault.BadFormat, "The list has no prices at that time.")
	}
	err = s.q.InsertAssignment(ctx, tx, pricingdb.InsertAssignmentParams{
		CompanyID: actor.CompanyID, BuyerID: n.BuyerID, ValidFrom: a.ValidFrom, ListID: n.ListID, CreatedBy: a.CreatedBy,
	})
	if err != nil {
		return change, fmt.Errorf("insert assignment: %w", err)
	}
	change = account.Change{
		Action: "price_list.assigned", Subject: fmt.Sprintf("company:%d", n.BuyerID),
		New: map[string]any{"price_list": a.List, "valid_from": a.ValidFrom},
	}
	if len(before) > 0 {
		change.Old = map[string]any{"price_list": before[0].Name, "valid_from": before[0].ValidFrom}
	}
	return change, nil
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
