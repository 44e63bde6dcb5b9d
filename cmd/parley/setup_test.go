package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/db/dbtest"
)

// asked sends a request and returns its status and body.
func asked(t *testing.T, method, url, body string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	w, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer w.Body.Close() //nolint:errcheck // only read
	var answer map[string]any
	_ = json.NewDecoder(w.Body).Decode(&answer)
	return w.StatusCode, answer
}

// An empty installation prints a link, answers to nobody who has it not, and
// is set up by it once.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	database, folder := dbtest.NewURL(t), place(t)
	go func() {
		ended <- run(ctx, []string{
			"serve", "--address", "127.0.0.1:0", "--public-url", "https://chat.example.com", "--log-level", "error",
			"--database-url", database, "--data", folder,
		}, write, io.Discard)
	}()
	out := bufio.NewReader(read)
	line := func() string {
		s, err := out.ReadString('\n')
		require.NoError(t, err)
		return strings.TrimSpace(s)
	}
	_, host, ok := strings.Cut(line(), "http://")
	require.True(t, ok)
	require.Contains(t, line(), "It is empty")
	token, ok := strings.CutPrefix(line(), "https://chat.example.com/setup#")
	require.True(t, ok)
	api := "http://" + host + "/api/v1"

	for _, path := range []string{"/me", "/site", "/sign-in", "/companies/1000", "/back-office/companies", "/nothing"} {
		status, answer := asked(t, "GET", api+path, "")
		require.Equal(t, 503, status, path)
		require.Equal(t, "setup_required", answer["code"], path)
	}
	status, answer := asked(t, "POST", api+"/sign-up", `{}`)
	require.Equal(t, []any{503, "setup_required"}, []any{status, answer["code"]})
	status, _ = asked(t, "GET", "http://"+host+"/setup", "")
	require.Equal(t, 200, status, "the page itself")
	status, _ = asked(t, "GET", api+"/setup/"+strings.Repeat("A", 43), "")
	require.Equal(t, 422, status)
	status, answer = asked(t, "GET", api+"/setup/"+token, "")
	require.Equal(t, 200, status)
	require.Equal(t, "https://chat.example.com", answer["address"])

	const setup = `{"admin":{"name":"Paula Admin","email":"paula@example.com","password":"four yellow whales","language":"en"},
		"company":{"name":"Chat","currency":"EUR","time_zone":"Europe/Berlin","language":"en"},
		"mail":{"url":"smtp+plain://127.0.0.1:2525","from":"Chat <no-reply@example.com>"}}`
	status, answer = asked(t, "POST", api+"/setup/"+token, setup)
	require.Equal(t, 204, status, answer)
	status, answer = asked(t, "POST", api+"/setup/"+token, setup)
	require.Equal(t, []any{409, "conflict"}, []any{status, answer["code"]}, "once")
	status, answer = asked(t, "GET", api+"/site", "")
	require.Equal(t, 200, status)
	require.Equal(t, "Chat", answer["name"])
	status, answer = asked(t, "POST", api+"/sign-in", `{"login":"paula@example.com","password":"four yellow whales"}`)
	require.Equal(t, 200, status, answer)

	stop()
	select {
	case err := <-ended:
		require.NoError(t, err)
	case <-time.After(patience):
		require.FailNow(t, "it does not stop")
	}
}
