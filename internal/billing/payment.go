package billing

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/billing/internal/billingdb"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

const maxDocument = 50

var errPosted = fault.New(fault.Conflict, "This payment has been posted already.")

// NewPayment is money that a buyer has transferred, as its seller saw it.
type NewPayment struct {
	CompanyID  int64
	InvoiceID  uuid.UUID // the invoice that was named
	Amount     money.Amount
	Currency   string
	ReceivedOn time.Time // a date
	Document   string    // number of the payment order
	// Reference makes the payment once only: the same again changes nothing.
	Reference string
}

// Payment is money that has come in.
type Payment struct {
	ID          uuid.UUID
	CompanyID   int64
	SellerID    int64
	InvoiceID   *uuid.UUID // the invoice that was named
	EntryID     uuid.UUID  // the deposit
	Amount      money.Amount
	Currency    string
	ReceivedOn  time.Time
	Document    string
	Allocations []Allocation
	CreatedBy   *int64
	CreatedAt   time.Time
}

// Allocation is the part of a payment that is for an invoice.
type Allocation struct {
	InvoiceID uuid.UUID
	Number    string
	Amount    money.Amount
}

// Part is what an invoice got of a payment.
type Part struct {
	PaymentID  uuid.UUID
	ReceivedOn time.Time // a date
	Document   string    // empty: a deposit without one
	Amount     money.Amount
	CreatedAt  time.Time
}

// Rest is what no invoice took: it is on the balance.
func (p Payment) Rest() money.Amount {
	rest := p.Amount
	for _, a := range p.Allocations {
		rest -= a.Amount
	}
	return rest
}

// Receive confirms a payment by hand for the seller: the buyer's balance rises
// and the invoice is paid as far as the money goes; what is left goes to the
// oldest of the others. The same document of the same day over the same amount
// is refused, the same reference returns what was done.
func (s *Service) Receive(ctx context.Context, actor access.Actor, n NewPayment) (Payment, error) {
	n.Document = strings.Join(strings.Fields(n.Document), " ")
	invoice, err := s.SoldByID(ctx, actor, n.CompanyID, n.InvoiceID)
	if err != nil {
		return Payment{}, err
	}
	if err := s.checkPayment(ctx, n, invoice); err != nil {
		return Payment{}, err
	}
	if err := s.ledger.Prepare(ctx, []int64{n.CompanyID}); err != nil {
		return Payment{}, err
	}
	var p Payment
	err = s.db.AsWorker(ctx, func(tx *db.Tx) error {
		p, err = s.receiveTx(ctx, tx, actor, n, invoice)
		return err
	})
	return p, err
}

// BalanceOf is what a company has now, for trusted callers who have posted a
// payment of it.
func (s *Service) BalanceOf(ctx context.Context, companyID int64) (money.Amount, error) {
	b, err := s.ledger.Balance(ctx, companyID)
	return b.Balance, err
}

func (s *Service) checkPayment(ctx context.Context, n NewPayment, i Invoice) error {
	seller, err := s.accounts.Company(ctx, i.SellerID)
	if err != nil {
		return err
	}
	switch {
	case n.Amount <= 0 || n.Amount > money.Max:
		return fault.Field("amount", fault.OutOfRange, "The amount must be above zero.")
	case n.Amount%hundredth != 0:
		return fault.Field("amount", fault.BadFormat, "The amount has at most two places after the point.")
	case n.Currency != i.Currency:
		return fault.Field("currency", fault.BadFormat, "The invoice is in "+i.Currency+"; a payment in another currency cannot be posted to it.")
	case n.Document == "":
		return fault.Field("document", fault.Required, "Give the number of the payment order.")
	case utf8.RuneCountInString(n.Document) > maxDocument:
		return fault.Field("document", fault.TooLong, "The number has more than 50 characters.")
	case n.ReceivedOn.IsZero() || n.ReceivedOn.Year() < 2000:
		return fault.Field("received_on", fault.Required, "Give the day on which the money came.")
	case n.ReceivedOn.After(date(s.now(), seller.Location)):
		return fault.Field("received_on", fault.OutOfRange, "That day has not come yet.")
	case n.Reference == "":
		return fault.New(fault.Invalid, "A payment needs an Idempotency-Key.")
	}
	return nil
}

