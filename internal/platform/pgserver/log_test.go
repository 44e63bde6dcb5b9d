package pgserver

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// logged returns what the log keeps of lines, and what it tells our own log.
func logged(t *testing.T, lines ...string) (*serverLog, string, string) {
	t.Helper()
	var told bytes.Buffer
	path := filepath.Join(t.TempDir(), "postgres.log")
	l := newServerLog(path, slog.New(slog.NewTextHandler(&told, nil)))
	l.follow(io.NopCloser(strings.NewReader(strings.Join(lines, "\n") + "\n")))
	l.close()
	kept, err := os.ReadFile(path)
	if err != nil {
		require.ErrorIs(t, err, os.ErrNotExist)
	}
	return l, string(kept), told.String()
}

const stamp = "2026-01-02 03:04:05.678 UTC [123] "

func TestLogKeepsNoValues(t *testing.T) {
	t.Parallel()
	_, kept, _ := logged(t,
		stamp+`22P02 ERROR:  invalid input syntax for type integer: "anna@example.com"`,
		"\tcontinued anna@example.com",
		stamp+`23505 ERROR:  duplicate key value violates unique constraint "user_email"`,
		stamp+`00000 LOG:  checkpoint starting: time`,
		stamp+`XX001 ERROR:  invalid page in block 7`,
	)
	require.NotContains(t, kept, "anna")
	require.NotContains(t, kept, "duplicate")
	require.Contains(t, kept, "checkpoint starting")
	require.Contains(t, kept, "invalid page")
}

func TestLogNoticesFullDisk(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"by code":           stamp + `53100 ERROR:  could not extend file "base/1/2": wrote only 4096 of 8192 bytes`,
		"by words":          stamp + `XX000 PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device`,
		"before the prefix": `initdb: error: could not create directory: No space left on device`,
	} {
		l, kept, told := logged(t, line)
		require.WithinDuration(t, time.Now(), l.lastFull(), time.Minute, name)
		require.NotEmpty(t, kept, name)
		require.Contains(t, told, "the disk is full", name)
	}
	l, _, told := logged(t, stamp+"00000 LOG:  database system is ready to accept connections")
	require.Zero(t, l.lastFull())
	require.Empty(t, told)
}

func TestLogEndsSomewhere(t *testing.T) {
	t.Parallel()
	line := stamp + "00000 LOG:  " + strings.Repeat("x", 8<<10)
	lines := make([]string, 2*largestLog/len(line)+100)
	for i := range lines {
		lines[i] = line
	}
	l, kept, _ := logged(t, lines...)
	require.Less(t, len(kept), largestLog)
	old, err := os.Stat(l.path + ".1")
	require.NoError(t, err)
	require.Less(t, old.Size(), int64(largestLog+longestLine))
	require.NotEmpty(t, l.lastWords())
	require.Empty(t, l.lastWords(), "said once")
}
