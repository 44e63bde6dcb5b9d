package bench

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

// house is an installation with money and without people: two resellers share
// four of five companies, the platform serves the fifth.
type house struct {
	accounts  *account.Service
	prices    *pricing.Service
	books     *ledger.Service
	owner     access.Actor // may do everything at the platform
	platform  seller
	resellers []seller
	companies []int64
	hot       []int64
	price     money.Amount // of one charge at the platform
}

type seller struct {
	actor access.Actor
	list  uuid.UUID
}

func newHouse(ctx context.Context, d *db.DB, companies int) (*house, error) {
	h := &house{accounts: account.New(d, clock.Real{}, account.Options{PasswordCost: account.Cost{MemoryKiB: 16, Passes: 1}})}
	h.prices = pricing.New(d, clock.Real{}, h.accounts)
	h.books = ledger.New(d, clock.Real{}, h.accounts, ledger.Options{})
	made, err := h.accounts.CreateCompany(ctx, access.Actor{}, account.NewCompany{
		Kind: access.Platform, Name: "Platform", Currency: pricing.SeedCurrency, TimeZone: "UTC",
	})
	if err != nil {
		return nil, err
	}
	h.owner = ownerOf(made)
	if h.platform, err = h.sells(ctx, h.owner); err != nil {
		return nil, err
	}
	for i := range 2 {
		reseller, err := h.make(ctx, h.platform, fmt.Sprintf("Reseller %d", i), access.Reseller, plenty)
		if err != nil {
			return nil, err
		}
		s, err := h.sells(ctx, ownerOf(reseller))
		if err != nil {
			return nil, err
		}
		h.resellers = append(h.resellers, s)
	}
	for i := range companies {
		by := h.resellers[i%2]
		if i%5 == 4 {
			by = h.platform
		}
		companyID, err := h.found(ctx, by, fmt.Sprintf("Company %d", i), plenty)
		if err != nil {
			return nil, err
		}
		h.companies = append(h.companies, companyID)
	}
	for i := range 3 {
		companyID, err := h.found(ctx, h.resellers[0], fmt.Sprintf("Hot %d", i), plenty)
		if err != nil {
			return nil, err
		}
		h.hot = append(h.hot, companyID)
	}
	return h, nil
}

func ownerOf(c account.Company) access.Actor {
	return access.Actor{CompanyID: c.ID, Kind: c.Kind, Permissions: access.Grant(c.Kind, []access.Role{access.Owner}, false)}
}

// sells gives a seller a price list.
func (h *house) sells(ctx context.Context, actor access.Actor) (seller, error) {
	list, err := h.prices.CreateList(ctx, actor, "Prices", "")
	if err != nil {
		return seller{}, err
	}
	wholesale, retail := pricing.Seed()
	items := retail
	if actor.Kind == access.Platform {
		items = wholesale
		for _, x := range wholesale {
			if x.Item == pricing.ChatOperatorMessage {
				h.price = x.UnitPrice
			}
		}
	}
	_, err = h.prices.AddVersion(ctx, actor, pricing.NewVersion{ListID: list.ID, Items: items})
	return seller{actor, list.ID}, err
}

// found makes a company with a price list and a balance.
func (h *house) found(ctx context.Context, by seller, name string, balance money.Amount) (int64, error) {
	c, err := h.make(ctx, by, name, access.Company, balance)
	return c.ID, err
}

func (h *house) make(ctx context.Context, by seller, name string, kind access.CompanyKind, balance money.Amount) (account.Company, error) {
	c, err := h.accounts.CreateCompany(ctx, access.Actor{}, account.NewCompany{
		ParentID: by.actor.CompanyID, Kind: kind, Name: name, Currency: pricing.SeedCurrency, TimeZone: "Europe/Moscow",
	})
	if err != nil {
		return c, err
	}
	if _, err := h.prices.Assign(ctx, by.actor, pricing.NewAssignment{BuyerID: c.ID, ListID: by.list}); err != nil {
		return c, err
	}
	if balance == 0 {
		return c, nil
	}
	_, err = h.books.Deposit(ctx, h.owner, ledger.Deposit{CompanyID: c.ID, Amount: balance, Reason: "Load", Reference: uuid.NewString()})
	return c, err
}
