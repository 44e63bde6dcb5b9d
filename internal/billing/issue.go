package billing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/account"
	"parley/internal/billing/internal/billingdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

var errNoInvoice = fault.New(fault.NotFound, "There is no such invoice.")

// party reads what a company is called now.
func (s *Service) party(ctx context.Context, companyID int64) (Party, account.Company, error) {
	company, err := s.accounts.Company(ctx, companyID)
	if err != nil {
		return Party{}, company, err
	}
	r, err := s.accounts.Requisites(ctx, companyID)
	return Party{CompanyID: companyID, Name: company.Name, Requisites: r}, company, err
}

// formOf is the form that a buyer's country wants; one that named no country
// gets its seller's.
func formOf(buyer, seller Party) Form {
	country := buyer.Requisites.Country
	if country == "" {
		country = seller.Requisites.Country
	}
	if country == "RU" || country == "" && buyer.Requisites.INN != "" {
		return RussianForm
	}
	return InternationalForm
}

// numberOf is how a number looks: T2026-000123.
func numberOf(kind Kind, year int, n int64) string {
	letter := map[Kind]string{TopUp: "T", Monthly: "M"}[kind]
	return fmt.Sprintf("%s%d-%06d", letter, year, n)
}

// frozen is what the hash of an invoice covers, in this order. Parties are the
// bytes that are stored, so that a new field of requisites changes no old hash.
type frozen struct {
	ID, Number string
	Kind       Kind
	Company    int64
	SellerID   int64
	Period     string
	IssuedAt   time.Time
	IssuedOn   string
	DueOn      string
	Form       Form
	Currency   string
	Total      money.Amount
	Covered    money.Amount
	ToPay      money.Amount
	Seller     json.RawMessage
	Buyer      json.RawMessage
	Lines      []Line
}

func hashOf(i Invoice, seller, buyer json.RawMessage) ([]byte, error) {
	f := frozen{
		ID: i.ID.String(), Number: i.Number, Kind: i.Kind, Company: i.CompanyID, SellerID: i.SellerID, IssuedAt: i.IssuedAt,
		IssuedOn: i.IssuedOn.Format(time.DateOnly), DueOn: i.DueOn.Format(time.DateOnly), Form: i.Form, Currency: i.Currency,
		Total: i.Total, Covered: i.Covered, ToPay: i.ToPay, Seller: seller, Buyer: buyer, Lines: i.Lines,
	}
	if i.Period != nil {
		f.Period = i.Period.Format(time.DateOnly)
	}
	data, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode invoice: %w", err)
	}
	hash := sha256.Sum256(data)
	return hash[:], nil
}

// storeTx gives invoices of one seller and kind their numbers, in their order,
// and stores them. Everything but number, hash and state is set.
func (s *Service) storeTx(ctx context.Context, tx *db.Tx, kind Kind, seller account.Company, invoices []Invoice) error {
	year := s.now().In(seller.Location).Year()
	last, err := s.q.TakeNumbers(ctx, tx, billingdb.TakeNumbersParams{
		CompanyID: seller.ID, Kind: string(kind), Year: year, HowMany: int64(len(invoices)),
	})
	if err != nil {
		return fmt.Errorf("take invoice numbers: %w", err)
	}
	var numbers []billingdb.NumberRow
	var rows []billingdb.InvoiceRow
	var lines []billingdb.LineRow
	for n := range invoices {
		i := &invoices[n]
		number := last - int64(len(invoices)-1-n)
		i.Number = numberOf(kind, year, number)
		if i.State = Issued; i.ToPay == 0 {
			i.State, i.PaidAt = Paid, &i.IssuedAt
		}
		row, err := rowOf(*i)
		if err != nil {
			return err
		}
		numbers = append(numbers, billingdb.NumberRow{
			CompanyID: seller.ID, Kind: string(kind), Year: year, Number: number, BuyerID: i.CompanyID, InvoiceID: row.ID,
		})
		rows, lines = append(rows, row), append(lines, lineRows(*i)...)
	}
	if err := s.q.Insert(ctx, tx, numbers, rows, lines); err != nil {
		return err
	}
	for _, i := range invoices {
		if err := events.PublishTx(ctx, tx, i.CompanyID, InvoiceIssued{CompanyID: i.CompanyID, InvoiceID: i.ID}); err != nil {
			return err
		}
	}
	return nil
}

