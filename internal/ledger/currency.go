package ledger

import (
	"context"
	"fmt"

	"parley/internal/ledger/internal/ledgerdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// ChangeCurrencyTx gives the wallet of a company another currency, or refuses
// because money has moved in the old one.
func (s *Service) ChangeCurrencyTx(ctx context.Context, tx *db.Tx, companyID int64, currency string) error {
	if _, err := s.lockBook(ctx, tx, companyID); err != nil {
		return err
	}
	used, err := s.q.HasEntries(ctx, tx, companyID)
	if err != nil {
		return fmt.Errorf("look for entries: %w", err)
	}
	w, err := s.lockWallet(ctx, tx, companyID)
	if err != nil {
		return err
	}
	for _, x := range w.stripes {
		used = used || x.batch != nil || x.held > 0 || x.bonusHeld > 0
	}
	if used {
		return fault.Field("currency", fault.BadFormat, "The currency cannot change once money has moved.")
	}
	return s.q.SetWalletCurrency(ctx, tx, ledgerdb.SetWalletCurrencyParams{CompanyID: companyID, Currency: currency})
}
