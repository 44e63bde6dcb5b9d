package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/jobs"
)

const patience = 20 * time.Second

type greet struct {
	N int `json:"n"`
}

func (greet) Kind() string { return "test.greet" }

type bundle struct {
	db      *db.DB
	queue   *jobs.Queue
	metrics *prometheus.Registry
}

func setup(t *testing.T) bundle {
	t.Helper()
	b := bundle{db: dbtest.New(t), metrics: prometheus.NewRegistry()}
	var err error
	b.queue, err = jobs.New(b.db, jobs.Options{
		Poll: 100 * time.Millisecond, Grace: time.Second, Log: slog.New(slog.DiscardHandler), Metrics: b.metrics,
	})
	require.NoError(t, err)
	return b
}

func (b bundle) start(t *testing.T) {
	t.Helper()
	require.NoError(t, b.queue.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, b.queue.Stop(context.Background())) })
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		require.FailNow(t, "nothing came")
		panic("unreachable")
	}
}

func TestJobExistsWhenItsTransactionCommits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := make(chan int, 9)
	jobs.Handle(b.queue, func(_ context.Context, g greet) error { got <- g.N; return nil })
	b.start(t)

	no := errors.New("no")
	require.ErrorIs(t, b.db.InCompany(t.Context(), 1, func(tx *db.Tx) error {
		require.NoError(t, b.queue.InsertTx(t.Context(), tx, greet{1}))
		return no
	}), no)
	require.NoError(t, b.db.InCompany(t.Context(), 1, func(tx *db.Tx) error {
		return b.queue.InsertTx(t.Context(), tx, greet{2})
	}))
	require.Equal(t, 2, receive(t, got), "the first was rolled back")
}

func TestInsertOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, n := range []int{1, 1, 2} {
		require.NoError(t, b.db.InCompany(t.Context(), 1, func(tx *db.Tx) error {
			return b.queue.InsertOnTx(t.Context(), tx, greet{n}, jobs.Terms{OnceIn: 24 * time.Hour})
		}))
	}
	var count int
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT count(*) FROM river_job").Scan(&count))
	require.Equal(t, 2, count)
}

func TestFailuresAndPanicsAreTriedAgainAndCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var attempts atomic.Int32
	done := make(chan int32, 9)
	jobs.Handle(b.queue, func(context.Context, greet) error {
		n := attempts.Add(1)
		if n == 1 {
			return errors.New("not yet")
		}
		done <- n
		panic("never")
	})
	b.start(t)
	require.NoError(t, b.db.AsWorker(t.Context(), func(tx *db.Tx) error {
		return b.queue.InsertOnTx(t.Context(), tx, greet{1}, jobs.Terms{Attempts: 2})
	}))
	require.Equal(t, int32(2), receive(t, done))
	require.Eventually(t, func() bool {
		var state string
		err := b.db.Worker().QueryRow(t.Context(), "SELECT state FROM river_job").Scan(&state)
		return err == nil && state == "discarded"
	}, patience, 20*time.Millisecond)
	families, err := b.metrics.Gather()
	require.NoError(t, err)
	discarded := 0.0
	for _, family := range families {
		if family.GetName() == "parley_job_discarded_total" {
			discarded = family.GetMetric()[0].GetCounter().GetValue()
		}
	}
	require.Equal(t, 1.0, discarded)
}

func TestPeriodicRunsOnceAmongNodes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	worked := make(chan int, 9)
	work := func(_ context.Context, g greet) error { worked <- g.N; return nil }
	jobs.Handle(b.queue, work)
	jobs.Periodic(b.queue, 24*time.Hour, greet{7})
	other, err := jobs.New(b.db, jobs.Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	jobs.Handle(other, work)
	jobs.Periodic(other, 24*time.Hour, greet{7})

	b.start(t)
	require.Equal(t, 7, receive(t, worked))
	require.NoError(t, b.queue.Stop(t.Context()))
	require.NoError(t, other.Start(t.Context()))
	require.NoError(t, other.Stop(t.Context()))
	require.Empty(t, worked)
}

func TestStopWaitsForRunningJobs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	started, ended := make(chan struct{}), make(chan error, 1)
	jobs.Handle(b.queue, func(ctx context.Context, _ greet) error {
		close(started)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return ctx.Err()
	})
	require.NoError(t, b.queue.Start(t.Context()))
	require.NoError(t, b.db.AsWorker(t.Context(), func(tx *db.Tx) error {
		return b.queue.InsertTx(t.Context(), tx, greet{1})
	}))
	receive(t, started)
	require.NoError(t, b.queue.Stop(t.Context()))
	require.Error(t, receive(t, ended))
}
