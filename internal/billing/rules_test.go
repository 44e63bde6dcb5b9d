package billing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/account"
	"parley/internal/billing"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/pricing"
)

func TestRates(t *testing.T) {
	t.Parallel()
	require.Equal(t, []billing.Rate{billing.NoVAT, "5", "7", "10", "22"}, billing.Rates("simplified", day("2026-11-21")))
	require.Equal(t, []billing.Rate{billing.NoVAT, "10", "22"}, billing.Rates("general", day("2026-01-01")))
	require.Equal(t, []billing.Rate{billing.NoVAT, "10", "20"}, billing.Rates("general", day("2025-12-31")))
	require.Equal(t, []billing.Rate{billing.NoVAT}, billing.Rates("patent", day("2026-01-01")))
	for _, c := range []struct {
		regime, rate, on string
		want             billing.Rate
	}{
		{"general", "22", "2026-11-21", "22"}, {"general", "20", "2026-11-21", "22"}, {"general", "20", "2025-12-31", "20"},
		{"general", "none", "2026-11-21", "none"}, {"simplified", "5", "2026-11-21", "5"}, {"general", "5", "2026-11-21", "none"},
		{"simplified", "5", "2024-12-31", "none"}, {"patent", "22", "2026-11-21", "none"}, {"general", "", "2026-11-21", "none"}, {"general", "13", "2026-11-21", "none"},
	} {
		got := billing.RateOf(account.Requisites{Country: "RU", TaxRegime: c.regime, VATRate: c.rate}, day(c.on))
		require.Equal(t, c.want, got, "%+v", c)
	}
	for rate, want := range map[string]billing.Rate{"19": "19", "8.1": "8.1", "": "none", "none": "none", "x": "none", "100": "none", "8.15": "none", "-5": "none"} {
		require.Equal(t, want, billing.RateOf(account.Requisites{Country: "DE", VATRate: rate}, day("2026-11-21")), rate)
	}
}

func TestVATWithin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ gross, rate, want string }{
		{"122", "22", "22.00"}, {"10000", "22", "1803.28"}, {"105", "5", "5.00"}, {"107", "7", "7.00"}, {"110", "10", "10.00"},
		{"0.01", "22", "0.00"}, {"100", "none", "0.00"}, {"108.1", "8.1", "8.10"}, {"-122", "22", "-22.00"}, {"0.11", "10", "0.01"}, {"0.05", "10", "0.00"},
		{"0.165", "10", "0.02"}, {"0.055", "10", "0.00"}, // halves go to even
		{"1000000000", "22", "180327868.85"},
	} {
		gross, err := money.Parse(c.gross)
		require.NoError(t, err)
		require.Equal(t, c.want, billing.VATWithin(gross, billing.Rate(c.rate)).String(), "%+v", c)
	}
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	for from, want := range map[string][2]string{ // in Russia, elsewhere
		"2026-11-16": {"2026-11-23", "2026-11-23"}, "2026-11-20": {"2026-11-27", "2026-11-27"}, "2026-11-21": {"2026-11-27", "2026-11-27"},
		"2026-11-22": {"2026-11-27", "2026-11-27"}, "2026-11-03": {"2026-11-11", "2026-11-10"}, "2028-02-25": {"2028-03-03", "2028-03-03"},
		"2026-12-30": {"2027-01-15", "2027-01-06"}, "2026-04-30": {"2026-05-08", "2026-05-07"}, "2026-05-08": {"2026-05-18", "2026-05-15"},
	} {
		require.Equal(t, day(want[0]), billing.DefaultDaysOff.WorkingDay("RU", day(from), 5), from)
		require.Equal(t, day(want[1]), billing.DefaultDaysOff.WorkingDay("DE", day(from), 5), from)
	}
	for country, off := range billing.DefaultDaysOff {
		for one := range off {
			require.NotContains(t, []time.Weekday{time.Saturday, time.Sunday}, one.Weekday(), "%s %s is a weekend anyway: the day it is moved to is meant", country, one)
		}
	}
}

func TestParseDaysOff(t *testing.T) {
	t.Parallel()
	got, err := billing.ParseDaysOff([]string{"RU:2027-02-22", "DE:2026-12-25/2026-12-28"})
	require.NoError(t, err)
	require.True(t, got["RU"][day("2027-02-22")] && got["RU"][day("2027-02-23")] && got["DE"][day("2026-12-28")])
	require.False(t, billing.DefaultDaysOff["RU"][day("2027-02-22")], "the built-in ones stay as they are")
	for _, wrong := range []string{"", "RU", "RU:", "ru:2027-02-22", "RU:2027-02-30", "RUS:2027-02-22", "RU:2027-02-22,2027-02-23"} {
		_, err := billing.ParseDaysOff([]string{wrong})
		require.Error(t, err, wrong)
	}
}

