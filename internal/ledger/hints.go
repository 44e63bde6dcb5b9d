package ledger

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/internal/money"
	"parley/internal/platform/db"
)

const (
	hintEvery = time.Second // at most, per company
	hintTick  = 100 * time.Millisecond
)

// BalanceChanged is what open pages are told.
type BalanceChanged struct {
	Type      string       `json:"type"` // "balance"
	Balance   money.Amount `json:"balance"`
	Available money.Amount `json:"available"`
	Currency  string       `json:"currency"`
	Suspended bool         `json:"suspended"`
}

// hints remembers whose balance has changed since they were told.
type hints struct {
	mu      *sync.Mutex
	changed map[int64]struct{}
	told    map[int64]time.Time
}

func newHints() hints {
	return hints{mu: &sync.Mutex{}, changed: map[int64]struct{}{}, told: map[int64]time.Time{}}
}

// walletChange is what a transaction may do once for a company.
type walletChange struct{ companyID int64 }

// changedTx notes that tx has changed a company's wallet. A second change could
// take another stripe first than somebody who waits for this one, and would hold
// the first for longer: what a transaction charges is added up and charged once.
func (s *Service) changedTx(tx *db.Tx, companyID int64) error {
	if !tx.Once(walletChange{companyID}) {
		return fmt.Errorf("ledger: a transaction changes the wallet of company %d twice; add the changes up and make one", companyID)
	}
	s.touchedTx(tx, companyID)
	return nil
}

// touchedTx notes that the balance changes with tx.
func (s *Service) touchedTx(tx *db.Tx, companyID int64) {
	if s.options.Publish == nil {
		return
	}
	tx.AfterCommit(func() {
		s.hints.mu.Lock()
		s.hints.changed[companyID] = struct{}{}
		s.hints.mu.Unlock()
	})
}

// due returns the companies to be told now.
func (h *hints) due(now time.Time) []int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.told, func(_ int64, at time.Time) bool { return now.Sub(at) >= hintEvery })
	var out []int64
	for companyID := range h.changed {
		if _, wait := h.told[companyID]; !wait {
			h.told[companyID] = now
			delete(h.changed, companyID)
			out = append(out, companyID)
		}
	}
	slices.Sort(out)
	return out
}

// TellBalances tells open pages which balances have changed, until ctx ends.
func (s *Service) TellBalances(ctx context.Context) {
	tick := time.NewTicker(hintTick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if err := s.tell(ctx, now); err != nil && ctx.Err() == nil {
				slog.WarnContext(ctx, "balance hints were lost", "error", err)
			}
		}
	}
}

func (s *Service) tell(ctx context.Context, now time.Time) error {
	companies := s.hints.due(now)
	if len(companies) == 0 {
		return nil
	}
	balances, err := s.Balances(ctx, companies)
	if err != nil {
		return err
	}
	for companyID, b := range balances {
		s.options.Publish(companyID, BalanceChanged{
			Type: "balance", Balance: b.Balance, Available: b.Available, Currency: b.Currency, Suspended: b.Suspended,
		})
	}
	return nil
}
