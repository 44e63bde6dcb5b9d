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
	validFrom   time.Time // of the version
	prices      prices
}

// prices are those of a version, by what they are for.
type prices map[place]*scale

// scale is a price that may depend on how much was used in the month.
type scale struct {
	version uuid.UUID // that it stands in: the list's, or the company's own prices'

	minimum, freeSeconds int // of a call

	free  int64  // the first units of the month, which cost nothing
	tiers []tier // in order; the first begins at 0
}

type tier struct {
	from int64 // units used before
	unit money.Amount
}

// at returns the price of one unit when so many were used before. A negative
// position stands for one that does not count: the first tier, nothing free.
func (x *scale) at(position int64) money.Amount {
	if position >= 0 && position < x.free {
		return 0
	}
	return x.tierAt(position).unit
}

func (x *scale) tierAt(position int64) tier {
	out := x.tiers[0]
	for _, t := range x.tiers {
		if t.from <= position {
			out = t
		}
	}
	return out
}

// counts says that the price depends on what was used before.
func (x *scale) counts() bool { return x.free > 0 || len(x.tiers) > 1 }

// add adds a price; those of one place come in the order of their tiers.
func (p prices) add(at place, from, free int64, unit money.Amount) *scale {
	x := p[at]
	if x == nil {
		x = &scale{}
		p[at] = x
	}
	x.free = max(x.free, free)
	x.tiers = append(x.tiers, tier{from, unit})
	return x
}

// find returns the most specific price of an item for a destination.
func (p prices) find(item Item, d Destination) (*scale, place, bool) {
	if d == (Destination{}) {
		x, ok := p[place{item: item}]
		return x, place{item: item}, ok
	}
	for _, at := range candidates(item, d) {
		if x, ok := p[at]; ok {
			return x, at, true
		}
	}
	return nil, place{}, false
}

// at returns what holds at an instant; false: nothing does.
func (s sheet) at(t time.Time) (stretch, bool) {
	for _, x := range s.stretches {
		if !t.Before(x.from) && t.Before(x.until) {
			return x, true
		}
	}
	return stretch{}, false
}

func (s sheet) covers(t time.Time) bool { return !t.Before(s.since) }

// Level is one step of the chain that money takes: what one party pays another
// for a thing.
type Level struct {
	SellerID  int64
	Version   *uuid.UUID // nil: there was no price, and nothing is paid
	UnitPrice money.Amount
	Amount    money.Amount
	// Counts says that the price depends on how much of the item the buyer has
	// used in the month.
	Counts bool
}

func (s sheet) level(seller int64, a Ask) *Level {
	l := &Level{SellerID: seller}
	held, ok := s.at(a.At)
	if !ok {
		return l
	}
	if x, _, ok := held.prices.find(a.Item, a.Destination); ok {
		l.Version, l.UnitPrice, l.Counts = &x.version, x.at(a.Position), x.counts()
		if a.Days != (Days{}) {
			l.UnitPrice = l.UnitPrice.MulDiv(int64(a.Days.Paid), int64(a.Days.Of))
		}
		l.Amount = l.UnitPrice.MulDiv(a.Quantity, 1)
	}
	return l
}

// Ask is what a price is wanted for.
type Ask struct {
	BuyerID     int64
	Item        Item
	Quantity    int64
	At          time.Time // of acceptance
	Destination Destination
	// Position is how many units of the item the buyer has used before in the
	// month. All units of one thing have the price of its first.
	Position int64
	// Days are set for a monthly fee of a part of its month.
	Days Days
}

// Days are a part of a month. A fee by days is the price times the part,
// rounded once to millionths, half to even.
type Days struct{ Paid, Of int }

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

// Counts says that the price the buyer pays depends on Ask.Position.
func (r Rated) Counts() bool { return r.Retail != nil && r.Retail.Counts }
