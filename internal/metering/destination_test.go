package metering_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/audit/audittest"
	"parley/internal/metering"
	"parley/internal/metering/meteringtest"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

func text(f *meteringtest.Fixture, companyID int64, to pricing.Destination) metering.Charge {
	c := f.Charge(companyID)
	c.Item, c.Destination = pricing.SMSDelivered, to
	return c
}

// The seed prices by destination, on both levels, frozen with what they were
// chosen by; a later change touches nothing.
func TestPriceByDestination(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.FundAll(t)
	charged := map[uuid.UUID]string{}
	for _, x := range []struct {
		to                pricing.Destination
		retail, wholesale string
	}{
		{pricing.Destination{Country: "RU", Network: "25001"}, "5.30", "4.10"},
		{pricing.Destination{Country: "RU", Network: "25033"}, "6.20", "4.80"},
		{pricing.Destination{Country: "RU"}, "6.20", "4.80"},
		{pricing.Destination{Country: "FR", Network: "20801"}, "18.00", "14.00"},
		{pricing.Destination{}, "18.00", "14.00"},
	} {
		c := text(f, f.First.ID, x.to)
		u, err := f.Capture(ctx, c)
		require.NoError(t, err)
		require.Equal(t, x.retail, u.Amount.String(), x.to)
		card, err := f.Metering.Card(ctx, f.Reseller.Actor(t, access.Owner), f.First.ID, c.Reference)
		require.NoError(t, err)
		require.Equal(t, x.wholesale, card.Levels[1].Amount.String(), x.to)
		charged[c.Reference] = x.retail
	}
	_, err := f.Prices.AddVersion(ctx, f.Reseller.Actor(t, access.Owner), pricing.NewVersion{
		ListID: f.Lists.ResellerRetail, Items: []pricing.ItemPrice{{Item: pricing.SMSDelivered, UnitPrice: 99 * money.Unit}},
	})
	require.NoError(t, err)
	for reference, want := range charged {
		usage, err := f.Metering.UsageOf(ctx, f.First.ID, []uuid.UUID{reference})
		require.NoError(t, err)
		require.Equal(t, want, usage[reference][0].Amount.String())
	}
	f.Settle(t)
	audittest.Clean(t, f.DB)
}

// A chunk that begins with free units and ends in the second tier costs each of
// its messages what its own place does; what is released makes room again.
func TestChunkOverTiers(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.FundAll(t)
	tiers := []pricing.ItemPrice{
		{Item: pricing.SMSDelivered, FreeQuantity: 2, UnitPrice: 3 * money.Unit},
		{Item: pricing.SMSDelivered, FromQuantity: 5, UnitPrice: 2 * money.Unit},
	}
	list, err := f.Prices.CreateList(ctx, f.Platform.Actor(t, access.Owner), "Tiers", "")
	require.NoError(t, err)
	_, err = f.Prices.AddVersion(ctx, f.Platform.Actor(t, access.Owner), pricing.NewVersion{ListID: list.ID, Items: tiers})
	require.NoError(t, err)
	from := time.Now().Add(pricing.EffectDelay + time.Second)
	_, err = f.Prices.Assign(ctx, f.Platform.Actor(t, access.Owner), pricing.NewAssignment{BuyerID: f.Direct.ID, ListID: list.ID, ValidFrom: &from})
	require.NoError(t, err)
	hold := func(n int) (charges []metering.Charge, sum string) {
		for range n {
			c := text(f, f.Direct.ID, pricing.Destination{Country: "RU"})
			c.At = from.Add(time.Second)
			charges = append(charges, c)
		}
		require.NoError(t, f.DB.InCompany(ctx, f.Direct.ID, func(tx *db.Tx) error {
			k, err := f.Metering.HoldChunkTx(ctx, tx, f.Direct.ID, charges)
			sum = k.Amount.String()
			return err
		}))
		return charges, sum
	}
	charges, sum := hold(7)
	require.Equal(t, "13.00", sum) // 2 free, 3 at 3.00, 2 at 2.00
	ends := make([]metering.End, len(charges))
	for i, c := range charges {
		ends[i] = metering.End{Reference: c.Reference, Item: c.Item, Phase: metering.Released}
	}
	ends[2].Phase = metering.Captured
	end := func() error {
		return f.DB.InCompany(ctx, f.Direct.ID, func(tx *db.Tx) error {
			done, err := f.Metering.EndHoldsTx(ctx, tx, f.Direct.ID, ends)
			if err == nil {
				require.Equal(t, "3.00", done.Captured.String())
				require.Equal(t, "10.00", done.Released.String())
			}
			return err
		})
	}
	require.NoError(t, end())
	require.ErrorIs(t, end(), metering.ErrNotHeld)
	_, sum = hold(2)
	require.Equal(t, "3.00", sum, "one was captured, so one of two is free")
	usage, err := f.Metering.UsageOf(ctx, f.Direct.ID, []uuid.UUID{charges[2].Reference})
	require.NoError(t, err)
	require.Len(t, usage[charges[2].Reference], 2)
	f.Settle(t)
	require.Equal(t, "99997.00", f.Balance(t, f.Direct.ID).Balance.String())
	audittest.Clean(t, f.DB)
}

// 200 holds and their ends, as a campaign makes them.
func BenchmarkHoldChunk(b *testing.B) {
	for _, tiered := range []bool{false, true} {
		b.Run(fmt.Sprintf("tiers=%t", tiered), func(b *testing.B) { benchmarkHoldChunk(b, tiered) })
	}
}

func benchmarkHoldChunk(b *testing.B, tiered bool) {
	f := meteringtest.New(b, dbtest.New(b))
	for range 10 {
		f.Fund(b, f.Direct.ID, "100000000")
	}
	item := pricing.ItemPrice{Item: pricing.SMSDelivered, UnitPrice: money.Unit}
	if tiered {
		item.FreeQuantity = 1_000
	}
	_, err := f.Prices.AddVersion(ctx, f.Platform.Actor(b, access.Owner), pricing.NewVersion{ListID: f.Lists.Retail, Items: []pricing.ItemPrice{item}})
	require.NoError(b, err)
	holds := time.Now().Add(pricing.EffectDelay + 2*time.Second)
	charges := make([]metering.Charge, 200)
	ends := make([]metering.End, len(charges))
	for b.Loop() {
		for i := range charges {
			charges[i] = text(f, f.Direct.ID, pricing.Destination{Country: "RU", Network: "25001"})
			charges[i].Reference, charges[i].At = id.New(time.Now()), holds
			ends[i] = metering.End{Reference: charges[i].Reference, Item: charges[i].Item, Phase: metering.Captured}
			if i%10 == 0 {
				ends[i].Phase = metering.Released
			}
		}
		require.NoError(b, f.DB.InCompany(ctx, f.Direct.ID, func(tx *db.Tx) error {
			_, err := f.Metering.HoldChunkTx(ctx, tx, f.Direct.ID, charges)
			return err
		}))
		require.NoError(b, f.DB.InCompany(ctx, f.Direct.ID, func(tx *db.Tx) error {
			_, err := f.Metering.EndHoldsTx(ctx, tx, f.Direct.ID, ends)
			return err
		}))
	}
	b.ReportMetric(float64(len(charges)*b.N)/b.Elapsed().Seconds(), "messages/s")
}
