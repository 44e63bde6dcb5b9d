package billing_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/audit/audittest"
	"parley/internal/billing"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

func TestAMonthIsBilledOnceAndChargesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-10T09:00:00Z", ledger.Options{})
	h.FundAll(t)
	h.use(t, h.Direct, pricing.ChatOperatorMessage, 30)
	h.use(t, h.Direct, pricing.ChatContactMessage, 5)
	h.use(t, h.First, pricing.ChatOperatorMessage, 7)
	h.use(t, h.Second, pricing.ChatBotMessage, 2)
	refunded := h.Charge(h.Direct.ID)
	_, err := h.Capture(ctx, refunded)
	require.NoError(t, err)
	require.NoError(t, h.DB.InCompany(ctx, h.Direct.ID, func(tx *db.Tx) error {
		return h.Metering.RefundTx(ctx, tx, h.Direct.ID, refunded.Reference, refunded.Item)
	}))
	before := h.Balance(t, h.Direct.ID)

	h.clock.Set(instant("2026-11-30T20:59:59Z")) // a second before midnight in Moscow
	require.Zero(t, h.bill(t))
	require.Empty(t, h.invoices(t, h.Direct))
	h.clock.Set(instant("2026-11-30T21:00:00Z"))
	require.Equal(t, 4, h.bill(t))
	require.Equal(t, before, h.Balance(t, h.Direct.ID), "billing charges nothing")

	i := h.only(t, h.Direct)
	require.Equal(t, "M2026-000001", i.Number)
	require.Equal(t, day("2026-11-01"), *i.Period)
	require.Equal(t, "31.25", i.Total.String()) // 30 × 1.00 + 5 × 0.25
	require.Equal(t, i.Total, i.Covered)
	require.Equal(t, billing.Paid, i.State)
	require.Len(t, i.Lines, 2)
	require.Equal(t, pricing.ChatContactMessage, i.Lines[0].Item)
	require.EqualValues(t, 30, i.Lines[1].Quantity)
	require.Equal(t, []billing.VATSum{{Rate: "22", Base: 25_610_000, Amount: 5_640_000}}, i.VAT())

	require.Equal(t, "7.00", h.only(t, h.First).Total.String(), "the retail price")
	wholesale := h.only(t, h.Reseller)
	require.Equal(t, "4.70", wholesale.Total.String(), "7 × 0.60 + 2 × 0.25, the wholesale price")
	require.Equal(t, h.Platform.ID, wholesale.SellerID)
	require.Equal(t, "M2026-000001", h.invoices(t, h.First)[0].Number, "a reseller has its own series")
}

func TestUsageBehindALine(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-10T09:00:00Z", ledger.Options{})
	h.FundAll(t)
	for range 4 {
		h.use(t, h.First, pricing.ChatOperatorMessage, 3)
		h.use(t, h.Second, pricing.ChatOperatorMessage, 1)
		h.use(t, h.First, pricing.ChatBotMessage, 1)
		h.Settle(t)
		h.clock.Step(time.Hour)
	}
	h.clock.Set(instant("2026-12-01T09:00:00Z"))
	h.use(t, h.First, pricing.ChatOperatorMessage, 5) // December's
	h.bill(t)
	for _, c := range []struct {
		firm  *accounttest.Firm
		item  pricing.Item
		pages int // of five
		rows  int
	}{{h.First, pricing.ChatOperatorMessage, 3, 12}, {h.First, pricing.ChatBotMessage, 1, 4}, {h.Reseller, pricing.ChatOperatorMessage, 4, 16}} {
		i := h.only(t, c.firm)
		for _, l := range i.Lines {
			if l.Item != c.item {
				continue
			}
			var sum = l.Exact
			seen := map[string]bool{}
			var after metering.MonthPlace
			pages := 0
			for {
				parts, next, err := h.billing.Usage(ctx, c.firm.Actor(t, access.Owner), i.ID, l.N, after, 5)
				require.NoError(t, err)
				pages++
				for _, p := range parts {
					require.False(t, seen[p.Reference.String()], "twice")
					seen[p.Reference.String()] = true
					sum -= p.Amount
				}
				if next == nil {
					break
				}
				after = *next
			}
			require.Zero(t, sum, "usage is what the line says")
			require.Len(t, seen, c.rows)
			require.Equal(t, c.pages, pages)
		}
	}
	_, _, err := h.billing.Usage(ctx, h.First.Actor(t, access.Owner), h.only(t, h.First).ID, 9, metering.MonthPlace{}, 5)
	require.Error(t, err)
}

