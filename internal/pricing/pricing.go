package pricing

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
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

	rememberFor   = 2 * time.Second
	lookBack      = time.Hour // how far before now a remembered sheet reaches
	rememberAtAll = 50_000    // buyers
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
}

type pair struct{ seller, buyer int64 }

type remembered struct {
	sheet
	loaded time.Time
}

// New returns a service on the database.
func New(d *db.DB, c clock.Clock, accounts *account.Service) *Service {
	return &Service{db: d, clock: c, accounts: accounts, q: pricingdb.New(), sheets: map[pair]remembered{}}
}

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
	a.BuyerID = seller.ID
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
	now := s.clock.Now()
	s.mu.RLock()
	known, ok := s.sheets[p]
	s.mu.RUnlock()
	age := now.Sub(known.loaded)
	if ok && age >= 0 && age < rememberFor && known.covers(at) {
		return known.sheet, nil
	}
	since := now.Add(-lookBack)
	if at.Before(since) {
		return s.load(ctx, p, at)
	}
	loaded, err, _ := s.loading.Do(fmt.Sprint(p), func() (any, error) {
		// Others wait for this one, whose own request may end.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		sheet, err := s.load(ctx, p, since)
		if err == nil && len(sheet.stretches) > 0 {
			s.remember(p, remembered{sheet, now})
		}
		return sheet, err
	})
	if err != nil {
		return sheet{}, err
	}
	return loaded.(sheet), nil
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
	rows, err := s.q.Prices(ctx, s.db.Worker(), pricingdb.PricesParams{CompanyID: p.seller, BuyerID: p.buyer, Since: since})
	if err != nil {
		return sheet{}, fmt.Errorf("load prices of company %d: %w", p.buyer, err)
	}
	out := sheet{since: since}
	for _, r := range rows {
		n := len(out.stretches)
		if n == 0 || out.stretches[n-1].version != r.VersionID || !out.stretches[n-1].from.Equal(r.HoldsFrom) {
			out.currency = r.Currency
			out.stretches = append(out.stretches, stretch{from: r.HoldsFrom, until: r.HoldsUntil, version: r.VersionID, prices: map[Item]money.Amount{}})
			n++
		}
		out.stretches[n-1].prices[Item(r.Item)] = money.Amount(r.UnitPrice)
	}
	return out, nil
}

// Why explains a price that was charged.
type Why struct {
	List      string
	Version   int
	ValidFrom time.Time
}

// Explain tells which version of which list a frozen price came from. The
// caller has made sure that whoever asks is a party to that price.
func (s *Service) Explain(ctx context.Context, sellerID int64, version uuid.UUID) (Why, error) {
	v, err := s.q.VersionByID(ctx, s.db.Worker(), pricingdb.VersionByIDParams{CompanyID: sellerID, ID: version})
	if err != nil {
		return Why{}, fmt.Errorf("explain price version %s: %w", version, err)
	}
	return Why{List: v.Name, Version: v.Number, ValidFrom: v.ValidFrom}, nil
}

// seller checks that the actor may set prices; it sells as its company.
func seller(actor access.Actor) error {
	if actor.May(access.PlatformPrices) || actor.May(access.ResellerDependents) {
		return nil
	}
	return fault.New(fault.Forbidden, "Your role does not allow setting prices.")
}
