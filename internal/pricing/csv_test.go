package pricing

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/money"
)

// anyPrices draws prices that a version may have.
func anyPrices(t *rapid.T) []ItemPrice {
	var out []ItemPrice
	seen := map[place]bool{}
	for range rapid.IntRange(1, 30).Draw(t, "n") {
		x := ItemPrice{Item: rapid.SampledFrom(Items).Draw(t, "item")}
		country, network, category := x.Item.Destinations()
		if country && rapid.Bool().Draw(t, "to a country") {
			x.Destination.Country = rapid.StringMatching(`[A-Z]{2}`).Draw(t, "country")
		}
		if network && x.Destination.Country != "" && rapid.Bool().Draw(t, "to a network") {
			x.Destination.Network = rapid.StringMatching(`[0-9]{5,6}`).Draw(t, "network")
		}
		if category {
			x.Destination.Category = rapid.SampledFrom([]string{"", "marketing", "utility"}).Draw(t, "category")
		}
		if seen[x.place()] {
			continue
		}
		seen[x.place()] = true
		from := int64(0)
		for n := range rapid.IntRange(1, 4).Draw(t, "tiers") {
			x.FromQuantity, x.FreeQuantity = from, 0
			if n == 0 {
				x.FreeQuantity = rapid.Int64Range(0, 1000).Draw(t, "free")
			}
			x.UnitPrice = money.Amount(rapid.Int64Range(0, int64(1000*money.Unit)).Draw(t, "price"))
			out = append(out, x)
			from += rapid.Int64Range(1, 100_000).Draw(t, "step")
		}
	}
	return out
}

// What is written is read back, also after a spreadsheet has put semicolons and
// decimal commas in; and no cell can begin a formula.
func TestTableReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := anyPrices(t)
		table := string(Table(want))
		got, wrong := ReadPrices([]byte(table))
		require.Empty(t, wrong)
		require.Equal(t, want, got)
		local := strings.ReplaceAll(strings.ReplaceAll(table, ",", ";"), ".", ",")
		for _, item := range Items {
			local = strings.ReplaceAll(local, strings.ReplaceAll(string(item), ".", ","), string(item))
		}
		got, wrong = ReadPrices([]byte("\ufeff" + strings.ReplaceAll(local, "\n", "\r\n")))
		require.Empty(t, wrong)
		require.Equal(t, want, got)
		for cell := range strings.FieldsFuncSeq(table, func(r rune) bool { return r == ',' || r == '\n' }) {
			require.NotContains(t, "=+-@\t", cell[:1])
		}
	})
}

func TestReadPricesReportsEachLine(t *testing.T) {
	t.Parallel()
	const head = "item,country,network,category,from_quantity,free_quantity,unit_price\n"
	for name, x := range map[string]struct {
		table string
		want  []string // "line column code"
	}{
		"several at once": {head + "sms.delivered_part,RU,25001,,0,0,1.5\nsms.thought,,,,0,0,1\nsms.delivered_part,RUS,,,0,0,1\n\nsms.delivered_part,,25001,,0,0,1\nsms.delivered_part,,,,x,0,1\nsms.delivered_part,,,,0,0,=1+1\n", []string{
			"3 item unknown", "4 country invalid", "6 network invalid", "7 from_quantity invalid", "8 unit_price invalid",
		}},
		"twice":                 {head + "sms.sent_part,RU,,,0,0,1\nsms.sent_part,ru,,,0,0,2\n", []string{"3 item taken"}},
		"no price from 0":       {head + "sms.sent_part,RU,,,10,0,1\n", []string{"2 from_quantity required"}},
		"free in a later tier":  {head + "sms.sent_part,,,,0,0,1\nsms.sent_part,,,,10,5,1\n", []string{"3 free_quantity out_of_range"}},
		"a chat has no country": {head + "chat.bot_message,RU,,,0,0,1\n", []string{"2 country invalid"}},
		"a network of WhatsApp": {head + "whatsapp.sent_message,RU,25001,,0,0,1\n", []string{"2 network invalid"}},
		"below zero":            {head + "sms.sent_part,,,,0,0,-1\n", []string{"2 unit_price out_of_range"}},
		"an unknown column":     {"item,unit_price,margin\nsms.sent_part,1,1\n", []string{"1 margin unknown"}},
		"a column too few":      {"item,country\nsms.sent_part,RU\n", []string{"1 unit_price required"}},
		"a header only":         {head, []string{"1  out_of_range"}},
		"nothing":               {"", []string{"1  required"}},
		"few columns are fine":  {"unit_price;item\n1,5;sms.sent_part\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, wrong := ReadPrices([]byte(x.table))
			var got []string
			for _, w := range wrong {
				require.NotEmpty(t, w.Message)
				got = append(got, fmt.Sprintf("%d %s %s", w.Line, w.Column, w.Code))
			}
			require.Equal(t, x.want, got)
		})
	}
}

