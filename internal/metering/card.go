package metering

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/ledger"
	"parley/internal/metering/internal/meteringdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

// Card tells all that may be known about the money of one thing.
type Card struct {
	Reference uuid.UUID
	CompanyID int64
	Item      pricing.Item
	Phase     Phase // the latest
	Quantity  int64
	Currency  string
	At        time.Time // of acceptance
	Period    time.Time
	// Destination is what the prices were chosen by.
	Destination pricing.Destination
	Levels      []CardLevel // those that the reader is a party to
	Welcome     money.Amount
	Entry       *ledger.Entry // in the reader's company's book; nil until it is posted
}

// CardLevel is a price and why it is what it is.
type CardLevel struct {
	Level     string // "retail" or "wholesale"
	SellerID  int64
	Seller    string // its name
	UnitPrice money.Amount
	Amount    money.Amount
	Version   *uuid.UUID
	Position  *int64       // how many units of the month came before; nil: it did not matter
	Why       *pricing.Why // nil: there was no price
}

var errNoCharge = fault.New(fault.NotFound, "Nothing was charged for this.")

// Card returns the card of a thing of a company. People of the company see what
// it pays; a reseller sees both levels of its dependents; the platform sees
// what is paid to it.
func (s *Service) Card(ctx context.Context, actor access.Actor, companyID int64, reference uuid.UUID) (Card, error) {
	var row *meteringdb.SoldUsageRow
	var err error
	switch {
	case actor.CompanyID == companyID && actor.May(access.PricesView):
		row, err = s.ownUsage(ctx, companyID, reference)
	case actor.CompanyID != companyID && (actor.May(access.ResellerDependents) || actor.May(access.PlatformCompanies)):
		row, err = s.soldUsage(ctx, actor.CompanyID, companyID, reference)
	default:
		return Card{}, fault.New(fault.Forbidden, "Your role does not allow seeing prices.")
	}
	if err != nil {
		return Card{}, err
	}
	if row == nil {
		return Card{}, errNoCharge
	}
	return s.card(ctx, actor, companyID, row)
}

// ownUsage reads the latest phase without the wholesale level.
func (s *Service) ownUsage(ctx context.Context, companyID int64, reference uuid.UUID) (*meteringdb.SoldUsageRow, error) {
	var out *meteringdb.SoldUsageRow
	err := s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) error {
		rows, err := s.q.UsageOf(ctx, tx, meteringdb.UsageOfParams{CompanyID: companyID, Refs: []uuid.UUID{reference}})
		for _, r := range rows {
			if out == nil || order[Phase(r.Phase)] > order[Phase(out.Phase)] {
				out = &meteringdb.SoldUsageRow{
					Reference: r.Reference, Item: r.Item, Phase: r.Phase, At: r.At, Period: r.Period, Quantity: r.Quantity,
					Currency: r.Currency, SellerID: r.SellerID, PriceVersion: r.PriceVersion, UnitPrice: r.UnitPrice,
					Amount: r.Amount, Bonus: r.Bonus, BatchID: r.BatchID,
					Country: r.Country, Network: r.Network, Category: r.Category, Position: r.Position,
				}
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read usage: %w", err)
	}
	return out, nil
}

// soldUsage reads the latest phase of what the seller sold on any level.
func (s *Service) soldUsage(ctx context.Context, sellerID, companyID int64, reference uuid.UUID) (*meteringdb.SoldUsageRow, error) {
	rows, err := s.q.SoldUsage(ctx, s.db.Worker(), meteringdb.SoldUsageParams{CompanyID: companyID, Reference: reference, SellerID: sellerID})
	if err != nil {
		return nil, fmt.Errorf("read sold usage: %w", err)
	}
	var out *meteringdb.SoldUsageRow
	for i, r := range rows {
		if out == nil || order[Phase(r.Phase)] > order[Phase(out.Phase)] {
			out = &rows[i]
		}
	}
	return out, nil
}

var order = map[Phase]int{Held: 0, Captured: 1, Released: 1, Refunded: 2}

func (s *Service) card(ctx context.Context, actor access.Actor, companyID int64, r *meteringdb.SoldUsageRow) (Card, error) {
	c := Card{
		Reference: r.Reference, CompanyID: companyID, Item: pricing.Item(r.Item), Phase: Phase(r.Phase),
		Quantity: r.Quantity, Currency: r.Currency, At: r.At, Period: r.Period,
		Destination: pricing.Destination{Country: r.Country, Network: r.Network, Category: r.Category},
	}
	reader := actor.CompanyID
	if r.SellerID != nil && (reader == companyID || reader == *r.SellerID) {
		c.Welcome = money.Amount(r.Bonus)
		l := CardLevel{Level: "retail", SellerID: *r.SellerID, UnitPrice: money.Amount(r.UnitPrice), Amount: money.Amount(r.Amount), Version: r.PriceVersion, Position: r.Position}
		c.Levels = append(c.Levels, l)
	}
	if r.WholesaleSellerID != nil && (reader == *r.SellerID || reader == *r.WholesaleSellerID) {
		l := CardLevel{Level: "wholesale", SellerID: *r.WholesaleSellerID, Version: r.WholesaleVersion}
		l.UnitPrice, l.Amount = money.Amount(*r.WholesaleUnitPrice), money.Amount(*r.WholesaleAmount)
		c.Levels = append(c.Levels, l)
	}
	for i := range c.Levels {
		if err := s.explain(ctx, c, &c.Levels[i]); err != nil {
			return Card{}, err
		}
	}
	if r.BatchID == nil {
		return c, nil
	}
	var err error
	c.Entry, err = s.entryOf(ctx, reader, *r.BatchID, c)
	return c, err
}

func (s *Service) explain(ctx context.Context, c Card, l *CardLevel) error {
	seller, err := s.accounts.Company(ctx, l.SellerID)
	if err != nil {
		return fmt.Errorf("name seller: %w", err)
	}
	l.Seller = seller.Name
	if l.Version == nil {
		return nil
	}
	why, err := s.prices.Explain(ctx, pricing.Priced{
		SellerID: l.SellerID, Version: *l.Version, Item: c.Item, Destination: c.Destination, Position: l.Position,
	})
	l.Why = &why
	return err
}

// entryOf finds the entry in the reader's book that contains the charge.
func (s *Service) entryOf(ctx context.Context, reader int64, batch uuid.UUID, c Card) (*ledger.Entry, error) {
	kind := ledger.ChargeKind
	if c.Phase == Refunded {
		kind = ledger.RefundKind
	}
	var found *ledger.Entry
	err := s.db.ViewCompany(ctx, reader, func(tx *db.Tx) error {
		entries, err := s.ledger.EntriesOfBatchTx(ctx, tx, reader, batch)
		for i, e := range entries {
			if e.Kind != kind || e.Item != string(c.Item) || e.Period == nil || !e.Period.Equal(c.Period) {
				continue
			}
			// A charge paid by welcome credit alone is in that entry; any other
			// has a share in the one on the wallet.
			paidByWelcome := reader == c.CompanyID && len(c.Levels) > 0 && c.Welcome == c.Levels[0].Amount
			if found == nil || e.Welcome == paidByWelcome {
				found = &entries[i]
			}
		}
		return err
	})
	return found, err
}
