package metering_test

import (
	"errors"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/audit/audittest"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/metering/meteringtest"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

func TestMain(m *testing.M) {
	// Each run has a database of its own, so a few long ones find more per
	// second than many short ones. -rapid.checks and -rapid.steps say otherwise.
	_ = flag.Set("rapid.checks", "12")
	_ = flag.Set("rapid.steps", "150")
	os.Exit(m.Run())
}

// start is two days before clocks change in Europe and five before a month ends.
var start = time.Date(2027, 3, 26, 9, 0, 0, 0, time.UTC)

// model predicts what the services must say, with whole sums only.
type model struct {
	t       *testing.T
	f       *meteringtest.Fixture
	clock   *clock.Fixed
	purses  []*purse
	retail  []change // what the reseller's companies pay for an operator message
	pending map[*purse]money.Amount
	latest  time.Time // that the clock has shown
}

type purse struct {
	*accounttest.Firm
	price, wholesale money.Amount            // of an operator message; 0: as model.retail says
	texts            map[string]money.Amount // SMS by network; nil: in tiers
	money, held      money.Amount
	credit           money.Amount
	reseller         *purse
	told             bool // a reseller: its dependents know that it is past its limit
	period           time.Time
	open             []metering.Charge // held
	used             map[month]int64   // of texts, where the price depends on it
	spent            []metering.Charge // captured
	quotes           map[uuid.UUID]quote
}

// month is an item's counter.
type month struct {
	item   pricing.Item
	period time.Time
}

// The model's own table of SMS prices: by network, and by what was used before.
var (
	tiers = map[string][]step{
		"25001": {{0, 2_000_000}, {10, 1_500_000}},
		"25033": {{0, 3_000_000}, {5, 2_500_000}, {20, 1_000_000}}, // which has no price of its own
	}
	wholesaleTexts = map[string]money.Amount{"25001": 4_100_000, "25033": 4_800_000}
	retailTexts    = map[string]money.Amount{"25001": 5_300_000, "25033": 6_200_000}
)

const freeTexts = 4 // of the network without a price of its own

type step struct {
	from  int64
	price money.Amount
}

// texts are the model's prices as a list has them.
func texts() []pricing.ItemPrice {
	var out []pricing.ItemPrice
	for network, steps := range tiers {
		for _, x := range steps {
			item := pricing.ItemPrice{Item: pricing.SMSDelivered, Destination: pricing.Destination{Country: "RU", Network: network}, FromQuantity: x.from, UnitPrice: x.price}
			if network != "25001" {
				item.Destination.Network = ""
			}
			if network != "25001" && x.from == 0 {
				item.FreeQuantity = freeTexts
			}
			out = append(out, item)
		}
	}
	return out
}

// quote is what a charge costs at its place in the month.
type quote struct {
	price, wholesale money.Amount
	counter          *month
}

type change struct {
	from  time.Time
	price money.Amount
}

func newModel(t *testing.T) *model {
	m := &model{t: t, clock: clock.At(start), pending: map[*purse]money.Amount{}}
	d := dbtest.New(t)
	meteringtest.MakePartitions(t, d, start)
	m.f = meteringtest.NewAt(t, d, m.clock, ledger.Options{WelcomeCredit: 3 * money.Unit})
	m.retail = []change{{start, money.Unit}}
	_, err := m.f.Prices.AddVersion(ctx, m.f.Reseller.Actor(t, access.Owner), pricing.NewVersion{
		ListID: m.f.Lists.ResellerRetail, BelowCost: true, Items: append(texts(), pricing.ItemPrice{Item: pricing.ChatOperatorMessage, UnitPrice: money.Unit}),
	})
	require.NoError(t, err)
	reseller := &purse{Firm: m.f.Reseller, price: 600_000, texts: wholesaleTexts, told: true}
	m.purses = []*purse{
		reseller,
		{Firm: m.f.First, wholesale: 600_000, reseller: reseller},
		{Firm: m.f.Second, wholesale: 600_000, reseller: reseller},
		{Firm: m.f.Direct, price: money.Unit, texts: retailTexts},
	}
	for i, zone := range []string{"America/New_York", "Europe/Berlin", "Pacific/Chatham", "Asia/Kathmandu"} {
		p := m.purses[i]
		p.quotes, p.used = map[uuid.UUID]quote{}, map[month]int64{}
		_, err := m.f.Service.ChangeCompany(ctx, p.Actor(t, access.Owner), account.CompanyChange{TimeZone: &zone})
		require.NoError(t, err)
		p.Location, err = time.LoadLocation(zone)
		require.NoError(t, err)
	}
	m.latest = m.clock.Step(time.Minute)
	return m
}

// GoString keeps rapid's report short.
func (p *purse) GoString() string { return p.Name }

func (p *purse) spendable() money.Amount { return p.money - p.held + p.credit }

// priceNow is what an operator message costs at the clock's time.
func (m *model) priceNow(p *purse) money.Amount {
	price := p.price
	for _, c := range m.retail {
		if p.reseller != nil && !c.from.After(m.clock.Now()) {
			price = c.price
		}
	}
	return price
}

// review is what a reseller's dependents are told.
func (m *model) review(p *purse) {
	if p.Kind == access.Reseller {
		p.told = p.money+p.credit <= 0
	}
}

func (m *model) refuses(p *purse, amount money.Amount, refusable bool) fault.Code {
	switch {
	case !refusable:
		return ""
	case p.reseller != nil && p.reseller.told:
		return fault.SellerSuspended
	case amount > 0 && p.spendable() < amount:
		return fault.InsufficientFunds
	}
	return ""
}

var errCrash = errors.New("crash before commit")

// in runs fn in a transaction of the company, which crashes now and then. It
// says whether it was committed.
func (m *model) in(rt *rapid.T, p *purse, want fault.Code, fn func(tx *db.Tx) error) bool {
	crash := rapid.IntRange(0, 9).Draw(rt, "crash") == 0
	err := m.f.DB.InCompany(ctx, p.ID, func(tx *db.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		if crash {
			return errCrash
		}
		return nil
	})
	switch {
	case want != "":
		require.True(rt, fault.Is(err, want), "want %s, got %v", want, err)
	case crash:
		require.ErrorIs(rt, err, errCrash)
	default:
		require.NoError(rt, err)
	}
	return err == nil
}

func (m *model) purse(rt *rapid.T) *purse { return rapid.SampledFrom(m.purses).Draw(rt, "company") }

func (m *model) charge(rt *rapid.T, p *purse) metering.Charge {
	now := m.clock.Now()
	c := metering.Charge{
		CompanyID: p.ID, Reference: id.New(now), Item: pricing.ChatOperatorMessage, At: now,
		Quantity: int64(rapid.IntRange(1, 3).Draw(rt, "quantity")), Refusable: rapid.IntRange(0, 3).Draw(rt, "refusable") > 0,
	}
	if network := rapid.SampledFrom([]string{"", "25001", "25033"}).Draw(rt, "network"); network != "" {
		c.Item, c.Destination = pricing.SMSDelivered, pricing.Destination{Country: "RU", Network: network}
	}
	return c
}

// quote says what a charge costs after others of its chunk, which it joins.
func (m *model) quote(p *purse, c metering.Charge, ahead map[month]int64) quote {
	q := money.Amount(c.Quantity)
	network := c.Destination.Network
	switch {
	case network == "":
		return quote{price: m.priceNow(p) * q, wholesale: p.wholesale * q}
	case p.texts != nil:
		return quote{price: p.texts[network] * q}
	}
	counter := month{c.Item, m.monthOf(p)}
	position := p.used[counter] + ahead[counter]
	ahead[counter] += c.Quantity
	var unit money.Amount
	for _, x := range tiers[network] {
		if x.from <= position {
			unit = x.price
		}
	}
	if network != "25001" && position < freeTexts {
		unit = 0
	}
	return quote{price: unit * q, wholesale: wholesaleTexts[network] * q, counter: &counter}
}

// accepted counts a charge that was committed.
func (m *model) accepted(p *purse, c metering.Charge, q quote) {
	p.quotes[c.Reference] = q
	if q.counter != nil {
		p.used[*q.counter] += c.Quantity
	}
}

func (m *model) captured(p *purse, c metering.Charge) {
	q := p.quotes[c.Reference]
	p.money -= q.price
	p.spent = append(p.spent, c)
	if p.reseller != nil {
		m.pending[p] += q.wholesale
	}
}

// monthOf is the later of the wallet's month and now's.
func (m *model) monthOf(p *purse) time.Time {
	local := m.clock.Now().In(p.Location)
	now := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, time.UTC)
	if now.After(p.period) {
		return now
	}
	return p.period
}

