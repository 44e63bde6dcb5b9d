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

// RefundTx gives back what was captured for a reference. It comes last in its
// transaction.
func (s *Service) RefundTx(ctx context.Context, tx *db.Tx, companyID int64, reference uuid.UUID, item pricing.Item) error {
	n, err := s.refund(ctx, tx, companyID, meteringdb.RefundableParams{CompanyID: companyID, Refs: []uuid.UUID{reference}, Item: string(item)})
	if err == nil && n == 0 {
		return fmt.Errorf("%w: %s %s", ErrNotCaptured, item, reference)
	}
	return err
}

// RefundAllTx gives back whatever was captured for the references and not yet
// refunded, and says how many charges that were. It comes last in its
// transaction.
func (s *Service) RefundAllTx(ctx context.Context, tx *db.Tx, companyID int64, references []uuid.UUID) (int, error) {
	return s.refund(ctx, tx, companyID, meteringdb.RefundableParams{CompanyID: companyID, Refs: references})
}

func (s *Service) refund(ctx context.Context, tx *db.Tx, companyID int64, which meteringdb.RefundableParams) (int, error) {
	rows, err := s.q.Refundable(ctx, tx, which)
	if err != nil {
		return 0, fmt.Errorf("find what to refund: %w", err)
	}
	if len(rows) == 0 {
		return 0, nil
	}
	taken := ledger.Taken{CompanyID: companyID, Stripe: rows[0].Stripe}
	give := s.ledger.RefundTx
	p := meteringdb.InsertRefundsParams{CompanyID: companyID}
	for _, r := range rows {
		if r.Stripe != taken.Stripe {
			give = s.ledger.RefundAmongAllTx
		}
		taken.Amount += money.Amount(r.Amount)
		taken.Bonus += money.Amount(r.Bonus)
		p.Refs = append(p.Refs, r.Reference)
		p.Items = append(p.Items, r.Item)
	}
	spent, err := give(ctx, tx, taken)
	if err != nil {
		return 0, err
	}
	p.Period, p.BatchID = spent.Period, spent.Batch
	n, err := s.q.InsertRefunds(ctx, tx, p)
	if err != nil {
		return 0, fmt.Errorf("insert refunds: %w", err)
	}
	if int(n) != len(rows) {
		return 0, fmt.Errorf("%w: somebody else refunded some of it meanwhile", ErrNotCaptured)
	}
	return len(rows), nil
}
