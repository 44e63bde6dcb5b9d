package pricing_test

import (
	"testing"

	"parley/internal/access"
	"parley/internal/account/accounttest"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db/dbtest"
	"parley/internal/pricing"
)

// What a price costs: from memory, and when it has to be read.
func BenchmarkRate(b *testing.B) {
	a := accounttest.New(b, dbtest.New(b))
	prices := pricing.New(a.DB, clock.Real{}, a.Service)
	for seller, buyer := range map[*accounttest.Firm]*accounttest.Firm{a.Platform: a.Reseller, a.Reseller: a.First} {
		actor := seller.Actor(b, access.Owner)
		l, err := prices.CreateList(ctx, actor, "List", "")
		if err != nil {
			b.Fatal(err)
		}
		n := pricing.NewVersion{ListID: l.ID, Items: price(pricing.ChatOperatorMessage, money.Unit), BelowCost: true}
		if _, err := prices.AddVersion(ctx, actor, n); err != nil {
			b.Fatal(err)
		}
		if _, err := prices.Assign(ctx, actor, pricing.NewAssignment{BuyerID: buyer.ID, ListID: l.ID}); err != nil {
			b.Fatal(err)
		}
	}
	ask := pricing.Ask{BuyerID: a.First.ID, Item: pricing.ChatOperatorMessage, Quantity: 1}
	b.Run("remembered", func(b *testing.B) {
		for b.Loop() {
			ask.At = clock.Real{}.Now()
			if _, err := prices.Rate(ctx, ask); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			ask.At = clock.Real{}.Now()
			if _, err := pricing.New(a.DB, clock.Real{}, a.Service).Rate(ctx, ask); err != nil {
				b.Fatal(err)
			}
		}
	})
}
