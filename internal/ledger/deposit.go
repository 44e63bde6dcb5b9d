package ledger

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

const maxReason = 200

// Deposit is money that a company has paid.
type Deposit struct {
	CompanyID int64
	Amount    money.Amount
	Reason    string
	// Reference makes the deposit once only: the same again changes nothing.
	Reference string
}

// Deposited says that a company has paid.
type Deposited struct {
	CompanyID int64     `json:"company_id"`
	EntryID   uuid.UUID `json:"entry_id"`
}

// EventName implements events.Event.
func (Deposited) EventName() string { return "ledger.deposited" }

// Deposit raises a company's balance and returns the entry.
func (s *Service) Deposit(ctx context.Context, actor access.Actor, d Deposit) (Entry, error) {
	d.Reason = strings.TrimSpace(d.Reason)
	company, err := s.checkDeposit(ctx, actor, d)
	if err != nil {
		return Entry{}, err
	}
	if err := s.open(ctx, d.CompanyID); err != nil {
		return Entry{}, err
	}
	var e Entry
	err = s.db.AsWorker(ctx, func(tx *db.Tx) error {
		e, _, err = s.depositTx(ctx, tx, actor, company, d)
		return err
	})
	return e, err
}

// DepositTx is Deposit in a transaction of trusted work; made says whether the
// deposit is new. Nothing of another company may be locked before. Call
// [Service.Prepare] before the transaction.
func (s *Service) DepositTx(ctx context.Context, tx *db.Tx, actor access.Actor, d Deposit) (e Entry, made bool, err error) {
	d.Reason = strings.TrimSpace(d.Reason)
	company, err := s.checkDeposit(ctx, actor, d)
	if err != nil {
		return Entry{}, false, err
	}
	return s.depositTx(ctx, tx, actor, company, d)
}

func (s *Service) depositTx(ctx context.Context, tx *db.Tx, actor access.Actor, company account.Company, d Deposit) (Entry, bool, error) {
	e, made, err := s.adjustTx(ctx, tx, change{
		companyID: d.CompanyID, sellerID: *company.ParentID, kind: DepositKind, to: onWallet, from: onPayments,
		amount: d.Amount, reason: d.Reason, reference: d.Reference, by: actor.UserID,
	})
	if err != nil || !made {
		return e, false, err
	}
	err = s.accounts.RecordTx(ctx, tx, actor, account.Change{
		Action: "deposit.posted", Subject: fmt.Sprintf("company:%d", d.CompanyID),
		New: map[string]any{"amount": d.Amount, "currency": e.Currency, "reason": d.Reason, "entry": e.ID},
	})
	if err != nil {
		return e, true, err
	}
	return e, true, events.PublishTx(ctx, tx, d.CompanyID, Deposited{CompanyID: d.CompanyID, EntryID: e.ID})
}

func (s *Service) checkDeposit(ctx context.Context, actor access.Actor, d Deposit) (account.Company, error) {
	company, err := s.mayManage(ctx, actor, d.CompanyID)
	if err != nil {
		return company, err
	}
	switch {
	case d.Amount <= 0 || d.Amount > money.Max:
		err = fault.Field("amount", fault.OutOfRange, "The amount must be above zero.")
	case d.Reason == "":
		err = fault.Field("reason", fault.Required, "Say what was paid, for example the number of the payment order.")
	case utf8.RuneCountInString(d.Reason) > maxReason:
		err = fault.Field("reason", fault.TooLong, "The reason has more than 200 characters.")
	case d.Reference == "":
		err = fault.New(fault.Invalid, "A deposit needs an Idempotency-Key.")
	}
	return company, err
}

// mayManage lets the platform, or the seller of a company, at its money.
func (s *Service) mayManage(ctx context.Context, actor access.Actor, companyID int64) (account.Company, error) {
	company, err := s.accounts.Company(ctx, companyID)
	switch {
	case err != nil:
		return company, err
	case company.ParentID == nil:
		return company, fault.New(fault.Conflict, "The platform's own company pays nobody.")
	case actor.May(access.PlatformDeposits), actor.May(access.ResellerDependents) && *company.ParentID == actor.CompanyID:
		return company, nil
	}
	return company, fault.New(fault.Forbidden, "Your role does not allow this.")
}

