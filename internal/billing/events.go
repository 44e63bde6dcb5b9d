package billing

import "github.com/google/uuid"

// InvoiceIssued says that there is a new invoice.
type InvoiceIssued struct {
	CompanyID int64     `json:"company_id"` // buyer
	InvoiceID uuid.UUID `json:"invoice_id"`
}

// EventName implements events.Event.
func (InvoiceIssued) EventName() string { return "billing.invoice_issued" }

// PaymentReceived says that money of a company has come in.
type PaymentReceived struct {
	CompanyID int64     `json:"company_id"`
	PaymentID uuid.UUID `json:"payment_id"`
}

// EventName implements events.Event.
func (PaymentReceived) EventName() string { return "billing.payment_received" }