func (m *model) month(rt *rapid.T, p *purse, got time.Time) {
	p.period = m.monthOf(p)
	require.Equal(rt, p.period, got)
}

func (m *model) capture(rt *rapid.T) {
	p := m.purse(rt)
	c := m.charge(rt, p)
	q := m.quote(p, c, map[month]int64{})
	var u metering.Usage
	if m.in(rt, p, m.refuses(p, q.price, c.Refusable), func(tx *db.Tx) (err error) { u, err = m.f.Metering.CaptureTx(ctx, tx, c); return err }) {
		require.Equal(rt, q.price, u.Amount)
		m.month(rt, p, u.Period)
		m.accepted(p, c, q)
		m.captured(p, c)
	}
}

// chunk charges several things at once, or sets their prices aside.
func (m *model) chunk(rt *rapid.T, hold bool) {
	p := m.purse(rt)
	charges := make([]metering.Charge, rapid.IntRange(1, 8).Draw(rt, "n"))
	quotes := make([]quote, len(charges))
	ahead := map[month]int64{}
	var sum money.Amount
	refusable := false
	for i := range charges {
		charges[i] = m.charge(rt, p)
		quotes[i] = m.quote(p, charges[i], ahead)
		sum += quotes[i].price
		refusable = refusable || charges[i].Refusable
	}
	accept := m.f.Metering.CaptureChunkTx
	if hold {
		accept = m.f.Metering.HoldChunkTx
	}
	var k metering.Chunk
	if !m.in(rt, p, m.refuses(p, sum, refusable), func(tx *db.Tx) (err error) {
		k, err = accept(ctx, tx, p.ID, charges)
		return err
	}) {
		return
	}
	require.Equal(rt, sum, k.Amount)
	m.month(rt, p, k.Period)
	for i, c := range charges {
		m.accepted(p, c, quotes[i])
		if hold {
			p.held += quotes[i].price
			p.open = append(p.open, c)
		} else {
			m.captured(p, c)
		}
	}
}

