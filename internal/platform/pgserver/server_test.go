package pgserver_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/pgserver"
)

const patience = 60 * time.Second

// helper names the variable that turns this test program into a Parley that starts the
// Postgres of a folder and waits to be killed.
const helper = "PARLEY_TEST_START_POSTGRES_IN"

func TestMain(m *testing.M) {
	if folder := os.Getenv(helper); folder != "" {
		if _, err := pgserver.Start(context.Background(), options(folder)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("ready")
		select {}
	}
	os.Exit(m.Run())
}

func options(folder string) pgserver.Options {
	return pgserver.Options{
		Folder:   folder,
		Binaries: os.Getenv("PARLEY_POSTGRES_BINARIES"),
		Cache:    filepath.Join(os.TempDir(), "parley-test-cache"),
		Settings: map[string]string{"shared_buffers": "16MB", "fsync": "off"}, // processes die here, machines don't
		Log:      slog.New(slog.DiscardHandler),
	}
}

// place returns a new folder that any user may reach, unlike those of t.TempDir.
func place(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "pgserver-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(folder, 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(folder)) })
	return folder
}

func start(t *testing.T, folder string) *pgserver.Server {
	t.Helper()
	s, err := pgserver.Start(t.Context(), options(folder))
	require.NoError(t, err)
	t.Cleanup(s.Stop)
	return s
}

// query returns the first column of the first row as text.
func query(ctx context.Context, s *pgserver.Server, sql string) (string, error) {
	conn, err := pgx.Connect(ctx, s.URL(pgserver.Database))
	if err != nil {
		return "", err
	}
	defer conn.Close(context.Background()) //nolint:errcheck // a test's connection
	results, err := conn.PgConn().Exec(ctx, sql).ReadAll()
	if err != nil || len(results) == 0 || len(results[0].Rows) == 0 {
		return "", err
	}
	return string(results[0].Rows[0][0]), nil
}

func ask(t *testing.T, s *pgserver.Server, sql string) string {
	t.Helper()
	answer, err := query(t.Context(), s, sql)
	require.NoError(t, err)
	return answer
}

// postmaster returns the number of the server's first process.
func postmaster(t *testing.T, folder string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	require.NoError(t, err)
	return pid
}

// gone reports whether a process has ended, if only its parent has not buried it yet.
func gone(pid int) bool {
	out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err != nil || strings.HasPrefix(strings.TrimSpace(string(out)), "Z")
}

func TestStartAndStartAgain(t *testing.T) {
	t.Parallel()
	folder := place(t)
	o := options(folder)
	o.Settings = nil
	s, err := pgserver.Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(s.Stop)
	require.NoError(t, s.Health())
	require.Equal(t, "ёлка ПРИВЕТ t", ask(t, s, "SELECT lower('ЁЛКА') || ' ' || upper('привет') || ' ' || ('ПРИВЕТ' ILIKE 'привет')::text::char"))
	for setting, value := range map[string]string{
		"listen_addresses": "", "synchronous_commit": "on", "fsync": "on", "jit": "off", "data_checksums": "on", "server_encoding": "UTF8",
	} {
		require.Equal(t, value, ask(t, s, "SHOW "+setting), setting)
	}
	ask(t, s, "CREATE TABLE kept AS SELECT 'yes' AS answer")
	for _, private := range []string{"data", "socket"} {
		info, err := os.Stat(filepath.Join(folder, private))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o700), info.Mode().Perm(), private)
	}
	pid := postmaster(t, folder)
	s.Stop()
	require.ErrorIs(t, s.Health(), pgserver.ErrStopped)
	require.True(t, gone(pid))

	again := start(t, folder)
	require.Equal(t, "yes", ask(t, again, "SELECT answer FROM kept"))
}

