package metering_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/audit/audittest"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/metering/meteringtest"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/pricing"
)

// A reseller that has spent its money pauses its companies, and only them, and
// only what they do themselves.
func TestResellerPastItsLimit(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	for _, firm := range f.Firms()[2:] {
		f.Fund(t, firm.ID, "100")
	}
	suspended := func(want bool) {
		t.Helper()
		for _, firm := range []int64{f.First.ID, f.Second.ID} {
			require.Equal(t, want, f.Balance(t, firm).Suspended)
			_, err := f.Capture(ctx, f.Charge(firm))
			require.Equal(t, want, fault.Is(err, fault.SellerSuspended), err)
		}
		_, err := f.Capture(ctx, f.Charge(f.Direct.ID))
		require.NoError(t, err, "another seller's company works on")
	}
	suspended(true) // a reseller that has never paid
	f.Fund(t, f.Reseller.ID, "2")
	suspended(false) // costs it 1.20 with the next settling

	inbound := f.Charge(f.First.ID)
	inbound.Item, inbound.Quantity, inbound.Refusable = pricing.ChatContactMessage, 10, false
	f.Settle(t)
	_, err := f.Capture(ctx, inbound)
	require.NoError(t, err)
	f.Settle(t)
	require.Equal(t, "-0.70", f.Balance(t, f.Reseller.ID).Balance.String())
	suspended(true)
	inbound.Reference = f.Charge(f.First.ID).Reference
	_, err = f.Capture(ctx, inbound)
	require.NoError(t, err, "what arrives is never refused")

	require.NoError(t, f.Ledger.SetCreditLimit(ctx, f.Platform.Actor(t, access.Owner), f.Reseller.ID, 5*money.Unit))
	suspended(false)
	require.NoError(t, f.Ledger.SetCreditLimit(ctx, f.Platform.Actor(t, access.Owner), f.Reseller.ID, 0))
	suspended(true)
	f.Settle(t)
	f.Fund(t, f.Reseller.ID, "10")
	suspended(false)
	audittest.Clean(t, f.DB)
}

// A reseller's own usage pauses its companies as well.
func TestResellerSpendsItself(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.Fund(t, f.Reseller.ID, "0.60")
	f.Fund(t, f.First.ID, "10")
	c := f.Charge(f.Reseller.ID)
	_, err := f.Capture(ctx, c)
	require.NoError(t, err)
	f.Settle(t)
	require.True(t, f.Balance(t, f.First.ID).Suspended)
	require.NoError(t, f.DB.InCompany(ctx, f.Reseller.ID, func(tx *db.Tx) error {
		return f.Metering.RefundTx(ctx, tx, f.Reseller.ID, c.Reference, c.Item)
	}))
	f.Settle(t)
	require.False(t, f.Balance(t, f.First.ID).Suspended)
	audittest.Clean(t, f.DB)
}

