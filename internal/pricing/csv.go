package pricing

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/money"
	"parley/internal/platform/fault"
)

// columns are those of a list's table, in order.
var columns = []string{"item", "country", "network", "category", "from_quantity", "free_quantity", "unit_price", "minimum_seconds", "free_seconds"}

// Table writes prices as CSV that ReadPrices reads back. No cell can become a
// formula in a spreadsheet: texts come from closed sets and numbers have no sign.
func Table(items []ItemPrice) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(columns)
	for _, x := range items {
		_ = w.Write([]string{
			string(x.Item), x.Destination.Country, x.Destination.Network, x.Destination.Category,
			strconv.FormatInt(x.FromQuantity, 10), strconv.FormatInt(x.FreeQuantity, 10), x.UnitPrice.String(),
			strconv.Itoa(x.MinimumSeconds), strconv.Itoa(x.FreeSeconds),
		})
	}
	w.Flush() // a buffer takes everything
	return out.Bytes()
}

// ReadPrices reads a table with a header that names its columns, of which item
// and unit_price have to be there. Separators are commas or semicolons; with
// semicolons a price may have a decimal comma. Every wrong line is reported.
func ReadPrices(table []byte) ([]ItemPrice, []LineError) {
	rows, wrong := readTable(table)
	if wrong != nil {
		return nil, []LineError{*wrong}
	}
	at := map[string]int{}
	for i, name := range rows[0].fields {
		at[strings.ToLower(name)] = i
		if !slices.Contains(columns, strings.ToLower(name)) {
			return nil, []LineError{{1, name, fault.UnknownName, "There is no such column."}}
		}
	}
	for _, name := range []string{"item", "unit_price"} {
		if _, ok := at[name]; !ok {
			return nil, []LineError{{1, name, fault.Required, "The column is missing."}}
		}
	}
	var all []LineError
	report := func(line int, p problem) {
		if len(all) < mostLineErrors {
			all = append(all, LineError{line, p.field, p.code, p.message})
		}
	}
	var out []ItemPrice
	var lines []int
	for _, row := range rows[1:] {
		x, p := readPrice(row.fields, at)
		if p != nil {
			report(row.line, *p)
			continue
		}
		out, lines = append(out, x), append(lines, row.line)
	}
	checkAll(out, func(n int, p problem) { report(lines[n], p) })
	if len(rows) == 1 || len(out) > mostPrices {
		report(1, problem{"", fault.OutOfRange, "A list has between 1 and 20,000 prices."})
	}
	slices.SortStableFunc(all, func(a, b LineError) int { return a.Line - b.Line })
	return out, all
}

func readPrice(fields []string, at map[string]int) (ItemPrice, *problem) {
	pick := func(name string) string {
		if i, ok := at[name]; ok && i < len(fields) {
			return fields[i]
		}
		return ""
	}
	x := ItemPrice{Item: Item(pick("item")), Destination: Destination{strings.ToUpper(pick("country")), pick("network"), pick("category")}}
	for name, to := range map[string]*int64{"from_quantity": &x.FromQuantity, "free_quantity": &x.FreeQuantity} {
		n, err := strconv.ParseInt(pick(name), 10, 64)
		if pick(name) != "" && err != nil {
			return x, &problem{name, fault.BadFormat, "This is no whole number."}
		}
		*to = n
	}
	for name, to := range map[string]*int{"minimum_seconds": &x.MinimumSeconds, "free_seconds": &x.FreeSeconds} {
		n, err := strconv.Atoi(pick(name))
		if pick(name) != "" && err != nil {
			return x, &problem{name, fault.BadFormat, "This is no whole number."}
		}
		*to = n
	}
	var err error
	if x.UnitPrice, err = money.Parse(strings.Replace(pick("unit_price"), ",", ".", 1)); err != nil {
		return x, &problem{"unit_price", fault.BadFormat, "A price is a number with at most six places, such as 1.25."}
	}
	return x, nil
}

// Preview is what a table would make of a list.
type Preview struct {
	Items  []ItemPrice
	Below  []bool // of each item: it is below the seller's own cost
	Errors []LineError
}

// Preview reads a table for a list of the actor's company and compares it with
// what the seller pays itself. It changes nothing.
func (s *Service) Preview(ctx context.Context, actor access.Actor, listID uuid.UUID, table []byte) (Preview, error) {
	if _, _, err := s.ByID(ctx, actor, listID); err != nil {
		return Preview{}, err
	}
	var out Preview
	out.Items, out.Errors = ReadPrices(table)
	if len(out.Errors) > 0 {
		out.Items = nil
		return out, nil
	}
	cost, err := s.costs(ctx, actor.CompanyID, s.clock.Now())
	below := belowCost(out.Items, cost)
	out.Below = make([]bool, len(out.Items))
	for i := range out.Items {
		out.Items[i].Cost = cost.unit(out.Items[i].place())
		out.Below[i] = below[i]
	}
	return out, err
}
