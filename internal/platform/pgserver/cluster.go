package pgserver

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Database is the name of the database that a new cluster gets.
const Database = "parley"

// superuser is the only role of a new cluster; the schema makes the others.
const superuser = "postgres"

// longestSocketFolder leaves room for the socket's own name in the 104 bytes that the
// strictest system allows for a Unix socket's path.
const longestSocketFolder = 104 - len("/.s.PGSQL.5432") - 1

// cluster is a folder with one Postgres cluster and the means to run it.
type cluster struct {
	folder   string
	socket   string
	binaries Binaries
	account  account
	settings map[string]string
}

func (c *cluster) data() string    { return filepath.Join(c.folder, "data") }
func (c *cluster) pidFile() string { return filepath.Join(c.data(), "postmaster.pid") }

// connection returns the URL by which the superuser reaches a database of the cluster.
func (c *cluster) connection(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database}
	u.RawQuery = url.Values{"host": {c.socket}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// openCluster makes the folders and finds the programs that fit what is in them.
func openCluster(ctx context.Context, o Options) (*cluster, error) {
	folder, err := filepath.Abs(o.Folder)
	if err != nil {
		return nil, fmt.Errorf("open Postgres folder: %w", err)
	}
	who, err := pickAccount()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("make Postgres folder: %w", asDiskFull(err, folder))
	}
	c := &cluster{folder: folder, account: who, settings: o.Settings}
	if err := who.reach(folder); err != nil {
		return nil, err
	}
	version, err := c.version()
	if err != nil {
		return nil, err
	}
	c.binaries, err = FindOrInstall(ctx, o.Binaries, o.Cache, version, o.tell)
	if err != nil {
		return nil, err
	}
	if err := who.reach(c.binaries.Folder); err != nil {
		return nil, err
	}
	return c, c.makeSocketFolder()
}

// version returns the major version that made the data, or 0 when there is none yet.
func (c *cluster) version() (int, error) {
	text, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the data's version: %w", err)
	}
	version, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read the data's version: %w", err)
	}
	return version, nil
}

// makeSocketFolder keeps the socket beside the data, or under a short name in the
// temporary folder when the path is too long for a socket.
func (c *cluster) makeSocketFolder() error {
	c.socket = filepath.Join(c.folder, "socket")
	if len(c.socket) > longestSocketFolder {
		sum := sha256.Sum256([]byte(c.folder))
		c.socket = filepath.Join(os.TempDir(), fmt.Sprintf("parley-%x-%d", sum[:6], os.Geteuid()))
	}
	return c.account.own(c.socket)
}

// initialise makes the cluster if there is none. The data gets its final name last, so a
// cluster that was interrupted while it was made is made again.
func (c *cluster) initialise(ctx context.Context) error {
	if version, err := c.version(); err != nil || version != 0 {
		return err
	}
	draft := filepath.Join(c.folder, "data.new")
	if err := os.RemoveAll(draft); err != nil {
		return fmt.Errorf("remove unfinished data: %w", err)
	}
	if err := c.account.own(draft); err != nil {
		return err
	}
	args := []string{"-D", draft, "-U", superuser, "-E", "UTF8", "--auth=trust", "--data-checksums"}
	args = append(args, localeArgs(c.binaries.Version)...)
	if c.settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	if err := c.run(ctx, "", "initdb", args...); err != nil {
		return err
	}
	single := []string{"--single", "-D", draft, "-c", "log_min_messages=fatal", superuser}
	if err := c.run(ctx, "CREATE DATABASE "+Database+"\n", "postgres", single...); err != nil {
		return err
	}
	if err := os.Rename(draft, c.data()); err != nil {
		return fmt.Errorf("put the data in place: %w", asDiskFull(err, c.folder))
	}
	return nil
}

// localeArgs choose a locale that folds the case of every alphabet (plain C knows only
// ASCII) and does not depend on what the machine has installed.
func localeArgs(version int) []string {
	if version >= 17 {
		return []string{"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"}
	}
	return []string{"--locale=C", "--locale-provider=icu", "--icu-locale=und"}
}

// run runs one of Postgres's programs to its end. It keeps its thread until then: see
// process.run.
func (c *cluster) run(ctx context.Context, input, name string, args ...string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, c.binaries.program(name), args...)
	cmd.Env, cmd.Dir = c.environment(), c.socket
	cmd.SysProcAttr = c.account.attributes()
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if mentionsDiskFull(string(out)) {
		return diskFull(c.folder)
	}
	return fmt.Errorf("%s: %w: %s", name, err, complaint(string(out)))
}

// complaint picks the lines of a program's output that say what went wrong.
func complaint(output string) string {
	var lines []string
	for line := range strings.Lines(output) {
		if strings.Contains(line, "error:") || strings.Contains(line, "FATAL") || strings.Contains(line, "PANIC") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	if len(lines) == 0 {
		return lastLine(output)
	}
	return strings.Join(lines, "; ")
}

func (c *cluster) environment() []string {
	return []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", "HOME=" + c.socket}
}

// server returns the command that runs the cluster's postmaster.
func (c *cluster) server() *exec.Cmd {
	settings := serverSettings()
	settings["listen_addresses"] = ""
	settings["unix_socket_directories"] = c.socket
	settings["unix_socket_permissions"] = "0700"
	for name, value := range c.settings {
		settings[name] = value
	}
	args := []string{"-D", c.data()}
	for name, value := range settings {
		args = append(args, "--"+name+"="+value)
	}
	slices.Sort(args[2:])
	cmd := exec.Command(c.binaries.program("postgres"), args...)
	cmd.Env, cmd.Dir = c.environment(), c.socket
	return cmd
}

// postmaster is what a server tells about itself in its pid file.
type postmaster struct {
	pid    int
	socket string // folder
	ready  bool
}

// running reads the pid file; the zero value means that there is none, or that it is empty.
func (c *cluster) running() postmaster {
	text, err := os.ReadFile(c.pidFile())
	if err != nil {
		return postmaster{}
	}
	const pidLine, socketLine, statusLine = 0, 4, 7
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[pidLine]))
	if err != nil || pid <= 0 || len(lines) <= statusLine {
		return postmaster{pid: max(pid, 0)}
	}
	return postmaster{pid, lines[socketLine], strings.TrimSpace(lines[statusLine]) == "ready"}
}