func FuzzReadPrices(f *testing.F) {
	f.Add("item,unit_price\nsms.sent_part,1\n")
	f.Add("item;country;unit_price\nsms.sent_part;RU;\"1,5")
	f.Fuzz(func(t *testing.T, table string) {
		items, wrong := ReadPrices([]byte(table))
		if len(wrong) > 0 {
			return
		}
		again, wrong := ReadPrices(Table(items))
		require.Empty(t, wrong)
		require.Equal(t, items, again)
	})
}

// The most specific price counts, whatever else there is.
func TestMostSpecificPriceCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
		d := Destination{pick("country", "", "RU", "KZ"), pick("network", "", "25001", "25002"), pick("category", "", "marketing")}
		all := prices{}
		var best *Destination
		rank := func(x Destination) int {
			n := 0
			for i, part := range []string{x.Category, x.Network, x.Country} {
				if part != "" {
					n += 1 << i
				}
			}
			return n
		}
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			x := Destination{pick("c", "", "RU", "KZ"), "", pick("k", "", "marketing", "utility")}
			if x.Country != "" {
				x.Network = pick("n", "", "25001", "25002")
			}
			if all[place{SMSSent, x}] != nil {
				continue
			}
			all.add(place{SMSSent, x}, 0, 0, money.Amount(rank(x)))
			fits := (x.Country == "" || x.Country == d.Country) && (x.Network == "" || x.Network == d.Network) && (x.Category == "" || x.Category == d.Category)
			if fits && (best == nil || rank(x) > rank(*best)) {
				best = &x
			}
		}
		_, at, ok := all.find(SMSSent, d)
		require.Equal(t, best != nil, ok)
		if ok {
			require.Equal(t, *best, at.Destination)
		}
	})
}

// A price is below cost when somewhere it covers costs more than it brings.
func TestBelowCostByDestination(t *testing.T) {
	t.Parallel()
	at := func(country, network string, unit money.Amount) ItemPrice {
		return ItemPrice{Item: SMSSent, Destination: Destination{Country: country, Network: network}, UnitPrice: unit}
	}
	tier := at("RU", "", 4)
	tier.FromQuantity = 100
	free := at("", "", 9)
	free.FreeQuantity = 1
	for name, x := range map[string]struct {
		items, cost []ItemPrice
		below       []int
	}{
		"above":                         {[]ItemPrice{at("", "", 5)}, []ItemPrice{at("", "", 5)}, nil},
		"below at the same place":       {[]ItemPrice{at("RU", "", 4), at("", "", 9)}, []ItemPrice{at("RU", "", 5)}, []int{0}},
		"the general cost counts":       {[]ItemPrice{at("RU", "25001", 4)}, []ItemPrice{at("", "", 5)}, []int{0}},
		"a dear network in a cheap one": {[]ItemPrice{at("RU", "", 6)}, []ItemPrice{at("RU", "", 5), at("RU", "25001", 7)}, []int{0}},
		"the dear network has its own":  {[]ItemPrice{at("RU", "", 6), at("RU", "25001", 8)}, []ItemPrice{at("RU", "", 5), at("RU", "25001", 7)}, nil},
		"a later tier":                  {[]ItemPrice{at("RU", "", 6), tier}, []ItemPrice{at("RU", "", 5)}, []int{1}},
		"free units":                    {[]ItemPrice{free}, []ItemPrice{at("", "", 5)}, []int{0}},
		"free units of what is free":    {[]ItemPrice{free}, []ItemPrice{at("", "", 0)}, nil},
		"no cost":                       {[]ItemPrice{at("", "", 0)}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := map[int]bool{}
			for _, n := range x.below {
				want[n] = true
			}
			require.Equal(t, want, belowCost(x.items, pricesOf(x.cost)))
		})
	}
}
