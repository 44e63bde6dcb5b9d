package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/platform/config"
	"parley/internal/platform/db"
	"parley/internal/platform/telemetry"
)

var errStarting = errors.New("starting")

// running is the program at work.
type running struct {
	handler http.Handler
	metrics *prometheus.Registry
	leave   func()                          // tells open sockets to go, so that the web server can stop
	stop    func(ctx context.Context) error // ends background work and closes the database
}

// begin opens the database and puts the program together.
func begin(ctx context.Context, c *config.Config, e *environment, server database) (*running, error) {
	d, err := db.Open(ctx, server.url, db.Options{
		AppConns: c.DatabaseConns, WorkerConns: max(2, c.DatabaseConns/2), SearchConns: max(2, c.DatabaseConns/6),
	})
	if err != nil {
		return nil, err
	}
	metrics := telemetry.NewRegistry(version())
	traces, err := telemetry.NewTraces(ctx, c.TracesURL, c.TraceShare, version())
	if err != nil {
		d.Close()
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", healthy(d, server))
	return &running{
		handler: traces.Middleware(telemetry.Requests(metrics)(mux)),
		metrics: metrics,
		leave:   func() {},
		stop: func(ctx context.Context) error {
			defer d.Close()
			return traces.Stop(ctx)
		},
	}, nil
}
