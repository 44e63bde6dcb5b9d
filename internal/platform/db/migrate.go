package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"parley/internal/platform/jobs/jobschema"
	"parley/migrations"
)

// Migrate brings the schema at url to the newest version. Nodes that start
// together wait for each other on an advisory lock.
func Migrate(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("read database url: %w", err)
	}
	pool := stdlib.OpenDB(*config)
	defer pool.Close()

	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", err)
	}
	defer conn.Close()
	const lock = 7_305_100 // any constant of ours
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return fmt.Errorf("wait for other migrations: %w", err)
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lock)
	}()

	provider, err := goose.NewProvider(goose.DialectPostgres, pool, migrations.FS)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return jobschema.Migrate(ctx, url)
}

// Fingerprint names the schema's version by the content of all migrations.
func Fingerprint() string {
	hash := sha256.New()
	names, _ := fs.Glob(migrations.FS, "*.sql")
	for _, name := range names {
		text, _ := migrations.FS.ReadFile(name)
		hash.Write(text)
	}
	hash.Write([]byte(jobschema.Version()))
	return hex.EncodeToString(hash.Sum(nil))[:16]
}
