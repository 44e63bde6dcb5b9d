package pgserver

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Detached is a Postgres that outlives the process that started it.
type Detached struct {
	URL string // the superuser's address of the database Database
	PID int
}

// Detach starts the Postgres of a folder and leaves it running without supervision; sending
// it SIGINT ends it. It serves tests, whose processes share one server. The caller makes
// sure that nobody else starts one in the folder.
func Detach(ctx context.Context, o Options) (Detached, error) {
	c, err := openCluster(ctx, o)
	if err != nil {
		return Detached{}, err
	}
	if err := c.initialise(ctx); err != nil {
		return Detached{}, err
	}
	path := filepath.Join(c.folder, "postgres.log")
	log, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return Detached{}, fmt.Errorf("open the server's log: %w", err)
	}
	defer log.Close() //nolint:errcheck // the server holds its own copy

	cmd := c.server()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.account.credential, Setsid: true}
	if err := cmd.Start(); err != nil {
		return Detached{}, fmt.Errorf("start Postgres: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(readyPoll)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			words, _ := os.ReadFile(path)
			return Detached{}, fmt.Errorf("start Postgres: %w:\n%s", err, words)
		case <-ctx.Done():
			_ = cmd.Process.Signal(syscall.SIGINT)
			return Detached{}, fmt.Errorf("start Postgres: %w", ctx.Err())
		case <-tick.C:
			if now := c.running(); now.pid == cmd.Process.Pid && now.ready {
				return Detached{URL: c.connection(Database), PID: now.pid}, nil
			}
		}
	}
}
