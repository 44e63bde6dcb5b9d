package billing

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"parley/internal/account"
	"parley/internal/money"
)

// Rate is a rate of VAT: percent, such as "22", or [NoVAT].
type Rate string

// NoVAT says that no VAT is due.
const NoVAT Rate = "none"

// rule says that sellers of a regime may have a rate within some years.
type rule struct {
	rate     Rate
	regimes  []string
	from, to string // dates, to not included; empty has no end
	next     Rate   // what sellers who had it have then
}

var payers = []string{"general", "simplified", "agricultural"}

// russianVAT is the table of rates: article 164 of the Tax Code; 22 instead of 20
// % from 2026 on (Federal Law 425-FZ of 28 November 2025), 5 and 7 % for the
// simplified regime from 2025 on (176-FZ of 12 July 2024).
var russianVAT = []rule{
	{rate: NoVAT},
	{rate: "5", regimes: []string{"simplified"}, from: "2025-01-01"},
	{rate: "7", regimes: []string{"simplified"}, from: "2025-01-01"},
	{rate: "10", regimes: payers, from: "2004-01-01"},
	{rate: "20", regimes: payers, from: "2019-01-01", to: "2026-01-01", next: "22"},
	{rate: "22", regimes: payers, from: "2026-01-01"},
}

// Rates lists the rates that a Russian seller of a regime may have on a date.
func Rates(regime string, on time.Time) []Rate {
	var out []Rate
	for _, r := range russianVAT {
		if r.holds(regime, on) {
			out = append(out, r.rate)
		}
	}
	return out
}

func (r rule) holds(regime string, on time.Time) bool {
	day := on.Format(time.DateOnly)
	return day >= r.from && (r.to == "" || day < r.to) && (r.regimes == nil || slices.Contains(r.regimes, regime))
}

// rateOf is the rate at which a seller bills on a date: the one it has named, or
// what the law has put in its place. A seller that may not have the rate it
// named bills without VAT.
func rateOf(seller account.Requisites, on time.Time) Rate {
	named := Rate(seller.VATRate)
	if seller.Country != "RU" {
		if permille(named) > 0 {
			return named
		}
		return NoVAT
	}
	for _, r := range russianVAT {
		if r.rate == named && r.next != "" && r.to != "" && on.Format(time.DateOnly) >= r.to {
			named = r.next
		}
	}
	if slices.Contains(Rates(seller.TaxRegime, on), named) {
		return named
	}
	return NoVAT
}

// permille is a rate in thousandths, so that 8.1 % is a whole number; 0 is none.
func permille(r Rate) int64 {
	whole, part, _ := strings.Cut(string(r), ".")
	n := int64(0)
	for _, c := range whole + (part + "0")[:1] {
		if c < '0' || c > '9' || n > 10_000 {
			return 0
		}
		n = 10*n + int64(c-'0')
	}
	if n >= 1000 || len(part) > 1 {
		return 0
	}
	return n
}

// hundredth is what amounts of lines are rounded to.
const hundredth = money.Unit / 100

func rounded(a money.Amount) money.Amount { return a.MulDiv(1, int64(hundredth)) * hundredth }

// vatWithin is the VAT that is contained in a gross amount, rounded once.
func vatWithin(gross money.Amount, r Rate) money.Amount {
	p := permille(r)
	if p == 0 {
		return 0
	}
	n := new(big.Int).Mul(big.NewInt(int64(gross)), big.NewInt(p))
	if !n.IsInt64() {
		panic("billing: amount out of range")
	}
	return money.Amount(n.Int64()).MulDiv(1, (1000+p)*int64(hundredth)) * hundredth
}

// VATSum is what lines of one rate add up to.
type VATSum struct {
	Rate   Rate
	Base   money.Amount // without VAT
	Amount money.Amount // the VAT
}

func vatSums(lines []Line) []VATSum {
	var out []VATSum
	for _, l := range lines {
		i := slices.IndexFunc(out, func(v VATSum) bool { return v.Rate == l.VATRate })
		if i < 0 {
			i = len(out)
			out = append(out, VATSum{Rate: l.VATRate})
		}
		out[i].Base += l.Amount - l.VAT
		out[i].Amount += l.VAT
	}
	return out
}
