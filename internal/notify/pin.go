package notify

import (
	"context"
	"fmt"

	"parley/internal/access"
	"parley/internal/money"
)

// Pin is what stands above the notices as long as it is true.
type Pin struct {
	Kind     PinKind
	Balance  money.Money
	OnCredit bool   // there is a credit limit, and it is spent
	Seller   string // seller_suspended: who has paused the service
	Support  string // and the address to ask at; empty when unknown
}

// PinKind says what is pinned.
type PinKind string

// The kinds of pins.
const (
	// BalanceSpent: the balance is at or below zero and so is what credit is
	// left.
	BalanceSpent PinKind = "balance_spent"
	// SellerSuspended: the company's reseller has run out of money. Paying the
	// company's own balance would not help, so nobody is told to.
	SellerSuspended PinKind = "seller_suspended"
)

// Pinned returns what stands above the actor's notices, or nil. It looks at
// the balance of this moment, not at what was told of it: a small refund that
// announces nothing takes the pin away all the same.
func (s *Service) Pinned(ctx context.Context, actor access.Actor) (*Pin, error) {
	if !actor.May(access.BalanceView) || actor.Kind == access.Platform {
		return nil, nil
	}
	b, err := s.ledger.Balance(ctx, actor.CompanyID)
	if err != nil {
		return nil, err
	}
	pin := &Pin{Balance: money.Money{Amount: b.Balance, Currency: b.Currency}}
	switch {
	case b.Suspended:
		pin.Kind = SellerSuspended
		pin.Seller, pin.Support, err = s.seller(ctx, actor.CompanyID)
		return pin, err
	case b.Balance+b.CreditLimit <= 0:
		pin.Kind, pin.OnCredit = BalanceSpent, b.CreditLimit > 0
		return pin, nil
	}
	return nil, nil
}

// seller returns the name of a company's seller and where its buyers reach it.
func (s *Service) seller(ctx context.Context, companyID int64) (name, support string, err error) {
	company, err := s.accounts.Company(ctx, companyID)
	if err != nil || company.ParentID == nil {
		return "", "", err
	}
	seller, err := s.accounts.Company(ctx, *company.ParentID)
	if err != nil {
		return "", "", fmt.Errorf("look up seller: %w", err)
	}
	support, err = s.accounts.SupportAddress(ctx, seller.ID)
	return seller.Name, support, err
}
