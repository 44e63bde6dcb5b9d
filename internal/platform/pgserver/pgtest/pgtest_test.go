package pgtest_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/pgserver/pgtest"
)

func TestURLAnswers(t *testing.T) {
	t.Parallel()
	url, err := pgtest.URL()
	require.NoError(t, err)
	require.Equal(t, "on", query(t, url, "SELECT current_setting('is_superuser')"))
	require.Equal(t, "ёлка", query(t, url, "SELECT lower('ЁЛКА')"), "the locale knows alphabets other than Latin")
}

func TestProcessesShareOneServer(t *testing.T) {
	t.Parallel()
	folder := place(t)
	urls := make([]string, 4)
	var group sync.WaitGroup
	for i := range urls {
		group.Go(func() {
			var err error
			urls[i], err = pgtest.Join(t.Context(), folder)
			require.NoError(t, err)
		})
	}
	group.Wait()
	for _, url := range urls {
		require.Equal(t, urls[0], url)
	}
	began := query(t, urls[0], "SELECT pg_postmaster_start_time()::text")

	again, err := pgtest.Join(t.Context(), folder)
	require.NoError(t, err)
	require.Equal(t, began, query(t, again, "SELECT pg_postmaster_start_time()::text"))

	require.NoError(t, pgtest.Stop(t.Context(), folder))
	require.NoDirExists(t, folder)
	require.NoError(t, pgtest.Stop(t.Context(), folder), "stopping twice is fine")
}

func TestUnusedServerEndsAndTheNextStartsAnew(t *testing.T) {
	t.Parallel()
	folder := place(t)
	url, err := pgtest.Join(t.Context(), folder)
	require.NoError(t, err)
	require.Equal(t, "CREATE", query(t, url, "CREATE TABLE left_behind ()"))

	long := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(folder, "used"), long, long))
	require.NoError(t, pgtest.Watch(folder, "0.05"))
	require.Eventually(t, func() bool {
		_, err := pgx.Connect(t.Context(), url)
		return err != nil
	}, 20*time.Second, 20*time.Millisecond)

	url, err = pgtest.Join(t.Context(), folder)
	require.NoError(t, err)
	require.Equal(t, "f", query(t, url, "SELECT (to_regclass('left_behind') IS NOT NULL)::text::char"))
}

// place returns a folder that the server's user may enter, unlike those of t.TempDir.
func place(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp("", "pgtest-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(parent, 0o755))
	folder := filepath.Join(parent, "c")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, pgtest.Stop(ctx, folder))
		require.NoError(t, os.RemoveAll(parent))
	})
	return folder
}

// query returns the first column of the only row as text, or the command's name.
func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.Background()) //nolint:errcheck // a test's connection
	results, err := conn.PgConn().Exec(t.Context(), sql).ReadAll()
	require.NoError(t, err)
	if len(results[0].Rows) == 0 {
		return results[0].CommandTag.String()[:6]
	}
	return string(results[0].Rows[0][0])
}
