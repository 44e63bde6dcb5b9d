package billing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/billing/internal/billingdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Filter chooses and sorts invoices; zero values choose all, the newest first.
type Filter struct {
	// Number is a part of it, or the whole id of the invoice; of a seller's
	// invoices it may be a part of the buyer's name or its number, too.
	Number    string
	Kind      Kind
	State     State
	Unpaid    bool      // issued or partly paid
	From, To  time.Time // of issue, To not included
	CompanyID int64     // of a seller's list: one buyer
	ByTotal   bool
	Ascending bool
	After     *Place
	Limit     int
}

// Place is where a page of invoices ended.
type Place struct {
	IssuedAt time.Time
	Total    money.Amount
	ID       uuid.UUID
}

func (f Filter) params() billingdb.ListParams {
	p := billingdb.ListParams{
		CompanyID: f.CompanyID, Text: strings.TrimSpace(f.Number), Kind: string(f.Kind), State: string(f.State), Unpaid: f.Unpaid, From: f.From, To: f.To,
		ByTotal: f.ByTotal, Ascending: f.Ascending, MaxRows: f.Limit,
	}
	if f.After != nil {
		p.After = &billingdb.Place{Time: f.After.IssuedAt, Total: int64(f.After.Total), ID: f.After.ID}
	}
	return p
}

// List returns invoices of the actor's company, without their lines.
func (s *Service) List(ctx context.Context, actor access.Actor, f Filter) ([]Invoice, error) {
	if !actor.May(access.InvoicesView) {
		return nil, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	p := f.params()
	p.CompanyID = actor.CompanyID
	var out []Invoice
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.List(ctx, tx, p)
		if err != nil {
			return fmt.Errorf("list invoices: %w", err)
		}
		out, err = invoicesOf(rows)
		return err
	})
	return out, err
}

// ListSold returns invoices that the actor's company has issued, without their
// lines. It is trusted work: the rows lie in the buyers' companies.
func (s *Service) ListSold(ctx context.Context, actor access.Actor, f Filter) ([]Invoice, error) {
	if err := seller(actor); err != nil {
		return nil, err
	}
	p := f.params()
	p.SellerID = actor.CompanyID
	rows, err := s.q.List(ctx, s.db.Worker(), p)
	if err != nil {
		return nil, fmt.Errorf("list invoices issued: %w", err)
	}
	return invoicesOf(rows)
}

// seller checks that the actor may handle money of the actor's company's buyers.
func seller(actor access.Actor) error {
	if actor.May(access.PlatformDeposits) || actor.May(access.ResellerDependents) {
		return nil
	}
	return fault.New(fault.Forbidden, "Your role does not allow this.")
}

func invoicesOf(rows []billingdb.Invoice) ([]Invoice, error) {
	out := make([]Invoice, 0, len(rows))
	for _, r := range rows {
		i, err := invoiceOf(r)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, nil
}

// ByID returns an invoice of the actor's company with its lines.
func (s *Service) ByID(ctx context.Context, actor access.Actor, invoiceID uuid.UUID) (Invoice, error) {
	if !actor.May(access.InvoicesView) {
		return Invoice{}, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	return s.viewed(ctx, actor.CompanyID, invoiceID)
}

// SoldByID returns an invoice that the actor's company has issued.
func (s *Service) SoldByID(ctx context.Context, actor access.Actor, companyID int64, invoiceID uuid.UUID) (Invoice, error) {
	if err := seller(actor); err != nil {
		return Invoice{}, err
	}
	i, err := s.viewed(ctx, companyID, invoiceID)
	if err == nil && i.SellerID != actor.CompanyID {
		return Invoice{}, errNoInvoice
	}
	return i, err
}

func (s *Service) viewed(ctx context.Context, companyID int64, invoiceID uuid.UUID) (i Invoice, err error) {
	err = s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) error {
		if i, err = s.byIDTx(ctx, tx, companyID, invoiceID); err != nil {
			return err
		}
		return s.paymentsTx(ctx, tx, &i)
	})
	return i, err
}

// paymentsTx adds to an invoice what was paid for it.
func (s *Service) paymentsTx(ctx context.Context, tx *db.Tx, i *Invoice) error {
	rows, err := s.q.PaymentsOf(ctx, tx, billingdb.PaymentsOfParams{CompanyID: i.CompanyID, InvoiceID: i.ID})
	if err != nil {
		return fmt.Errorf("read payments of invoice: %w", err)
	}
	for _, r := range rows {
		i.Payments = append(i.Payments, Part{
			PaymentID: r.ID, ReceivedOn: r.ReceivedOn, Document: r.Document, Amount: money.Amount(r.Amount), CreatedAt: r.CreatedAt,
		})
	}
	return nil
}

func (s *Service) byIDTx(ctx context.Context, tx *db.Tx, companyID int64, invoiceID uuid.UUID) (Invoice, error) {
	row, err := s.q.InvoiceByID(ctx, tx, billingdb.InvoiceByIDParams{CompanyID: companyID, ID: invoiceID})
	if db.NoRows(err) {
		return Invoice{}, errNoInvoice
	}
	if err != nil {
		return Invoice{}, fmt.Errorf("read invoice: %w", err)
	}
	return s.wholeTx(ctx, tx, row)
}
