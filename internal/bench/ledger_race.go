package bench

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/platform/fault"
)

// races lets many parallel sends compete for a balance that is enough for a
// tenth of them, again and again, on wallets of different widths.
func (c *cash) races(ctx context.Context) error {
	enough := c.Race / 10
	c.progress("%d times %d parallel sends on a balance for %d", c.Races, c.Race, enough)
	exact := 0
	for i := range c.Races {
		companyID, err := c.house.found(ctx, c.house.platform, fmt.Sprintf("Racer %d", i), 0)
		if err != nil {
			return err
		}
		if err := c.house.books.Widen(ctx, companyID, 1+i%4*5); err != nil {
			return err
		}
		_, err = c.house.books.Deposit(ctx, c.house.owner, ledger.Deposit{
			CompanyID: companyID, Amount: money.Amount(enough) * c.house.price, Reason: "Race", Reference: uuid.NewString(),
		})
		if err != nil {
			return err
		}
		accepted, err := c.race(ctx, companyID)
		if err != nil {
			return err
		}
		left, err := c.house.books.Balance(ctx, companyID)
		if err != nil {
			return err
		}
		if accepted == int64(enough) && left.Available == 0 {
			exact++
		}
	}
	c.notes["races"], c.notes["races_exact"] = c.Races, exact
	c.notes["race"] = fmt.Sprintf("%d parallel sends on a balance for %d, wallets of 1, 6, 11 and 16 stripes", c.Race, enough)
	return nil
}

// crowd lets a hundred senders of each of a hundred companies spend balances for
// half of their messages, all at once.
func (c *cash) crowd(ctx context.Context) error {
	const companies, senders = 100, 100
	c.progress("%d companies with %d senders each and money for half", companies, senders)
	m := c.meter(0)
	var accepted [companies]atomic.Int64
	var ids [companies]int64
	for i := range ids {
		var err error
		if ids[i], err = c.house.found(ctx, c.house.platform, fmt.Sprintf("Crowd %d", i), c.house.price*senders/2); err != nil {
			return err
		}
	}
	var group sync.WaitGroup
	errs := make(chan error, companies*senders)
	for n := range companies * senders {
		group.Go(func() {
			switch err := c.send(ctx, m, ids[n%companies]); {
			case err == nil:
				accepted[n%companies].Add(1)
			case !fault.Is(err, fault.InsufficientFunds):
				errs <- err
			}
		})
	}
	group.Wait()
	exact := 0
	for i := range accepted {
		if accepted[i].Load() == senders/2 {
			exact++
		}
	}
	c.notes["crowd"] = fmt.Sprintf("%d companies with %d senders each and money for half", companies, senders)
	c.notes["crowd_exact"] = exact
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

func (c *cash) race(ctx context.Context, companyID int64) (int64, error) {
	m := c.meter(0)
	var accepted atomic.Int64
	var group sync.WaitGroup
	errs := make(chan error, c.Race)
	for range c.Race {
		group.Go(func() {
			switch err := c.send(ctx, m, companyID); {
			case err == nil:
				accepted.Add(1)
			case !fault.Is(err, fault.InsufficientFunds):
				errs <- err
			}
		})
	}
	group.Wait()
	select {
	case err := <-errs:
		return 0, err
	default:
	}
	for posted := 1; posted > 0; {
		n, err := m.Settle(ctx)
		if err != nil {
			return 0, err
		}
		posted = n
	}
	return accepted.Load(), nil
}
