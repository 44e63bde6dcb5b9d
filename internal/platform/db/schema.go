package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"parley/internal/platform/jobs/jobschema"
	"parley/migrations"
)

// Schema says which version a database's schema has and which the program wants.
type Schema struct {
	Have, Want         int64 // number of the newest migration; 0 is an empty database
	HaveJobs, WantJobs int   // the same of the job queue's own tables
}

// AtHead reports whether the program can work on the schema.
func (s Schema) AtHead() bool { return s.Have == s.Want && s.HaveJobs == s.WantJobs }

// Newer reports whether a newer program has been here.
func (s Schema) Newer() bool { return s.Have > s.Want || s.HaveJobs > s.WantJobs }

// String names both versions.
func (s Schema) String() string {
	return fmt.Sprintf("the database has version %d.%d, the program wants %d.%d", s.Have, s.HaveJobs, s.Want, s.WantJobs)
}

// SchemaState reads the versions and changes nothing.
func SchemaState(ctx context.Context, url string) (Schema, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return Schema{}, fmt.Errorf("read database url: %w", err)
	}
	pool := stdlib.OpenDB(*config)
	defer pool.Close()
	var s Schema
	var there bool
	row := pool.QueryRowContext(ctx, "SELECT to_regclass('public.goose_db_version') IS NOT NULL")
	if err := row.Scan(&there); err != nil {
		return Schema{}, fmt.Errorf("read the schema's version: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, pool, migrations.FS)
	if err != nil {
		return Schema{}, fmt.Errorf("read migrations: %w", err)
	}
	for _, source := range provider.ListSources() {
		s.Want = max(s.Want, source.Version)
	}
	if there {
		row := pool.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied")
		if err := row.Scan(&s.Have); err != nil {
			return Schema{}, fmt.Errorf("read the schema's version: %w", err)
		}
	}
	s.HaveJobs, s.WantJobs, err = jobschema.State(ctx, pool)
	return s, err
}