func (m *model) hold(rt *rapid.T) {
	p := m.purse(rt)
	c := m.charge(rt, p)
	q := m.quote(p, c, map[month]int64{})
	var u metering.Usage
	if m.in(rt, p, m.refuses(p, q.price, c.Refusable), func(tx *db.Tx) (err error) { u, err = m.f.Metering.HoldTx(ctx, tx, c); return err }) {
		m.month(rt, p, u.Period)
		m.accepted(p, c, q)
		p.held += q.price
		p.open = append(p.open, c)
	}
}

func (m *model) endHold(rt *rapid.T, capture bool) {
	p := m.purse(rt)
	if len(p.open) == 0 {
		rt.Skip("nothing is held")
	}
	i := rapid.IntRange(0, len(p.open)-1).Draw(rt, "which")
	c := p.open[i]
	end := m.f.Metering.ReleaseTx
	if capture {
		end = m.f.Metering.CaptureHeldTx
	}
	if m.in(rt, p, "", func(tx *db.Tx) error { return end(ctx, tx, p.ID, c.Reference, c.Item) }) {
		p.open = append(p.open[:i], p.open[i+1:]...)
		m.ended(p, c, capture)
	}
}

// endHolds ends several holds at once, each in its own way.
func (m *model) endHolds(rt *rapid.T) {
	p := m.purse(rt)
	if len(p.open) == 0 {
		rt.Skip("nothing is held")
	}
	n := rapid.IntRange(1, len(p.open)).Draw(rt, "n")
	ends := make([]metering.End, n)
	var want metering.Ended
	for i, c := range p.open[:n] {
		ends[i] = metering.End{Reference: c.Reference, Item: c.Item, Phase: metering.Released}
		sum := &want.Released
		if rapid.Bool().Draw(rt, "capture") {
			ends[i].Phase, sum = metering.Captured, &want.Captured
		}
		*sum += p.quotes[c.Reference].price
	}
	var got metering.Ended
	if m.in(rt, p, "", func(tx *db.Tx) (err error) { got, err = m.f.Metering.EndHoldsTx(ctx, tx, p.ID, ends); return err }) {
		got.Batch = uuid.Nil
		require.Equal(rt, want, got)
		closed := p.open[:n:n]
		p.open = p.open[n:]
		for i, c := range closed {
			m.ended(p, c, ends[i].Phase == metering.Captured)
		}
	}
}

func (m *model) ended(p *purse, c metering.Charge, capture bool) {
	q := p.quotes[c.Reference]
	p.held -= q.price
	p.period = m.monthOf(p)
	switch {
	case capture:
		m.captured(p, c)
	case q.counter != nil:
		p.used[*q.counter] -= c.Quantity
	}
}

func (m *model) refund(rt *rapid.T) {
	p := m.purse(rt)
	if len(p.spent) == 0 {
		rt.Skip("nothing was spent")
	}
	i := rapid.IntRange(0, len(p.spent)-1).Draw(rt, "which")
	c := p.spent[i]
	if m.in(rt, p, "", func(tx *db.Tx) error { return m.f.Metering.RefundTx(ctx, tx, p.ID, c.Reference, c.Item) }) {
		p.spent = append(p.spent[:i], p.spent[i+1:]...)
		q := p.quotes[c.Reference]
		p.money += q.price
		p.period = m.monthOf(p)
		if p.reseller != nil {
			m.pending[p] -= q.wholesale
		}
	}
}