func (s *Service) receiveTx(ctx context.Context, tx *db.Tx, actor access.Actor, n NewPayment, i Invoice) (Payment, error) {
	// Those who post payments of a company wait for each other.
	if err := s.q.LockCompany(ctx, tx, n.CompanyID); err != nil {
		return Payment{}, fmt.Errorf("lock company's invoices: %w", err)
	}
	row, err := s.q.LockInvoice(ctx, tx, billingdb.LockInvoiceParams{CompanyID: n.CompanyID, ID: n.InvoiceID})
	if err != nil {
		return Payment{}, fmt.Errorf("lock invoice: %w", err)
	}
	before, err := s.q.PaymentByReference(ctx, tx, billingdb.PaymentByReferenceParams{CompanyID: n.CompanyID, Reference: n.Reference})
	if err == nil {
		return s.repeatedTx(ctx, tx, n, before)
	}
	if !db.NoRows(err) {
		return Payment{}, fmt.Errorf("look for the payment: %w", err)
	}
	same, err := s.q.PaymentByDocument(ctx, tx, billingdb.PaymentByDocumentParams{
		CompanyID: n.CompanyID, Document: n.Document, ReceivedOn: n.ReceivedOn, Amount: int64(n.Amount),
	})
	if err == nil {
		return Payment{}, errPosted.With("payment", same.ID)
	}
	if !db.NoRows(err) {
		return Payment{}, fmt.Errorf("look for the document: %w", err)
	}
	if State(row.State) == Cancelled {
		return Payment{}, fault.New(fault.Conflict, "The invoice was cancelled. Post the money as a deposit, or to another invoice.")
	}
	e, _, err := s.ledger.DepositTx(ctx, tx, actor, ledger.Deposit{
		CompanyID: n.CompanyID, Amount: n.Amount, Reason: reason(i, n), Reference: "payment:" + n.Reference,
	})
	if err != nil {
		return Payment{}, err
	}
	now := s.now()
	p := Payment{
		ID: id.New(now), CompanyID: n.CompanyID, SellerID: i.SellerID, InvoiceID: &n.InvoiceID, EntryID: e.ID, Amount: n.Amount,
		Currency: n.Currency, ReceivedOn: n.ReceivedOn, Document: n.Document, CreatedBy: actor.Person(), CreatedAt: now,
	}
	if err := s.paidTx(ctx, tx, &p, n.Reference, &row); err != nil {
		return Payment{}, err
	}
	return p, s.accounts.RecordTx(ctx, tx, actor, account.Change{
		Action: "payment.posted", Subject: "invoice:" + i.ID.String(),
		New: map[string]any{"company": n.CompanyID, "number": i.Number, "amount": n.Amount, "currency": n.Currency, "document": n.Document, "received_on": n.ReceivedOn.Format(time.DateOnly)},
	})
}

// repeatedTx returns what was done for the same reference, if it was the same.
func (s *Service) repeatedTx(ctx context.Context, tx *db.Tx, n NewPayment, row billingdb.Payment) (Payment, error) {
	p, err := s.paymentTx(ctx, tx, row)
	if err != nil {
		return p, err
	}
	if p.Amount != n.Amount || p.Document != n.Document || !p.ReceivedOn.Equal(n.ReceivedOn) || p.InvoiceID == nil || *p.InvoiceID != n.InvoiceID {
		return Payment{}, fault.New(fault.KeyReused, "This key was used for another payment.")
	}
	return p, nil
}

func reason(i Invoice, n NewPayment) string {
	form := "Invoice %s, payment order %s of %s"
	day := n.ReceivedOn.Format("2 January 2006")
	if i.Form == RussianForm {
		form, day = "Оплата по счёту %s, платёжное поручение № %s от %s", n.ReceivedOn.Format("02.01.2006")
	}
	return fmt.Sprintf(form, i.Number, n.Document, day)
}

// paidTx stores a payment and shares it out: to the named invoice first, then to
// the oldest that may take some. It fills in the allocations.
func (s *Service) paidTx(ctx context.Context, tx *db.Tx, p *Payment, reference string, named *billingdb.Invoice) error {
	err := s.q.InsertPayment(ctx, tx, billingdb.InsertPaymentParams{
		CompanyID: p.CompanyID, ID: p.ID, SellerID: p.SellerID, InvoiceID: p.InvoiceID, EntryID: p.EntryID, Amount: int64(p.Amount),
		Currency: p.Currency, ReceivedOn: p.ReceivedOn, Document: p.Document, Reference: reference, CreatedBy: p.CreatedBy, CreatedAt: p.CreatedAt,
	})
	if db.Unique(err, "payment_document") { // posted for another of the company's invoices meanwhile
		return errPosted
	}
	if err != nil {
		return fmt.Errorf("insert payment: %w", err)
	}
	open, err := s.unpaidTx(ctx, tx, p, named)
	if err != nil {
		return err
	}
	for _, i := range open {
		amount := min(p.Rest(), money.Amount(i.ToPay-i.Paid))
		if amount <= 0 || i.Currency != p.Currency {
			continue
		}
		if err := s.allocateTx(ctx, tx, p.ID, i, amount, p.CreatedAt); err != nil {
			return err
		}
		p.Allocations = append(p.Allocations, Allocation{InvoiceID: i.ID, Number: i.Number, Amount: amount})
	}
	return events.PublishTx(ctx, tx, p.CompanyID, PaymentReceived{CompanyID: p.CompanyID, PaymentID: p.ID})
}

