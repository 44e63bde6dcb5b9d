package pricing

import (
	_ "embed" // the seed prices
	"encoding/csv"
	"fmt"
	"strings"

	"parley/internal/money"
)

//go:embed seed.csv
var seedTable string

// SeedCurrency is the currency of the seed prices.
const SeedCurrency = "RUB"

// Seed returns the prices that a new installation starts with: wholesale is
// what a reseller pays, retail what a company pays.
func Seed() (wholesale, retail []ItemPrice) {
	rows, err := csv.NewReader(strings.NewReader(seedTable)).ReadAll()
	if err != nil {
		panic("pricing: seed.csv: " + err.Error()) // embedded, and read by a test
	}
	for _, row := range rows[1:] {
		x := ItemPrice{Item: Item(row[0]), Destination: Destination{row[1], row[2], row[3]}}
		wholesale = append(wholesale, x.seeded(row[5]))
		retail = append(retail, x.seeded(row[6]))
	}
	return wholesale, retail
}

func (x ItemPrice) seeded(text string) ItemPrice {
	amount, err := money.Parse(text)
	x.UnitPrice = amount
	if err != nil || x.check() != nil {
		panic(fmt.Sprintf("pricing: seed.csv: %s %s", x, text))
	}
	return x
}
