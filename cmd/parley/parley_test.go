package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/internal/app"
	"parley/internal/platform/config"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/pgserver"
)

const patience = 60 * time.Second

// printed runs a command to its end and returns what it printed.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, run(t.Context(), args, &out, io.Discard), out.String())
	return out.String()
}

// place returns a folder that any user may reach, unlike those of t.TempDir.
func place(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "parley-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(folder, 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(folder)) })
	return folder
}

// served starts a server and returns its address and what stops it.
func served(t *testing.T, args ...string) (string, func() error) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"serve", "--address", "127.0.0.1:0", "--log-level", "error"}, args...), write, io.Discard)
		_ = write.CloseWithError(err)
		ended <- err
	}()
	line, err := bufio.NewReader(read).ReadString('\n')
	require.NoError(t, err)
	_, address, ok := strings.Cut(strings.TrimSpace(line), "http://")
	require.True(t, ok, line)
	return "http://" + address, func() error {
		stop()
		select {
		case err := <-ended:
			return err
		case <-time.After(patience):
			require.FailNow(t, "it does not stop")
			return nil
		}
	}
}

func health(t *testing.T, address string) (int, map[string]string) {
	t.Helper()
	r, err := http.Get(address + "/healthz")
	require.NoError(t, err)
	defer r.Body.Close() //nolint:errcheck // only read
	var answer map[string]string
	require.NoError(t, json.NewDecoder(r.Body).Decode(&answer))
	return r.StatusCode, answer
}

func TestServeWithPrivatePostgres(t *testing.T) {
	t.Parallel()
	folder := place(t)
	address, stop := served(t, "--data", folder)
	status, answer := health(t, address)
	require.Equal(t, 200, status, answer)

	require.Contains(t, printed(t, "migrate", "--data", folder), "up to date", "commands join the running Postgres")
	err := run(t.Context(), []string{"serve", "--address", "127.0.0.1:0", "--data", folder}, io.Discard, io.Discard)
	require.ErrorContains(t, err, "another Parley is running")

	require.NoError(t, stop())
	_, err = http.Get(address + "/healthz")
	require.Error(t, err)

	address, stop = served(t, "--data", folder)
	status, answer = health(t, address)
	require.Equal(t, 200, status, answer)
	require.NoError(t, stop())
}

// Whoever smuggles a statement into the private Postgres stays in the role.
func TestPrivatePostgresHasLoginsOfItsOwn(t *testing.T) {
	t.Parallel()
	folder := place(t)
	_, stop := served(t, "--data", folder)
	t.Cleanup(func() { require.NoError(t, stop()) })
	url, err := pgserver.Attach(filepath.Join(folder, "postgres"))
	require.NoError(t, err)
	d, err := database{url: url}.open(t.Context(), &config.Config{}, db.Options{})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	for role, pool := range map[string]*pgxpool.Pool{"parley_app": d.AppPool(), "parley_worker": d.WorkerPool()} {
		conn, err := pool.Acquire(t.Context())
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), "RESET ROLE; RESET SESSION AUTHORIZATION")
		require.NoError(t, err)
		var user string
		var super bool
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)").Scan(&user, &super))
		conn.Release()
		require.Equal(t, role, user)
		require.False(t, super)
	}
}

func TestServeWithDatabaseURL(t *testing.T) {
	t.Parallel()
	url := dbtest.NewURL(t)
	address, stop := served(t, "--database-url", url, "--data", place(t))
	status, answer := health(t, address)
	require.Equal(t, 200, status, answer)
	require.NoError(t, stop())
}

func TestServeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	address, stop := served(t, "--database-url", dbtest.NewURL(t), "--data", place(t))
	t.Cleanup(func() { require.NoError(t, stop()) })
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"serve", "--address", strings.TrimPrefix(address, "http://")}, "address already in use"},
		{[]string{"serve", "--address", "127.0.0.1:0", "--database-url", "postgres://:x"}, "database url"},
		{[]string{"dance"}, "parley --help"},
		{[]string{"serve", "--log-format", "xml"}, "--log-format"},
	} {
		err := run(t.Context(), append(c.args, "--data", place(t)), io.Discard, io.Discard)
		require.ErrorContains(t, err, c.says, "%v", c.args)
	}
}

