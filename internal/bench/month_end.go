package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/account"
	"parley/internal/audit"
	"parley/internal/billing"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/blob"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

// MonthEnd measures how long it takes to bill a month of many companies whose
// month ends at the same moment, and to make the papers.
type MonthEnd struct {
	Companies int
	Charges   int // of each company in the month
}

// monthEnd is a running bench.
type monthEnd struct {
	MonthEnd
	db       *db.DB
	clock    *clock.Fixed
	accounts *account.Service
	books    *ledger.Service
	metering *metering.Service
	billing  *billing.Service
	buyers   []int64
}

// Run measures on a Postgres of its own.
func (b MonthEnd) Run(ctx context.Context, progress func(string, ...any)) (Result, error) {
	s, err := newStand(ctx)
	if err != nil {
		return Result{}, err
	}
	defer s.close()
	m := &monthEnd{MonthEnd: b, clock: clock.At(time.Now())}
	if m.db, err = db.Open(ctx, s.url, db.Options{AppConns: 8, WorkerConns: 12, SearchConns: 1}); err != nil {
		return Result{}, err
	}
	defer m.db.Close()
	files, err := blob.Open(filepath.Join(s.folder, "files"))
	if err != nil {
		return Result{}, err
	}
	progress("%d companies with %d charges each", b.Companies, b.Charges)
	if err := m.fill(ctx, files); err != nil {
		return Result{}, fmt.Errorf("fill: %w", err)
	}
	return m.measure(ctx, progress)
}

func (m *monthEnd) fill(ctx context.Context, files *blob.Store) error {
	h, err := newHouse(ctx, m.db, 1)
	if err != nil {
		return err
	}
	if err := m.found(ctx, h); err != nil {
		return err
	}
	m.clock.Set(time.Now())
	m.accounts = account.New(m.db, m.clock, account.Options{})
	m.books = ledger.New(m.db, m.clock, m.accounts, ledger.Options{})
	m.metering = metering.New(m.db, m.clock, m.accounts, pricing.New(m.db, m.clock, m.accounts), m.books)
	m.billing = billing.New(billing.Deps{
		DB: m.db, Clock: m.clock, Accounts: m.accounts, Ledger: m.books, Metering: m.metering, Files: files,
	}, billing.Options{})
	var group errgroup.Group
	group.SetLimit(8)
	for n, companyID := range m.buyers {
		group.Go(func() error { return m.charge(ctx, companyID, n) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	_, err = m.metering.Settle(ctx)
	return err
}

// found makes the companies in few statements: the platform's buyers, with
// details and the platform's prices.
func (m *monthEnd) found(ctx context.Context, h *house) error {
	details, err := json.Marshal(requisites("Покупатель"))
	if err != nil {
		return err
	}
	rows, err := m.db.Worker().Query(ctx, `WITH made AS (
			INSERT INTO company (parent_id, kind, name, currency, time_zone, created_at)
			SELECT $1, 'company', 'Buyer ' || n, 'RUB', 'Europe/Moscow', now() - interval '1 hour' FROM generate_series(1, $2::int) n
			RETURNING id, parent_id, time_zone, created_at
		), history AS (
			INSERT INTO company_history (company_id, valid_from, parent_id, time_zone) SELECT id, created_at, parent_id, time_zone FROM made
		), details AS (
			INSERT INTO company_details (company_id, email, phone, requisites) SELECT id, 'a@b.example', '+79001234567', $3::jsonb FROM made
			UNION ALL SELECT $1, 'a@b.example', '+79001234567', $3::jsonb
		), month AS (
			INSERT INTO billing_month (company_id, open) SELECT id, date_trunc('month', now()) FROM made
		), priced AS (
			INSERT INTO price_assignment (company_id, buyer_id, valid_from, list_id) SELECT $1, id, created_at, $4 FROM made
		)
		SELECT id FROM made ORDER BY id`, h.owner.CompanyID, m.Companies, string(details), h.platform.list)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var companyID int64
		if err := rows.Scan(&companyID); err != nil {
			return err
		}
		m.buyers = append(m.buyers, companyID)
	}
	return rows.Err()
}

// charge makes a company's month; nobody has paid, so all of it is on credit.
func (m *monthEnd) charge(ctx context.Context, companyID int64, n int) error {
	if err := m.books.Prepare(ctx, []int64{companyID}); err != nil {
		return err
	}
	now := m.clock.Now()
	charges := make([]metering.Charge, m.Charges)
	for k := range charges {
		charges[k] = metering.Charge{CompanyID: companyID, Reference: id.New(now), Item: pricing.Items[(n+k)%3], Quantity: 1, At: now}
	}
	return m.db.InCompany(ctx, companyID, func(tx *db.Tx) error {
		_, err := m.metering.CaptureChunkTx(ctx, tx, companyID, charges)
		return err
	})
}

func (m *monthEnd) measure(ctx context.Context, progress func(string, ...any)) (Result, error) {
	r := Result{Name: "month-end", Metric: "invoices of a month that ended for all companies at once", Unit: "s", Notes: map[string]any{}}
	moscow, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		return r, err
	}
	now := time.Now().In(moscow)
	m.clock.Set(time.Date(now.Year(), now.Month()+1, 1, 0, 0, 1, 0, moscow))
	progress("the month has ended")
	cpu, began := OwnCPU(), time.Now()
	billed, err := m.billing.Bill(ctx)
	if err != nil {
		return r, err
	}
	r.Value = hundredths(time.Since(began).Seconds())
	r.CPUSeconds = round((OwnCPU() - cpu).Seconds())
	progress("papers")
	papers := 0
	for made := 1; made > 0; papers += made {
		if made, err = m.billing.MakeFiles(ctx, 500); err != nil {
			return r, err
		}
	}
	r.RSS = round(UsageOf(os.Getpid()).RSS)
	for _, pid := range children(os.Getpid()) { // Postgres
		r.RSS -= round(UsageOf(pid).RSS)
	}
	r.Notes["with_papers_s"] = hundredths(time.Since(began).Seconds())
	r.Notes["companies"], r.Notes["charges_each"], r.Notes["companies_billed"], r.Notes["papers"] = m.Companies, m.Charges, billed, papers
	progress("audit")
	return r, m.verify(ctx, &r)
}

// verify looks whether each company got one invoice over what it used.
func (m *monthEnd) verify(ctx context.Context, r *Result) error {
	var invoices int64
	var charged, billed money.Amount
	err := m.db.Worker().QueryRow(ctx, `SELECT (SELECT count(*) FROM invoice), (SELECT sum(amount) FROM usage), (SELECT sum(exact) FROM invoice_line)`).
		Scan(&invoices, &charged, &billed)
	if err != nil {
		return err
	}
	if charged != billed {
		return fmt.Errorf("%s were charged and %s billed", charged, billed)
	}
	r.Lost, r.Duplicated = max(0, int64(m.Companies)-invoices), max(0, invoices-int64(m.Companies))
	differences := 0
	_, err = audit.Run(ctx, m.db, func(d audit.Difference) {
		// The bench has gone on to a month that the database's clock has not reached.
		if !strings.Contains(d.Subject, "month that has not begun") {
			differences++
			slog.Error("difference", "what", d.String())
		}
	})
	r.Notes["audit_differences"] = differences
	return err
}