func TestWelcomeCreditIsNoPartOfInvoices(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-10T09:00:00Z", ledger.Options{WelcomeCredit: 3_100_000})
	h.FundAll(t)
	h.use(t, h.Direct, pricing.ChatOperatorMessage, 3) // all of it welcome credit
	h.use(t, h.First, pricing.ChatOperatorMessage, 10) // of the reseller 6.00, of which 3.10 are
	h.clock.Set(instant("2026-12-01T09:00:00Z"))
	h.bill(t)
	require.Empty(t, h.invoices(t, h.Direct), "a month on welcome credit has no invoice")
	first, reseller := h.only(t, h.First), h.only(t, h.Reseller)
	require.Equal(t, "6.90", first.Total.String())
	require.Len(t, first.Lines, 2, "six whole messages and one in part")
	require.EqualValues(t, 6, first.Lines[0].Quantity)
	require.Equal(t, "0.90", first.Lines[1].UnitPrice.String())
	require.Equal(t, "2.90", reseller.Total.String())
}

func TestWhatIsOnCreditIsToPay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-10T09:00:00Z", ledger.Options{})
	require.NoError(t, h.Ledger.SetCreditLimit(ctx, h.Platform.Actor(t, access.Owner), h.Direct.ID, rubles(1000)))
	h.Fund(t, h.Direct.ID, "10")
	h.use(t, h.Direct, pricing.ChatOperatorMessage, 30)
	h.clock.Set(instant("2026-12-01T09:00:00Z"))
	h.use(t, h.Direct, pricing.ChatOperatorMessage, 15) // December's, before November is billed
	h.bill(t)
	november := h.only(t, h.Direct)
	require.Equal(t, "20.00", november.ToPay.String())
	require.Equal(t, "10.00", november.Covered.String())
	require.Equal(t, billing.Issued, november.State)

	h.clock.Set(instant("2027-01-01T09:00:00Z"))
	h.bill(t)
	all := h.invoices(t, h.Direct)
	require.Len(t, all, 2)
	require.Equal(t, "15.00", all[1].ToPay.String(), "what November left unpaid is not asked for twice")
	require.Equal(t, "M2027-000001", all[1].Number, "numbers begin anew with the year")

	h.Fund(t, h.Direct.ID, "25") // names no invoice: the oldest first
	h.drain(t)
	all = h.invoices(t, h.Direct)
	require.Equal(t, billing.Paid, all[0].State)
	require.Equal(t, billing.PartlyPaid, all[1].State)
	require.Equal(t, "5.00", all[1].Paid.String())
	h.clean(t)
}

// A payment between the month's end and a run that is late is for the invoice
// that the run makes.
func TestALateRunFindsWhatWasPaidSince(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-10-10T09:00:00Z", ledger.Options{})
	require.NoError(t, h.Ledger.SetCreditLimit(ctx, h.Platform.Actor(t, access.Owner), h.Direct.ID, rubles(1000)))
	h.use(t, h.Direct, pricing.ChatOperatorMessage, 30)
	h.clock.Set(instant("2026-11-05T09:00:00Z"))
	h.use(t, h.Direct, pricing.ChatOperatorMessage, 20)
	h.clock.Set(instant("2026-12-03T09:00:00Z"))
	h.Fund(t, h.Direct.ID, "40")
	h.drain(t)
	h.clock.Set(instant("2026-12-05T09:00:00Z"))
	require.Equal(t, 8, h.bill(t), "two months of four companies")
	all := h.invoices(t, h.Direct)
	require.Len(t, all, 2)
	require.Equal(t, []string{"30.00", "20.00"}, []string{all[0].ToPay.String(), all[1].ToPay.String()})
	require.Equal(t, []string{"30.00", "10.00"}, []string{all[0].Paid.String(), all[1].Paid.String()})
	require.Equal(t, "-10.00", h.Balance(t, h.Direct.ID).Balance.String())
}