// Welcome credit goes first, is named in entries, and comes back as such.
func TestWelcomeCredit(t *testing.T) {
	t.Parallel()
	f := meteringtest.NewAt(t, dbtest.New(t), clock.Real{}, ledger.Options{WelcomeCredit: 2_500_000})
	for range 2 {
		for _, firm := range f.Firms() {
			require.NoError(t, f.Ledger.GiveWelcomeCredit(ctx, firm.ID))
		}
	}
	require.Zero(t, f.Balance(t, f.Platform.ID).Balance)
	f.Fund(t, f.First.ID, "10")
	require.NoError(t, f.Ledger.Widen(ctx, f.First.ID, 3))
	var charges []metering.Charge
	for range 3 {
		c := f.Charge(f.First.ID)
		charges = append(charges, c)
		_, err := f.Capture(ctx, c)
		require.NoError(t, err)
	}
	b := f.Balance(t, f.First.ID)
	require.Zero(t, b.Welcome)
	require.Equal(t, "9.50", b.Balance.String())
	f.Settle(t)

	entries, totals, err := f.Ledger.Entries(ctx, f.First.Actor(t, access.Accountant), ledger.EntryFilter{Limit: 100})
	require.NoError(t, err)
	require.Equal(t, "2.50", totals[ledger.AdjustmentKind].Amount.String())
	require.Equal(t, "-3.00", totals[ledger.ChargeKind].Amount.String())
	require.Equal(t, "9.50", entries[0].BalanceAfter.String())
	welcome := map[bool]money.Amount{}
	for _, e := range entries {
		if e.Kind == ledger.ChargeKind {
			welcome[e.Welcome] += e.Amount
		}
	}
	require.Equal(t, map[bool]money.Amount{true: -2_500_000, false: -500_000}, welcome)
	require.Equal(t, "0.70", f.Balance(t, f.Reseller.ID).Welcome.String(), "the reseller's welcome credit pays for its companies")

	require.NoError(t, f.DB.InCompany(ctx, f.First.ID, func(tx *db.Tx) error {
		n, err := f.Metering.RefundAllTx(ctx, tx, f.First.ID, []uuid.UUID{charges[0].Reference, charges[1].Reference, charges[2].Reference})
		require.Equal(t, 3, n)
		return err
	}))
	require.Equal(t, "2.50", f.Balance(t, f.First.ID).Welcome.String())
	f.Settle(t)
	require.Equal(t, "2.50", f.Balance(t, f.Reseller.ID).Welcome.String(), "a refund makes no own money of welcome credit")
	audittest.Clean(t, f.DB)
}

func TestWorkWithoutPriceIsRefused(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.FundAll(t)
	actor := f.Reseller.Actor(t, access.Owner)
	list, err := f.Prices.CreateList(ctx, actor, "Only bots", "")
	require.NoError(t, err)
	_, err = f.Prices.AddVersion(ctx, actor, pricing.NewVersion{ListID: list.ID, Items: []pricing.ItemPrice{{Item: pricing.ChatBotMessage, UnitPrice: money.Unit}}})
	require.NoError(t, err)
	soon := f.Clock.Now().Add(pricing.EffectDelay + time.Second)
	_, err = f.Prices.Assign(ctx, actor, pricing.NewAssignment{BuyerID: f.First.ID, ListID: list.ID, ValidFrom: &soon})
	require.NoError(t, err)

	c := f.Charge(f.First.ID)
	c.At = soon
	_, err = f.Capture(ctx, c)
	require.True(t, fault.Is(err, fault.Conflict), err)
	c.Refusable = false
	u, err := f.Capture(ctx, c)
	require.NoError(t, err)
	require.Zero(t, u.Amount)
	require.Nil(t, u.PriceVersion)
	f.Settle(t)
	audittest.Clean(t, f.DB)
}

