package pricing

import (
	"time"

	"github.com/google/uuid"

	"parley/internal/money"
)

// sheet is what one buyer pays one seller, over time.
type sheet struct {
	since     time.Time // nothing earlier was looked up
	currency  string
	stretches []stretch // in order of time, without overlap
}

// stretch is a span of time in which one version of one list holds.
type stretch struct {
	from, until time.Time
	version     uuid.UUID
	prices      map[Item]money.Amount
}

// at returns the version and the unit price that hold at an instant; false
// says that the item has no price then.
func (s sheet) at(item Item, t time.Time) (uuid.UUID, money.Amount, bool) {
	for _, x := range s.stretches {
		if !t.Before(x.from) && t.Before(x.until) {
			price, ok := x.prices[item]
			return x.version, price, ok
		}
	}
	return uuid.UUID{}, 0, false
}

func (s sheet) covers(t time.Time) bool { return !t.Before(s.since) }

// Level is one step of the chain that money takes: what one party pays another
// for a thing.
type Level struct {
	SellerID  int64
	Version   *uuid.UUID // nil: there was no price, and nothing is paid
	UnitPrice money.Amount
	Amount    money.Amount
}

func (s sheet) level(seller int64, a Ask) *Level {
	l := &Level{SellerID: seller}
	version, price, ok := s.at(a.Item, a.At)
	if ok {
		l.Version, l.UnitPrice, l.Amount = &version, price, price.MulDiv(a.Quantity, 1)
	}
	return l
}

// Ask is what a price is wanted for.
type Ask struct {
	BuyerID  int64
	Item     Item
	Quantity int64
	At       time.Time // of acceptance
}

// Rated is a thing with its price on both levels.
type Rated struct {
	Currency  string
	Retail    *Level // nil: nobody sells to the platform's own company
	Wholesale *Level // nil: no reseller stands between
}

// Priced says whether every level that takes part has a price.
func (r Rated) Priced() bool {
	return (r.Retail == nil || r.Retail.Version != nil) && (r.Wholesale == nil || r.Wholesale.Version != nil)
}
