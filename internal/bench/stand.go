package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"

	"parley/internal/platform/db"
	"parley/internal/platform/pgserver"
)

// stand is a program under load: a durable Postgres of its own and the server
// as a process of its own, so that both can be measured and killed.
type stand struct {
	folder   string
	url      string // of the database
	postgres *pgserver.Server
	server   *exec.Cmd
	address  string
	log      *os.File
}

// newStand starts Postgres in a fresh folder below the system's temporary one
// and applies the schema.
func newStand(ctx context.Context) (*stand, error) {
	folder, err := os.MkdirTemp("", "parley-bench-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(folder, 0o755); err != nil { // Postgres may run as another user
		return nil, err
	}
	s := &stand{folder: folder}
	s.postgres, err = pgserver.Start(ctx, pgserver.Options{Folder: filepath.Join(folder, "postgres"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	s.url = s.postgres.URL(pgserver.Database)
	if s.log, err = os.Create(filepath.Join(folder, "server.log")); err != nil {
		return nil, err
	}
	return s, db.Migrate(ctx, s.url)
}

// serve starts this binary as a server and waits until it is ready.
func (s *stand) serve(ctx context.Context, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	listen := "127.0.0.1:0"
	if s.address != "" { // the same again after a kill
		listen = strings.TrimPrefix(s.address, "http://")
	}
	s.server = exec.Command(self, append([]string{
		"serve", "--address", listen, "--database-url", s.url, "--data", filepath.Join(s.folder, "data"),
		"--request-rate", "0", "--log-level", "warn",
	}, args...)...)
	s.server.Stderr = s.log
	s.server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := s.server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.server.Start(); err != nil {
		return fmt.Errorf("start server: %w", err)
	}
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, address, ok := strings.Cut(lines.Text(), "http://"); ok {
				ready <- "http://" + strings.TrimSpace(address)
			}
		}
		close(ready)
	}()
	select {
	case address, ok := <-ready:
		if !ok {
			return fmt.Errorf("the server ended before it was ready; see %s", s.log.Name())
		}
		s.address = address
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// kill ends the server without letting it finish anything.
func (s *stand) kill() {
	_ = s.server.Process.Kill()
	_ = s.server.Wait()
}

// close ends everything and removes the folder.
func (s *stand) close() {
	if s.server != nil {
		_ = s.server.Process.Signal(syscall.SIGTERM)
		_ = s.server.Wait()
	}
	s.postgres.Stop()
	_ = s.log.Close()
	_ = os.RemoveAll(s.folder)
}

// usage returns what server and Postgres have used: the children of this
// process are these two.
func (s *stand) usage() (server, postgres Usage) {
	server = UsageOf(s.server.Process.Pid)
	for _, pid := range children(os.Getpid()) {
		if pid != s.server.Process.Pid {
			u := UsageOf(pid)
			postgres.CPU += u.CPU
			postgres.RSS += u.RSS
		}
	}
	return server, postgres
}

// browser is a signed-in client of the API.
type browser struct {
	http    *http.Client
	address string
}

func newBrowser(address string) *browser {
	jar, _ := cookiejar.New(nil) // fails with options only
	return &browser{&http.Client{Jar: jar, Timeout: 30 * time.Second}, address}
}

// signIn signs in with a demo password.
func (b *browser) signIn(ctx context.Context, login, password string) error {
	return b.do(ctx, http.MethodPost, "/api/v1/sign-in", map[string]any{"login": login, "password": password, "remember": false}, nil)
}

// cookies returns the header by which a socket is signed in.
func (b *browser) cookies() http.Header {
	r, _ := http.NewRequest(http.MethodGet, b.address, nil)
	for _, c := range b.http.Jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	return r.Header
}

// do sends JSON and reads JSON into out, unless out is nil.
func (b *browser) do(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, b.address+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", uuid.NewString())
	}
	answer, err := b.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, answer.StatusCode, data)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(data, out)
}