// Each zone's month ends at its own midnight, to the second.
func TestMonthsEndInTheCompanysZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, begin, end, period string }{
		{"Asia/Kolkata", "2026-11-10T09:00:00Z", "2026-11-30T18:30:00Z", "2026-11-01"},
		{"America/St_Johns", "2026-10-10T09:00:00Z", "2026-11-01T02:30:00Z", "2026-10-01"}, // summer time ends later that day
		{"America/St_Johns", "2026-11-10T09:00:00Z", "2026-12-01T03:30:00Z", "2026-11-01"},
		{"Pacific/Chatham", "2026-11-10T09:00:00Z", "2026-11-30T10:15:00Z", "2026-11-01"}, // 13:45 ahead in summer
		{"Pacific/Chatham", "2027-06-10T09:00:00Z", "2027-06-30T11:15:00Z", "2027-06-01"},
		{"Europe/Moscow", "2028-02-10T09:00:00Z", "2028-02-29T21:00:00Z", "2028-02-01"}, // a leap year
		{"Pacific/Kiritimati", "2026-11-10T09:00:00Z", "2026-11-30T10:00:00Z", "2026-11-01"},
	} {
		t.Run(c.zone+" "+c.period, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, c.begin, ledger.Options{})
			h.FundAll(t)
			_, err := h.Service.ChangeCompany(ctx, h.Direct.Actor(t, access.Owner), account.CompanyChange{TimeZone: &c.zone})
			require.NoError(t, err)
			end := instant(c.end)
			h.clock.Set(end.Add(-time.Microsecond))
			h.use(t, h.Direct, pricing.ChatOperatorMessage, 3) // the last moment of the month
			_, err = h.billing.Bill(ctx)
			require.NoError(t, err)
			require.Empty(t, h.invoices(t, h.Direct))
			h.clock.Set(end)
			h.use(t, h.Direct, pricing.ChatOperatorMessage, 5) // the first of the next
			h.bill(t)
			i := h.only(t, h.Direct)
			require.Equal(t, day(c.period), *i.Period)
			require.Equal(t, "3.00", i.Total.String())
		})
	}
}

func TestAChangeOfZoneAroundTheMonthsEnd(t *testing.T) {
	t.Parallel()
	move := func(h *house, zone string) {
		_, err := h.Service.ChangeCompany(ctx, h.Direct.Actor(t, access.Owner), account.CompanyChange{TimeZone: &zone})
		require.NoError(t, err)
	}
	for name, zones := range map[string][2]string{
		"to the west, back into the old month": {"Asia/Kolkata", "America/St_Johns"},
		"to the east, into the new month":      {"America/St_Johns", "Pacific/Chatham"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, "2026-11-10T09:00:00Z", ledger.Options{})
			h.FundAll(t)
			move(h, zones[0])
			h.use(t, h.Direct, pricing.ChatOperatorMessage, 10)
			h.clock.Set(instant("2026-11-30T20:00:00Z"))
			h.use(t, h.Direct, pricing.ChatOperatorMessage, 4)
			_, err := h.billing.Bill(ctx)
			require.NoError(t, err)
			move(h, zones[1])
			h.use(t, h.Direct, pricing.ChatOperatorMessage, 2)
			h.bill(t)
			h.clock.Set(instant("2026-12-20T20:00:00Z"))
			h.use(t, h.Direct, pricing.ChatOperatorMessage, 1)
			h.bill(t)
			h.clock.Set(instant("2027-01-02T20:00:00Z"))
			h.bill(t)
			all := h.invoices(t, h.Direct)
			require.Len(t, all, 2, "each month once")
			require.Equal(t, "17.00", (all[0].Total + all[1].Total).String(), "nothing twice, nothing left out")
			require.Equal(t, day("2026-11-01"), *all[0].Period)
			require.Equal(t, day("2026-12-01"), *all[1].Period)
		})
	}
}

