package app

import (
	"context"
	"time"

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
// notices and letters here.

// payers are who in a company hears of its invoices and payments.
var payers = []access.Role{access.Owner, access.Accountant}

// writeInvoice tells of an invoice and sends its paper, which is made
// meanwhile: the letter waits for it.
func (a *App) writeInvoice(ctx context.Context, tx *db.Tx, e events.Of[billing.InvoiceIssued]) error {
	i, err := a.Billing.InvoiceByID(ctx, e.Event.CompanyID, e.Event.InvoiceID)
	if err != nil {
		return err
	}
	notice, p := topUpTold(i)
	if i.Kind == billing.Monthly {
		notice, p = monthTold(i)
	}
	notice.CompanyID, notice.Fact, notice.By = i.CompanyID, i.ID, i.CreatedBy
	if err := a.Notify.NoticeTx(ctx, tx, notice); err != nil {
		return err
	}
	p.company, p.kind, p.fact = i.CompanyID, string(notice.Kind), i.ID
	p.emails, p.language = i.Buyer.Requisites.DocumentEmails, paperLanguage(i.Form)
	p.files = []notify.File{{Name: i.FileName(), MediaType: "application/pdf", Key: blob.Key{CompanyID: i.CompanyID, ID: i.ID}}}
	return a.writePaper(ctx, tx, p)
}

// topUpTold says that an invoice waits to be paid.
func topUpTold(i billing.Invoice) (notify.NewNotice, paper) {
	notice := notify.NewNotice{Kind: notify.InvoiceIssued, Args: map[string]string{
		"invoice": i.ID.String(), "number": i.Number, "total": i.ToPay.String(), "currency": i.Currency, "due_on": i.DueOn.Format(time.DateOnly),
	}}
	return notice, paper{data: func(language string) map[string]string {
		return map[string]string{
			"ID": i.ID.String(), "Number": i.Number, "Total": toPay(i, language), "DueOn": notify.Date(i.DueOn, language),
		}
	}}
}

// monthTold says that the documents of a month are there; they name a day to
// pay by only when something is left to pay.
func monthTold(i billing.Invoice) (notify.NewNotice, paper) {
	notice := notify.NewNotice{Kind: notify.MonthDocumented, Args: map[string]string{
		"invoice": i.ID.String(), "number": i.Number, "month": i.Period.Format("2006-01"), "to_pay": i.ToPay.String(), "currency": i.Currency,
	}}
	return notice, paper{data: func(language string) map[string]string {
		data := map[string]string{"ID": i.ID.String(), "Month": notify.Month(*i.Period, language), "ToPay": toPay(i, language), "DueOn": ""}
		if i.ToPay > 0 {
			data["DueOn"] = notify.Date(i.DueOn, language)
		}
		return data
	}}
}

func toPay(i billing.Invoice, language string) string {
	return notify.Amount(money.Money{Amount: i.ToPay, Currency: i.Currency}, language)
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
	err = a.Notify.NoticeTx(ctx, tx, notify.NewNotice{
		CompanyID: p.CompanyID, Kind: notify.PaymentReceived, Fact: p.ID,
		Args: map[string]string{"amount": p.Amount.String(), "currency": p.Currency, "number": invoice},
	})
	if err != nil {
		return err
	}
	return a.writePaper(ctx, tx, paper{
		company: p.CompanyID, kind: string(notify.PaymentReceived), fact: p.ID,
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