// The people of a company see what they pay; wholesale prices are for the
// reseller and the platform, retail prices of dependents not for the platform.
func TestLevelsAreForTheirParties(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.FundAll(t)
	c := f.Charge(f.First.ID)
	_, err := f.Capture(ctx, c)
	require.NoError(t, err)
	levels := func(actor access.Actor) []string {
		card, err := f.Metering.Card(ctx, actor, f.First.ID, c.Reference)
		require.NoError(t, err)
		var out []string
		for _, l := range card.Levels {
			require.Equal(t, 1, l.Why.Version)
			out = append(out, fmt.Sprint(l.Level, " ", l.Amount, " to ", l.Seller))
		}
		return out
	}
	for range 2 { // before and after it is posted
		require.Equal(t, []string{"retail 1.00 to Northwind Resale"}, levels(f.First.Actor(t, access.Owner)))
		require.Equal(t, []string{"retail 1.00 to Northwind Resale", "wholesale 0.60 to Parley"}, levels(f.Reseller.Actor(t, access.Owner)))
		require.Equal(t, []string{"wholesale 0.60 to Parley"}, levels(f.Platform.Actor(t, access.Owner)))
		f.Settle(t)
	}
	for _, actor := range []access.Actor{f.Second.Actor(t, access.Owner), f.Direct.Actor(t, access.Owner), f.First.Actor(t, access.Operator), f.First.Actor(t, access.Analyst)} {
		_, err := f.Metering.Card(ctx, actor, f.First.ID, c.Reference)
		require.True(t, fault.Is(err, fault.Forbidden), err)
	}
	_, err = f.Metering.Card(ctx, f.Reseller.Actor(t, access.Owner), f.Direct.ID, c.Reference)
	require.True(t, fault.Is(err, fault.NotFound), err)

	own, _, err := f.Ledger.Entries(ctx, f.First.Actor(t, access.Owner), ledger.EntryFilter{Kind: ledger.ChargeKind, Limit: 1})
	require.NoError(t, err)
	parts, err := f.Metering.UsageOfEntry(ctx, f.First.Actor(t, access.Owner), own[0].ID, uuid.Nil, 10)
	require.NoError(t, err)
	require.Len(t, parts, 1)
	require.Nil(t, parts[0].Wholesale)
	require.Equal(t, "1.00", parts[0].Amount.String())

	theirs, _, err := f.Ledger.Entries(ctx, f.Reseller.Actor(t, access.Owner), ledger.EntryFilter{Kind: ledger.ChargeKind, Limit: 1})
	require.NoError(t, err)
	parts, err = f.Metering.UsageOfEntry(ctx, f.Reseller.Actor(t, access.Owner), theirs[0].ID, uuid.Nil, 10)
	require.NoError(t, err)
	require.Len(t, parts, 1)
	require.Equal(t, "0.60", parts[0].Wholesale.String())
	require.Equal(t, c.Reference, parts[0].Reference)
	_, err = f.Metering.UsageOfEntry(ctx, f.First.Actor(t, access.Owner), theirs[0].ID, uuid.Nil, 10)
	require.True(t, fault.Is(err, fault.NotFound), err)
}

// The card leads to the entry that contains the charge.
func TestCard(t *testing.T) {
	t.Parallel()
	f := meteringtest.NewAt(t, dbtest.New(t), clock.Real{}, ledger.Options{WelcomeCredit: 1_200_000})
	f.FundAll(t)
	require.NoError(t, f.Ledger.GiveWelcomeCredit(ctx, f.Direct.ID))
	owner := f.Direct.Actor(t, access.Owner)
	var cards []metering.Card
	for range 3 {
		c := f.Charge(f.Direct.ID)
		_, err := f.Capture(ctx, c)
		require.NoError(t, err)
		card, err := f.Metering.Card(ctx, owner, f.Direct.ID, c.Reference)
		require.NoError(t, err)
		require.Nil(t, card.Entry)
		cards = append(cards, card)
	}
	f.Settle(t)
	for i, want := range []struct {
		welcome string
		entry   bool // on welcome credit
	}{{"1.00", true}, {"0.20", false}, {"0.00", false}} {
		card, err := f.Metering.Card(ctx, owner, f.Direct.ID, cards[i].Reference)
		require.NoError(t, err)
		require.Equal(t, want.welcome, card.Welcome.String())
		require.Equal(t, want.entry, card.Entry.Welcome)
		require.Equal(t, "Retail", card.Levels[0].Why.List)
		require.Equal(t, metering.Captured, card.Phase)
	}
	found, err := f.Metering.UsageOf(ctx, f.Direct.ID, []uuid.UUID{cards[0].Reference, cards[1].Reference, uuid.New()})
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, "1.00", found[cards[0].Reference][0].Amount.String())

	require.NoError(t, f.DB.InCompany(ctx, f.Direct.ID, func(tx *db.Tx) error {
		return f.Metering.RefundTx(ctx, tx, f.Direct.ID, cards[2].Reference, cards[2].Item)
	}))
	f.Settle(t)
	card, err := f.Metering.Card(ctx, owner, f.Direct.ID, cards[2].Reference)
	require.NoError(t, err)
	require.Equal(t, metering.Refunded, card.Phase)
	require.Equal(t, ledger.RefundKind, card.Entry.Kind)
}

