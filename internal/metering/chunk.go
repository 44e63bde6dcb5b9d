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
	if len(charges) == 0 {
		return Chunk{}, nil
	}
	k, err := s.rateChunk(ctx, companyID, charges)
	if err != nil {
		return Chunk{}, err
	}
	spent, err := s.ledger.SpendTx(ctx, tx, ledger.Spend{CompanyID: companyID, Amount: k.amount, Refusable: k.refusable, By: k.by})
	if err != nil {
		return Chunk{}, err
	}
	k.shareWelcome(spent.Bonus)
	k.row.Period, k.row.Stripe, k.row.BatchID = spent.Period, spent.Stripe, spent.Batch
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
	quantity           int64
	version, wholesale uuid.UUID
}

func (s *Service) rateChunk(ctx context.Context, companyID int64, charges []Charge) (*chunk, error) {
	k := &chunk{places: map[priced]int{}}
	k.row.CompanyID = companyID
	k.row.Refs = make([]uuid.UUID, 0, len(charges))
	k.row.Ats = make([]time.Time, 0, len(charges))
	k.row.Rates = make([]int, 0, len(charges))
	k.row.Bonuses = make([]int64, len(charges))
	for i := range charges {
		c := charges[i]
		if c.CompanyID != companyID {
			return nil, fmt.Errorf("chunk of company %d has a charge of company %d", companyID, c.CompanyID)
		}
		rated, err := s.rate(ctx, &c)
		if err != nil {
			return nil, err
		}
		k.add(c, rated)
	}
	return k, nil
}

func (k *chunk) add(c Charge, r pricing.Rated) {
	key := priced{item: c.Item, quantity: c.Quantity}
	var retail, wholesale pricing.Level
	if r.Retail != nil {
		retail, k.row.SellerID, key.version = *r.Retail, &r.Retail.SellerID, orZero(r.Retail.Version)
	}
	if r.Wholesale != nil {
		wholesale, k.row.WholesaleSellerID, key.wholesale = *r.Wholesale, &r.Wholesale.SellerID, orZero(r.Wholesale.Version)
	}
	place, known := k.places[key]
	if !known {
		k.row.Items = append(k.row.Items, string(c.Item))
		k.row.Quantities = append(k.row.Quantities, c.Quantity)
		k.row.PriceVersions = append(k.row.PriceVersions, key.version)
		k.row.UnitPrices = append(k.row.UnitPrices, int64(retail.UnitPrice))
		k.row.Amounts = append(k.row.Amounts, int64(retail.Amount))
		k.row.WholesaleVersions = append(k.row.WholesaleVersions, key.wholesale)
		k.row.WholesaleUnitPrices = append(k.row.WholesaleUnitPrices, int64(wholesale.UnitPrice))
		k.row.WholesaleAmounts = append(k.row.WholesaleAmounts, int64(wholesale.Amount))
		place = len(k.row.Items) // arrays of SQL begin with 1
		k.places[key] = place
	}
	k.row.Currency = r.Currency
	k.row.Refs = append(k.row.Refs, c.Reference)
	k.row.Ats = append(k.row.Ats, c.At)
	k.row.Rates = append(k.row.Rates, place)
	k.amount += retail.Amount
	if c.Refusable {
		k.refusable, k.by = true, c.By
	}
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
