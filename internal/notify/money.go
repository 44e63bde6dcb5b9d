package notify

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
)

// moneyReaders are who hears by letter that money runs out, and that it is
// there again.
var moneyReaders = []access.Role{access.Owner, access.Administrator, access.Accountant}

// moneyFact is what a company's balance has come to. text makes the letter's
// own values.
type moneyFact struct {
	id   uuid.UUID
	kind NoticeKind
	left ledger.Left
	args func(currency string) map[string]string
	text func(currency, language string) map[string]string
}

func (s *Service) balanceLow(ctx context.Context, tx *db.Tx, e events.Of[ledger.BalanceLow]) error {
	percent := strconv.Itoa(e.Event.Percent)
	f := moneyFact{id: e.ID, kind: LowBalance, left: e.Event.Left}
	key, shown, amount := "balance", "Balance", e.Event.Balance
	if e.Event.Balance <= 0 { // what is left is not its own
		f.kind, key, shown, amount = CreditEnding, "left", "Left", e.Event.Spendable
	}
	f.args = func(currency string) map[string]string {
		return map[string]string{key: amount.String(), "currency": currency, "percent": percent}
	}
	f.text = func(currency, language string) map[string]string {
		return map[string]string{shown: Amount(money.Money{Amount: amount, Currency: currency}, language), "Percent": percent}
	}
	return s.moneyTx(ctx, tx, f)
}

func (s *Service) exhausted(ctx context.Context, tx *db.Tx, e events.Of[ledger.Exhausted]) error {
	return s.balanceTx(ctx, tx, e.ID, ServiceSuspended, e.Event.Left)
}

func (s *Service) restored(ctx context.Context, tx *db.Tx, e events.Of[ledger.Restored]) error {
	return s.balanceTx(ctx, tx, e.ID, ServiceRestored, e.Event.Left)
}

// balanceTx tells a fact that is said with the balance alone.
func (s *Service) balanceTx(ctx context.Context, tx *db.Tx, fact uuid.UUID, kind NoticeKind, left ledger.Left) error {
	return s.moneyTx(ctx, tx, moneyFact{
		id: fact, kind: kind, left: left,
		args: func(currency string) map[string]string {
			return map[string]string{"balance": left.Balance.String(), "currency": currency}
		},
		text: func(currency, language string) map[string]string {
			return map[string]string{"Balance": Amount(money.Money{Amount: left.Balance, Currency: currency}, language)}
		},
	})
}

// moneyTx makes the notice and the letters of a fact. Letters of a reseller
// also say how many companies stop with it.
func (s *Service) moneyTx(ctx context.Context, tx *db.Tx, f moneyFact) error {
	company, err := s.accounts.Company(ctx, f.left.CompanyID)
	if err != nil {
		return err
	}
	err = s.NoticeTx(ctx, tx, NewNotice{CompanyID: company.ID, Kind: f.kind, Fact: f.id, Args: f.args(company.Currency)})
	if err != nil {
		return err
	}
	dependents := ""
	if company.Kind == access.Reseller {
		ids, err := s.ledger.Dependents(ctx, company.ID)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			dependents = strconv.Itoa(len(ids))
		}
	}
	return s.CompanyLetterTx(ctx, tx, CompanyLetter{
		CompanyID: company.ID, Roles: moneyReaders, Kind: string(f.kind), Fact: f.id,
		Data: func(r account.Recipient) map[string]string {
			data := f.text(company.Currency, r.Language)
			data["Company"], data["Dependents"] = company.Name, dependents
			return data
		},
	})
}
