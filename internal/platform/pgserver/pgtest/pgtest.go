// Package pgtest gives all test processes of a user one throwaway Postgres.
//
// The first process that asks starts it, the others join; it stops by itself when no test
// has run for some minutes. It trades durability for speed and begins empty each time, so
// nothing in it may matter.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"parley/internal/platform/filelock"
	"parley/internal/platform/pgserver"
)

// Variable names the environment variable with the address of a Postgres to use instead.
const Variable = "PARLEY_TEST_DATABASE_URL"

const (
	startWithin = 5 * time.Minute // a download of Postgres may be part of it
	idleMinutes = 10
	touchEvery  = time.Minute
)

// URL returns a superuser's address of the shared server, which it starts when needed.
var URL = sync.OnceValues(func() (string, error) {
	if url := os.Getenv(Variable); url != "" {
		return url, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	url, err := Join(ctx, DefaultFolder())
	if err != nil {
		return "", fmt.Errorf("the tests need Postgres (or its address in %s): %w", Variable, err)
	}
	return url, nil
})

// DefaultFolder returns where the server of this user's tests lives. It is below the
// temporary folder because root's server runs as another user, who may not enter root's home.
func DefaultFolder() string {
	return filepath.Join(os.TempDir(), "parley-test-"+strconv.Itoa(os.Geteuid()))
}

// Join returns the address of the server in folder and keeps it alive as long as this
// process lives.
func Join(ctx context.Context, folder string) (string, error) {
	c := cluster{folder}
	if err := c.claim(); err != nil {
		return "", err
	}
	lock, err := filelock.Wait(ctx, c.path("lock"))
	if err != nil {
		return "", err
	}
	defer lock.Close() //nolint:errcheck // closing lets go

	url, err := c.join(ctx)
	if err != nil {
		return "", err
	}
	go func() {
		for range time.Tick(touchEvery) {
			_ = c.touch()
		}
	}()
	return url, nil
}

// Stop ends the server in folder, if one runs, and removes its data.
func Stop(ctx context.Context, folder string) error {
	c := cluster{folder}
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	lock, err := filelock.Wait(ctx, c.path("lock"))
	if err != nil {
		return err
	}
	defer lock.Close() //nolint:errcheck // closing lets go
	if err := c.end(ctx); err != nil {
		return err
	}
	return os.RemoveAll(folder)
}

type cluster struct{ folder string }

func (c cluster) path(name string) string { return filepath.Join(c.folder, name) }

// claim makes the folder, or makes sure that the one there is ours: other users can write
// to the temporary folder too.
func (c cluster) claim() error {
	if err := os.Mkdir(c.folder, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("make folder of the test server: %w", err)
	}
	info, err := os.Lstat(c.folder)
	if err != nil {
		return fmt.Errorf("look at folder of the test server: %w", err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(owner.Uid) != os.Geteuid() || info.Mode()&0o022 != 0 {
		return fmt.Errorf("%s does not belong to this user alone; remove it", c.folder)
	}
	return nil
}

// join touches the living server's sign of use, or starts a server.
func (c cluster) join(ctx context.Context) (string, error) {
	for {
		url, err := os.ReadFile(c.path("url"))
		alive := err == nil && c.alive()
		if alive && c.touch() == nil {
			return string(url), nil
		}
		if !alive {
			return c.start(ctx)
		}
		// The watcher has taken the sign of use away: the server is about to end, or the
		// watcher sees that it was needed after all and puts the sign back.
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (c cluster) start(ctx context.Context) (string, error) {
	for _, name := range []string{"url", "pid", "used", "unused", "postgres"} {
		if err := os.RemoveAll(c.path(name)); err != nil {
			return "", fmt.Errorf("clear the test server's folder: %w", err)
		}
	}
	server, err := pgserver.Detach(ctx, pgserver.Options{
		Folder: c.path("postgres"), Binaries: os.Getenv("PARLEY_POSTGRES_BINARIES"),
		Cache: cacheFolder(), Settings: settings(),
	})
	if err != nil {
		return "", err
	}
	for name, text := range map[string]string{"used": "", "pid": strconv.Itoa(server.PID), "url": server.URL} {
		if err := os.WriteFile(c.path(name), []byte(text), 0o600); err != nil {
			_ = syscall.Kill(server.PID, syscall.SIGINT)
			return "", fmt.Errorf("note the test server's address: %w", err)
		}
	}
	if err := c.watch(server.PID, "30"); err != nil {
		_ = syscall.Kill(server.PID, syscall.SIGINT)
		return "", err
	}
	return server.URL, nil
}

func (c cluster) touch() error { now := time.Now(); return os.Chtimes(c.path("used"), now, now) }

func (c cluster) pid() int {
	text, err := os.ReadFile(c.path("pid"))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}

// alive reports whether the server that wrote the pid file still runs: nobody answers at
// the socket of one that does not.
func (c cluster) alive() bool {
	text, err := os.ReadFile(c.path("postgres/data/postmaster.pid"))
	if err != nil || c.pid() == 0 || !strings.HasPrefix(string(text), strconv.Itoa(c.pid())+"\n") {
		return false
	}
	lines := strings.Split(string(text), "\n")
	const portLine, socketLine = 3, 4
	if len(lines) <= socketLine {
		return false
	}
	conn, err := net.Dial("unix", filepath.Join(lines[socketLine], ".s.PGSQL."+lines[portLine]))
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

func (c cluster) end(ctx context.Context) error {
	if !c.alive() {
		return nil
	}
	if err := syscall.Kill(c.pid(), syscall.SIGINT); err != nil {
		return fmt.Errorf("stop the test server: %w", err)
	}
	for c.alive() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// cacheFolder is where a downloaded Postgres is kept between runs.
func cacheFolder() string {
	if folder, err := os.UserCacheDir(); err == nil && os.Geteuid() != 0 {
		return filepath.Join(folder, "parley")
	}
	return "/var/cache/parley"
}

func settings() map[string]string {
	return map[string]string{
		"fsync":              "off",
		"full_page_writes":   "off",
		"synchronous_commit": "off",
		"wal_level":          "minimal",
		"max_wal_senders":    "0",
		"max_connections":    "500",
		"shared_buffers":     "256MB",
		"autovacuum":         "off", // a worker inside the template would hold up its copies
	}
}
