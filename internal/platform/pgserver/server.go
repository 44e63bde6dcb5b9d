package pgserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options say where the private Postgres lives.
type Options struct {
	Folder   string            // holds data, socket, log and locks; made when missing
	Binaries string            // folder of Postgres programs; empty means: find them
	Cache    string            // where downloaded programs are kept
	Settings map[string]string // Postgres settings that go before our own
	Log      *slog.Logger      // nil means slog.Default()
}

func (o Options) logger() *slog.Logger {
	if o.Log != nil {
		return o.Log
	}
	return slog.Default()
}

func (o Options) tell(message string) { o.logger().Info(message) }

// Server is a running private Postgres, started again whenever it dies.
type Server struct {
	*cluster
	log    *serverLog
	events *slog.Logger
	lock   *os.File

	stop    context.CancelFunc
	stopped chan struct{}

	mu      sync.Mutex
	process *process // nil while it is not ready
	trouble error    // why
	starts  int
}

const (
	firstBackoff  = 200 * time.Millisecond
	longestPause  = 5 * time.Second // people wait for it
	calmAfter     = time.Minute     // a run this long resets the backoff
	fullRemembers = 30 * time.Second
)

// ErrStopped is what Health says after Stop.
var ErrStopped = errors.New("Postgres was stopped")

// Start starts the Postgres of a folder and returns when it accepts connections: within
// about a second the first time, within a tenth later, longer after a crash. ctx bounds the
// start only; Stop ends the server.
func Start(ctx context.Context, o Options) (*Server, error) {
	c, err := openCluster(ctx, o)
	if err != nil {
		return nil, err
	}
	lock, err := c.lockFolder()
	if err != nil {
		return nil, err
	}
	s := &Server{
		cluster: c, lock: lock, events: o.logger(), stopped: make(chan struct{}),
		log: newServerLog(filepath.Join(c.folder, "postgres.log"), o.logger()),
	}
	first, err := s.begin(ctx)
	if err != nil {
		s.log.close()
		_ = lock.Close()
		return nil, err
	}
	running, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.became(first, nil)
	go s.supervise(running, first)
	return s, nil
}

// Attach returns the address of the Postgres that another Parley runs in folder, for
// commands that work beside it.
func Attach(folder string) (string, error) {
	c := &cluster{folder: folder}
	now := c.running()
	if !now.ready || !isPostgres(now.pid) {
		return "", fmt.Errorf("no Postgres runs in %s", folder)
	}
	c.socket = now.socket
	return c.connection(Database), nil
}

func (s *Server) begin(ctx context.Context) (*process, error) {
	if version, _ := s.version(); version == 0 {
		if err := requireSpace(s.folder, leastForNew); err != nil {
			return nil, err
		}
	}
	if err := s.initialise(ctx); err != nil {
		return nil, err
	}
	return s.launch(ctx)
}

// URL returns the address of a database for the superuser; Database is the one to use.
func (s *Server) URL(database string) string { return s.connection(database) }

// Version returns the major version of the running Postgres.
func (s *Server) Version() int { return s.binaries.Version }

// Starts returns how many times the server has become ready since Start.
func (s *Server) Starts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.starts
}

// Health returns nil while the server works, or what is wrong in words for the person who
// runs it: ErrDiskFull, ErrStopped or the reason of a restart under way.
func (s *Server) Health() error {
	s.mu.Lock()
	trouble := s.trouble
	s.mu.Unlock()
	if trouble != nil {
		return trouble
	}
	if time.Since(s.log.lastFull()) > fullRemembers {
		return nil
	}
	return requireSpace(s.folder, 2*leastForNext)
}

// supervise starts the server again whenever it ends, until ctx ends.
func (s *Server) supervise(ctx context.Context, current *process) {
	defer close(s.stopped)
	pause := firstBackoff
	for {
		select {
		case <-ctx.Done():
			current.shutdown()
			s.became(nil, ErrStopped)
			return
		case <-current.ended:
		}
		if time.Since(current.began) > calmAfter {
			pause = firstBackoff
		}
		reason := s.failure(current)
		s.events.Error("Postgres died and is started again", "error", reason)
		s.became(nil, fmt.Errorf("Postgres is being restarted: %w", reason))
		current, pause = s.restart(ctx, pause)
		if current == nil {
			s.became(nil, ErrStopped)
			return
		}
	}
}

// restart tries until the server is ready; nil means that ctx ended before.
func (s *Server) restart(ctx context.Context, pause time.Duration) (*process, time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return nil, pause
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
		next, err := s.launch(ctx)
		if err == nil {
			s.events.Info("Postgres is ready again", "process", next.pid)
			s.became(next, nil)
			return next, pause
		}
		if ctx.Err() == nil {
			s.events.Error("Postgres did not start", "error", err, "next_try_in", pause.String())
			s.became(nil, err)
		}
	}
}

func (s *Server) became(p *process, trouble error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process, s.trouble = p, trouble
	if p != nil {
		s.starts++
	}
}

// Stop shuts the server down and returns when it is gone. Close all pools first, or their
// statements end with an error.
func (s *Server) Stop() {
	s.stop()
	<-s.stopped
	s.log.close()
	_ = s.lock.Close()
}
