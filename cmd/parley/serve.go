package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"parley/internal/platform/config"
	"parley/internal/platform/db"
	"parley/internal/platform/pgserver"
	"parley/internal/platform/telemetry"
)

type serve struct{}

// Run serves until it is asked to stop. The address answers from the start, at first with a
// page that says so, because Postgres may have to recover before the rest can begin.
func (serve) Run(c *config.Config, e *environment) error {
	listener, err := new(net.ListenConfig).Listen(e.ctx, "tcp", c.Address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	front := &swap{}
	front.to(startingPage(c.PlatformName))
	web := newServer(front)
	failed := make(chan error, 2)
	go func() { failed <- web.Serve(listener) }()
	defer web.Close() //nolint:errcheck // it is shut down already unless starting failed

	database, err := openOwnDatabase(e.ctx, c, e)
	if err != nil {
		return err
	}
	defer database.close()
	if err := migrateWhenThere(e, database.url); err != nil || e.ctx.Err() != nil {
		return err
	}
	running, err := begin(e.ctx, c, e, database)
	if err != nil {
		return err
	}
	front.to(running.handler)
	stopMetrics := serveMetrics(c, running, failed)
	setup, err := setupWords(c, e, running)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Parley is ready: http://%s\n%s", listener.Addr(), setup)

	select {
	case <-e.ctx.Done():
		e.log.Info("stopping")
	case err = <-failed:
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), c.Grace)
	defer cancel()
	running.leave()
	return errors.Join(err, web.Shutdown(grace), stopMetrics(grace), running.stop(grace))
}

// setupWords names the link by which an empty installation is set up. Each
// start makes a new one; an older one works until its day is over.
func setupWords(c *config.Config, e *environment, r *running) (string, error) {
	if !c.Does("web") {
		return "", nil
	}
	link, err := r.setup(e.ctx)
	if err != nil || link == "" {
		return "", err
	}
	return "It is empty. Set it up within a day by this link, which works once:\n" + link + "\n", nil
}

const (
	databaseWithin = time.Minute
	databaseAgain  = 2 * time.Second
)

// migrateWhenThere migrates the schema; a database that starts at the same time as the
// program is waited for.
func migrateWhenThere(e *environment, url string) error {
	patience := time.After(databaseWithin)
	for {
		err := db.Migrate(e.ctx, url)
		if e.ctx.Err() != nil {
			return nil
		}
		if err == nil || !db.Unavailable(err) {
			return err
		}
		e.log.Warn("waiting for the database", "error", err)
		select {
		case <-e.ctx.Done():
			return nil
		case <-patience:
			return err
		case <-time.After(databaseAgain):
		}
	}
}

// openOwnDatabase refuses to join the private Postgres of another server: the first to stop
// would take it away from the other.
func openOwnDatabase(ctx context.Context, c *config.Config, e *environment) (database, error) {
	d, err := openDatabase(ctx, c, e.log)
	if err == nil && c.DatabaseURL == "" && d.server == nil {
		return database{}, fmt.Errorf("%w in %s; stop it first or choose another folder", pgserver.ErrInUse, c.Data)
	}
	return d, err
}

func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

func serveMetrics(c *config.Config, r *running, failed chan<- error) func(context.Context) error {
	if c.MetricsAddress == "" {
		return func(context.Context) error { return nil }
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", telemetry.MetricsHandler(r.metrics))
	server := newServer(mux)
	server.Addr = c.MetricsAddress
	go func() {
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve metrics: %w", err)
		}
	}()
	return server.Shutdown
}

// swap is a handler that can be replaced while it serves.
type swap struct{ current atomic.Pointer[http.Handler] }

func (s *swap) to(h http.Handler) { s.current.Store(&h) }

func (s *swap) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*s.current.Load()).ServeHTTP(w, r) }
