package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/realtime/realtimetest"
	"parley/internal/seed"
)

// asProgram makes the test binary be the program, so that a test can start it
// as a process of its own and kill it.
const asProgram = "PARLEY_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// node is one server process.
type node struct {
	address string
	process *exec.Cmd
}

func startNode(t *testing.T, args ...string) *node {
	t.Helper()
	process := exec.Command(os.Args[0], append([]string{"serve", "--address", "127.0.0.1:0", "--log-level", "error", "--many-nodes"}, args...)...)
	process.Env = append(os.Environ(), asProgram+"=1")
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	_, address, ok := strings.Cut(strings.TrimSpace(line), "http://")
	require.True(t, ok, line)
	return &node{"http://" + address, process}
}

// ask sends JSON to a node and reads the answer.
func (n *node) ask(t *testing.T, c *http.Client, method, path string, in any) map[string]any {
	t.Helper()
	body, err := json.Marshal(in)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), method, n.address+path, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	answer, err := c.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Less(t, answer.StatusCode, 300, "%s %s: %s", method, path, data)
	out := map[string]any{}
	if len(data) > 0 {
		require.NoError(t, json.Unmarshal(data, &out))
	}
	return out
}

// Two nodes share a database. What a visitor says at one is heard at the
// other; when one is killed, the visitor goes on at the other with the same
// key, and nothing is lost or doubled.
func TestOneOfTwoNodesIsKilled(t *testing.T) {
	t.Parallel()
	url, data := dbtest.NewURL(t), place(t)
	require.NoError(t, run(t.Context(), []string{"seed", "demo", "--database-url", url, "--data", data}, io.Discard, io.Discard))
	doomed := startNode(t, "--database-url", url, "--data", data)
	other := startNode(t, "--database-url", url, "--data", data)

	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	operator := &http.Client{Jar: jar}
	me := other.ask(t, operator, "POST", "/api/v1/sign-in", map[string]any{"login": "operator@green.example", "password": seed.Password, "remember": false})
	company := me["memberships"].([]any)[0].(map[string]any)["company"].(map[string]any)["id"]
	base := fmt.Sprintf("/api/v1/companies/%.0f", company)
	other.ask(t, operator, "PUT", base+"/operator-state", map[string]any{"state": "online"})
	chat := other.ask(t, operator, "GET", base+"/chats", nil)["items"].([]any)[0].(map[string]any)
	key := chat["connections"].([]any)[0].(map[string]any)["public_key"]
	page, err := http.NewRequestWithContext(t.Context(), http.MethodGet, other.address, nil)
	require.NoError(t, err)
	for _, c := range jar.Cookies(page.URL) {
		page.AddCookie(c)
	}
	screen, err := realtimetest.Connect(t.Context(), other.address+"/realtime/websocket", page.Header, map[string]any{"data": map[string]any{"company": company}})
	require.NoError(t, err)
	t.Cleanup(screen.Close)

	visit := doomed.ask(t, &http.Client{}, "POST", "/widget/v1/visit", map[string]any{
		"key": key, "page": map[string]any{"url": "https://shop.example/", "title": "Shop"}, "referrer": "", "language": "en", "time_zone": "UTC",
	})
	token := map[string]any{"token": visit["connection_token"]}
	socket, err := realtimetest.Connect(t.Context(), doomed.address+"/widget/realtime/websocket", nil, token)
	require.NoError(t, err)
	first := say(t, socket, "said at the first node", uuid.NewString())
	hear(t, screen, "said at the first node")

	require.NoError(t, doomed.process.Process.Kill())
	<-socket.Closed()
	socket, err = realtimetest.Connect(t.Context(), other.address+"/widget/realtime/websocket", nil, token)
	require.NoError(t, err)
	t.Cleanup(socket.Close)
	again := say(t, socket, "said at the first node", first.Message.Key)
	require.Equal(t, first.Message.ID, again.Message.ID, "the same key finds the message that the dead node stored")
	say(t, socket, "said at the second node", uuid.NewString())
	hear(t, screen, "said at the second node")

	list := other.ask(t, operator, "GET", base+"/dialogs/"+first.Message.DialogID+"/messages", nil)["items"].([]any)
	texts := map[string]int{}
	for _, m := range list {
		texts[m.(map[string]any)["text"].(string)]++
	}
	require.Equal(t, 1, texts["said at the first node"])
	require.Equal(t, 1, texts["said at the second node"])
}

type said struct {
	Message struct {
		ID       string `json:"id"`
		DialogID string `json:"dialog_id"`
		Key      string `json:"key"`
	} `json:"message"`
}

func say(t *testing.T, socket *realtimetest.Client, text, key string) (out said) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, socket.Call(ctx, "send", map[string]any{"key": key, "text": text, "attachments": []string{}}, &out))
	return out
}

// hear waits until a message with the text is on the operator's screen.
func hear(t *testing.T, screen *realtimetest.Client, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		p, err := screen.Next(ctx)
		require.NoError(t, err)
		if bytes.Contains(p.Data, []byte(`"type":"message"`)) && bytes.Contains(p.Data, []byte(text)) {
			return
		}
	}
}
