package ledger

import (
	"context"
	"fmt"

	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/money"
	"parley/internal/platform/db"
)

// Balance is what a company has, exact at the moment it was read.
type Balance struct {
	CompanyID   int64
	Currency    string
	Balance     money.Amount // own money and welcome credit, held included
	Available   money.Amount // what can be spent now, credit limit included
	Held        money.Amount
	CreditLimit money.Amount
	Welcome     money.Amount // the part of Balance that is welcome credit
	Suspended   bool         // the seller is past its own limit
}

// Balance reads the balance of a company.
func (s *Service) Balance(ctx context.Context, companyID int64) (Balance, error) {
	if err := s.open(ctx, companyID); err != nil {
		return Balance{}, err
	}
	var out Balance
	err := s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) error {
		rows, err := s.q.Balances(ctx, tx, []int64{companyID})
		if err != nil {
			return fmt.Errorf("read balance: %w", err)
		}
		if len(rows) == 0 {
			return fmt.Errorf("read balance: company %d has no wallet", companyID)
		}
		out = balanceOf(rows[0])
		return nil
	})
	return out, err
}

// Balances reads the balances of many companies, for trusted callers. Companies
// that have no wallet yet are left out.
func (s *Service) Balances(ctx context.Context, companyIDs []int64) (map[int64]Balance, error) {
	rows, err := s.q.Balances(ctx, s.db.Worker(), companyIDs)
	if err != nil {
		return nil, fmt.Errorf("read balances: %w", err)
	}
	out := make(map[int64]Balance, len(rows))
	for _, r := range rows {
		out[r.CompanyID] = balanceOf(r)
	}
	return out, nil
}

func balanceOf(r ledgerdb.BalancesRow) Balance {
	return Balance{
		CompanyID: r.CompanyID, Currency: r.Currency,
		Balance:     money.Amount(r.Available + r.Held + r.Bonus + r.BonusHeld),
		Available:   money.Amount(r.Available + r.Credit + r.Bonus),
		Held:        money.Amount(r.Held + r.BonusHeld),
		CreditLimit: money.Amount(r.Credit),
		Welcome:     money.Amount(r.Bonus + r.BonusHeld),
		Suspended:   r.SellerSuspended,
	}
}