// Nodes that run at the same time, and runs that are broken off anywhere, come
// to what one undisturbed run does.
func TestRunsSideBySideAndBrokenOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-10-10T09:00:00Z", ledger.Options{})
	h.FundAll(t)
	for month := range 3 {
		for _, firm := range h.Firms()[1:] {
			h.use(t, firm, pricing.ChatOperatorMessage, 3+month)
		}
		h.clock.Set(h.clock.Now().AddDate(0, 1, 0))
	}
	for breakAfter := range 40 { // milliseconds
		broken, stop := context.WithTimeout(ctx, time.Duration(breakAfter)*time.Millisecond)
		_, _ = h.billing.Bill(broken)
		stop()
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 5 {
				_, _ = h.billing.Bill(ctx)
			}
		})
	}
	wait.Wait()
	require.Zero(t, h.bill(t))
	for _, firm := range h.Firms()[1:] {
		all := h.invoices(t, firm)
		require.Len(t, all, 3, firm.Name)
		for n, i := range all {
			require.Equal(t, time.Month(10+n), i.Period.Month())
		}
	}
	require.Equal(t, 6, h.count(t, "SELECT count(DISTINCT number) FROM invoice WHERE seller_id = $1", h.Platform.ID))
	require.Equal(t, 6, h.count(t, "SELECT max(substr(number, 7)::int) FROM invoice WHERE seller_id = $1", h.Platform.ID), "no gap")
}

func (h *house) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, h.DB.Worker().QueryRow(ctx, sql, args...).Scan(&n))
	return n
}

func TestTheAuditFindsChangedInvoices(t *testing.T) {
	t.Parallel()
	for sql, check := range map[string]string{
		"UPDATE invoice_line SET exact = exact + 1 WHERE company_id = $1":                                                                        "invoice_usage",
		"UPDATE invoice SET total = total + 1, covered = covered + 1 WHERE company_id = $1":                                                      "invoices",
		"DELETE FROM invoice_number WHERE buyer_id = $1":                                                                                         "invoice_numbers",
		"UPDATE invoice_series SET last = last + 1 WHERE company_id = (SELECT parent_id FROM company WHERE id = $1)":                             "invoice_numbers",
		"UPDATE payment SET amount = amount + 1 WHERE company_id = $1":                                                                           "payments",
		"UPDATE usage_month SET quantity = quantity + 1 WHERE company_id = $1":                                                                   "months",
		"WITH gone AS (DELETE FROM invoice_line WHERE company_id = $1) SELECT 1":                                                                 "invoices",
		"UPDATE billing_month SET open = open + interval '1 month' WHERE company_id = $1 AND EXISTS (SELECT FROM invoice WHERE company_id = $1)": "",
	} {
		t.Run(check, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, "2026-11-10T09:00:00Z", ledger.Options{})
			h.FundAll(t)
			h.use(t, h.Direct, pricing.ChatOperatorMessage, 3)
			h.clock.Set(instant("2026-12-01T09:00:00Z"))
			h.bill(t)
			h.tamper(t, sql, h.Direct.ID)
			found := map[string]bool{}
			for _, d := range audittest.Differences(t, h.DB) {
				found[d.Check] = true
			}
			if check == "" {
				require.Empty(t, found)
				return
			}
			require.True(t, found[check], fmt.Sprint(found))
		})
	}
}
