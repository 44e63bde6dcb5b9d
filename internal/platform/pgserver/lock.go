package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/internal/platform/filelock"
)

// How long an orphaned server gets to write its checkpoint before it is told to drop
// everything (and recover from its log at the next start), and then to do that.
const (
	orphanShutdown = 60 * time.Second
	orphanAbort    = 10 * time.Second
)

// ErrInUse says that the folder's Postgres belongs to a Parley that runs; Attach joins it.
var ErrInUse = errors.New("another Parley is running with the data")

// lockFolder makes this process the only Parley that uses the folder.
func (c *cluster) lockFolder() (*os.File, error) {
	path := filepath.Join(c.folder, "parley.lock")
	lock, err := filelock.Try(path)
	if errors.Is(err, filelock.ErrHeld) {
		return nil, fmt.Errorf("%w in %s; stop it first or choose another folder", ErrInUse, c.folder)
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", c.folder, asDiskFull(err, c.folder))
	}
	return lock, nil
}

// lockServer returns the lock that the next postmaster will inherit. A server that a dead
// Parley left behind is shut down first.
func (c *cluster) lockServer(ctx context.Context) (*os.File, error) {
	path := filepath.Join(c.folder, "postgres.lock")
	steps := []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, orphanShutdown}, {syscall.SIGQUIT, orphanAbort}, {syscall.SIGKILL, orphanAbort}}
	for _, step := range steps {
		lock, err := filelock.Try(path)
		if !errors.Is(err, filelock.ErrHeld) {
			return lock, err
		}
		if pid := c.running().pid; pid != 0 && isPostgres(pid) {
			_ = syscall.Kill(pid, step.signal) // it may just have ended
		}
		waiting, cancel := context.WithTimeout(ctx, step.wait)
		lock, err = filelock.Wait(waiting, path)
		cancel()
		if !errors.Is(err, filelock.ErrHeld) || ctx.Err() != nil {
			return lock, err
		}
	}
	return nil, fmt.Errorf("a Postgres that still uses %s does not end", c.data())
}

// removeStalePid removes the pid file of a server that is gone, which Postgres itself does
// not dare when another process has its number by now. The caller holds the server lock, so
// a living server can only be one that somebody started by hand.
func (c *cluster) removeStalePid() error {
	old := c.running().pid
	if old != 0 && isPostgres(old) && usesFolder(old, c.data()) {
		return fmt.Errorf("a Postgres that Parley did not start (process %d) runs on %s; stop it first", old, c.data())
	}
	if err := os.Remove(c.pidFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the pid file of a server that is gone: %w", err)
	}
	return nil
}

func isPostgres(pid int) bool {
	name, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/comm")
	if err == nil {
		return strings.TrimSpace(string(name)) == "postgres"
	}
	if _, err := os.Stat("/proc/self"); err == nil {
		return false
	}
	out, err := exec.Command("ps", "-p", strconv.Itoa(pid), "-o", "comm=").Output()
	return err == nil && filepath.Base(strings.TrimSpace(string(out))) == "postgres"
}

// usesFolder reports whether the process works in the data folder, as every postmaster
// does. Where the system does not tell it is taken to; a process that has ended and was not
// buried yet works nowhere.
func usesFolder(pid int, folder string) bool {
	if _, err := os.Stat("/proc/self"); err != nil {
		return true
	}
	works, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/cwd")
	if err != nil {
		return errors.Is(err, os.ErrPermission)
	}
	real, err := filepath.EvalSymlinks(folder)
	return err != nil || works == real
}