func rowOf(i Invoice) (billingdb.InvoiceRow, error) {
	seller, err := json.Marshal(i.Seller)
	if err != nil {
		return billingdb.InvoiceRow{}, fmt.Errorf("encode seller: %w", err)
	}
	buyer, err := json.Marshal(i.Buyer)
	if err != nil {
		return billingdb.InvoiceRow{}, fmt.Errorf("encode buyer: %w", err)
	}
	hash, err := hashOf(i, seller, buyer)
	row := billingdb.InvoiceRow{
		CompanyID: i.CompanyID, ID: i.ID.String(), SellerID: i.SellerID, Kind: string(i.Kind), Number: i.Number,
		IssuedAt: i.IssuedAt.Format(time.RFC3339Nano), IssuedOn: i.IssuedOn.Format(time.DateOnly), DueOn: i.DueOn.Format(time.DateOnly),
		DueAt: i.DueAt.Format(time.RFC3339Nano), Form: string(i.Form), Currency: i.Currency,
		Total: int64(i.Total), Covered: int64(i.Covered), ToPay: int64(i.ToPay), State: string(i.State),
		Seller: seller, Buyer: buyer, Hash: `\x` + hex.EncodeToString(hash), CreatedBy: i.CreatedBy,
	}
	if i.Period != nil {
		period := i.Period.Format(time.DateOnly)
		row.Period = &period
	}
	if i.PaidAt != nil {
		paid := i.PaidAt.Format(time.RFC3339Nano)
		row.PaidAt = &paid
	}
	return row, err
}

func lineRows(i Invoice) []billingdb.LineRow {
	out := make([]billingdb.LineRow, 0, len(i.Lines))
	for _, l := range i.Lines {
		out = append(out, billingdb.LineRow{
			CompanyID: i.CompanyID, InvoiceID: i.ID.String(), N: l.N, Item: string(l.Item), ListPrice: int64(l.ListPrice), Name: l.Name, Unit: l.Unit,
			Quantity: l.Quantity, UnitPrice: int64(l.UnitPrice), Exact: int64(l.Exact), Amount: int64(l.Amount), VATRate: string(l.VATRate), VAT: int64(l.VAT),
		})
	}
	return out
}

func invoiceOf(r billingdb.Invoice) (Invoice, error) {
	i := Invoice{
		ID: r.ID, CompanyID: r.CompanyID, SellerID: r.SellerID, Kind: Kind(r.Kind), Number: r.Number, Period: r.Period,
		IssuedAt: r.IssuedAt, IssuedOn: r.IssuedOn, DueOn: r.DueOn, DueAt: r.DueAt, Form: Form(r.Form), Currency: r.Currency,
		Total: money.Amount(r.Total), Covered: money.Amount(r.Covered), ToPay: money.Amount(r.ToPay), Paid: money.Amount(r.Paid),
		State: State(r.State), PaidAt: r.PaidAt, CancelledAt: r.CancelledAt, CreatedBy: r.CreatedBy,
	}
	if r.FileSize != nil {
		i.FileSize = *r.FileSize
	}
	if err := json.Unmarshal(r.Seller, &i.Seller); err != nil {
		return i, fmt.Errorf("seller of invoice %s: %w", r.ID, err)
	}
	if err := json.Unmarshal(r.Buyer, &i.Buyer); err != nil {
		return i, fmt.Errorf("buyer of invoice %s: %w", r.ID, err)
	}
	return i, nil
}

func lineOf(r billingdb.InvoiceLine) Line {
	return Line{
		N: r.N, Item: pricing.Item(r.Item), ListPrice: money.Amount(r.ListPrice), Name: r.Name, Unit: r.Unit, Quantity: r.Quantity,
		UnitPrice: money.Amount(r.UnitPrice), Exact: money.Amount(r.Exact), Amount: money.Amount(r.Amount), VATRate: Rate(r.VatRate), VAT: money.Amount(r.Vat),
	}
}

// wholeTx adds the lines to an invoice that was read, and makes sure that nobody
// has changed it since it was issued.
func (s *Service) wholeTx(ctx context.Context, tx *db.Tx, r billingdb.Invoice) (Invoice, error) {
	i, err := invoiceOf(r)
	if err != nil {
		return i, err
	}
	rows, err := s.q.Lines(ctx, tx, billingdb.LinesParams{CompanyID: r.CompanyID, InvoiceIds: []uuid.UUID{r.ID}})
	if err != nil {
		return i, fmt.Errorf("read lines of invoice: %w", err)
	}
	for _, l := range rows {
		i.Lines = append(i.Lines, lineOf(l))
	}
	hash, err := hashOf(i, r.Seller, r.Buyer)
	if err != nil {
		return i, err
	}
	if !slices.Equal(hash, r.Hash) {
		return i, fmt.Errorf("invoice %s is not as it was issued", r.ID)
	}
	return i, nil
}
