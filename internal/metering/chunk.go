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
	"parley/internal/pricing"
)

// Chunk is what charges cost together.
type Chunk struct {
	Amount  money.Amount
	Welcome money.Amount // the part paid by welcome credit
	Period  time.Time
	Batch   uuid.UUID
}

// CaptureChunkTx charges many events of one company at once: one change of the
// wallet and one statement for all rows. If one of them is refusable the whole
// chunk is, and fails as a whole. It comes last in its transaction.
func (s *Service) CaptureChunkTx(ctx context.Context, tx *db.Tx, companyID int64, charges []Charge) (Chunk, error) {
	return s.acceptChunkTx(ctx, tx, companyID, charges, Captured)
}

// HoldChunkTx sets the prices of many events of one company aside at once, until
// EndHoldsTx. It fails as a whole, as CaptureChunkTx does, and comes last in its
// transaction.
func (s *Service) HoldChunkTx(ctx context.Context, tx *db.Tx, companyID int64, charges []Charge) (Chunk, error) {
	return s.acceptChunkTx(ctx, tx, companyID, charges, Held)
}

func (s *Service) acceptChunkTx(ctx context.Context, tx *db.Tx, companyID int64, charges []Charge, phase Phase) (Chunk, error) {
	if len(charges) == 0 {
		return Chunk{}, nil
	}
	k, err := s.rateChunkTx(ctx, tx, companyID, charges)
	if err != nil {
		return Chunk{}, err
	}
	take := s.ledger.SpendTx
	if phase == Held {
		take = s.ledger.HoldTx
	}
	spent, err := take(ctx, tx, ledger.Spend{CompanyID: companyID, Amount: k.amount, Refusable: k.refusable, By: k.by})
	if err != nil {
		return Chunk{}, err
	}
	k.shareWelcome(spent.Bonus)
	k.row.Phase, k.row.Period, k.row.Stripe = string(phase), spent.Period, spent.Stripe
	if phase == Captured {
		k.row.BatchID = &spent.Batch
	}
	err = s.q.InsertChunk(ctx, tx, k.row)
	if meteringdb.Duplicate(err) {
		return Chunk{}, fmt.Errorf("%w: a chunk of company %d", ErrBilled, companyID)
	}
	if err != nil {
		return Chunk{}, fmt.Errorf("insert chunk: %w", err)
	}
	return Chunk{Amount: k.amount, Welcome: spent.Bonus, Period: spent.Period, Batch: spent.Batch}, nil
}

// chunk collects rows, and the few different prices among them.
type chunk struct {
	row       meteringdb.InsertChunkParams
	places    map[priced]int
	amount    money.Amount
	refusable bool
	by        access.Actor
}

// priced tells rows with different prices apart.
type priced struct {
	item               pricing.Item
	destination        pricing.Destination
	quantity           int64
	days               pricing.Days
	unit               money.Amount // which one version has several of
	version, wholesale uuid.UUID
}

func (s *Service) rateChunkTx(ctx context.Context, tx *db.Tx, companyID int64, charges []Charge) (*chunk, error) {
	rated := make([]rating, len(charges))
	counting := map[pricing.Item]int64{}
	for i, c := range charges {
		if c.CompanyID != companyID {
			return nil, fmt.Errorf("chunk of company %d has a charge of company %d", companyID, c.CompanyID)
		}
		var err error
		if rated[i], err = s.rate(ctx, c); err != nil {
			return nil, err
		}
		if rated[i].Counts() {
			counting[c.Item] += c.Quantity
		}
	}
	if len(counting) > 0 {
		if err := s.placeInMonthTx(ctx, tx, companyID, rated, counting); err != nil {
			return nil, err
		}
	}
	return newChunk(companyID, rated), nil
}

// placeInMonthTx gives each charge whose price depends on it the price of its
// own place, so that a chunk may begin in one tier and end in another.
func (s *Service) placeInMonthTx(ctx context.Context, tx *db.Tx, companyID int64, rated []rating, quantities map[pricing.Item]int64) error {
	k, err := s.countTx(ctx, tx, companyID, quantities)
	if err != nil {
		return err
	}
	for i := range rated {
		if !rated[i].Counts() {
			continue
		}
		if err := s.rateAt(ctx, &rated[i], k); err != nil {
			return err
		}
	}
	return nil
}

func newChunk(companyID int64, rated []rating) *chunk {
	k := &chunk{places: map[priced]int{}}
	k.row.CompanyID = companyID
	k.row.Refs = make([]uuid.UUID, 0, len(rated))
	k.row.Ats = make([]time.Time, 0, len(rated))
	k.row.Rates = make([]int, 0, len(rated))
	k.row.Positions = make([]int64, 0, len(rated))
	k.row.Bonuses = make([]int64, len(rated))
	for _, r := range rated {
		k.add(r)
	}
	return k
}

func (k *chunk) add(r rating) {
	key := priced{item: r.Item, destination: r.Destination, quantity: r.Quantity, days: r.Days}
	var retail, wholesale pricing.Level
	if r.Retail != nil {
		retail, k.row.SellerID, key.version = *r.Retail, &r.Retail.SellerID, orZero(r.Retail.Version)
		key.unit = retail.UnitPrice
	}
	if r.Wholesale != nil {
		wholesale, k.row.WholesaleSellerID, key.wholesale = *r.Wholesale, &r.Wholesale.SellerID, orZero(r.Wholesale.Version)
	}
	place, known := k.places[key]
	if !known {
		place = k.addPrice(key, retail, wholesale)
		k.places[key] = place
	}
	k.row.Currency = r.Currency
	if r.countedIn != nil {
		k.row.CountedIn = r.countedIn
	}
	k.row.Refs = append(k.row.Refs, r.Reference)
	k.row.Ats = append(k.row.Ats, r.At)
	k.row.Rates = append(k.row.Rates, place)
	k.row.Positions = append(k.row.Positions, r.position)
	k.amount += retail.Amount
	if r.Refusable {
		k.refusable, k.by = true, r.By
	}
}

// addPrice returns the new price's place in arrays of SQL, which begin with 1.
func (k *chunk) addPrice(key priced, retail, wholesale pricing.Level) int {
	k.row.Items = append(k.row.Items, string(key.item))
	k.row.Quantities = append(k.row.Quantities, key.quantity)
	k.row.PriceVersions = append(k.row.PriceVersions, key.version)
	k.row.UnitPrices = append(k.row.UnitPrices, int64(retail.UnitPrice))
	k.row.Amounts = append(k.row.Amounts, int64(retail.Amount))
	k.row.WholesaleVersions = append(k.row.WholesaleVersions, key.wholesale)
	k.row.WholesaleUnitPrices = append(k.row.WholesaleUnitPrices, int64(wholesale.UnitPrice))
	k.row.WholesaleAmounts = append(k.row.WholesaleAmounts, int64(wholesale.Amount))
	k.row.Countries = append(k.row.Countries, key.destination.Country)
	k.row.Networks = append(k.row.Networks, key.destination.Network)
	k.row.Categories = append(k.row.Categories, key.destination.Category)
	return len(k.row.Items)
}

// shareWelcome spreads the welcome credit over the first rows.
func (k *chunk) shareWelcome(left money.Amount) {
	for i := 0; left > 0 && i < len(k.row.Bonuses); i++ {
		part := min(left, money.Amount(k.row.Amounts[k.row.Rates[i]-1]))
		k.row.Bonuses[i] = int64(part)
		left -= part
	}
}

func orZero(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.UUID{}
	}
	return *id
}
