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
func (s *Service) Cancel(ctx context.Context, actor access.Actor, invoiceID uuid.UUID) (out Invoice, err error) {
	if !actor.May(access.InvoicesCreate) {
		return Invoice{}, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		out, err = s.cancelTx(ctx, tx, actor, billingdb.LockInvoiceParams{CompanyID: actor.CompanyID, ID: invoiceID}, nil)
		return err
	})
	return out, err
}

// CancelSold is Cancel for the seller. It is trusted work: the row lies in the
// buyer's company.
func (s *Service) CancelSold(ctx context.Context, actor access.Actor, companyID int64, invoiceID uuid.UUID) (out Invoice, err error) {
	if err := seller(actor); err != nil {
		return Invoice{}, err
	}
	err = s.db.AsWorker(ctx, func(tx *db.Tx) error {
		out, err = s.cancelTx(ctx, tx, actor, billingdb.LockInvoiceParams{CompanyID: companyID, ID: invoiceID}, &actor.CompanyID)
		return err
	})
	return out, err
}

// cancelTx cancels an invoice; with a seller, only one that it has issued.
func (s *Service) cancelTx(ctx context.Context, tx *db.Tx, actor access.Actor, which billingdb.LockInvoiceParams, of *int64) (Invoice, error) {
	row, err := s.q.LockInvoice(ctx, tx, which)
	if db.NoRows(err) || err == nil && of != nil && row.SellerID != *of {
		return Invoice{}, errNoInvoice
	}
	if err != nil {
		return Invoice{}, fmt.Errorf("lock invoice: %w", err)
	}
	switch {
	case Kind(row.Kind) != TopUp:
		return Invoice{}, fault.New(fault.Conflict, "A monthly invoice documents what was used and cannot be cancelled.")
	case State(row.State) == PartlyPaid || State(row.State) == Paid:
		return Invoice{}, fault.New(fault.Conflict, "The invoice has been paid.")
	case State(row.State) == Cancelled:
		return s.wholeTx(ctx, tx, row)
	}
	now := s.now()
	if err := s.q.Cancel(ctx, tx, billingdb.CancelParams{CompanyID: which.CompanyID, ID: which.ID, At: &now}); err != nil {
		return Invoice{}, fmt.Errorf("cancel invoice: %w", err)
	}
	err = s.accounts.RecordTx(ctx, tx, actor, account.Change{
		Action: "invoice.cancelled", Subject: "invoice:" + which.ID.String(), New: map[string]any{"company": which.CompanyID, "number": row.Number},
	})
	if err != nil {
		return Invoice{}, err
	}
	row.State, row.CancelledAt = string(Cancelled), &now
	return s.wholeTx(ctx, tx, row)
}
