package billingapi

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/billing"
	"parley/internal/money"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
	"parley/internal/platform/idempotency"
)

// registerSold adds what sellers do: the platform in its back office, resellers
// for their dependents.
func (h handler) registerSold(api *httpx.API) {
	refusals := []int{http.StatusConflict, http.StatusUnprocessableEntity}
	httpx.Handle(api, httpx.Op{
		ID: "back-office-invoices", Method: http.MethodGet, Path: sold, Tag: "Back office", Summary: "Invoices that the platform has issued",
		Permission: access.PlatformDeposits, Errors: refusals[1:],
	}, h.sold)
	httpx.Handle(api, httpx.Op{
		ID: "back-office-invoice", Method: http.MethodGet, Path: sold + "/{company}/{invoice}", Tag: "Back office",
		Summary: "One invoice with its lines", Permission: access.PlatformDeposits,
	}, h.soldOne)
	api.HandleRaw(httpx.Op{
		ID: "back-office-download-invoice", Method: http.MethodGet, Path: sold + "/{company}/{invoice}/pdf", Tag: "Back office",
		Summary: "The invoice as a PDF", Permission: access.PlatformDeposits,
	}, h.soldFile("company"))
	httpx.Handle(api, httpx.Op{
		ID: "post-invoice-payment", Method: http.MethodPost, Path: sold + "/{company}/{invoice}/payments", Tag: "Back office",
		Summary: "Confirm that an invoice was paid", Permission: access.PlatformDeposits, Status: http.StatusCreated, Errors: refusals,
	}, h.receive)
	httpx.Handle(api, httpx.Op{
		ID: "back-office-cancel-invoice", Method: http.MethodPost, Path: sold + "/{company}/{invoice}/cancel", Tag: "Back office",
		Summary: "Cancel an unpaid top-up", Permission: access.PlatformDeposits, Status: http.StatusOK, Errors: refusals[:1],
	}, h.cancelSold)

	httpx.Handle(api, httpx.Op{
		ID: "dependent-invoices", Method: http.MethodGet, Path: dependent + "/invoices", Tag: tag, Summary: "Invoices that a reseller has issued",
		Permission: access.ResellerDependents, Errors: refusals[1:],
	}, h.dependents)
	httpx.Handle(api, httpx.Op{
		ID: "dependent-invoice", Method: http.MethodGet, Path: dependent + "/{dependent}/invoices/{invoice}", Tag: tag,
		Summary: "One invoice of a dependent company", Permission: access.ResellerDependents,
	}, h.dependentOne)
	api.HandleRaw(httpx.Op{
		ID: "download-dependent-invoice", Method: http.MethodGet, Path: dependent + "/{dependent}/invoices/{invoice}/pdf", Tag: tag,
		Summary: "The invoice as a PDF", Permission: access.ResellerDependents,
	}, h.soldFile("dependent"))
	httpx.Handle(api, httpx.Op{
		ID: "post-dependent-payment", Method: http.MethodPost, Path: dependent + "/{dependent}/invoices/{invoice}/payments", Tag: tag,
		Summary: "Confirm that a dependent company has paid", Permission: access.ResellerDependents, Status: http.StatusCreated, Errors: refusals,
	}, h.receiveDependent)
	httpx.Handle(api, httpx.Op{
		ID: "cancel-dependent-invoice", Method: http.MethodPost, Path: dependent + "/{dependent}/invoices/{invoice}/cancel", Tag: tag,
		Summary: "Cancel an unpaid top-up of a dependent company", Permission: access.ResellerDependents, Status: http.StatusOK, Errors: refusals[:1],
	}, h.cancelDependent)
}

type soldInput struct {
	Filter
	Company int64 `query:"company" minimum:"0" doc:"Only this company's"`
}

func (h handler) sold(ctx context.Context, actor access.Actor, in *soldInput) (*invoicesOutput, error) {
	return h.listSold(ctx, actor, in.Filter, in.Company)
}

type dependentsInput struct {
	httpx.InCompany
	Filter
	Dependent int64 `query:"dependent" minimum:"0" doc:"Only this company's"`
}

func (h handler) dependents(ctx context.Context, actor access.Actor, in *dependentsInput) (*invoicesOutput, error) {
	return h.listSold(ctx, actor, in.Filter, in.Dependent)
}