// GiveWelcomeCredit gives a new company its credit, once.
func (s *Service) GiveWelcomeCredit(ctx context.Context, companyID int64) error {
	if err := s.open(ctx, companyID); err != nil {
		return err
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error { return s.welcomeTx(ctx, tx, companyID) })
}

// OnCompanyCreated gives the welcome credit; subscribe it to account's event.
func (s *Service) OnCompanyCreated(ctx context.Context, tx *db.Tx, e events.Of[account.CompanyCreated]) error {
	company, reseller, err := s.sold(ctx, e.Event.CompanyID)
	if err != nil {
		return err
	}
	if reseller != nil {
		// In the same transaction, which may have made it a moment ago.
		seller, above, err := s.sold(ctx, *reseller)
		if err != nil {
			return err
		}
		if err := s.openTx(ctx, tx, seller, above); err != nil {
			return err
		}
	}
	if err := s.openTx(ctx, tx, company, reseller); err != nil {
		return err
	}
	return s.welcomeTx(ctx, tx, e.Event.CompanyID)
}

func (s *Service) welcomeTx(ctx context.Context, tx *db.Tx, companyID int64) error {
	company, err := s.accounts.Company(ctx, companyID)
	if err != nil {
		return fmt.Errorf("give welcome credit: %w", err)
	}
	if company.ParentID == nil || s.options.WelcomeCredit <= 0 {
		return nil
	}
	_, _, err = s.adjustTx(ctx, tx, change{
		companyID: companyID, sellerID: *company.ParentID, kind: AdjustmentKind, to: onBonus, from: onGifts,
		amount: s.options.WelcomeCredit, reason: "welcome_credit", reference: "welcome_credit",
	})
	return err
}

// change is money that comes to a company otherwise than by its usage.
type change struct {
	companyID int64
	sellerID  int64
	kind      Kind
	to, from  string // accounts
	amount    money.Amount
	reason    string
	reference string
	by        int64
}

// adjustTx applies a change once; made says whether it was now. Nothing of
// another company may be locked before.
func (s *Service) adjustTx(ctx context.Context, tx *db.Tx, c change) (e Entry, made bool, err error) {
	b, err := s.lockBook(ctx, tx, c.companyID)
	if err != nil {
		return e, false, err
	}
	found, ok, err := s.applied(ctx, tx, c)
	if err != nil || ok {
		return found, false, err
	}
	w, err := s.lockWallet(ctx, tx, c.companyID)
	if err != nil {
		return e, false, err
	}
	if c.to == onBonus {
		w.addBonus(c.amount)
	} else {
		w.add(c.amount)
	}
	if err := s.saveWallet(ctx, tx, w); err != nil {
		return e, false, err
	}
	k := &ink{now: s.now()}
	entryID := k.write(b, movement{
		kind: c.kind, debit: c.to, credit: c.from, amount: c.amount, currency: w.currency, batch: id.New(k.now),
		seller: c.sellerID, reason: c.reason, reference: c.reference, createdBy: c.by,
	})
	if err := k.flush(ctx, s, tx); err != nil {
		return e, false, err
	}
	if err := s.reviewTx(ctx, tx, b, w); err != nil {
		return e, false, err
	}
	if err := s.warnTx(ctx, tx, b, true); err != nil {
		return e, false, err
	}
	if err := s.saveBooks(ctx, tx, b); err != nil {
		return e, false, err
	}
	e, err = s.EntryTx(ctx, tx, c.companyID, entryID)
	return e, true, err
}

// applied looks whether the change was made before. The same reference for
// another amount is a mistake of the caller.
func (s *Service) applied(ctx context.Context, tx *db.Tx, c change) (Entry, bool, error) {
	row, err := s.q.EntryByReference(ctx, tx, ledgerdb.EntryByReferenceParams{
		CompanyID: c.companyID, Kind: string(c.kind), Reference: c.reference,
	})
	if db.NoRows(err) {
		return Entry{}, false, nil
	}
	if err != nil {
		return Entry{}, false, fmt.Errorf("look for an earlier change: %w", err)
	}
	e := entryOf(row)
	if c.kind == DepositKind && (e.Amount != c.amount || e.Reason != c.reason) {
		return Entry{}, false, fault.New(fault.KeyReused, "This key was used for another deposit.")
	}
	return e, true, nil
}
