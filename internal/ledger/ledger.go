package ledger

import (
	"context"
	"fmt"
	"sync"
	"time"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
)

// Options tune a service.
type Options struct {
	// WelcomeCredit is given once to every new company; 0 gives none.
	WelcomeCredit money.Amount
	// TopUpURL is where people are sent when money is missing.
	TopUpURL string
	// MaxStripes bounds how many rows a busy wallet is spread over by itself; 0
	// is 16.
	MaxStripes int
	// LowAt is the percent of what could be spent after the last top-up, from
	// which a company hears that its balance is low; 0 is 10.
	LowAt int
	// Publish tells the company's open pages that its balance has changed; nil
	// tells nobody.
	Publish func(companyID int64, balance BalanceChanged)
}

// DefaultWelcomeCredit is what a new company gets unless the operator of the
// platform decides otherwise.
const DefaultWelcomeCredit = 100 * money.Unit

// Service keeps wallets and books.
type Service struct {
	db       *db.DB
	clock    clock.Clock
	accounts *account.Service
	options  Options
	q        *ledgerdb.Queries

	opened sync.Map // company with a wallet → it resells
	widths sync.Map // company → stripes when last seen
	hints  hints
}

// New returns a service on the database.
func New(d *db.DB, c clock.Clock, accounts *account.Service, o Options) *Service {
	if o.MaxStripes == 0 {
		o.MaxStripes = mostStripes
	}
	if o.LowAt == 0 {
		o.LowAt = 10
	}
	return &Service{db: d, clock: c, accounts: accounts, options: o, q: ledgerdb.New(), hints: newHints()}
}

// now is as exact as the database keeps it.
func (s *Service) now() time.Time { return s.clock.Now().UTC().Truncate(time.Microsecond) }

// month is the billing month of an instant in a company's zone.
func month(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// open makes sure that the company has a wallet and a book, and its reseller
// before it. It is called before a transaction rather than in it, where it would
// need a second connection.
func (s *Service) open(ctx context.Context, companyID int64) error {
	if _, ok := s.opened.Load(companyID); ok {
		return nil
	}
	company, reseller, err := s.sold(ctx, companyID)
	if err != nil {
		return err
	}
	if reseller != nil {
		if err := s.open(ctx, *reseller); err != nil {
			return err
		}
	}
	if err := s.db.AsWorker(ctx, func(tx *db.Tx) error { return s.openTx(ctx, tx, company, reseller) }); err != nil {
		return err
	}
	s.opened.Store(companyID, isReseller(company))
	return nil
}

// sold looks up a company, and its seller if that resells.
func (s *Service) sold(ctx context.Context, companyID int64) (account.Company, *int64, error) {
	company, err := s.accounts.Company(ctx, companyID)
	if err != nil {
		return company, nil, fmt.Errorf("open wallet: %w", err)
	}
	reseller, err := s.resellerOf(ctx, company)
	return company, reseller, err
}

// openTx is open in a transaction of trusted work, whose reseller has a book.
// The reseller's state is held still until it ends, so that a wallet cannot miss
// the news that its seller has run out of money.
func (s *Service) openTx(ctx context.Context, tx *db.Tx, company account.Company, reseller *int64) error {
	// Nothing has been paid yet, so a new reseller can spend nothing.
	if err := s.q.OpenBook(ctx, tx, ledgerdb.OpenBookParams{CompanyID: company.ID, Suspended: isReseller(company)}); err != nil {
		return fmt.Errorf("open book: %w", err)
	}
	p := ledgerdb.OpenWalletParams{
		CompanyID: company.ID, Currency: company.Currency, Period: month(s.now(), company.Location), ResellerID: reseller,
	}
	if reseller != nil {
		var err error
		if p.SellerSuspended, err = s.q.ShareBook(ctx, tx, *reseller); err != nil {
			return fmt.Errorf("read the reseller's book: %w", err)
		}
	}
	if err := s.q.OpenWallet(ctx, tx, p); err != nil {
		return fmt.Errorf("open wallet: %w", err)
	}
	return nil
}

// Prepare makes sure that companies can be posted to and charged. Call it before
// the transaction that does so: opening a wallet takes one of its own.
func (s *Service) Prepare(ctx context.Context, companyIDs []int64) error {
	for _, companyID := range companyIDs {
		if err := s.open(ctx, companyID); err != nil {
			return err
		}
	}
	return nil
}

// resells says whether a company is a reseller, which never changes.
func (s *Service) resells(ctx context.Context, companyID int64) (bool, error) {
	if known, ok := s.opened.Load(companyID); ok {
		return known.(bool), nil
	}
	company, err := s.accounts.Company(ctx, companyID)
	if err != nil {
		return false, fmt.Errorf("look up company: %w", err)
	}
	return isReseller(company), nil
}

// resellerOf returns the company's seller if that resells.
func (s *Service) resellerOf(ctx context.Context, c account.Company) (*int64, error) {
	if c.ParentID == nil {
		return nil, nil
	}
	parent, err := s.accounts.Company(ctx, *c.ParentID)
	if err != nil {
		return nil, fmt.Errorf("look up seller: %w", err)
	}
	if !isReseller(parent) {
		return nil, nil
	}
	return c.ParentID, nil
}

func isReseller(c account.Company) bool { return c.Kind == access.Reseller }