func TestPostgresNeverRunsAsRoot(t *testing.T) {
	t.Parallel()
	folder := place(t)
	start(t, folder)
	out, err := exec.Command("ps", "-o", "uid=", "-p", strconv.Itoa(postmaster(t, folder))).Output()
	require.NoError(t, err)
	uid := strings.TrimSpace(string(out))
	require.NotEqual(t, "0", uid)
	if os.Geteuid() != 0 {
		require.Equal(t, strconv.Itoa(os.Geteuid()), uid)
	}
}

func TestOneParleyPerFolder(t *testing.T) {
	t.Parallel()
	folder := place(t)
	start(t, folder)
	_, err := pgserver.Start(t.Context(), options(folder))
	require.ErrorIs(t, err, pgserver.ErrInUse)
}

func TestAttachJoinsTheRunningServer(t *testing.T) {
	t.Parallel()
	folder := place(t)
	_, err := pgserver.Attach(folder)
	require.Error(t, err)
	s := start(t, folder)
	url, err := pgserver.Attach(folder)
	require.NoError(t, err)
	require.Equal(t, s.URL(pgserver.Database), url)
	s.Stop()
	_, err = pgserver.Attach(folder)
	require.Error(t, err)
}

func TestKilledPostgresComesBack(t *testing.T) {
	t.Parallel()
	folder := place(t)
	s := start(t, folder)
	ask(t, s, "CREATE TABLE kept AS SELECT 'yes' AS answer")
	require.NoError(t, syscall.Kill(postmaster(t, folder), syscall.SIGKILL))

	require.Eventually(t, func() bool { return s.Starts() == 2 }, patience, 5*time.Millisecond)
	require.NoError(t, s.Health())
	require.Equal(t, "yes", ask(t, s, "SELECT answer FROM kept"))
}

func TestKilledBackendDoesNotEndTheServer(t *testing.T) {
	t.Parallel()
	s := start(t, place(t))
	conn, err := pgx.Connect(t.Context(), s.URL(pgserver.Database))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(int(conn.PgConn().PID()), syscall.SIGKILL))
	require.Eventually(t, func() bool {
		_, err := query(t.Context(), s, "SELECT 1")
		return err == nil
	}, patience, 20*time.Millisecond)
	require.Equal(t, 1, s.Starts(), "Postgres recovers from that by itself")
}

func TestKilledParleyLosesNothing(t *testing.T) {
	t.Parallel()
	folder := place(t)
	parley := exec.Command(os.Args[0])
	parley.Env = append(os.Environ(), helper+"="+folder)
	out, err := parley.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parley.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "ready\n", line)
	orphan := postmaster(t, folder)
	require.NoError(t, parley.Process.Kill())
	require.Error(t, parley.Wait())

	s := start(t, folder)
	require.NotEqual(t, orphan, postmaster(t, folder))
	require.True(t, gone(orphan), "one server per folder")
	require.NoError(t, s.Health())
}

func TestStalePidFile(t *testing.T) {
	t.Parallel()
	folder := place(t)
	start(t, folder).Stop()
	// A living process has got the number of the server that was killed.
	other := exec.Command("sleep", "600")
	other.SysProcAttr = asServer(t, folder)
	require.NoError(t, other.Start())
	t.Cleanup(func() { _ = other.Process.Kill(); _ = other.Wait() })
	text := fmt.Sprintf("%d\n%s/data\n1700000000\n5432\n%s/socket\n\n  1  1\nready   \n", other.Process.Pid, folder, folder)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "data", "postmaster.pid"), []byte(text), 0o600))

	s := start(t, folder)
	require.Equal(t, "1", ask(t, s, "SELECT 1"))
	require.NoError(t, syscall.Kill(other.Process.Pid, 0), "a stranger is left alone")
}

