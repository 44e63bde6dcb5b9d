package events

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	channel       = "parley_event"
	announceEvery = 50 * time.Millisecond
	listenAgain   = time.Second
)

// announce tells other nodes that this one has committed events.
func (b *Bus) announce(ctx context.Context) {
	for {
		next := committed.next()
		select {
		case <-ctx.Done():
			return
		case <-next:
		}
		if _, err := b.db.Worker().Exec(ctx, "SELECT pg_notify($1, $2)", channel, b.node); err != nil && ctx.Err() == nil {
			b.log.Warn("other nodes hear of events late", "error", err)
		}
		sleep(ctx, announceEvery)
	}
}

// listen wakes the subscribers when another node has committed events.
func (b *Bus) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := b.hear(ctx); err != nil && ctx.Err() == nil {
			b.log.Warn("events of other nodes are found by polling", "error", err)
			sleep(ctx, listenAgain)
		}
	}
}

func (b *Bus) hear(ctx context.Context) error {
	pooled, err := b.db.WorkerPool().Acquire(ctx)
	if err != nil {
		return err
	}
	conn := pooled.Hijack()                      // a listening connection must not return to the pool
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it is of no use any more
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	b.elsewhere.fire() // what came while nobody listened
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if n.Payload != b.node {
			b.elsewhere.fire()
		}
	}
}

type metrics struct {
	handled, failed *prometheus.CounterVec
	lag             *prometheus.GaugeVec
}

func newMetrics(to prometheus.Registerer) metrics {
	by := []string{"subscriber"}
	m := metrics{
		handled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_event_handled_total", Help: "Events handled, by subscriber."}, by),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_event_failed_total", Help: "Attempts to handle an event that failed, by subscriber."}, by),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "parley_event_lag_seconds", Help: "Age of the oldest event in the newest batch, by subscriber."}, by),
	}
	if to != nil {
		to.MustRegister(m.handled, m.failed, m.lag)
	}
	return m
}
