package billing

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/billing/internal/billingdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Cancel ends a top-up invoice of the actor's company that nobody has paid. Its
// number stays taken.
func (s *Service) Cancel(ctx context.Context, actor access.Actor, invoiceID uuid.UUID) (Invoice, error) {
	if !actor.May(access.InvoicesCreate) {
		return Invoice{}, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	var out Invoice
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.LockInvoice(ctx, tx, billingdb.LockInvoiceParams{CompanyID: actor.CompanyID, ID: invoiceID})
		if db.NoRows(err) {
			return errNoInvoice
		}
		if err != nil {
			return fmt.Errorf("lock invoice: %w", err)
		}
		switch {
		case Kind(row.Kind) != TopUp:
			return fault.New(fault.Conflict, "A monthly invoice documents what was used and cannot be cancelled.")
		case State(row.State) == PartlyPaid || State(row.State) == Paid:
			return fault.New(fault.Conflict, "The invoice has been paid.")
		case State(row.State) == Cancelled:
			out, err = s.wholeTx(ctx, tx, row)
			return err
		}
		now := s.now()
		if err := s.q.Cancel(ctx, tx, billingdb.CancelParams{CompanyID: actor.CompanyID, ID: invoiceID, At: &now}); err != nil {
			return fmt.Errorf("cancel invoice: %w", err)
		}
		err = s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "invoice.cancelled", Subject: "invoice:" + invoiceID.String(), New: map[string]any{"number": row.Number},
		})
		if err != nil {
			return err
		}
		row.State, row.CancelledAt = string(Cancelled), &now
		out, err = s.wholeTx(ctx, tx, row)
		return err
	})
	return out, err
}