// asServer lets a command run as the user who owns the data.
func asServer(t *testing.T, folder string) *syscall.SysProcAttr {
	t.Helper()
	info, err := os.Stat(filepath.Join(folder, "data"))
	require.NoError(t, err)
	owner := info.Sys().(*syscall.Stat_t)
	if int(owner.Uid) == os.Geteuid() {
		return nil
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
}

func TestServerStartedByHandIsLeftAlone(t *testing.T) {
	t.Parallel()
	folder := place(t)
	start(t, folder).Stop()
	binaries, err := pgserver.Find(t.Context(), os.Getenv("PARLEY_POSTGRES_BINARIES"), options(folder).Cache, 0)
	require.NoError(t, err)
	byHand := exec.Command(filepath.Join(binaries.Folder, "postgres"), "-D", filepath.Join(folder, "data"),
		"-c", "listen_addresses=", "-k", filepath.Join(folder, "socket"))
	byHand.SysProcAttr, byHand.Dir = asServer(t, folder), folder
	require.NoError(t, byHand.Start())
	t.Cleanup(func() { _ = byHand.Process.Signal(syscall.SIGINT); _ = byHand.Wait() })
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
		return err == nil && strings.Contains(string(text), "ready")
	}, patience, 20*time.Millisecond)

	_, err = pgserver.Start(t.Context(), options(folder))
	require.ErrorContains(t, err, "did not start")
	require.NoError(t, syscall.Kill(byHand.Process.Pid, 0))
}

func TestUnfinishedInitialisationIsDoneAgain(t *testing.T) {
	t.Parallel()
	folder := place(t)
	draft := filepath.Join(folder, "data.new")
	require.NoError(t, os.Mkdir(draft, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(draft, "PG_VERSION"), []byte("15\n"), 0o600))
	require.Equal(t, "1", ask(t, start(t, folder), "SELECT 1"))
}

func TestLongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(place(t), strings.Repeat("long", 30))
	require.Equal(t, "1", ask(t, start(t, folder), "SELECT 1"))
}

func TestMessages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(t *testing.T, o *pgserver.Options)
		says    string
	}{
		"wrong setting": {func(_ *testing.T, o *pgserver.Options) {
			o.Settings = map[string]string{"shared_buffers": "many"}
		}, `invalid value for parameter "shared_buffers"`},
		"no programs": {func(_ *testing.T, o *pgserver.Options) { o.Binaries = "/nowhere" }, "/nowhere has no program postgres"},
		"another version's data": {func(t *testing.T, o *pgserver.Options) {
			require.NoError(t, os.Mkdir(filepath.Join(o.Folder, "data"), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(o.Folder, "data", "PG_VERSION"), []byte("9\n"), 0o600))
		}, "made by Postgres 9"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(place(t))
			c.prepare(t, &o)
			_, err := pgserver.Start(t.Context(), o)
			require.ErrorContains(t, err, c.says)
		})
	}
}

// TestAsPlainUser runs the tests above once more as a user without rights when we are root;
// as anybody else they ran as one already.
func TestAsPlainUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	folder := place(t)
	require.NoError(t, os.Chown(folder, nobody, nobody))
	program := filepath.Join(folder, "tests")
	content, err := os.ReadFile(os.Args[0])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(program, content, 0o755))

	tests := exec.Command(program, "-test.run", "^(TestStart.*|TestKilled.*|TestStale.*|TestOneParley.*|TestPostgresNever.*)$")
	tests.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	tests.Dir = folder
	tests.Env = append(os.Environ(), "TMPDIR="+folder, "HOME="+folder)
	out, err := tests.CombinedOutput()
	require.NoError(t, err, string(out))
}

func TestRootsFolderMustBeReachable(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(place(t), "closed")
	require.NoError(t, os.Mkdir(closed, 0o700))
	s, err := pgserver.Start(t.Context(), options(filepath.Join(closed, "postgres")))
	if os.Geteuid() == 0 {
		require.ErrorContains(t, err, closed+" is closed to the user")
		return
	}
	require.NoError(t, err, "one's own closed folder is open to oneself")
	s.Stop()
}
