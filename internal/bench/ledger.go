package bench

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/audit"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

// Ledger measures charging: in chunks as campaigns do it, one by one as chats
// do it, and a race for the last of a balance. The services run in this
// process, Postgres durable beside it.
type Ledger struct {
	Companies int           // that charge in chunks
	Workers   int           // that charge chunks side by side
	Chunk     int           // charges of one chunk
	Clients   int           // of one-by-one charges, and of pgbench
	Race      int           // parallel sends for the last of a balance
	Races     int           // how often
	Time      time.Duration // of each measured part
}

// cash is a running ledger bench.
type cash struct {
	Ledger
	*stand
	db       *db.DB
	house    *house
	progress func(string, ...any)
	notes    map[string]any
	accepted atomic.Int64 // charges whose transactions were committed
}

// Run measures on a Postgres of its own.
func (l Ledger) Run(ctx context.Context, progress func(string, ...any)) (Result, error) {
	s, err := newStand(ctx)
	if err != nil {
		return Result{}, err
	}
	defer s.close()
	c := &cash{Ledger: l, stand: s, progress: progress, notes: map[string]any{}}
	c.db, err = db.Open(ctx, s.url, db.Options{AppConns: int32(max(l.Workers, l.Clients)), WorkerConns: 12, SearchConns: 1})
	if err != nil {
		return Result{}, err
	}
	defer c.db.Close()
	if c.house, err = newHouse(ctx, c.db, max(l.Companies, manyCompanies)); err != nil {
		return Result{}, fmt.Errorf("make companies: %w", err)
	}
	return c.measure(ctx)
}

func (c *cash) measure(ctx context.Context) (Result, error) {
	p50, p99, err := Fsync(c.folder)
	if err != nil {
		return Result{}, err
	}
	c.notes["fsync_p50_ms"], c.notes["fsync_p99_ms"] = p50, p99
	if load, err := os.ReadFile("/proc/loadavg"); err == nil { // of whatever else the machine does
		c.notes["load_before"] = strings.Fields(string(load))[0]
	}
	r := Result{Name: "ledger", Metric: "usage events rated, recorded and posted, durable, in chunks", Unit: "events/s", Notes: c.notes}
	if err := c.chunks(ctx, &r); err != nil {
		return r, fmt.Errorf("chunks: %w", err)
	}
	if err := c.oneByOne(ctx); err != nil {
		return r, fmt.Errorf("one by one: %w", err)
	}
	if err := c.races(ctx); err != nil {
		return r, fmt.Errorf("races: %w", err)
	}
	if err := c.crowd(ctx); err != nil {
		return r, fmt.Errorf("crowd: %w", err)
	}
	return r, c.verify(ctx, &r)
}

// meter returns services of their own, as another node has them.
func (c *cash) meter(maxStripes int) *metering.Service {
	prices := pricing.New(c.db, clock.Real{}, c.house.accounts)
	books := ledger.New(c.db, clock.Real{}, c.house.accounts, ledger.Options{MaxStripes: maxStripes})
	return metering.New(c.db, clock.Real{}, c.house.accounts, prices, books)
}

func (c *cash) charge(companyID int64) metering.Charge {
	now := time.Now()
	return metering.Charge{CompanyID: companyID, Reference: id.New(now), Item: pricing.ChatOperatorMessage, Quantity: 1, At: now, Refusable: true}
}

