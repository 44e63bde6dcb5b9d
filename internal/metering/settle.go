package metering

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"parley/internal/ledger"
	"parley/internal/metering/internal/meteringdb"
	"parley/internal/money"
	"parley/internal/platform/db"
)

const (
	// settleEvery leaves room to post within a second of the charge.
	settleEvery    = 700 * time.Millisecond
	settleAtOnce   = 4   // transactions
	settleTogether = 100 // companies in one
	firstPause     = time.Second
	longestPause   = 30 * time.Second
)

// Run settles until ctx ends. Any number of nodes may run it.
func (s *Service) Run(ctx context.Context) {
	pause := firstPause
	wait := time.NewTimer(settleEvery)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		if _, err := s.Settle(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "settling failed and is tried again", "error", err, "in", pause.String())
			wait.Reset(pause)
			pause = min(2*pause, longestPause)
			continue
		}
		pause = firstPause
		wait.Reset(settleEvery)
	}
}

// Settle posts all charges committed before the call, except those that another
// settler is posting, and says how many it has posted. One company's trouble
// does not keep the others waiting.
func (s *Service) Settle(ctx context.Context) (int, error) {
	companies, err := s.ledger.CloseBatches(ctx)
	if err != nil {
		return 0, err
	}
	groups, err := s.groups(ctx, companies)
	if err != nil {
		return 0, err
	}
	var posted atomic.Int64
	failures := make([]error, len(groups))
	var group errgroup.Group
	group.SetLimit(settleAtOnce)
	for i, companies := range groups {
		group.Go(func() error {
			n, err := s.settleGroup(ctx, companies)
			posted.Add(n)
			failures[i] = err
			return nil
		})
	}
	_ = group.Wait()
	return int(posted.Load()), errors.Join(failures...)
}

// groups puts companies together that are posted in one transaction: a
// reseller's, whose postings would wait for each other anyway, and as many of
// the platform's as make a good size.
func (s *Service) groups(ctx context.Context, companies []int64) ([][]int64, error) {
	var out [][]int64
	open := map[int64]int{} // seller → its group that has room
	for _, companyID := range companies {
		c, err := s.accounts.Company(ctx, companyID)
		if err != nil {
			return nil, fmt.Errorf("settle company %d: %w", companyID, err)
		}
		seller := orNobody(c.ParentID)
		i, ok := open[seller]
		if !ok || len(out[i]) == settleTogether {
			i = len(out)
			open[seller] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], companyID)
	}
	return out, nil
}

// settleGroup posts companies together, or one by one if one of them fails.
func (s *Service) settleGroup(ctx context.Context, companies []int64) (int64, error) {
	posted, err := s.post(ctx, companies)
	if err == nil || ctx.Err() != nil {
		return posted, err
	}
	if len(companies) == 1 {
		return 0, fmt.Errorf("settle company %d: %w", companies[0], err)
	}
	var failures []error
	for _, companyID := range companies {
		n, err := s.settleGroup(ctx, []int64{companyID})
		posted += n
		failures = append(failures, err)
	}
	return posted, errors.Join(failures...)
}

// post posts the pending batches of companies. What it reads cannot change:
// batches are pending only once their last charge has been committed.
func (s *Service) post(ctx context.Context, companies []int64) (int64, error) {
	if err := s.ledger.Prepare(ctx, companies); err != nil {
		return 0, err
	}
	var posted int64
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		batches, err := s.ledger.TakePendingTx(ctx, tx, companies)
		if err != nil || len(batches) == 0 {
			return err
		}
		var p meteringdb.BatchSumsParams
		for _, b := range batches {
			p.CompanyIds = append(p.CompanyIds, b.CompanyID)
			p.BatchIds = append(p.BatchIds, b.ID)
		}
		sums, err := s.q.BatchSums(ctx, tx, p)
		if err != nil {
			return fmt.Errorf("add up batches: %w", err)
		}
		for _, r := range sums {
			posted += r.Events
		}
		if err := s.ledger.PostTx(ctx, tx, linesOf(sums)); err != nil {
			return err
		}
		if err := s.addRollups(ctx, tx, sums); err != nil {
			return err
		}
		return s.addMonths(ctx, tx, sums)
	})
	if err != nil {
		return 0, err
	}
	return posted, nil
}

// linesOf adds up over quarters of an hour and prices, which the books don't
// know.
func linesOf(sums []meteringdb.BatchSumsRow) []ledger.Line {
	type key struct {
		company                 int64
		batch                   uuid.UUID
		phase, item             string
		period                  time.Time
		currency                string
		seller, wholesaleSeller int64
	}
	var out []ledger.Line
	places := map[key]int{}
	for _, r := range sums {
		k := key{r.CompanyID, r.BatchID, r.Phase, r.Item, r.Period, r.Currency, orNobody(r.SellerID), orNobody(r.WholesaleSellerID)}
		i, known := places[k]
		if !known {
			i = len(out)
			places[k] = i
			l := ledger.Line{
				CompanyID: r.CompanyID, Batch: r.BatchID, Kind: ledger.ChargeKind, Item: r.Item, Period: r.Period, Currency: r.Currency, SellerID: r.SellerID,
			}
			if Phase(r.Phase) == Refunded {
				l.Kind = ledger.RefundKind
			}
			if r.WholesaleSellerID != nil {
				l.Wholesale = &ledger.Wholesale{SellerID: *r.WholesaleSellerID}
			}
			out = append(out, l)
		}
		l := &out[i]
		l.Quantity += r.Quantity
		l.Amount += money.Amount(r.Amount)
		l.Bonus += money.Amount(r.Bonus)
		if l.Wholesale != nil {
			l.Wholesale.Amount += money.Amount(r.WholesaleAmount)
		}
	}
	return out
}

func orNobody(companyID *int64) int64 {
	if companyID == nil {
		return 0
	}
	return *companyID
}

// MakePartitions keeps partitions of usage ready for the next months.
func (s *Service) MakePartitions(ctx context.Context) error {
	if err := s.q.MakePartitions(ctx, s.db.Worker()); err != nil {
		return fmt.Errorf("make partitions of usage: %w", err)
	}
	return nil
}
