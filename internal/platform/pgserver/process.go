package pgserver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

const (
	readyPoll       = 5 * time.Millisecond
	lastWordsWithin = 200 * time.Millisecond
)

// process is one run of the postmaster.
type process struct {
	pid   int
	began time.Time
	ended chan struct{} // closed when the postmaster is gone
	said  chan struct{} // closed when all it said is in the log
	err   error         // how it ended; read it after ended
}

// launch starts the postmaster and returns once it accepts connections. Recovery after a
// crash may take minutes; as long as the process lives it is waited for.
func (s *Server) launch(ctx context.Context) (*process, error) {
	lock, err := s.lockServer(ctx)
	if err != nil {
		return nil, err
	}
	defer lock.Close() //nolint:errcheck // the postmaster holds its own copy
	if err := s.removeStalePid(); err != nil {
		return nil, err
	}
	if err := requireSpace(s.folder, leastForNext); err != nil {
		return nil, err
	}
	p, err := s.start(lock)
	if err != nil {
		return nil, err
	}
	if err := s.awaitReady(ctx, p); err != nil {
		return nil, err
	}
	return p, nil
}

func (s *Server) start(lock *os.File) (*process, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start Postgres: %w", err)
	}
	defer write.Close() //nolint:errcheck // the postmaster holds its own copy
	cmd := s.server()
	cmd.SysProcAttr = s.account.attributes()
	cmd.Stdout, cmd.Stderr = write, write
	cmd.ExtraFiles = []*os.File{lock}

	p := &process{began: time.Now(), ended: make(chan struct{}), said: make(chan struct{})}
	started := make(chan error)
	go p.run(cmd, started)
	if err := <-started; err != nil {
		_ = read.Close()
		return nil, fmt.Errorf("start Postgres: %w", err)
	}
	go func() {
		s.log.follow(read)
		close(p.said)
	}()
	return p, nil
}

// run starts the command and stays on its thread until the command ends, because the
// kernel takes the end of the thread that started a child for the end of its parent. A
// goroutine that ends without giving its thread back ends the thread, and with it what
// others have started from there.
func (p *process) run(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	if err == nil {
		p.pid = cmd.Process.Pid
	}
	started <- err
	if err == nil {
		p.err = cmd.Wait()
		close(p.ended)
	}
}

func (s *Server) awaitReady(ctx context.Context, p *process) error {
	tick := time.NewTicker(readyPoll)
	defer tick.Stop()
	for {
		select {
		case <-p.ended:
			return s.failure(p)
		case <-ctx.Done():
			p.shutdown()
			return fmt.Errorf("start Postgres: %w", ctx.Err())
		case <-tick.C:
			if now := s.running(); now.pid == p.pid && now.ready {
				return nil
			}
		}
	}
}

// failure explains why a postmaster ended by itself.
func (s *Server) failure(p *process) error {
	select {
	case <-p.said:
	case <-time.After(lastWordsWithin): // a backend that outlives it holds the pipe open
	}
	words := s.log.lastWords()
	if mentionsDiskFull(words) {
		return diskFull(s.folder)
	}
	if words == "" {
		return fmt.Errorf("Postgres ended: %w", p.err)
	}
	return fmt.Errorf("Postgres ended (%w):\n%s", p.err, words)
}

// shutdown ends the postmaster: open transactions roll back, a checkpoint is written. One
// that does not obey is aborted, which loses nothing that was committed.
func (p *process) shutdown() {
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, orphanShutdown}, {syscall.SIGQUIT, orphanAbort}, {syscall.SIGKILL, orphanAbort}} {
		_ = syscall.Kill(p.pid, step.signal) // it may just have ended
		select {
		case <-p.ended:
			return
		case <-time.After(step.wait):
		}
	}
}
