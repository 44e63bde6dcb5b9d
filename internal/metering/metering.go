package metering

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/ledger"
	"parley/internal/metering/internal/meteringdb"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

// Phase is what has become of a charge.
type Phase string

// The phases.
const (
	Held     Phase = "held"
	Captured Phase = "captured"
	Released Phase = "released"
	Refunded Phase = "refunded"
)

// Errors of callers that lost track of what they billed.
var (
	ErrBilled      = errors.New("metering: this was billed already")
	ErrNotHeld     = errors.New("metering: nothing is held for this, or it was captured or released")
	ErrNotCaptured = errors.New("metering: nothing was captured for this, or it was refunded")
)

// Service meters usage.
type Service struct {
	db       *db.DB
	clock    clock.Clock
	accounts *account.Service
	prices   *pricing.Service
	ledger   *ledger.Service
	q        *meteringdb.Queries
}

// New returns a service on the database.
func New(d *db.DB, c clock.Clock, accounts *account.Service, prices *pricing.Service, l *ledger.Service) *Service {
	return &Service{db: d, clock: c, accounts: accounts, prices: prices, ledger: l, q: meteringdb.New()}
}

// Charge is one billable event.
type Charge struct {
	CompanyID int64
	Reference uuid.UUID
	Item      pricing.Item
	Quantity  int64
	At        time.Time // of acceptance; zero is now
	// Destination is where it goes, as far as the price may depend on it.
	Destination pricing.Destination
	// Days are set for a monthly fee of a part of its month.
	Days pricing.Days
	// Refusable work is of our own doing: it is refused without money. What
	// arrives from outside is charged always.
	Refusable bool
	// By is who is told when it is refused; amounts are named only to those who
	// may see them.
	By access.Actor
}

// Usage is a charge as the company that pays sees it.
type Usage struct {
	Reference    uuid.UUID
	Item         pricing.Item
	Phase        Phase
	At           time.Time
	Period       time.Time // billing month, its first day
	Quantity     int64
	Currency     string
	SellerID     *int64
	PriceVersion *uuid.UUID
	UnitPrice    money.Amount
	Amount       money.Amount
	Welcome      money.Amount // the part paid by welcome credit
	Batch        *uuid.UUID
}

// Prepare makes sure that a company can be charged. Call it before the
// transaction of the charge; it costs something the first time only.
func (s *Service) Prepare(ctx context.Context, companyID int64) error {
	return s.ledger.Prepare(ctx, []int64{companyID})
}

// rating is a charge with its price.
type rating struct {
	Charge
	pricing.Rated
	position  int64      // among the units of the month; -1: the price does not depend on it
	countedIn *time.Time // the month
}

// rate prices a charge as the first of its month. Refusable work that has no
// price is refused, because it could not be billed; what arrives from outside
// then costs nothing.
func (s *Service) rate(ctx context.Context, c Charge) (rating, error) {
	if c.Quantity <= 0 || !c.Item.Known() {
		return rating{}, fmt.Errorf("charge %d of %q: no such thing", c.Quantity, c.Item)
	}
	if c.At.IsZero() {
		c.At = s.clock.Now()
	}
	c.At = c.At.UTC().Truncate(time.Microsecond)
	r := rating{Charge: c, position: -1}
	var err error
	if r.Rated, err = s.prices.Rate(ctx, r.ask(0)); err != nil {
		return r, err
	}
	if c.Refusable && !r.Priced() {
		return r, fault.New(fault.Conflict, "No price is set for this service yet. Ask your service provider.").With("item", string(c.Item))
	}
	return r, nil
}

func (r *rating) ask(position int64) pricing.Ask {
	return pricing.Ask{
		BuyerID: r.CompanyID, Item: r.Item, Quantity: r.Quantity, At: r.At, Destination: r.Destination, Position: position, Days: r.Days,
	}
}

// rateAt prices it again for its place in the month.
func (s *Service) rateAt(ctx context.Context, r *rating, k *counted) error {
	r.position, r.countedIn = k.take(r.Item, r.Quantity), &k.period
	var err error
	r.Rated, err = s.prices.Rate(ctx, r.ask(r.position))
	return err
}

