package main

import (
	"context"
	"errors"
	"log/slog"

	"parley/internal/platform/config"
	"parley/internal/platform/db"
	"parley/internal/platform/pgserver"
)

// database is the Postgres a command works with: the one that DATABASE_URL names, or the
// private one, which is started unless a running Parley has started it already.
type database struct {
	url    string
	server *pgserver.Server // nil when it is not ours to stop
}

func openDatabase(ctx context.Context, c *config.Config, log *slog.Logger) (database, error) {
	if c.DatabaseURL != "" {
		return database{url: c.DatabaseURL}, nil
	}
	folder := c.Folder("postgres")
	server, err := pgserver.Start(ctx, pgserver.Options{
		Folder: folder, Binaries: c.PostgresBinaries, Cache: c.Cache, Log: log,
	})
	if errors.Is(err, pgserver.ErrInUse) {
		if url, attached := pgserver.Attach(folder); attached == nil {
			return database{url: url}, nil
		}
	}
	if err != nil {
		return database{}, err
	}
	return database{server.URL(pgserver.Database), server}, nil
}

// open opens the migrated database, each role by a login of its own where there
// is one: the private Postgres always has them.
func (d database) open(ctx context.Context, c *config.Config, o db.Options) (*db.DB, error) {
	o.Logins = db.Logins{App: c.DatabaseURLApp, Worker: c.DatabaseURLWorker, Search: c.DatabaseURLSearch}
	if c.DatabaseURL == "" {
		var err error
		if o.Logins, err = db.OwnLogins(ctx, d.url); err != nil {
			return nil, err
		}
	}
	return db.Open(ctx, d.url, o)
}

// health returns what the supervisor of a private Postgres knows to be wrong.
func (d database) health() error {
	if d.server == nil {
		return nil
	}
	return d.server.Health()
}

func (d database) close() {
	if d.server != nil {
		d.server.Stop()
	}
}