func (m *model) deposit(rt *rapid.T) {
	p := m.purse(rt)
	amount := money.Amount(rapid.Int64Range(1, 40_000_000).Draw(rt, "amount"))
	m.f.Fund(m.t, p.ID, amount.String())
	p.money += amount
	m.review(p)
}

func (m *model) welcome(rt *rapid.T) {
	p := m.purse(rt)
	before := m.f.Balance(m.t, p.ID)
	require.NoError(rt, m.f.Ledger.GiveWelcomeCredit(ctx, p.ID))
	if given := m.f.Balance(m.t, p.ID).Balance - before.Balance; given > 0 { // once: audited as an entry
		p.money += given
		m.review(p)
	}
}

func (m *model) limit(rt *rapid.T) {
	p := m.purse(rt)
	p.credit = money.Amount(rapid.Int64Range(0, 5_000_000).Draw(rt, "limit"))
	require.NoError(rt, m.f.Ledger.SetCreditLimit(ctx, m.f.Platform.Actor(m.t, access.Owner), p.ID, p.credit))
	m.review(p)
}

func (m *model) reprice(rt *rapid.T) {
	if m.clock.Now().Before(m.latest) {
		rt.Skip("prices of an instant that has been cannot change")
	}
	price := money.Amount(rapid.Int64Range(0, 2_000_000).Draw(rt, "price"))
	v, err := m.f.Prices.AddVersion(ctx, m.f.Reseller.Actor(m.t, access.Owner), pricing.NewVersion{
		ListID: m.f.Lists.ResellerRetail, BelowCost: true, Items: append(texts(), pricing.ItemPrice{Item: pricing.ChatOperatorMessage, UnitPrice: price}),
	})
	require.NoError(rt, err)
	require.Equal(rt, m.clock.Now().Add(pricing.EffectDelay), v.ValidFrom)
	m.latest = m.clock.Step(3 * time.Second) // what nodes remember is older than the change by now, and it does not hold yet
	m.retail = append(m.retail, change{v.ValidFrom, price})
}

// jump moves the clock, over a month's end or back.
func (m *model) jump(rt *rapid.T) {
	by := rapid.SampledFrom([]time.Duration{time.Second, 40 * time.Minute, 7 * time.Hour, 26 * time.Hour, 9 * 24 * time.Hour, -3 * time.Hour}).Draw(rt, "jump")
	next := m.clock.Now().Add(by)
	if next.Before(start.Add(time.Minute)) || next.After(start.AddDate(0, 2, 0)) {
		next = start.Add(time.Minute)
	}
	m.clock.Set(next)
	if next.After(m.latest) {
		m.latest = next
	}
}

func (m *model) settle(rt *rapid.T) {
	_, err := m.f.Metering.Settle(ctx)
	require.NoError(rt, err)
	for p, amount := range m.pending {
		p.reseller.money -= amount
		delete(m.pending, p)
	}
	for _, p := range m.purses {
		m.review(p)
	}
}

func (m *model) widen(rt *rapid.T) {
	p := m.purse(rt)
	require.NoError(rt, m.f.Ledger.Widen(ctx, p.ID, rapid.IntRange(1, 4).Draw(rt, "stripes")))
}

// check compares balances, which are exact at any moment.
func (m *model) check(rt *rapid.T) {
	for _, p := range m.purses {
		b := m.f.Balance(m.t, p.ID)
		require.Equal(rt, p.money, b.Balance, p.Name)
		require.Equal(rt, p.held, b.Held, p.Name)
		require.Equal(rt, p.spendable(), b.Available, p.Name)
		require.Equal(rt, p.credit, b.CreditLimit, p.Name)
		if p.reseller != nil {
			require.Equal(rt, p.reseller.told, b.Suspended, p.Name)
		}
	}
}

func TestRandomOperations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(t)
		defer m.f.DB.Close()
		rt.Repeat(map[string]func(*rapid.T){
			"capture": m.capture, "capture again": m.capture, "and again": m.capture, "chunk": func(rt *rapid.T) { m.chunk(rt, false) },
			"hold chunk": func(rt *rapid.T) { m.chunk(rt, true) }, "end holds": m.endHolds,
			"hold": m.hold, "capture held": func(rt *rapid.T) { m.endHold(rt, true) }, "release": func(rt *rapid.T) { m.endHold(rt, false) },
			"refund": m.refund, "deposit": m.deposit, "deposit again": m.deposit, "welcome": m.welcome, "limit": m.limit, "reprice": m.reprice,
			"jump": m.jump, "settle": m.settle, "widen": m.widen,
			"": m.check,
		})
		audittest.Clean(t, m.f.DB) // with charges that are not posted yet
		m.settle(rt)
		m.check(rt)
		audittest.Clean(t, m.f.DB)
	})
}
