package app

import (
	"context"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/billing"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
)

// Billing stands to the right of notify, so what it has to tell is put into
// letters here.

// payers are who in a company hears of its invoices and payments.
var payers = []access.Role{access.Owner, access.Accountant}

// writeInvoice sends an invoice with its paper. The paper is made meanwhile:
// the letter waits for it.
func (a *App) writeInvoice(ctx context.Context, tx *db.Tx, e events.Of[billing.InvoiceIssued]) error {
	i, err := a.Billing.InvoiceByID(ctx, e.Event.CompanyID, e.Event.InvoiceID)
	if err != nil {
		return err
	}
	return a.writePaper(ctx, tx, paper{
		company: i.CompanyID, kind: "invoice", fact: i.ID, emails: i.Buyer.Requisites.DocumentEmails, language: paperLanguage(i.Form),
		files: []notify.File{{Name: i.FileName(), MediaType: "application/pdf", Key: blob.Key{CompanyID: i.CompanyID, ID: i.ID}}},
		data: func(language string) map[string]string {
			return map[string]string{
				"Number": i.Number, "Total": notify.Amount(money.Money{Amount: i.ToPay, Currency: i.Currency}, language), "DueOn": notify.Date(i.DueOn, language),
			}
		},
	})
}

// writePayment says that money has come in, and for which invoice.
func (a *App) writePayment(ctx context.Context, tx *db.Tx, e events.Of[billing.PaymentReceived]) error {
	p, err := a.Billing.PaymentByID(ctx, e.Event.CompanyID, e.Event.PaymentID)
	if err != nil {
		return err
	}
	invoice := ""
	if len(p.Allocations) == 1 {
		invoice = p.Allocations[0].Number
	}
	return a.writePaper(ctx, tx, paper{
		company: p.CompanyID, kind: "payment_received", fact: p.ID,
		data: func(language string) map[string]string {
			return map[string]string{"Amount": notify.Amount(money.Money{Amount: p.Amount, Currency: p.Currency}, language), "Invoice": invoice}
		},
	})
}

// paper is a letter of money to a company: to its payers, each in their own
// language, and to the addresses that it has named for documents.
type paper struct {
	company  int64
	kind     string
	fact     uuid.UUID
	emails   []string
	language string // of those addresses
	files    []notify.File
	data     func(language string) map[string]string
}

func (a *App) writePaper(ctx context.Context, tx *db.Tx, p paper) error {
	err := a.Notify.CompanyLetterTx(ctx, tx, notify.CompanyLetter{
		CompanyID: p.company, Roles: payers, Kind: p.kind, Fact: p.fact, Files: p.files,
		Data: func(r account.Recipient) map[string]string { return p.data(r.Language) },
	})
	if err != nil {
		return err
	}
	for _, to := range p.emails {
		err := a.Notify.LetterWithFilesTx(ctx, tx, account.Letter{
			Fact: p.fact, Kind: p.kind, CompanyID: &p.company, To: to, Language: p.language, Data: p.data(p.language),
		}, p.files...)
		if err != nil {
			return err
		}
	}
	return nil
}

// paperLanguage is the language of a paper's form.
func paperLanguage(f billing.Form) string {
	if f == billing.RussianForm {
		return "ru"
	}
	return "en"
}
