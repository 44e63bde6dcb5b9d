package billing

import (
	"context"
	"fmt"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// TopUp issues an invoice for an amount that the actor's company wants to pay
// in. While its details are incomplete it is refused as company_incomplete with
// the list of what is missing.
func (s *Service) TopUp(ctx context.Context, actor access.Actor, amount money.Amount) (Invoice, error) {
	if !actor.May(access.InvoicesCreate) {
		return Invoice{}, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	buyer, company, err := s.party(ctx, actor.CompanyID)
	if err != nil {
		return Invoice{}, err
	}
	if company.ParentID == nil {
		return Invoice{}, fault.New(fault.Conflict, "The platform's own company pays nobody.")
	}
	if err := s.Terms(company.Currency).check(amount); err != nil {
		return Invoice{}, err
	}
	seller, sellerCompany, err := s.seller(ctx, *company.ParentID)
	if err != nil {
		return Invoice{}, err
	}
	if err := s.accounts.RequireInformation(ctx, company.ID); err != nil {
		return Invoice{}, err
	}
	if err := seller.payable(); err != nil {
		return Invoice{}, err
	}
	i := s.topUp(buyer, seller, sellerCompany, company.Currency, amount)
	i.CreatedBy = actor.Person()
	err = s.db.AsWorker(ctx, func(tx *db.Tx) error {
		one := []Invoice{i}
		if err := s.storeTx(ctx, tx, TopUp, sellerCompany, one); err != nil {
			return err
		}
		i = one[0]
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "invoice.issued", Subject: "invoice:" + i.ID.String(),
			New: map[string]any{"number": i.Number, "amount": i.Total, "currency": i.Currency},
		})
	})
	if err != nil {
		return Invoice{}, err
	}
	// The invoice stands whether or not its paper can be made now.
	if size, err := s.makeFile(ctx, i); err == nil {
		i.FileSize = size
	} else {
		s.options.Log.ErrorContext(ctx, "making an invoice's paper failed and is tried again", "invoice", i.ID, "error", err)
	}
	return i, nil
}

// payable refuses when a seller cannot be paid by its papers. A buyer does not
// learn what its seller has left out.
func (p Party) payable() error {
	if !p.ready() {
		return fault.New(fault.SellerIncomplete, "Your service provider has not filled in its own details yet, so no invoice can be made. Ask its support.")
	}
	return nil
}

// ready says whether a seller can be paid by its papers.
func (p Party) ready() bool {
	bank := p.Requisites.Bank
	return len(p.Requisites.Missing()) == 0 && (bank.Account != "" || bank.IBAN != "")
}

func (s *Service) topUp(buyer, seller Party, sellerCompany account.Company, currency string, amount money.Amount) Invoice {
	now := s.now()
	i := Invoice{
		ID: id.New(now), CompanyID: buyer.CompanyID, SellerID: seller.CompanyID, Kind: TopUp, IssuedAt: now, Form: formOf(buyer, seller),
		Currency: currency, Total: amount, ToPay: amount, Seller: seller, Buyer: buyer,
	}
	i.IssuedOn = date(now, sellerCompany.Location)
	i.DueOn = s.payBy(seller, i.IssuedOn, topUpDays)
	i.DueAt = begins(i.DueOn.AddDate(0, 0, 1), sellerCompany.Location)
	n := named{"Balance top-up (prepayment for services)", "service"}
	if i.Form == RussianForm {
		n = named{fmt.Sprintf("Пополнение баланса (аванс за услуги), компания № %d", buyer.CompanyID), "усл."}
	}
	i.Lines = []Line{line(Line{N: 1, Name: n.name, Unit: n.unit, Quantity: 1, UnitPrice: amount, Exact: amount}, rateOf(seller.Requisites, i.IssuedOn))}
	return i
}