// during runs work in n goroutines, and settles beside them, for the time of a
// part; it returns when everything is posted.
func (c *cash) during(ctx context.Context, m *metering.Service, n int, work func(ctx context.Context, worker int) error) (took time.Duration, err error) {
	began := time.Now()
	timed, stop := context.WithDeadline(ctx, began.Add(c.Time))
	defer stop()
	settling, stopSettling := context.WithCancel(ctx)
	var workers, settler sync.WaitGroup
	settler.Go(func() { m.Run(settling) })
	errs := make(chan error, n)
	for i := range n {
		workers.Go(func() {
			for timed.Err() == nil {
				if err := work(ctx, i); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	workers.Wait()
	stopSettling()
	settler.Wait()
	for posted := 1; posted > 0 && err == nil; {
		posted, err = m.Settle(ctx)
	}
	took = time.Since(began)
	select {
	case err = <-errs:
	default:
	}
	return took, err
}

// chunks charges as campaigns do: rated one by one, recorded and charged
// together.
func (c *cash) chunks(ctx context.Context, r *Result) error {
	c.progress("chunks of %d by %d workers in %d companies", c.Chunk, c.Workers, c.Companies)
	m := c.meter(0)
	cpu, postgres := OwnCPU(), c.postgresUsage()
	var mu sync.Mutex
	var latency []time.Duration
	before := c.accepted.Load()
	took, err := c.during(ctx, m, c.Workers, func(ctx context.Context, worker int) error {
		companyID := c.house.companies[worker%c.Companies]
		charges := make([]metering.Charge, c.Chunk)
		for i := range charges {
			charges[i] = c.charge(companyID)
		}
		began := time.Now()
		err := c.db.InCompany(ctx, companyID, func(tx *db.Tx) error {
			_, err := m.CaptureChunkTx(ctx, tx, companyID, charges)
			return err
		})
		if err == nil {
			c.accepted.Add(int64(len(charges)))
		}
		mu.Lock()
		latency = append(latency, time.Since(began))
		mu.Unlock()
		return err
	})
	events := c.accepted.Load() - before
	r.Value = round(float64(events) / took.Seconds())
	r.P50, r.P99 = Percentile(latency, 50), Percentile(latency, 99)
	r.CPUSeconds = round((OwnCPU() - cpu + c.postgresUsage().CPU - postgres.CPU).Seconds())
	r.RSS = round(UsageOf(os.Getpid()).RSS - c.postgresUsage().RSS)
	c.notes["chunk"], c.notes["workers"], c.notes["companies"], c.notes["events"] = c.Chunk, c.Workers, c.Companies, events
	c.notes["p50_p99_of"] = "the transaction of one chunk"
	return err
}

// oneByOne compares single charges with Postgres's own simplest durable change
// of a row, made by as many clients.
func (c *cash) oneByOne(ctx context.Context) error {
	peer, err := c.pgbench(ctx)
	if err != nil {
		return err
	}
	c.notes["clients"], c.notes["pgbench_simple_update_tps"] = c.Clients, round(peer)
	for _, part := range []struct {
		name    string
		hot     int
		stripes int
	}{{"200_companies", -1, 1}, {"one_company_1_stripe", 0, 1}, {"one_company_4_stripes", 1, 4}, {"one_company_16_stripes", 2, 16}} {
		c.progress("one by one: %s", part.name)
		m := c.meter(1)
		if part.hot >= 0 {
			if err := c.house.books.Widen(ctx, c.house.hot[part.hot], part.stripes); err != nil {
				return err
			}
		}
		before := c.accepted.Load()
		took, err := c.during(ctx, m, c.Clients, func(ctx context.Context, _ int) error {
			companyID := c.house.companies[rand.IntN(len(c.house.companies))]
			if part.hot >= 0 {
				companyID = c.house.hot[part.hot]
			}
			return c.send(ctx, m, companyID)
		})
		if err != nil {
			return err
		}
		rate := float64(c.accepted.Load()-before) / took.Seconds()
		c.notes[part.name+"_per_s"], c.notes[part.name+"_ratio"] = round(rate), hundredths(rate/peer)
	}
	return nil
}

func (c *cash) send(ctx context.Context, m *metering.Service, companyID int64) error {
	err := c.db.InCompany(ctx, companyID, func(tx *db.Tx) error {
		_, err := m.CaptureTx(ctx, tx, c.charge(companyID))
		return err
	})
	if err == nil {
		c.accepted.Add(1)
	}
	return err
}

// verify looks whether all that was accepted is there, once, and adds up.
func (c *cash) verify(ctx context.Context, r *Result) error {
	c.progress("audit")
	if _, err := c.meter(0).Settle(ctx); err != nil {
		return err
	}
	var stored int64
	if err := c.db.Worker().QueryRow(ctx, "SELECT count(*) FROM usage WHERE phase = 'captured'").Scan(&stored); err != nil {
		return err
	}
	r.Lost, r.Duplicated = max(0, c.accepted.Load()-stored), max(0, stored-c.accepted.Load())
	began := time.Now()
	differences, err := audit.Run(ctx, c.db, func(d audit.Difference) { slog.Error("difference", "what", d.String()) })
	c.notes["audit_differences"], c.notes["audit_s"] = differences, hundredths(time.Since(began).Seconds())
	return err
}

// postgresUsage is that of all processes below this one, which are Postgres's.
func (c *cash) postgresUsage() (sum Usage) {
	for _, pid := range children(os.Getpid()) {
		u := UsageOf(pid)
		sum.CPU += u.CPU
		sum.RSS += u.RSS
	}
	return sum
}

func round(x float64) float64      { return float64(int64(x + 0.5)) }
func hundredths(x float64) float64 { return float64(int64(x*100+0.5)) / 100 }

// manyCompanies charge one by one, so many that clients rarely meet.
const manyCompanies = 200

// plenty is more than any part spends.
const plenty = 100_000_000 * money.Unit
