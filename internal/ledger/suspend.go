package ledger

import (
	"context"
	"fmt"

	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/platform/db"
)

// reviewTx tells the dependents of a reseller when it has run out of money or
// has some again. It comes last: nobody who holds a dependent's wallet waits
// for anything of the reseller.
func (s *Service) reviewTx(ctx context.Context, tx *db.Tx, b *book, w *wallet) error {
	resells, err := s.resells(ctx, b.companyID)
	if err != nil {
		return err
	}
	suspended := resells && w.exhausted()
	if suspended == b.suspended {
		return nil
	}
	b.suspended = suspended
	told, err := s.q.SuspendDependents(ctx, tx, ledgerdb.SuspendDependentsParams{CompanyID: &b.companyID, Suspended: suspended})
	if err != nil {
		return fmt.Errorf("tell dependents: %w", err)
	}
	for _, dependent := range told {
		s.touchedTx(tx, dependent)
	}
	return nil
}
