package pgserver_test

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/pgserver"
)

// smallDisk mounts a file system of a few megabytes, which only root may do.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	folder := place(t)
	out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("mode=0755,size=%dm", megabytes), "tmpfs", folder).CombinedOutput()
	require.NoError(t, err, string(out))
	t.Cleanup(func() {
		out, err := exec.Command("umount", "-l", folder).CombinedOutput()
		require.NoError(t, err, string(out))
	})
	return folder
}

func mayMount() bool {
	return os.Geteuid() == 0 && exec.Command("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", os.TempDir()).Run() == nil
}

func TestFullDiskAtTheStart(t *testing.T) {
	t.Parallel()
	if mayMount() {
		_, err := pgserver.Start(t.Context(), options(filepath.Join(smallDisk(t, 20), "postgres")))
		require.ErrorIs(t, err, pgserver.ErrDiskFull)
		require.ErrorContains(t, err, "Free some space")
	}
	// Without the right to make a small disk, and beside it: programs that complain as
	// Postgres does.
	for name, programs := range map[string]map[string]string{
		"initdb": {"initdb": `echo 'initdb: error: could not write to file "x": No space left on device' >&2; exit 1`},
		"postgres": {
			"initdb":   `while [ "$1" != -D ]; do shift; done; echo 15 >"$2/PG_VERSION"`,
			"postgres": `[ "$1" = --single ] && exit; echo 'FATAL:  could not write lock file "postmaster.pid": No space left on device' >&2; exit 1`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(place(t))
			o.Binaries = fakePrograms(t, programs)
			_, err := pgserver.Start(t.Context(), o)
			require.ErrorIs(t, err, pgserver.ErrDiskFull)
		})
	}
}

// fakePrograms returns a folder with shell scripts in the place of Postgres's programs.
func fakePrograms(t *testing.T, scripts map[string]string) string {
	t.Helper()
	folder := place(t)
	for _, name := range []string{"initdb", "postgres"} {
		text := "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'postgres (PostgreSQL) 15.0'; exit; fi\n" + scripts[name] + "\n"
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o755))
	}
	return folder
}

func TestDiskFullWhileRunning(t *testing.T) {
	t.Parallel()
	if !mayMount() {
		fullByScript(t)
		return
	}
	disk := smallDisk(t, 220)
	s := start(t, filepath.Join(disk, "postgres"))
	ask(t, s, "CREATE TABLE kept AS SELECT 'yes' AS answer")
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)

	_, err := query(t.Context(), s, "CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 200000)")
	require.Error(t, err)
	require.Eventually(t, func() bool { return s.Health() != nil }, patience, 10*time.Millisecond)

	require.NoError(t, os.Remove(ballast))
	require.Eventually(t, func() bool {
		answer, err := query(t.Context(), s, "SELECT answer FROM kept")
		return err == nil && answer == "yes" && s.Health() == nil
	}, patience, 50*time.Millisecond, "it goes on by itself")
}

// fill writes a file until the disk has no room left.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	block := make([]byte, 1<<16)
	for err == nil {
		_, err = f.Write(block)
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NoError(t, f.Close())
}

// fullByScript lets a script play a Postgres that becomes ready and then finds the disk full.
func fullByScript(t *testing.T) {
	t.Helper()
	o := options(place(t))
	words := new(strings.Builder)
	o.Log = slog.New(slog.NewTextHandler(words, nil))
	o.Binaries = fakePrograms(t, map[string]string{
		"initdb": `while [ "$1" != -D ]; do shift; done; echo 15 >"$2/PG_VERSION"`,
		"postgres": `[ "$1" = --single ] && exit
			printf '%s\n\n\n\n\n\n\nready\n' $$ >"$2/postmaster.pid"
			sleep 0.2
			echo '2026-01-02 03:04:05.678 UTC [1] 53100 ERROR:  could not extend file "base/1/2": No space left on device' >&2
			exec sleep 600`,
	})
	s, err := pgserver.Start(t.Context(), o)
	require.NoError(t, err)
	log := filepath.Join(o.Folder, "postgres.log")
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(log)
		return err == nil && strings.Contains(string(text), "No space left on device")
	}, patience, 10*time.Millisecond)
	s.Stop()
	require.Contains(t, words.String(), "the disk is full")
}
