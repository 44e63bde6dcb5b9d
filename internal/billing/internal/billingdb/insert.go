// Package billingdb is the SQL of billing.
package billingdb

import (
	"context"
	"encoding/json"
	"fmt"
)

// Rows to be stored are named as the columns are; times without an hour are
// dates.
type (
	// NumberRow is a row of invoice_number.
	NumberRow struct {
		CompanyID int64  `json:"company_id"`
		Kind      string `json:"kind"`
		Year      int    `json:"year"`
		Number    int64  `json:"number"`
		BuyerID   int64  `json:"buyer_id"`
		InvoiceID string `json:"invoice_id"`
	}
	// InvoiceRow is a row of invoice.
	InvoiceRow struct {
		CompanyID int64           `json:"company_id"`
		ID        string          `json:"id"`
		SellerID  int64           `json:"seller_id"`
		Kind      string          `json:"kind"`
		Number    string          `json:"number"`
		Period    *string         `json:"period"`
		IssuedAt  string          `json:"issued_at"`
		IssuedOn  string          `json:"issued_on"`
		DueOn     string          `json:"due_on"`
		DueAt     string          `json:"due_at"`
		Form      string          `json:"form"`
		Currency  string          `json:"currency"`
		Total     int64           `json:"total"`
		Covered   int64           `json:"covered"`
		ToPay     int64           `json:"to_pay"`
		Paid      int64           `json:"paid"`
		State     string          `json:"state"`
		Seller    json.RawMessage `json:"seller"`
		Buyer     json.RawMessage `json:"buyer"`
		Hash      string          `json:"hash"` // \x and hexadecimal digits
		PaidAt    *string         `json:"paid_at"`
		CreatedBy *int64          `json:"created_by"`
	}
	// LineRow is a row of invoice_line.
	LineRow struct {
		CompanyID int64  `json:"company_id"`
		InvoiceID string `json:"invoice_id"`
		N         int    `json:"n"`
		Item      string `json:"item"`
		ListPrice int64  `json:"list_price"`
		Name      string `json:"name"`
		Unit      string `json:"unit"`
		Quantity  int64  `json:"quantity"`
		UnitPrice int64  `json:"unit_price"`
		Exact     int64  `json:"exact"`
		Amount    int64  `json:"amount"`
		VATRate   string `json:"vat_rate"`
		VAT       int64  `json:"vat"`
	}
)

// Insert stores invoices with their numbers and lines, any number of them in
// three statements. JSON carries the rows, because COPY is refused under
// row-level security and a company's details are long.
func (q *Queries) Insert(ctx context.Context, db DBTX, numbers []NumberRow, invoices []InvoiceRow, lines []LineRow) error {
	for _, one := range []struct {
		table string
		rows  any
	}{{"invoice_number", numbers}, {"invoice", invoices}, {"invoice_line", lines}} {
		data, err := json.Marshal(one.rows)
		if err != nil {
			return fmt.Errorf("encode rows of %s: %w", one.table, err)
		}
		insert := fmt.Sprintf("INSERT INTO %s SELECT * FROM json_populate_recordset(NULL::%[1]s, $1::json)", one.table)
		if _, err := db.Exec(ctx, insert, string(data)); err != nil {
			return fmt.Errorf("insert into %s: %w", one.table, err)
		}
	}
	return nil
}