// unpaidTx locks what a payment may go to: the invoice that was named, then the
// oldest first. Money that came before a month had ended has been counted when
// that month was billed, so it is not for that invoice.
func (s *Service) unpaidTx(ctx context.Context, tx *db.Tx, p *Payment, named *billingdb.Invoice) (out []billingdb.Invoice, err error) {
	company, err := s.accounts.Company(ctx, p.CompanyID)
	if err != nil {
		return nil, err
	}
	open, err := s.q.LockUnpaid(ctx, tx, billingdb.LockUnpaidParams{CompanyID: p.CompanyID, SellerID: p.SellerID, Now: p.CreatedAt})
	if err != nil {
		return nil, fmt.Errorf("lock unpaid invoices: %w", err)
	}
	if named != nil {
		out = append(out, *named)
	}
	for _, i := range open {
		counted := i.Period != nil && p.CreatedAt.Before(begins(i.Period.AddDate(0, 1, 0), company.Location))
		if !counted && (named == nil || i.ID != named.ID) {
			out = append(out, i)
		}
	}
	return out, nil
}

func (s *Service) allocateTx(ctx context.Context, tx *db.Tx, paymentID uuid.UUID, i billingdb.Invoice, amount money.Amount, at time.Time) error {
	err := s.q.Allocate(ctx, tx, billingdb.AllocateParams{
		CompanyID: i.CompanyID, PaymentID: paymentID, InvoiceID: i.ID, Amount: int64(amount), At: at,
	})
	if err != nil {
		return fmt.Errorf("allocate payment: %w", err)
	}
	if err := s.q.Pay(ctx, tx, billingdb.PayParams{CompanyID: i.CompanyID, ID: i.ID, Amount: int64(amount), At: at}); err != nil {
		return fmt.Errorf("pay invoice: %w", err)
	}
	return nil
}

func (s *Service) paymentTx(ctx context.Context, tx *db.Tx, r billingdb.Payment) (Payment, error) {
	p := Payment{
		ID: r.ID, CompanyID: r.CompanyID, SellerID: r.SellerID, InvoiceID: r.InvoiceID, EntryID: r.EntryID, Amount: money.Amount(r.Amount),
		Currency: r.Currency, ReceivedOn: r.ReceivedOn, Document: r.Document, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt,
	}
	rows, err := s.q.Allocations(ctx, tx, billingdb.AllocationsParams{CompanyID: r.CompanyID, PaymentID: r.ID})
	if err != nil {
		return p, fmt.Errorf("read allocations: %w", err)
	}
	for _, a := range rows {
		p.Allocations = append(p.Allocations, Allocation{InvoiceID: a.InvoiceID, Number: a.Number, Amount: money.Amount(a.Amount)})
	}
	return p, nil
}

// PaymentByID returns a payment for trusted callers, such as those who write to
// people about it.
func (s *Service) PaymentByID(ctx context.Context, companyID int64, paymentID uuid.UUID) (p Payment, err error) {
	err = s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) error {
		row, err := s.q.PaymentByID(ctx, tx, billingdb.PaymentByIDParams{CompanyID: companyID, ID: paymentID})
		if db.NoRows(err) {
			return fault.New(fault.NotFound, "There is no such payment.")
		}
		if err != nil {
			return fmt.Errorf("read payment: %w", err)
		}
		p, err = s.paymentTx(ctx, tx, row)
		return err
	})
	return p, err
}

// InvoiceByID returns an invoice for trusted callers.
func (s *Service) InvoiceByID(ctx context.Context, companyID int64, invoiceID uuid.UUID) (Invoice, error) {
	return s.viewed(ctx, companyID, invoiceID)
}

// OnDeposited makes a payment of a deposit that did not come through an invoice,
// so that the oldest invoices are paid by it; subscribe it to the ledger's
// event.
func (s *Service) OnDeposited(ctx context.Context, tx *db.Tx, e events.Of[ledger.Deposited]) error {
	if err := s.q.LockCompany(ctx, tx, e.Event.CompanyID); err != nil {
		return fmt.Errorf("lock company's invoices: %w", err)
	}
	_, err := s.q.PaymentByEntry(ctx, tx, billingdb.PaymentByEntryParams{CompanyID: e.Event.CompanyID, EntryID: e.Event.EntryID})
	if err == nil {
		return nil
	}
	if !db.NoRows(err) {
		return fmt.Errorf("look for the payment of a deposit: %w", err)
	}
	entry, err := s.ledger.EntryTx(ctx, tx, e.Event.CompanyID, e.Event.EntryID)
	if err != nil {
		return err
	}
	seller, err := s.accounts.Company(ctx, entry.SellerID)
	if err != nil {
		return err
	}
	p := Payment{
		ID: id.New(s.now()), CompanyID: e.Event.CompanyID, SellerID: entry.SellerID, EntryID: entry.ID, Amount: entry.Amount, Currency: entry.Currency,
		ReceivedOn: date(entry.At, seller.Location), CreatedBy: entry.CreatedBy, CreatedAt: entry.At,
	}
	return s.paidTx(ctx, tx, &p, "entry:"+entry.ID.String(), nil)
}
