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
		item := Item(row[0])
		wholesale = append(wholesale, ItemPrice{Item: item, UnitPrice: seedPrice(item, row[2])})
		retail = append(retail, ItemPrice{Item: item, UnitPrice: seedPrice(item, row[3])})
	}
	return wholesale, retail
}

func seedPrice(item Item, text string) money.Amount {
	amount, err := money.Parse(text)
	if err != nil || !item.Known() {
		panic(fmt.Sprintf("pricing: seed.csv: %s %s", item, text))
	}
	return amount
}