func due(r pricing.Rated) money.Amount {
	if r.Retail == nil {
		return 0
	}
	return r.Retail.Amount
}

// CaptureTx charges at once. It takes the wallet's lock, so it comes last in
// its transaction. Refusable work fails with insufficient_funds or
// seller_suspended; the transaction must then be given up.
func (s *Service) CaptureTx(ctx context.Context, tx *db.Tx, c Charge) (Usage, error) {
	return s.acceptTx(ctx, tx, c, Captured)
}

// HoldTx sets the price aside until CaptureHeldTx or ReleaseTx.
func (s *Service) HoldTx(ctx context.Context, tx *db.Tx, c Charge) (Usage, error) {
	return s.acceptTx(ctx, tx, c, Held)
}

func (s *Service) acceptTx(ctx context.Context, tx *db.Tx, c Charge, phase Phase) (Usage, error) {
	rated, err := s.rate(ctx, c)
	if err != nil {
		return Usage{}, err
	}
	if rated.Counts() {
		k, err := s.countTx(ctx, tx, c.CompanyID, map[pricing.Item]int64{c.Item: c.Quantity})
		if err != nil {
			return Usage{}, err
		}
		if err := s.rateAt(ctx, &rated, k); err != nil {
			return Usage{}, err
		}
	}
	spend := ledger.Spend{CompanyID: c.CompanyID, Amount: due(rated.Rated), Refusable: c.Refusable, By: c.By}
	take := s.ledger.SpendTx
	if phase == Held {
		take = s.ledger.HoldTx
	}
	spent, err := take(ctx, tx, spend)
	if err != nil {
		return Usage{}, err
	}
	row := rowOf(rated, spent, phase)
	err = s.q.InsertUsage(ctx, tx, row)
	if meteringdb.Duplicate(err) {
		return Usage{}, fmt.Errorf("%w: %s %s", ErrBilled, c.Item, c.Reference)
	}
	if err != nil {
		return Usage{}, fmt.Errorf("insert usage: %w", err)
	}
	return usageOfRow(row), nil
}

func rowOf(r rating, spent ledger.Spent, phase Phase) meteringdb.InsertUsageParams {
	row := meteringdb.InsertUsageParams{
		CompanyID: r.CompanyID, Reference: r.Reference, Item: string(r.Item), Phase: string(phase),
		At: r.At, Period: spent.Period, Quantity: r.Quantity, Currency: r.Currency, Bonus: int64(spent.Bonus), Stripe: spent.Stripe,
		Country: r.Destination.Country, Network: r.Destination.Network, Category: r.Destination.Category, CountedIn: r.countedIn,
	}
	if r.position >= 0 {
		row.Position = &r.position
	}
	if phase == Captured {
		row.BatchID = &spent.Batch
	}
	if l := r.Retail; l != nil {
		row.SellerID, row.PriceVersion = &l.SellerID, l.Version
		row.UnitPrice, row.Amount = int64(l.UnitPrice), int64(l.Amount)
	}
	if l := r.Wholesale; l != nil {
		unit, amount := int64(l.UnitPrice), int64(l.Amount)
		row.WholesaleSellerID, row.WholesaleVersion = &l.SellerID, l.Version
		row.WholesaleUnitPrice, row.WholesaleAmount = &unit, &amount
	}
	return row
}

func usageOfRow(r meteringdb.InsertUsageParams) Usage {
	return Usage{
		Reference: r.Reference, Item: pricing.Item(r.Item), Phase: Phase(r.Phase), At: r.At, Period: r.Period,
		Quantity: r.Quantity, Currency: r.Currency, SellerID: r.SellerID, PriceVersion: r.PriceVersion,
		UnitPrice: money.Amount(r.UnitPrice), Amount: money.Amount(r.Amount), Welcome: money.Amount(r.Bonus), Batch: r.BatchID,
	}
}