func TestPaymentCodes(t *testing.T) {
	t.Parallel()
	all := samples()
	require.Equal(t, "ST00012|Name=ООО «Парлей»|PersonalAcc=40702810938000012345|BankName=ПАО Сбербанк, г. Москва|BIC=044525225|"+
		"CorrespAcc=30101810400000000225|PayeeINN=7707083893|KPP=770701001|Sum=1000000|Purpose=Счёт 1/2", billing.PaymentQR(all["top_up"], "Счёт 1|2"))
	require.Equal(t, "BCD\n002\n1\nSCT\nDEUTDEFF\nNorthwind Resale GmbH\nDE89370400440532013000\nEUR500.00\n\n\nInvoice 7\n", billing.PaymentQR(all["international"], "Invoice 7"))
	require.Empty(t, billing.PaymentQR(all["long"], "Nothing to pay"))
	dollars := all["international"]
	dollars.Currency = "USD"
	require.Empty(t, billing.PaymentQR(dollars, "No such code"))
}

// Whatever was used and whatever welcome credit has paid: the lines are what is
// left, to the millionth; rounded amounts differ from it by less than a
// hundredth a line; VAT adds up; a line is its quantity times its price.
func TestLinesOfAMonth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var sums []metering.MonthSum
		welcome := map[string]money.Amount{}
		var want money.Amount
		for _, item := range pricing.Items {
			var of money.Amount
			for _, price := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 3_000_000), 0, 3, rapid.ID).Draw(t, "prices") {
				unit := money.Amount(price)
				quantity := rapid.Int64Range(-3, 2000).Draw(t, "quantity")
				sums = append(sums, metering.MonthSum{Item: item, UnitPrice: unit, Quantity: quantity, Amount: unit * money.Amount(quantity)})
				want += unit * money.Amount(quantity)
				of += max(0, unit*money.Amount(quantity))
			}
			if of > 0 {
				w := money.Amount(rapid.Int64Range(-100, int64(of)).Draw(t, "welcome"))
				welcome[string(item)] = w
				want -= w
			}
		}
		lines := billing.MonthLines(sums, welcome, billing.RussianForm, "22")
		var exact, vat, base money.Amount
		for n, l := range lines {
			require.Equal(t, n+1, l.N)
			require.NotEmpty(t, l.Name)
			require.Equal(t, l.Exact, l.UnitPrice*money.Amount(l.Quantity))
			require.Less(t, max(l.Amount-l.Exact, l.Exact-l.Amount), money.Unit/100)
			require.Zero(t, l.Amount%(money.Unit/100))
			require.Zero(t, l.VAT%(money.Unit/100))
			exact += l.Exact
		}
		require.Equal(t, want, exact)
		for _, v := range billing.VATSums(lines) {
			vat, base = vat+v.Amount, base+v.Base
		}
		require.Equal(t, billing.Total(lines), base+vat)
	})
}

func TestEveryItemHasAName(t *testing.T) {
	t.Parallel()
	for _, item := range pricing.Items {
		for _, form := range []billing.Form{billing.RussianForm, billing.InternationalForm} {
			lines := billing.MonthLines([]metering.MonthSum{{Item: item, UnitPrice: 1, Quantity: 1, Amount: 1}}, nil, form, billing.NoVAT)
			require.NotEqual(t, string(item), lines[0].Name)
			require.NotEmpty(t, lines[0].Unit)
		}
	}
}

func TestParseTopUps(t *testing.T) {
	t.Parallel()
	got, err := billing.ParseTopUps([]string{"RUB:250.50-9000:300/9000", "CHF:1-2:1"})
	require.NoError(t, err)
	require.Equal(t, billing.Terms{Min: 250_500_000, Max: rubles(9000), Presets: []money.Amount{rubles(300), rubles(9000)}}, got["RUB"])
	require.Equal(t, billing.DefaultTopUps["USD"], got["USD"])
	require.Contains(t, got, "CHF")
	for _, wrong := range []string{"", "RUB", "RUB:1-2", "RUB:2-1:1", "RUB:1-2:3", "RUB:0-2:1", "RUB:1:1", "RUBLES:1-2:1", "RUB:1-x:1", "RUB:1-2:"} {
		_, err := billing.ParseTopUps([]string{wrong})
		require.Error(t, err, wrong)
	}
}
