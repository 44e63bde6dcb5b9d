package billing_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/audit/audittest"
	"parley/internal/billing"
	"parley/internal/ledger"
	"parley/internal/metering/meteringtest"
	"parley/internal/money"
	"parley/internal/platform/blob"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
	"parley/internal/pricing"
)

var ctx = context.Background()

// house is meteringtest's companies with details and billing.
type house struct {
	*meteringtest.Fixture
	clock   *clock.Fixed
	billing *billing.Service
	bus     *events.Bus
}

func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// newHouse is at a time given as RFC 3339.
func newHouse(t *testing.T, now string, o ledger.Options) *house {
	t.Helper()
	d := dbtest.New(t)
	meteringtest.MakePartitions(t, d, instant(now))
	h := &house{clock: clock.At(instant(now))}
	h.Fixture = meteringtest.NewAt(t, d, h.clock, o)
	files, err := blob.Open(t.TempDir())
	require.NoError(t, err)
	h.billing = h.service(files)
	h.bus = events.New(d, events.Options{})
	h.bus.Subscribe("ledger", events.On(h.Ledger.OnCompanyCreated))
	h.bus.Subscribe("billing", events.On(h.billing.OnCompanyCreated), events.On(h.billing.OnDeposited))
	h.drain(t)
	h.clock.Step(time.Minute) // until prices hold
	for firm, r := range map[*accounttest.Firm]account.Requisites{
		h.Platform: russianSeller, h.Reseller: russianSeller, h.First: russianBuyer, h.Second: russianBuyer, h.Direct: russianBuyer,
	} {
		h.describe(t, firm, r)
	}
	return h
}

func (h *house) service(files *blob.Store) *billing.Service {
	return billing.New(billing.Deps{
		DB: h.DB, Clock: h.clock, Accounts: h.Service, Ledger: h.Ledger, Metering: h.Metering, Files: files,
	}, billing.Options{})
}

func (h *house) drain(t *testing.T) {
	t.Helper()
	require.NoError(t, h.bus.Drain(ctx))
}

// describe fills in a company's details.
func (h *house) describe(t *testing.T, firm *accounttest.Firm, r account.Requisites) {
	t.Helper()
	data, err := json.Marshal(r)
	require.NoError(t, err)
	_, err = h.DB.Worker().Exec(ctx, `INSERT INTO company_details (company_id, email, phone, requisites) VALUES ($1, 'a@b.example', '+79001234567', $2)
		ON CONFLICT (company_id) DO UPDATE SET requisites = excluded.requisites`, firm.ID, string(data))
	require.NoError(t, err)
}

// use captures so many of an item of a company, now.
func (h *house) use(t *testing.T, firm *accounttest.Firm, item pricing.Item, quantity int) {
	t.Helper()
	for range quantity {
		c := h.Charge(firm.ID)
		c.Item, c.Refusable = item, false
		_, err := h.Capture(ctx, c)
		require.NoError(t, err)
	}
}

// bill runs the monthly run, makes sure that a second run does nothing and that
// everything adds up.
func (h *house) bill(t *testing.T) int {
	t.Helper()
	n, err := h.billing.Bill(ctx)
	require.NoError(t, err)
	again, err := h.billing.Bill(ctx)
	require.NoError(t, err)
	require.Zero(t, again)
	h.drain(t)
	h.clean(t)
	return n
}

// clean says that everything adds up. The test's clock may be ahead of the
// database's, whose word the audit takes for which months have begun.
func (h *house) clean(t *testing.T) {
	t.Helper()
	for _, d := range audittest.Differences(t, h.DB) {
		require.Contains(t, d.Subject, "month that has not begun", d.String())
	}
}

func (h *house) invoices(t *testing.T, firm *accounttest.Firm) []billing.Invoice {
	t.Helper()
	out, err := h.billing.List(ctx, firm.Actor(t, access.Accountant), billing.Filter{Limit: 100, Ascending: true})
	require.NoError(t, err)
	// A clock that stands still gives months that are billed together one time.
	slices.SortStableFunc(out, func(a, b billing.Invoice) int {
		if a.Period == nil || b.Period == nil {
			return 0
		}
		return a.Period.Compare(*b.Period)
	})
	for n := range out {
		out[n], err = h.billing.ByID(ctx, firm.Actor(t, access.Accountant), out[n].ID)
		require.NoError(t, err)
	}
	return out
}

// only returns the company's one invoice.
func (h *house) only(t *testing.T, firm *accounttest.Firm) billing.Invoice {
	t.Helper()
	all := h.invoices(t, firm)
	require.Len(t, all, 1)
	return all[0]
}

// tamper changes what no role of the program may.
func (h *house) tamper(t *testing.T, sql string, args ...any) {
	t.Helper()
	require.NoError(t, h.DB.AsWorker(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL ROLE NONE"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sql, args...)
		return err
	}))
}

func rubles(n int64) money.Amount { return money.Amount(n) * money.Unit }
