// Package billingapi is the HTTP face of package billing: a company's invoices,
// and for sellers the invoices they have issued and the payments for them.
package billingapi

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/billing"
	"parley/internal/money"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const (
	tag       = "Invoices"
	invoices  = "/api/v1/companies/{company}/invoices"
	dependent = "/api/v1/companies/{company}/dependents"
	sold      = "/api/v1/back-office/invoices"
)

// Register adds the operations of billing to the API.
func Register(api *httpx.API, b *billing.Service) {
	h := handler{b}
	unprocessable := []int{http.StatusUnprocessableEntity}
	httpx.Handle(api, httpx.Op{
		ID: "invoice-terms", Method: http.MethodGet, Path: "/api/v1/companies/{company}/invoice-terms", Tag: tag,
		Summary: "What an invoice may be made for, and what is missing for it", Permission: access.InvoicesView,
	}, h.terms)
	httpx.Handle(api, httpx.Op{
		ID: "create-invoice", Method: http.MethodPost, Path: invoices, Tag: tag, Permission: access.InvoicesCreate, Status: http.StatusCreated,
		Summary: "Make an invoice for a top-up", Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.create)
	httpx.Handle(api, httpx.Op{
		ID: "list-invoices", Method: http.MethodGet, Path: invoices, Tag: tag, Summary: "Invoices", Permission: access.InvoicesView, Errors: unprocessable,
	}, h.list)
	httpx.Handle(api, httpx.Op{
		ID: "get-invoice", Method: http.MethodGet, Path: invoices + "/{invoice}", Tag: tag, Summary: "One invoice with its lines", Permission: access.InvoicesView,
	}, h.get)
	api.HandleRaw(httpx.Op{
		ID: "download-invoice", Method: http.MethodGet, Path: invoices + "/{invoice}/pdf", Tag: tag, Summary: "The invoice as a PDF", Permission: access.InvoicesView,
	}, h.download)
	httpx.Handle(api, httpx.Op{
		ID: "invoice-usage", Method: http.MethodGet, Path: invoices + "/{invoice}/lines/{n}/usage", Tag: tag,
		Summary: "What stands behind a line of a monthly invoice", Permission: access.InvoicesView, Errors: unprocessable,
	}, h.usage)
	httpx.Handle(api, httpx.Op{
		ID: "cancel-invoice", Method: http.MethodPost, Path: invoices + "/{invoice}/cancel", Tag: tag,
		Summary: "Cancel an unpaid top-up", Permission: access.InvoicesCreate, Status: http.StatusOK, Errors: []int{http.StatusConflict},
	}, h.cancel)
	h.registerSold(api)
	h.registerImages(api)
}

type handler struct{ billing *billing.Service }

// Terms are what a company may top up.
type Terms struct {
	Currency    string         `json:"currency"`
	Min         money.Amount   `json:"min"`
	Max         money.Amount   `json:"max"`
	Presets     []money.Amount `json:"presets" doc:"Amounts to offer"`
	Missing     []string       `json:"missing" doc:"What the company must fill in first, by JSON paths of its requisites"`
	SellerReady bool           `json:"seller_ready" doc:"False: the service provider has not filled in its own details"`
}

type termsInput struct{ httpx.InCompany }

type termsOutput struct{ Body Terms }

func (h handler) terms(ctx context.Context, actor access.Actor, _ *termsInput) (*termsOutput, error) {
	t, err := h.billing.TopUpTerms(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &termsOutput{Terms{Currency: t.Currency, Min: t.Min, Max: t.Max, Presets: t.Presets, Missing: t.Missing, SellerReady: t.SellerReady}}, nil
}

// Listed is an invoice as lists show it.
type Listed struct {
	ID          uuid.UUID    `json:"id"`
	Number      string       `json:"number" example:"T2026-000123"`
	Kind        string       `json:"kind" enum:"top_up,monthly"`
	Period      *string      `json:"period" example:"2026-11" doc:"Billing month; null: a top-up"`
	IssuedAt    time.Time    `json:"issued_at"`
	DueOn       string       `json:"due_on" format:"date" doc:"Last day to pay on, in the seller's zone"`
	DueAt       time.Time    `json:"due_at" doc:"When that day has ended"`
	Currency    string       `json:"currency"`
	Total       money.Amount `json:"total"`
	Covered     money.Amount `json:"covered" doc:"The part that the balance has paid already"`
	ToPay       money.Amount `json:"to_pay" doc:"The part on credit, or a top-up's amount"`
	Paid        money.Amount `json:"paid" doc:"What was paid of to_pay"`
	State       string       `json:"state" enum:"issued,partly_paid,paid,cancelled"`
	File        File         `json:"file"`
	Seller      Party        `json:"seller"`
	Buyer       Buyer        `json:"buyer"`
	PaidAt      *time.Time   `json:"paid_at"`
	CancelledAt *time.Time   `json:"cancelled_at"`
}

// File is the paper of an invoice.
type File struct {
	Name string `json:"name" example:"T2026-000123.pdf"`
	Size int    `json:"size" doc:"Bytes; 0: it is being made"`
}

// Party is who has issued an invoice.
type Party struct {
	Name string `json:"name"`
}

// Buyer is whom an invoice is for.
type Buyer struct {
	Company int64  `json:"company"`
	Name    string `json:"name"`
}

// Invoice is an invoice with its lines.
type Invoice struct {
	Listed
	VAT      []VAT  `json:"vat"`
	Lines    []Line `json:"lines"`
	Payments []Part `json:"payments" doc:"What was paid of to_pay, the oldest first"`
}

// Part is what an invoice got of a payment.
type Part struct {
	Payment    uuid.UUID    `json:"payment"`
	ReceivedOn string       `json:"received_on" format:"date"`
	Document   string       `json:"document" doc:"Number of the payment order; empty: a deposit without one"`
	Amount     money.Amount `json:"amount"`
	CreatedAt  time.Time    `json:"created_at"`
}

// VAT is what the lines of one rate add up to.
type VAT struct {
	Rate   string       `json:"rate" example:"22" doc:"Percent, or none"`
	Base   money.Amount `json:"base" doc:"Without VAT"`
	Amount money.Amount `json:"amount" doc:"The VAT, contained in the lines' amounts"`
}

// Line is a position of an invoice.
type Line struct {
	N         int          `json:"n"`
	Item      *string      `json:"item" example:"chat.operator_message" doc:"null: no usage stands behind it"`
	Name      string       `json:"name"`
	Quantity  int64        `json:"quantity"`
	Unit      string       `json:"unit"`
	UnitPrice money.Amount `json:"unit_price"`
	Amount    money.Amount `json:"amount" doc:"VAT included"`
	VATRate   string       `json:"vat_rate"`
}

func showListed(i billing.Invoice) Listed {
	out := Listed{
		ID: i.ID, Number: i.Number, Kind: string(i.Kind), IssuedAt: i.IssuedAt, DueOn: i.DueOn.Format(time.DateOnly), DueAt: i.DueAt, Currency: i.Currency, Total: i.Total,
		Covered: i.Covered, ToPay: i.ToPay, Paid: i.Paid, State: string(i.State), File: File{i.FileName(), i.FileSize},
		Seller: Party{sellerName(i.Seller)}, Buyer: Buyer{i.CompanyID, i.Buyer.Name}, PaidAt: i.PaidAt, CancelledAt: i.CancelledAt,
	}
	if i.Period != nil {
		month := i.Period.Format("2006-01")
		out.Period = &month
	}
	return out
}

func sellerName(p billing.Party) string {
	if p.Requisites.ShortName != "" {
		return p.Requisites.ShortName
	}
	return p.Name
}

func show(i billing.Invoice) Invoice {
	out := Invoice{Listed: showListed(i), VAT: []VAT{}, Lines: []Line{}, Payments: []Part{}}
	for _, v := range i.VAT() {
		out.VAT = append(out.VAT, VAT{string(v.Rate), v.Base, v.Amount})
	}
	for _, l := range i.Lines {
		line := Line{N: l.N, Name: l.Name, Quantity: l.Quantity, Unit: l.Unit, UnitPrice: l.UnitPrice, Amount: l.Amount, VATRate: string(l.VATRate)}
		if l.Item != "" {
			item := string(l.Item)
			line.Item = &item
		}
		out.Lines = append(out.Lines, line)
	}
	for _, p := range i.Payments {
		out.Payments = append(out.Payments, Part{p.PaymentID, p.ReceivedOn.Format(time.DateOnly), p.Document, p.Amount, p.CreatedAt})
	}
	return out
}

type topUpInput struct {
	httpx.InCompany
	Body struct {
		Amount money.Amount `json:"amount" pattern:"^-?(0?[0-9]{1,9}([.][0-9]{1,6})?|10{9}([.]0{1,6})?)$" patternDescription:"an amount within 1,000,000,000, such as 12.34" doc:"In the company's currency, at most two places after the point"`
	}
}

type invoiceOutput struct{ Body Invoice }

func (h handler) create(ctx context.Context, actor access.Actor, in *topUpInput) (*invoiceOutput, error) {
	i, err := h.billing.TopUp(ctx, actor, in.Body.Amount)
	if err != nil {
		return nil, err
	}
	return &invoiceOutput{show(i)}, nil
}

type invoiceInput struct {
	httpx.InCompany
	Invoice uuid.UUID `path:"invoice"`
}

func (h handler) get(ctx context.Context, actor access.Actor, in *invoiceInput) (*invoiceOutput, error) {
	i, err := h.billing.ByID(ctx, actor, in.Invoice)
	if err != nil {
		return nil, err
	}
	return &invoiceOutput{show(i)}, nil
}

func (h handler) cancel(ctx context.Context, actor access.Actor, in *invoiceInput) (*invoiceOutput, error) {
	i, err := h.billing.Cancel(ctx, actor, in.Invoice)
	if err != nil {
		return nil, err
	}
	return &invoiceOutput{show(i)}, nil
}

func (h handler) download(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	id, err := uuid.Parse(r.PathValue("invoice"))
	if err != nil {
		return fault.New(fault.NotFound, "There is no such invoice.")
	}
	f, err := h.billing.OpenFile(r.Context(), actor, id)
	if err != nil {
		return err
	}
	return serve(w, r, f, "application/pdf")
}

// serve answers with a file of ours, shown in the browser.
func serve(w http.ResponseWriter, r *http.Request, f billing.File, mediaType string) error {
	defer f.Close() //nolint:errcheck // only read
	head := w.Header()
	head.Set("Content-Type", mediaType)
	head.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": f.Name}))
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Cache-Control", "private, max-age=3600")
	head.Set("ETag", strconv.Quote(f.Tag))
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}
