package jobs

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

type metrics struct {
	seconds *prometheus.HistogramVec
	failed  *prometheus.CounterVec
}

func newMetrics(to prometheus.Registerer) metrics {
	m := metrics{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parley_job_seconds", Help: "How long jobs took, by kind and outcome.",
			Buckets: []float64{.005, .02, .1, .5, 2, 10, 60, 300},
		}, []string{"kind", "outcome"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_job_discarded_total", Help: "Jobs given up after their last attempt, by kind.",
		}, []string{"kind"}),
	}
	if to != nil {
		to.MustRegister(m.seconds, m.failed)
	}
	return m
}

func (m metrics) worked(kind string, took time.Duration, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	m.seconds.WithLabelValues(kind, outcome).Observe(took.Seconds())
}

// HandleError logs a failed attempt. It is called by the queue.
func (q *Queue) HandleError(_ context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	q.failed(job, "error", err.Error())
	return nil
}

// HandlePanic logs an attempt that panicked. It is called by the queue.
func (q *Queue) HandlePanic(_ context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	q.metrics.seconds.WithLabelValues(job.Kind, "panicked").Observe(0)
	q.failed(job, "panic", value, "trace", trace)
	return nil
}

func (q *Queue) failed(job *rivertype.JobRow, about ...any) {
	about = append(about, "job", job.Kind, "id", job.ID, "attempt", job.Attempt, "of", job.MaxAttempts)
	if job.Attempt < job.MaxAttempts {
		q.log.Warn("job failed and will be tried again", about...)
		return
	}
	q.metrics.failed.WithLabelValues(job.Kind).Inc()
	q.log.Error("job failed for the last time and was given up", about...)
}

// quiet passes on the queue's own warnings and errors only.
type quiet struct{ slog.Handler }

func (h quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// Handle drops what the queue says when it is stopped in the middle of something.
func (h quiet) Handle(ctx context.Context, r slog.Record) error {
	stopped := false
	r.Attrs(func(a slog.Attr) bool {
		text := a.Value.String()
		stopped = text == context.Canceled.Error() || strings.HasSuffix(text, ": "+context.Canceled.Error())
		return !stopped
	})
	if stopped {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{h.Handler.WithAttrs(attrs)} }

func (h quiet) WithGroup(name string) slog.Handler { return quiet{h.Handler.WithGroup(name)} }
