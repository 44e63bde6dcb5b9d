package ledger

import (
	"context"
	"fmt"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// SetCreditLimit says how far below zero a company may spend. A limit below
// what is owed already only stops further work.
func (s *Service) SetCreditLimit(ctx context.Context, actor access.Actor, companyID int64, limit money.Amount) error {
	if _, err := s.mayManage(ctx, actor, companyID); err != nil {
		return err
	}
	if limit < 0 || limit > money.Max {
		return fault.Field("amount", fault.OutOfRange, "The limit must not be below zero.")
	}
	if err := s.open(ctx, companyID); err != nil {
		return err
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		b, err := s.lockBook(ctx, tx, companyID)
		if err != nil {
			return err
		}
		w, err := s.lockWallet(ctx, tx, companyID)
		if err != nil {
			return err
		}
		old := w.credit()
		w.setCredit(limit)
		b.credit = limit
		if err := s.saveWallet(ctx, tx, w); err != nil {
			return err
		}
		err = s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "credit_limit.changed", Subject: fmt.Sprintf("company:%d", companyID),
			Old: map[string]any{"amount": old}, New: map[string]any{"amount": limit, "currency": w.currency},
		})
		if err != nil {
			return err
		}
		if err := s.reviewTx(ctx, tx, b, w); err != nil {
			return err
		}
		if err := s.warnTx(ctx, tx, b, limit > old); err != nil {
			return err
		}
		return s.saveBooks(ctx, tx, b)
	})
}