func (h handler) listSold(ctx context.Context, actor access.Actor, in Filter, companyID int64) (*invoicesOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	f.CompanyID = companyID
	found, err := h.billing.ListSold(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	return page(found, in.Limit), nil
}

type soldOneInput struct {
	httpx.InCompany
	Invoice uuid.UUID `path:"invoice"`
}

func (h handler) soldOne(ctx context.Context, actor access.Actor, in *soldOneInput) (*invoiceOutput, error) {
	i, err := h.billing.SoldByID(ctx, actor, in.Company, in.Invoice)
	if err != nil {
		return nil, err
	}
	return &invoiceOutput{show(i)}, nil
}

type dependentOneInput struct {
	httpx.InCompany
	Dependent int64     `path:"dependent" minimum:"1"`
	Invoice   uuid.UUID `path:"invoice"`
}

func (h handler) dependentOne(ctx context.Context, actor access.Actor, in *dependentOneInput) (*invoiceOutput, error) {
	i, err := h.billing.SoldByID(ctx, actor, in.Dependent, in.Invoice)
	if err != nil {
		return nil, err
	}
	return &invoiceOutput{show(i)}, nil
}

func (h handler) cancelSold(ctx context.Context, actor access.Actor, in *soldOneInput) (*invoiceOutput, error) {
	return h.cancelled(h.billing.CancelSold(ctx, actor, in.Company, in.Invoice))
}

func (h handler) cancelDependent(ctx context.Context, actor access.Actor, in *dependentOneInput) (*invoiceOutput, error) {
	return h.cancelled(h.billing.CancelSold(ctx, actor, in.Dependent, in.Invoice))
}

func (h handler) cancelled(i billing.Invoice, err error) (*invoiceOutput, error) {
	if err != nil {
		return nil, err
	}
	return &invoiceOutput{show(i)}, nil
}

// soldFile serves papers to sellers; the buyer stands in the path under a name.
func (h handler) soldFile(buyer string) func(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	return func(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
		companyID, err := strconv.ParseInt(r.PathValue(buyer), 10, 64)
		id, badID := uuid.Parse(r.PathValue("invoice"))
		if err != nil || badID != nil {
			return fault.New(fault.NotFound, "There is no such invoice.")
		}
		f, err := h.billing.OpenSoldFile(r.Context(), actor, companyID, id)
		if err != nil {
			return err
		}
		return serve(w, r, f, "application/pdf")
	}
}

// PaymentInput is a payment as the seller's bank shows it.
type PaymentInput struct {
	Amount     money.Amount `json:"amount" pattern:"^-?(0?[0-9]{1,9}([.][0-9]{1,6})?|10{9}([.]0{1,6})?)$" patternDescription:"an amount within 1,000,000,000, such as 12.34"`
	Currency   string       `json:"currency" minLength:"3" maxLength:"3" doc:"Must be the invoice's"`
	ReceivedOn string       `json:"received_on" format:"date" doc:"Day on which the money came"`
	Document   string       `json:"document" minLength:"1" maxLength:"50" doc:"Number of the payment order"`
}

type receiveInput struct {
	httpx.InCompany
	Invoice uuid.UUID `path:"invoice"`
	Body    PaymentInput
}

type receiveDependentInput struct {
	httpx.InCompany
	Dependent int64     `path:"dependent" minimum:"1"`
	Invoice   uuid.UUID `path:"invoice"`
	Body      PaymentInput
}

// Payment is money that has come in, and which invoices it has paid.
type Payment struct {
	ID          uuid.UUID    `json:"id"`
	Amount      money.Amount `json:"amount"`
	Currency    string       `json:"currency"`
	ReceivedOn  string       `json:"received_on" format:"date"`
	Document    string       `json:"document"`
	Allocations []Allocation `json:"allocations"`
	Rest        money.Amount `json:"rest" doc:"What no invoice took; it is on the balance all the same"`
	Balance     money.Amount `json:"balance" doc:"Of the company that paid, now"`
	CreatedAt   time.Time    `json:"created_at"`
}

// Allocation is the part of a payment that is for an invoice.
type Allocation struct {
	Invoice uuid.UUID    `json:"invoice"`
	Number  string       `json:"number"`
	Amount  money.Amount `json:"amount"`
}

type paymentOutput struct{ Body Payment }

func (h handler) receive(ctx context.Context, actor access.Actor, in *receiveInput) (*paymentOutput, error) {
	return h.post(ctx, actor, in.Company, in.Invoice, in.Body)
}

func (h handler) receiveDependent(ctx context.Context, actor access.Actor, in *receiveDependentInput) (*paymentOutput, error) {
	return h.post(ctx, actor, in.Dependent, in.Invoice, in.Body)
}

func (h handler) post(ctx context.Context, actor access.Actor, companyID int64, invoiceID uuid.UUID, in PaymentInput) (*paymentOutput, error) {
	received, err := time.Parse(time.DateOnly, in.ReceivedOn)
	if err != nil {
		return nil, fault.Field("received_on", fault.BadFormat, "This is no date.")
	}
	p, err := h.billing.Receive(ctx, actor, billing.NewPayment{
		CompanyID: companyID, InvoiceID: invoiceID, Amount: in.Amount, Currency: in.Currency, ReceivedOn: received, Document: in.Document,
		Reference: reference(ctx, actor),
	})
	if err != nil {
		return nil, err
	}
	balance, err := h.billing.BalanceOf(ctx, companyID)
	if err != nil {
		return nil, err
	}
	out := &paymentOutput{Payment{
		ID: p.ID, Amount: p.Amount, Currency: p.Currency, ReceivedOn: p.ReceivedOn.Format(time.DateOnly), Document: p.Document,
		Allocations: []Allocation{}, Rest: p.Rest(), Balance: balance, CreatedAt: p.CreatedAt,
	}}
	for _, a := range p.Allocations {
		out.Body.Allocations = append(out.Body.Allocations, Allocation{a.InvoiceID, a.Number, a.Amount})
	}
	return out, nil
}

// reference makes a payment once even when its answer was lost together with the
// key that the answer was to be stored under.
func reference(ctx context.Context, actor access.Actor) string {
	key := idempotency.Key(ctx)
	if key == "" {
		key = rand.Text()
	}
	return fmt.Sprintf("user:%d:%s", actor.UserID, key)
}
