package metering

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/ledger"
	"parley/internal/metering/internal/meteringdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

// CaptureHeldTx spends what was held for a reference. It comes last in its
// transaction.
func (s *Service) CaptureHeldTx(ctx context.Context, tx *db.Tx, companyID int64, reference uuid.UUID, item pricing.Item) error {
	return s.endHold(ctx, tx, companyID, reference, item, Captured)
}

// ReleaseTx gives back what was held for a reference. It comes last in its
// transaction.
func (s *Service) ReleaseTx(ctx context.Context, tx *db.Tx, companyID int64, reference uuid.UUID, item pricing.Item) error {
	return s.endHold(ctx, tx, companyID, reference, item, Released)
}

func (s *Service) endHold(ctx context.Context, tx *db.Tx, companyID int64, reference uuid.UUID, item pricing.Item, phase Phase) error {
	held, err := s.q.OpenHold(ctx, tx, meteringdb.OpenHoldParams{CompanyID: companyID, Reference: reference, Item: string(item)})
	if db.NoRows(err) {
		return fmt.Errorf("%w: %s %s", ErrNotHeld, item, reference)
	}
	if err != nil {
		return fmt.Errorf("find hold: %w", err)
	}
	taken := ledger.Taken{CompanyID: companyID, Stripe: held.Stripe, Amount: money.Amount(held.Amount), Bonus: money.Amount(held.Bonus)}
	end := s.ledger.ReleaseTx
	if phase == Captured {
		end = s.ledger.SpendHeldTx
	}
	spent, err := end(ctx, tx, taken)
	if err != nil {
		return err
	}
	p := meteringdb.EndHoldParams{CompanyID: companyID, Reference: reference, Item: string(item), Phase: string(phase), Period: spent.Period}
	if phase == Captured {
		p.BatchID = &spent.Batch
	}
	n, err := s.q.EndHold(ctx, tx, p)
	if err == nil && n == 0 {
		return fmt.Errorf("%w: %s %s", ErrNotHeld, item, reference)
	}
	if err != nil {
		return fmt.Errorf("insert end of hold: %w", err)
	}
	return nil
}