// The wall holds even for a statement that forgot its WHERE, and no role can
// change what has happened.
func TestWall(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.FundAll(t)
	for _, firm := range f.Firms() {
		_, err := f.Capture(ctx, f.Charge(firm.ID))
		require.NoError(t, err)
	}
	f.Settle(t)
	for _, table := range []string{"wallet", "book", "entry", "usage", "usage_rollup", "price_list", "price_version", "price_item", "price_assignment"} {
		require.NoError(t, f.DB.InCompany(ctx, f.First.ID, func(tx *db.Tx) error {
			var foreign int
			err := tx.QueryRow(ctx, "SELECT count(*) FROM "+table+" WHERE company_id <> $1", f.First.ID).Scan(&foreign)
			require.Zero(t, foreign, table)
			return err
		}))
	}
	for _, sql := range []string{
		"UPDATE usage SET amount = 0", "DELETE FROM usage", "UPDATE entry SET amount = 1", "DELETE FROM entry",
		"UPDATE price_item SET unit_price = 0", "DELETE FROM price_version", "UPDATE price_assignment SET valid_from = now()",
	} {
		for _, in := range []func(func(*db.Tx) error) error{
			func(fn func(*db.Tx) error) error { return f.DB.InCompany(ctx, f.First.ID, fn) },
			func(fn func(*db.Tx) error) error { return f.DB.AsWorker(ctx, fn) },
		} {
			err := in(func(tx *db.Tx) error { _, err := tx.Exec(ctx, sql); return err })
			require.ErrorContains(t, err, "permission denied", sql)
		}
	}
	err := f.DB.InCompany(ctx, f.First.ID, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "SELECT wholesale_amount FROM usage_rollup")
		return err
	})
	require.ErrorContains(t, err, "permission denied")
}

func TestDaysLeftAndSold(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	now := time.Date(2027, 5, 20, 10, 7, 0, 0, time.UTC)
	meteringtest.MakePartitions(t, d, now)
	c := clock.At(now.AddDate(0, 0, -10))
	f := meteringtest.NewAt(t, d, c, ledger.Options{})
	f.FundAll(t)
	left := func(company int64, available money.Amount) any {
		n, err := f.Metering.DaysLeft(ctx, company, available)
		require.NoError(t, err)
		if n == nil {
			return nil
		}
		return *n
	}
	require.Nil(t, left(f.First.ID, 5), "nothing is being spent")
	c.Step(time.Hour)
	for range 10 { // 1 message on each of 10 days
		_, err := f.Capture(ctx, f.Charge(f.First.ID))
		require.NoError(t, err)
		f.Settle(t)
		c.Step(24 * time.Hour)
	}
	require.EqualValues(t, 50, left(f.First.ID, 50*money.Unit))
	require.EqualValues(t, 0, left(f.First.ID, 0))
	require.EqualValues(t, 83, left(f.Reseller.ID, 50*money.Unit), "a reseller burns what its companies cost it")

	sold, err := f.Metering.SoldSince(ctx, f.Platform.Actor(t, access.Owner), []int64{f.First.ID, f.Direct.ID}, c.Now().Add(-50*time.Hour))
	require.NoError(t, err)
	require.Equal(t, map[int64]money.Amount{f.First.ID: 1_200_000}, sold, "two messages, at the platform's price")
	_, err = f.Metering.SoldSince(ctx, f.Reseller.Actor(t, access.Owner), []int64{f.First.ID}, now)
	require.True(t, fault.Is(err, fault.Forbidden))
}
