package jobs

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"parley/internal/platform/db"
)

// Args are a job's arguments, stored as JSON. Kind names the job for ever: never change it.
type Args interface{ Kind() string }

// Options size a queue; zero values fit a small machine.
type Options struct {
	Workers int           // jobs worked at once; 0 is 10
	Timeout time.Duration // after which a job's context ends; 0 is 5 minutes
	Poll    time.Duration // how often due jobs are looked for without a hint; 0 is 1 s
	Grace   time.Duration // what running jobs get to end after Stop; 0 is 20 s
	Log     *slog.Logger
	Metrics prometheus.Registerer
}

// Queue inserts jobs and, once started, works them.
type Queue struct {
	client  *river.Client[pgx.Tx]
	workers *river.Workers
	log     *slog.Logger
	metrics metrics
}

// New returns a queue on the database. Features add their workers before Start; a node that
// never starts it may still insert.
func New(d *db.DB, o Options) (*Queue, error) {
	log := o.Log
	if log == nil {
		log = slog.Default()
	}
	q := &Queue{workers: river.NewWorkers(), log: log, metrics: newMetrics(o.Metrics)}
	timeout := cmp.Or(o.Timeout, 5*time.Minute)
	client, err := river.NewClient(riverpgxv5.New(d.WorkerPool()), &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: cmp.Or(o.Workers, 10)}},
		Workers:              q.workers,
		Logger:               slog.New(quiet{log.Handler()}),
		JobTimeout:           timeout,
		RescueStuckJobsAfter: 2*timeout + time.Minute,
		FetchPollInterval:    cmp.Or(o.Poll, time.Second),
		SoftStopTimeout:      cmp.Or(o.Grace, 20*time.Second),
		ErrorHandler:         q,
		// Only the owner of the tables, as which the program never runs, may reindex them.
		ReindexerSchedule: river.NeverSchedule(),
		// A node inserts jobs that other nodes work.
		SkipUnknownJobCheck: true,
		FetchOnlyKnownKinds: true,
	})
	if err != nil {
		return nil, fmt.Errorf("new job queue: %w", err)
	}
	q.client = client
	return q, nil
}

// Handle makes fn the worker of jobs with arguments of type T.
func Handle[T Args](q *Queue, fn func(ctx context.Context, args T) error) {
	river.AddWorker(q.workers, river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		began := time.Now()
		err := fn(ctx, job.Args)
		q.metrics.worked(job.Kind, time.Since(began), err)
		return err
	}))
}

// Terms say when and how often a job is worked.
type Terms struct {
	At       time.Time     // not before; zero is now
	OnceIn   time.Duration // the same arguments are inserted once in each such span of the clock
	Attempts int           // 0 is 25, over about three weeks
}

// InsertTx adds a job that exists when tx commits.
func (q *Queue) InsertTx(ctx context.Context, tx *db.Tx, args Args) error {
	return q.InsertOnTx(ctx, tx, args, Terms{})
}

// InsertOnTx is InsertTx on terms.
func (q *Queue) InsertOnTx(ctx context.Context, tx *db.Tx, args Args, terms Terms) error {
	if _, err := q.client.InsertTx(ctx, tx.Tx, args, terms.river()); err != nil {
		return fmt.Errorf("insert job %s: %w", args.Kind(), err)
	}
	return nil
}

func (t Terms) river() *river.InsertOpts {
	o := &river.InsertOpts{ScheduledAt: t.At, MaxAttempts: t.Attempts}
	if t.OnceIn > 0 {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByPeriod: t.OnceIn}
	}
	return o
}

// Periodic inserts a job at the start and then every so often, once among all nodes.
func Periodic(q *Queue, every time.Duration, args Args) {
	q.client.PeriodicJobs().Add(river.NewPeriodicJob(river.PeriodicInterval(every), func() (river.JobArgs, *river.InsertOpts) {
		// The next turn comes anyway, so a failed one is not tried for weeks.
		return args, Terms{OnceIn: every, Attempts: 3}.river()
	}, &river.PeriodicJobOpts{ID: args.Kind(), RunOnStart: true}))
}

// Start begins to work jobs; ctx does not end that, Stop does.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start job queue: %w", err)
	}
	return nil
}

// Stop takes no new jobs and waits for running ones, whose contexts end after a grace time.
func (q *Queue) Stop(ctx context.Context) error {
	if err := q.client.Stop(ctx); err != nil {
		return fmt.Errorf("stop job queue: %w", err)
	}
	return nil
}
