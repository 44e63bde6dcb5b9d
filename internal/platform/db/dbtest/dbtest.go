// Package dbtest gives each test its own database.
//
// The schema is migrated once into a template named by the content of the
// migrations; a test's database is a clone of it, which takes some tens of
// milliseconds. Tests may therefore run in parallel always, and a changed
// migration makes a new template by itself. Without Postgres a test fails.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/id"
	"parley/internal/platform/pgserver/pgtest"

	"time"
)

// New returns an open, migrated, empty database that lives as long as t.
func New(t testing.TB) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), NewURL(t), db.Options{AppConns: 16, WorkerConns: 8, SearchConns: 2})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	return d
}

// NewAlone is New with a single connection: whoever asks for another one in the
// middle of a transaction gets none.
func NewAlone(t testing.TB) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), NewURL(t), db.Options{Alone: true})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	return d
}

// NewURL is New for those who open the database themselves.
func NewURL(t testing.TB) string {
	t.Helper()
	ctx := context.Background()
	template, err := template()
	require.NoError(t, err)

	server, err := pgtest.URL()
	require.NoError(t, err)
	name := "t_" + strings.ReplaceAll(id.New(time.Now()).String(), "-", "")
	require.NoError(t, execute(ctx, server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, template)))
	t.Cleanup(func() {
		_ = execute(ctx, server, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name))
	})
	return at(server, name)
}

// template makes the template once per process; processes wait for each other
// on an advisory lock.
var template = sync.OnceValues(func() (string, error) {
	ctx := context.Background()
	server, err := pgtest.URL()
	if err != nil {
		return "", err
	}
	name := "template_" + db.Fingerprint()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	const lock = 7_305_101 // any constant of ours
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return "", err
	}
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", name).Scan(&there)
	if err != nil || there {
		return name, err
	}
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name + " TEMPLATE template0"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return "", err
		}
	}
	// An odd zone finds code that leans on the server's.
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+name+" SET timezone = 'Pacific/Chatham'"); err != nil {
		return "", err
	}
	if err := db.Migrate(ctx, at(server, name)); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+name+" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false")
	return name, err
})

func execute(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// at returns the server's address with another database.
func at(server, name string) string {
	u, err := url.Parse(server)
	if err != nil || u.Scheme == "" {
		return server + " dbname=" + name
	}
	u.Path = "/" + name
	return u.String()
}
