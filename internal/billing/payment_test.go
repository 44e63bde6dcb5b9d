package billing_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/billing"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/platform/fault"
)

func (h *house) topUp(t *testing.T, amount int64) billing.Invoice {
	t.Helper()
	i, err := h.billing.TopUp(ctx, h.Direct.Actor(t, access.Accountant), rubles(amount))
	require.NoError(t, err)
	h.clock.Step(time.Second)
	return i
}

// pay posts a payment of roubles for an invoice of the direct company.
func (h *house) pay(t *testing.T, i billing.Invoice, amount int64, document string) (billing.Payment, error) {
	t.Helper()
	return h.billing.Receive(ctx, h.Platform.Actor(t, access.Owner), billing.NewPayment{
		CompanyID: h.Direct.ID, InvoiceID: i.ID, Amount: rubles(amount), Currency: "RUB", ReceivedOn: day("2026-11-21"), Document: document, Reference: uuid.NewString(),
	})
}

func (h *house) state(t *testing.T, i billing.Invoice) (billing.State, string) {
	t.Helper()
	now, err := h.billing.ByID(ctx, h.Direct.Actor(t, access.Owner), i.ID)
	require.NoError(t, err)
	return now.State, now.Paid.String()
}

func TestTopUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-20T22:30:00Z", ledger.Options{}) // Saturday in Moscow
	i := h.topUp(t, 12_200)
	require.Equal(t, "T2026-000001", i.Number)
	require.Equal(t, day("2026-11-21"), i.IssuedOn)
	require.Equal(t, day("2026-11-27"), i.DueOn)
	require.Equal(t, instant("2026-11-27T21:00:00Z"), i.DueAt)
	require.Equal(t, []billing.VATSum{{Rate: "22", Base: rubles(10_000), Amount: rubles(2_200)}}, i.VAT())
	require.Positive(t, i.FileSize)
	require.Equal(t, "0.00", h.Balance(t, h.Direct.ID).Balance.String(), "an invoice is no money")
	read, err := h.billing.ByID(ctx, h.Direct.Actor(t, access.Owner), i.ID)
	require.NoError(t, err)
	require.Equal(t, i, read)

	// Details that change afterwards leave the invoice as it was.
	changed := russianBuyer
	changed.LegalName = "Another name"
	h.describe(t, h.Direct, changed)
	read, err = h.billing.ByID(ctx, h.Direct.Actor(t, access.Owner), i.ID)
	require.NoError(t, err)
	require.Equal(t, russianBuyer.LegalName, read.Buyer.Requisites.LegalName)
	h.tamper(t, `UPDATE invoice SET buyer = replace(buyer::text, 'Синяя', 'Чёрная')::json WHERE company_id = $1`, h.Direct.ID)
	_, err = h.billing.ByID(ctx, h.Direct.Actor(t, access.Owner), i.ID)
	require.ErrorContains(t, err, "not as it was issued")
}

func TestTopUpsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	actor := h.Direct.Actor(t, access.Owner)
	for _, amount := range []money.Amount{0, -rubles(500), rubles(99), rubles(10_000_001), money.Max, rubles(500) + 1} {
		_, err := h.billing.TopUp(ctx, actor, amount)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", amount, err)
	}
	_, err := h.billing.TopUp(ctx, h.Direct.Actor(t, access.Operator), rubles(500))
	require.True(t, fault.Is(err, fault.Forbidden))
	_, err = h.billing.TopUp(ctx, h.Platform.Actor(t, access.Owner), rubles(500))
	require.True(t, fault.Is(err, fault.Conflict))

	half := russianBuyer
	half.INN, half.Bank.BIK = "", ""
	h.describe(t, h.Direct, half)
	_, err = h.billing.TopUp(ctx, actor, rubles(500))
	require.True(t, fault.Is(err, fault.CompanyIncomplete))
	var refusal *fault.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, []string{"requisites.inn", "requisites.bank.bik"}, refusal.Extra["missing"])
	terms, err := h.billing.TopUpTerms(ctx, actor)
	require.NoError(t, err)
	require.Equal(t, refusal.Extra["missing"], any(terms.Missing))
	require.True(t, terms.SellerReady)

	h.describe(t, h.Direct, russianBuyer)
	h.describe(t, h.Platform, account.Requisites{})
	_, err = h.billing.TopUp(ctx, actor, rubles(500))
	require.True(t, fault.Is(err, fault.SellerIncomplete))
	require.Zero(t, h.count(t, "SELECT count(*) FROM invoice"))
	require.Zero(t, h.count(t, "SELECT count(*) FROM invoice_series"), "what was refused took no number")
}

func TestNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	actor := h.Direct.Actor(t, access.Owner)
	var wait sync.WaitGroup
	for n := range 24 {
		wait.Go(func() {
			amount := rubles(500)
			if n%3 == 0 {
				amount = 1 // refused
			}
			_, _ = h.billing.TopUp(ctx, actor, amount)
		})
	}
	wait.Wait()
	require.Equal(t, 16, h.count(t, "SELECT count(DISTINCT number) FROM invoice"))
	require.Equal(t, 16, h.count(t, "SELECT max(number) FROM invoice_number"))
	h.clean(t)
}

func TestAPaymentIsShared(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	oldest, named, newest := h.topUp(t, 1000), h.topUp(t, 2000), h.topUp(t, 3000)
	p, err := h.pay(t, named, 500, "1")
	require.NoError(t, err)
	require.Equal(t, []billing.Allocation{{InvoiceID: named.ID, Number: named.Number, Amount: rubles(500)}}, p.Allocations)
	state, paid := h.state(t, named)
	require.Equal(t, billing.PartlyPaid, state)
	require.Equal(t, "500.00", paid)

	h.clock.Step(time.Minute)
	p, err = h.pay(t, named, 3000, "2") // 1500 too much: the oldest takes 1000, the next 500
	require.NoError(t, err)
	require.Len(t, p.Allocations, 3)
	require.Zero(t, p.Rest())
	for i, want := range map[*billing.Invoice]billing.State{&oldest: billing.Paid, &named: billing.Paid, &newest: billing.PartlyPaid} {
		state, _ := h.state(t, *i)
		require.Equal(t, want, state, i.Number)
	}
	read, err := h.billing.ByID(ctx, h.Direct.Actor(t, access.Accountant), named.ID)
	require.NoError(t, err)
	require.Len(t, read.Payments, 2)
	require.Equal(t, "1", read.Payments[0].Document)
	require.Equal(t, rubles(500), read.Payments[0].Amount)
	require.Equal(t, rubles(1500), read.Payments[1].Amount)
	p, err = h.pay(t, newest, 10_000, "3")
	require.NoError(t, err)
	require.Equal(t, "7500.00", p.Rest().String(), "what nothing takes is on the balance")
	require.Equal(t, "13500.00", h.Balance(t, h.Direct.ID).Balance.String())
	entry, err := h.Ledger.EntryByID(ctx, h.Direct.Actor(t, access.Owner), p.EntryID)
	require.NoError(t, err)
	require.Contains(t, entry.Reason, newest.Number)
	h.drain(t) // the deposits' events make no second payments
	require.Equal(t, 3, h.count(t, "SELECT count(*) FROM payment"))
	h.clean(t)
}

func TestAPaymentIsAppliedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	first, second := h.topUp(t, 1000), h.topUp(t, 1000)
	seller := h.Platform.Actor(t, access.Owner)
	same := billing.NewPayment{
		CompanyID: h.Direct.ID, InvoiceID: first.ID, Amount: rubles(400), Currency: "RUB", ReceivedOn: day("2026-11-21"), Document: "77", Reference: "key",
	}
	var wait sync.WaitGroup
	payments := make([]billing.Payment, 8)
	for n := range payments {
		wait.Go(func() { payments[n], _ = h.billing.Receive(ctx, seller, same) })
	}
	wait.Wait()
	for _, p := range payments {
		require.Equal(t, payments[0], p)
	}
	other := same
	other.Amount = rubles(401)
	_, err := h.billing.Receive(ctx, seller, other)
	require.True(t, fault.Is(err, fault.KeyReused))
	for n := range 8 { // the same document, named for either invoice, at the same time
		wait.Go(func() {
			invoice := first
			if n%2 == 1 {
				invoice = second
			}
			_, err := h.pay(t, invoice, 400, " 77 ")
			require.True(t, fault.Is(err, fault.Conflict), "%v", err)
		})
	}
	wait.Wait()
	require.Equal(t, "400.00", h.Balance(t, h.Direct.ID).Balance.String())
	h.drain(t)
	h.clean(t)
}

func TestPaymentsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	i := h.topUp(t, 1000)
	good := billing.NewPayment{
		CompanyID: h.Direct.ID, InvoiceID: i.ID, Amount: rubles(400), Currency: "RUB", ReceivedOn: day("2026-11-21"), Document: "77", Reference: "key",
	}
	seller := h.Platform.Actor(t, access.Owner)
	for name, change := range map[string]func(*billing.NewPayment){
		"another currency": func(p *billing.NewPayment) { p.Currency = "USD" },
		"nothing":          func(p *billing.NewPayment) { p.Amount = 0 },
		"less":             func(p *billing.NewPayment) { p.Amount = -rubles(1) },
		"absurd":           func(p *billing.NewPayment) { p.Amount = money.Max + 10_000 },
		"a broken kopeck":  func(p *billing.NewPayment) { p.Amount++ },
		"tomorrow":         func(p *billing.NewPayment) { p.ReceivedOn = day("2026-11-22") },
		"no document":      func(p *billing.NewPayment) { p.Document = " " },
	} {
		p := good
		change(&p)
		_, err := h.billing.Receive(ctx, seller, p)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", name, err)
	}
	_, err := h.billing.Receive(ctx, h.Direct.Actor(t, access.Owner), good)
	require.True(t, fault.Is(err, fault.Forbidden), "the buyer")
	_, err = h.billing.Receive(ctx, h.Reseller.Actor(t, access.Owner), good)
	require.True(t, fault.Is(err, fault.NotFound), "another seller")
	good.InvoiceID = uuid.New()
	_, err = h.billing.Receive(ctx, seller, good)
	require.True(t, fault.Is(err, fault.NotFound))

	cancelled, err := h.billing.Cancel(ctx, h.Direct.Actor(t, access.Owner), i.ID)
	require.NoError(t, err)
	require.Equal(t, billing.Cancelled, cancelled.State)
	_, err = h.pay(t, i, 100, "5")
	require.True(t, fault.Is(err, fault.Conflict))
	require.Equal(t, "0.00", h.Balance(t, h.Direct.ID).Balance.String())
	paid := h.topUp(t, 100)
	_, err = h.pay(t, paid, 1, "6")
	require.NoError(t, err)
	_, err = h.billing.Cancel(ctx, h.Direct.Actor(t, access.Owner), paid.ID)
	require.True(t, fault.Is(err, fault.Conflict), "somebody has paid it")
}

// A reseller posts payments of its dependents, and the platform sees nothing of
// its invoices.
func TestAResellersInvoices(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	i, err := h.billing.TopUp(ctx, h.First.Actor(t, access.Owner), rubles(1000))
	require.NoError(t, err)
	platform, reseller := h.Platform.Actor(t, access.Owner), h.Reseller.Actor(t, access.Owner)
	_, err = h.billing.SoldByID(ctx, platform, h.First.ID, i.ID)
	require.True(t, fault.Is(err, fault.NotFound))
	none, err := h.billing.ListSold(ctx, platform, billing.Filter{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, none)
	sold, err := h.billing.ListSold(ctx, reseller, billing.Filter{Limit: 10})
	require.NoError(t, err)
	require.Len(t, sold, 1)
	for text, want := range map[string]int{h.First.Name[1:]: 1, strconv.FormatInt(h.First.ID, 10): 1, h.Second.Name: 0, "no such": 0} {
		sold, err := h.billing.ListSold(ctx, reseller, billing.Filter{Number: text, Limit: 10})
		require.NoError(t, err)
		require.Len(t, sold, want, text)
	}
	_, err = h.billing.Receive(ctx, reseller, billing.NewPayment{
		CompanyID: h.First.ID, InvoiceID: i.ID, Amount: rubles(1000), Currency: "RUB", ReceivedOn: day("2026-11-20"), Document: "9", Reference: "r",
	})
	require.NoError(t, err)
	require.Equal(t, "1000.00", h.Balance(t, h.First.ID).Balance.String())
	h.clean(t)
}

func TestAnExpiredTopUpTakesNoMoneyUnnamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	i := h.topUp(t, 1000)
	h.clock.Set(instant("2026-12-05T09:00:00Z"))
	h.Fund(t, h.Direct.ID, "1000")
	h.drain(t)
	state, _ := h.state(t, i)
	require.Equal(t, billing.Issued, state)
	_, err := h.pay(t, i, 1000, "late")
	require.NoError(t, err)
	state, _ = h.state(t, i)
	require.Equal(t, billing.Paid, state)
}
