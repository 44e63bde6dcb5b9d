package pricing

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/money"
	"parley/internal/platform/fault"
)

const (
	mostPrices   = 20_000 // of a version
	mostTiers    = 20     // of a place
	mostQuantity = 1_000_000_000_000
	mostProblems = 50 // named in one refusal
)

var (
	countryForm  = regexp.MustCompile(`^[A-Z]{2}$`)
	networkForm  = regexp.MustCompile(`^[0-9]{5,6}$`)
	categoryForm = regexp.MustCompile(`^[a-z][a-z_]{0,39}$`)
)

// String names what the price is for, such as "sms.delivered_part RU 25001 from 1000".
func (x ItemPrice) String() string {
	out := []string{string(x.Item)}
	for _, part := range []string{x.Destination.Country, x.Destination.Network, x.Destination.Category} {
		if part != "" {
			out = append(out, part)
		}
	}
	if x.FromQuantity > 0 {
		out = append(out, "from", strconv.FormatInt(x.FromQuantity, 10))
	}
	return strings.Join(out, " ")
}

// Destinations says on what an item's price may depend.
func (i Item) Destinations() (country, network, category bool) {
	switch i {
	case SMSSent, SMSDelivered, ViberSent, ViberDelivered, CallOutgoingMinute, CallOutgoingSecond, CallIncomingMinute, CallIncomingSecond:
		return true, true, false
	case WhatsAppSent, WhatsAppDelivered:
		return true, false, true
	}
	return false, false, false
}

// problem is what is wrong with one field of a price.
type problem struct {
	field   string
	code    string
	message string
}

// check returns the first thing that is wrong with a price by itself.
func (x ItemPrice) check() *problem {
	country, network, category := x.Item.Destinations()
	d := x.Destination
	switch {
	case !x.Item.Known():
		return &problem{"item", fault.UnknownName, "There is no such item."}
	case d.Country != "" && (!country || !countryForm.MatchString(d.Country)):
		return &problem{"country", fault.BadFormat, "A country has two capital letters, such as RU; this item may have none."}
	case d.Network != "" && (!network || d.Country == "" || !networkForm.MatchString(d.Network)):
		return &problem{"network", fault.BadFormat, "A network is its MCC and MNC, five or six digits such as 25001, within a country."}
	case d.Category != "" && (!category || !categoryForm.MatchString(d.Category)):
		return &problem{"category", fault.BadFormat, "A category is a template's, such as marketing; this item may have none."}
	case x.FromQuantity < 0 || x.FromQuantity > mostQuantity:
		return &problem{"from_quantity", fault.OutOfRange, "A tier begins at 0 or more units."}
	case x.FreeQuantity < 0 || x.FreeQuantity > mostQuantity || (x.FreeQuantity > 0 && x.FromQuantity > 0):
		return &problem{"free_quantity", fault.OutOfRange, "Free units stand with the price from 0."}
	case !seconds(x.MinimumSeconds, x.Terms()):
		return &problem{"minimum_seconds", fault.OutOfRange, "A call counts as at least 0 to 3600 seconds; other items have no length."}
	case !seconds(x.FreeSeconds, x.Terms()):
		return &problem{"free_seconds", fault.OutOfRange, "Calls are free up to 0 to 3600 seconds; other items have no length."}
	case x.UnitPrice < 0 || x.UnitPrice > money.Max/1_000_000:
		return &problem{"unit_price", fault.OutOfRange, "A price lies between 0 and 1000."}
	}
	return nil
}

// seconds says whether a price may have a length; only those of calls have one.
func seconds(n int, t CallTerms) bool { return n == 0 || (n > 0 && n <= 3600 && t.Increment > 0) }

// checkAll calls wrong for everything that is wrong with the prices of a
// version.
func checkAll(items []ItemPrice, wrong func(n int, p problem)) {
	froms := map[place][]int64{}
	for n, x := range items {
		if p := x.check(); p != nil {
			wrong(n, *p)
			continue
		}
		at := x.place()
		switch {
		case slices.Contains(froms[at], x.FromQuantity):
			wrong(n, problem{"item", fault.Taken, "The item is listed twice."})
		case len(froms[at]) == mostTiers:
			wrong(n, problem{"from_quantity", fault.OutOfRange, "An item has at most 20 tiers."})
		}
		froms[at] = append(froms[at], x.FromQuantity)
	}
	for n, x := range items {
		if f := froms[x.place()]; x.FromQuantity > 0 && len(f) > 0 && !slices.Contains(f, 0) {
			wrong(n, problem{"from_quantity", fault.Required, "The item needs a price from 0 as well."})
		}
	}
}

func checkItems(items []ItemPrice) error {
	switch {
	case len(items) == 0:
		return fault.Field("items", fault.Required, "A version needs at least one price.")
	case len(items) > mostPrices:
		return fault.Field("items", fault.TooLong, "A version has at most 20,000 prices.")
	}
	var refused *fault.Error
	checkAll(items, func(n int, p problem) {
		refused = also(refused, fmt.Sprintf("items[%d].%s", n, p.field), p.code, p.message)
	})
	return orNil(refused)
}

// also adds a field to a refusal, or begins one.
func also(e *fault.Error, field, code, message string) *fault.Error {
	switch {
	case e == nil:
		return fault.Field(field, code, message)
	case len(e.Fields) >= mostProblems:
		return e
	}
	return e.And(field, code, message)
}

// orNil keeps a nil refusal from becoming an error that is not nil.
func orNil(e *fault.Error) error {
	if e == nil {
		return nil
	}
	return e
}

// pricesOf puts the prices of a version in the order in which they are looked up.
func pricesOf(items []ItemPrice) prices {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b ItemPrice) int { return cmp.Compare(a.FromQuantity, b.FromQuantity) })
	out := prices{}
	for _, x := range sorted {
		out.add(x.place(), x.FromQuantity, x.FreeQuantity, x.UnitPrice)
	}
	return out
}

// belowCost returns the places in items whose price is below what the seller
// pays for the same destination, or for one that the price covers too.
func belowCost(items []ItemPrice, cost prices) map[int]bool {
	where := map[place][]int{}
	for n, x := range items {
		where[x.place()] = append(where[x.place()], n)
	}
	sold := pricesOf(items)
	out := map[int]bool{}
	compare := func(at place) {
		unit := cost.unit(at)
		_, covers, ok := sold.find(at.item, at.Destination)
		if unit == nil || !ok {
			return
		}
		for _, n := range where[covers] {
			if items[n].UnitPrice < *unit || (items[n].FreeQuantity > 0 && *unit > 0) {
				out[n] = true
			}
		}
	}
	for at := range where {
		compare(at)
	}
	for at := range cost {
		compare(at)
	}
	return out
}

// aboveCost refuses prices below what the seller pays itself, unless a person
// has confirmed them.
func (s *Service) aboveCost(ctx context.Context, sellerID int64, n NewVersion, at time.Time) error {
	if n.BelowCost {
		return nil
	}
	cost, err := s.costs(ctx, sellerID, at)
	if err != nil {
		return err
	}
	below := belowCost(n.Items, cost)
	var refused *fault.Error
	for i := range n.Items {
		if below[i] {
			refused = also(refused, fmt.Sprintf("items[%d].unit_price", i), fault.OutOfRange, "The price is below your own cost. Confirm it to sell at a loss.")
		}
	}
	if refused != nil {
		return refused.With("below_cost", true)
	}
	return nil
}
