package ledger

import (
	"context"
	"fmt"
	"time"

	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
)

// A stripe is hot when it takes so many charges a second, of at least so many:
// charges queue for its row through each other's commits, and a slow disk lets
// through a hundred a second.
const (
	hotRate    = 70
	hotCharges = 50
)

func (s *Service) hot(b ledgerdb.CloseFreeRow) bool {
	age := max(s.now().Sub(id.Time(b.BatchID)), 100*time.Millisecond)
	return b.Charges > hotCharges && float64(b.Charges)/age.Seconds() > hotRate
}

// CloseBatches closes every open batch and returns the companies that have
// batches to be posted. It waits for charges under way on stripes that are
// never free, company by company, so that a slow one holds up only itself.
func (s *Service) CloseBatches(ctx context.Context) ([]int64, error) {
	var wide []ledgerdb.CloseFreeRow
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		if err := s.q.CloseQuickly(ctx, tx); err != nil {
			return err
		}
		closed, err := s.q.CloseFree(ctx, tx)
		wide = closed
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("close batches: %w", err)
	}
	busy, err := s.q.OpenBatches(ctx, s.db.Worker())
	if err != nil {
		return nil, fmt.Errorf("list open batches: %w", err)
	}
	for _, companyID := range busy {
		closed, err := s.closeBusy(ctx, companyID)
		if err != nil {
			return nil, err
		}
		wide = append(wide, closed...)
	}
	for _, x := range wide {
		if have := int(x.Stripes); s.hot(x) && have < s.options.MaxStripes {
			if err := s.Widen(ctx, x.CompanyID, min(2*have, s.options.MaxStripes)); err != nil {
				return nil, fmt.Errorf("widen wallet: %w", err)
			}
		}
	}
	pending, err := s.q.PendingCompanies(ctx, s.db.Worker())
	if err != nil {
		return nil, fmt.Errorf("list pending batches: %w", err)
	}
	return pending, nil
}

func (s *Service) closeBusy(ctx context.Context, companyID int64) ([]ledgerdb.CloseFreeRow, error) {
	var out []ledgerdb.CloseFreeRow
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		if err := s.q.CloseQuickly(ctx, tx); err != nil {
			return err
		}
		closed, err := s.q.CloseBusy(ctx, tx, companyID)
		for _, x := range closed {
			out = append(out, ledgerdb.CloseFreeRow(x))
		}
		return err
	})
	if ledgerdb.GaveUp(err) {
		return nil, nil // next time
	}
	if err != nil {
		return nil, fmt.Errorf("close batches of company %d: %w", companyID, err)
	}
	return out, nil
}
