package pricing

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/pricing/internal/pricingdb"
)

const (
	// EffectDelay is how long after saving a change of prices takes effect at
	// the soonest. It leaves more than a node's memory plus the difference
	// between two nodes' clocks.
	EffectDelay = 5 * time.Second

	askEvery      = time.Second // whether prices have changed
	lookBack      = time.Hour   // how far before now a remembered sheet reaches
	rememberAtAll = 50_000      // buyers
)

// Service rates things and keeps price lists.
type Service struct {
	db       *db.DB
	clock    clock.Clock
	accounts *account.Service
	q        *pricingdb.Queries

	loading singleflight.Group
	mu      sync.RWMutex
	sheets  map[pair]remembered
	change  int64     // the last change of any price, as read
	askedAt time.Time // then

	planChange, planRead int64     // the last change of numbering plans, as asked and as read
	segments             []segment // the plans; nil: not read
}

type pair struct{ seller, buyer int64 }

// remembered is a sheet that holds until prices change again.
type remembered struct {
	sheet
	change int64
}

// New returns a service on the database.
func New(d *db.DB, c clock.Clock, accounts *account.Service) *Service {
	return &Service{db: d, clock: c, accounts: accounts, q: pricingdb.New(), sheets: map[pair]remembered{}}
}

// uncounted is the position where tiers and free units do not count: what a
// reseller pays for its companies is the price from 0.
const uncounted = -1

// Rate says what a thing costs on both levels.
func (s *Service) Rate(ctx context.Context, a Ask) (Rated, error) {
	buyer, err := s.accounts.Company(ctx, a.BuyerID)
	if err != nil {
		return Rated{}, fmt.Errorf("rate %s: %w", a.Item, err)
	}
	r := Rated{Currency: buyer.Currency}
	if buyer.ParentID == nil {
		return r, nil
	}
	if r.Retail, err = s.level(ctx, *buyer.ParentID, a); err != nil {
		return Rated{}, err
	}
	seller, err := s.accounts.Company(ctx, *buyer.ParentID)
	if err != nil {
		return Rated{}, fmt.Errorf("rate %s: %w", a.Item, err)
	}
	if seller.Kind != access.Reseller {
		return r, nil
	}
	a.BuyerID, a.Position = seller.ID, uncounted
	r.Wholesale, err = s.level(ctx, *seller.ParentID, a)
	return r, err
}

func (s *Service) level(ctx context.Context, seller int64, a Ask) (*Level, error) {
	sheet, err := s.sheet(ctx, pair{seller, a.BuyerID}, a.At)
	if err != nil {
		return nil, err
	}
	return sheet.level(seller, a), nil
}

// sheet returns what the buyer pays the seller around an instant. An empty
// sheet is not remembered, so that a buyer's first list may hold at once.
func (s *Service) sheet(ctx context.Context, p pair, at time.Time) (sheet, error) {
	change, err := s.lastChange(ctx)
	if err != nil {
		return sheet{}, err
	}
	s.mu.RLock()
	known, ok := s.sheets[p]
	s.mu.RUnlock()
	if ok && known.change == change && known.covers(at) {
		return known.sheet, nil
	}
	since := s.clock.Now().Add(-lookBack)
	if at.Before(since) {
		return s.load(ctx, p, at)
	}
	loaded, err := s.once(ctx, fmt.Sprint(p, change), func(ctx context.Context) (any, error) {
		sheet, err := s.load(ctx, p, since)
		if err == nil && len(sheet.stretches) > 0 {
			s.remember(p, remembered{sheet, change})
		}
		return sheet, err
	})
	if err != nil {
		return sheet{}, err
	}
	return loaded.(sheet), nil
}

// lastChange returns a number that grows with each change of prices, at most
// askEvery old. It is read before the prices that are remembered with it.
func (s *Service) lastChange(ctx context.Context) (int64, error) {
	now := s.clock.Now()
	s.mu.RLock()
	change, age := s.change, now.Sub(s.askedAt)
	s.mu.RUnlock()
	if age >= 0 && age < askEvery {
		return change, nil
	}
	read, err := s.once(ctx, "change", func(ctx context.Context) (any, error) {
		last, err := s.q.LastChange(ctx, s.db.Lookup())
		if err != nil {
			return int64(0), fmt.Errorf("ask for changes of prices: %w", err)
		}
		s.mu.Lock()
		s.change, s.planChange, s.askedAt = last.Number, last.Plans, now
		s.mu.Unlock()
		return last.Number, nil
	})
	if err != nil {
		return 0, err
	}
	return read.(int64), nil
}

// once lets those who want the same at the same time wait for one of them,
// whose own request may end meanwhile.
func (s *Service) once(ctx context.Context, key string, fn func(ctx context.Context) (any, error)) (any, error) {
	out, err, _ := s.loading.Do(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return fn(ctx)
	})
	return out, err
}

func (s *Service) remember(p pair, r remembered) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sheets) >= rememberAtAll {
		clear(s.sheets)
	}
	s.sheets[p] = r
}

func (s *Service) load(ctx context.Context, p pair, since time.Time) (sheet, error) {
	rows, err := s.q.Prices(ctx, s.db.Lookup(), pricingdb.PricesParams{CompanyID: p.seller, BuyerID: p.buyer, Since: since})
	if err != nil {
		return sheet{}, fmt.Errorf("load prices of company %d: %w", p.buyer, err)
	}
	out := sheet{since: since}
	for _, r := range rows {
		n := len(out.stretches)
		if n == 0 || out.stretches[n-1].version != r.VersionID || !out.stretches[n-1].from.Equal(r.HoldsFrom) {
			out.currency = r.Currency
			out.stretches = append(out.stretches, stretch{
				from: r.HoldsFrom, until: r.HoldsUntil, version: r.VersionID, validFrom: r.ValidFrom, prices: prices{},
			})
			n++
		}
		x := out.stretches[n-1].prices.add(place{Item(r.Item), Destination{r.Country, r.Network, r.Category}}, r.FromQuantity, r.FreeQuantity, money.Amount(r.UnitPrice))
		x.version, x.minimum, x.freeSeconds = r.VersionID, r.MinimumSeconds, r.FreeSeconds
	}
	if len(out.stretches) == 0 {
		return out, nil
	}
	own, err := s.exceptions(ctx, p, since)
	if err != nil {
		return sheet{}, err
	}
	out.stretches = overlay(out.stretches, own)
	return out, nil
}

// seller checks that the actor may set prices; it sells as its company.
func seller(actor access.Actor) error {
	if actor.May(access.PlatformPrices) || actor.May(access.ResellerDependents) {
		return nil
	}
	return fault.New(fault.Forbidden, "Your role does not allow setting prices.")
}
