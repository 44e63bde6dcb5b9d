// Package jobschema makes the tables of the job queue. It stands apart from package jobs so
// that the migration of the database can call it.
package jobschema

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// grants let the role of one company add jobs, which needs SELECT for what INSERT returns
// and UPDATE for what a unique job does when it is there already, and the worker work them.
const grants = `
GRANT SELECT, INSERT, UPDATE ON river_job TO parley_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON river_job, river_leader, river_queue, river_notification, river_migration TO parley_worker;
GRANT USAGE, SELECT ON SEQUENCE river_job_id_seq TO parley_app, parley_worker;
GRANT USAGE, SELECT ON SEQUENCE river_notification_id_seq TO parley_worker`

// Migrate brings the queue's tables at url to their newest version. The roles must exist;
// the caller makes sure that only one process migrates at a time.
func Migrate(ctx context.Context, url string) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("read database url: %w", err)
	}
	config.MaxConns = 2
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect to migrate jobs: %w", err)
	}
	defer pool.Close()

	m, err := migrator(pool)
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	if _, err := pool.Exec(ctx, grants); err != nil {
		return fmt.Errorf("grant jobs: %w", err)
	}
	return nil
}

// Version names the newest version of the queue's tables.
func Version() string {
	m, err := migrator(nil)
	if err != nil {
		return "unknown"
	}
	all := m.AllVersions()
	return strconv.Itoa(all[len(all)-1].Version)
}

// State returns the version that the queue's tables have, 0 without any, and the newest one.
func State(ctx context.Context, pool *sql.DB) (have, want int, err error) {
	if want, err = strconv.Atoi(Version()); err != nil {
		return 0, 0, fmt.Errorf("read the jobs' migrations: %w", err)
	}
	var there bool
	if err := pool.QueryRowContext(ctx, "SELECT to_regclass('public.river_migration') IS NOT NULL").Scan(&there); err != nil {
		return 0, 0, fmt.Errorf("read the jobs' version: %w", err)
	}
	if there {
		err = pool.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM river_migration WHERE line = 'main'").Scan(&have)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("read the jobs' version: %w", err)
	}
	return have, want, nil
}

func migrator(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("read the jobs' migrations: %w", err)
	}
	return m, nil
}