// A program and its database often start together.
func TestServeWaitsForItsDatabase(t *testing.T) {
	t.Parallel()
	later, err := url.Parse(dbtest.NewURL(t))
	require.NoError(t, err)
	network, server := "tcp", later.Host
	if folder := later.Query().Get("host"); folder != "" {
		network, server = "unix", filepath.Join(folder, ".s.PGSQL.5432")
	}
	door, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := door.Addr().String()
	require.NoError(t, door.Close()) // nobody answers there yet

	later.Host, later.RawQuery = address, "sslmode=disable"
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	out, log := make(lines, 99), make(lines, 99)
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--address", "127.0.0.1:0", "--database-url", later.String(), "--data", place(t)}, out, log)
	}()
	require.Contains(t, log.next(t), "waiting for the database")

	door, err = net.Listen("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = door.Close() })
	go forward(door, network, server)
	require.Contains(t, out.next(t), "ready")
	stop()
	require.NoError(t, <-ended)
}

// lines passes on what is written, line by line.
type lines chan string

func (l lines) Write(b []byte) (int, error) {
	select {
	case l <- string(b):
	default:
	}
	return len(b), nil
}

func (l lines) next(t *testing.T) string {
	t.Helper()
	select {
	case line := <-l:
		return line
	case <-time.After(patience):
		require.FailNow(t, "nothing was said")
		return ""
	}
}

// forward lets a port lead to the database until the port is closed.
func forward(from net.Listener, network, to string) {
	for {
		in, err := from.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial(network, to)
		if err != nil {
			_ = in.Close()
			continue
		}
		go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
		go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	address, stop := served(t, "--database-url", dbtest.NewURL(t), "--data", place(t))
	_, port, err := net.SplitHostPort(strings.TrimPrefix(address, "http://"))
	require.NoError(t, err)
	for _, host := range []string{"127.0.0.1", "0.0.0.0", ""} {
		require.Equal(t, "ok\n", printed(t, "health", "--address", net.JoinHostPort(host, port)))
	}
	require.NoError(t, stop())
	require.ErrorContains(t, run(t.Context(), []string{"health", "--address", "127.0.0.1:" + port}, io.Discard, io.Discard), "nobody answers")
	sick := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { app.WriteHealth(w, "the disk is full") }))
	t.Cleanup(sick.Close)
	err = run(t.Context(), []string{"health", "--address", strings.TrimPrefix(sick.URL, "http://")}, io.Discard, io.Discard)
	require.ErrorContains(t, err, "the disk is full")
}

// The example of a settings file has only settings that there are.
func TestDeployedSettings(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../deploy/parley.env.example")
	require.NoError(t, err)
	everything := regexp.MustCompile(`(?m)^#([A-Z_]+=)`).ReplaceAll(example, []byte("$1"))
	require.NotEqual(t, example, everything)
	file := filepath.Join(t.TempDir(), "parley.env")
	require.NoError(t, os.WriteFile(file, everything, 0o600))
	said := printed(t, "config", "--config", file)
	require.Contains(t, said, "\nPARLEY_PUBLIC_URL=https://chat.example.com")
	require.Contains(t, said, "\nDATABASE_URL_SEARCH=********")
}

func TestStartingPage(t *testing.T) {
	t.Parallel()
	h := startingPage("Parley & Co")
	for language, word := range map[string]string{"ru": "Запускаемся", "en": "Starting", "fr": "Starting"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/anything", nil)
		require.NoError(t, err)
		r.Header.Set("Accept-Language", language)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, 503, w.Code)
		require.Contains(t, w.Body.String(), word)
		require.Contains(t, w.Body.String(), "Parley &amp; Co")
	}
}

func TestSmallCommands(t *testing.T) {
	t.Parallel()
	require.Contains(t, printed(t, "version"), "parley ")
	require.Contains(t, printed(t, "config"), "PARLEY_ADDRESS=127.0.0.1:8080")
	require.Contains(t, printed(t, "--help"), "serve")
}
