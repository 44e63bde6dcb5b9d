package realtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/platform/realtime"
	"parley/internal/platform/realtime/realtimetest"
)

// accept lets in operators by {"user": n} and visitors by the token "good".
func accept(_ context.Context, token string, data []byte) (realtime.Connection, error) {
	c := realtime.Connection{Company: 5, Channels: []string{"team:5"}, Hello: map[string]string{"hello": "you"}}
	if token != "" {
		if token != "good" {
			return c, fault.New(fault.Unauthenticated, "Bad token.")
		}
		c.Visitor = "abc"
	} else {
		var in struct{ User int64 }
		if err := json.Unmarshal(data, &in); err != nil || in.User == 0 {
			return c, fault.New(fault.Unauthenticated, "Nobody.")
		}
		c.User = in.User
	}
	c.May = func(_ context.Context, channel string) error {
		switch channel {
		case "dialog:5:mine":
			return nil
		case "dialog:5:unlucky":
			return fmt.Errorf("the database is away")
		}
		return fault.New(fault.NotFound, "There is no such channel.")
	}
	c.Call = func(_ context.Context, method string, data []byte) (any, error) {
		switch method {
		case "echo":
			return json.RawMessage(data), nil
		case "poor":
			return nil, fault.New(fault.InsufficientFunds, "No money.")
		case "busy":
			return nil, fault.New(fault.RateLimited, "Too many.").After(1500 * time.Millisecond)
		}
		return nil, fmt.Errorf("secret of the server")
	}
	return c, nil
}

func node(t *testing.T, d *db.DB) (*realtime.Hub, string) {
	t.Helper()
	hub, err := realtime.New(realtime.Options{Cluster: d})
	require.NoError(t, err)
	mux := http.NewServeMux()
	for path, h := range hub.Handlers("/realtime", accept) {
		mux.Handle(path, h)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		_ = hub.Close(context.Background())
		server.Close()
	})
	return hub, server.URL + "/realtime/websocket"
}

func connect(t *testing.T, url string, request any) *realtimetest.Client {
	t.Helper()
	c, err := realtimetest.Connect(t.Context(), url, nil, request)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func operator(user int64) any { return map[string]any{"data": map[string]any{"user": user}} }

func next(t *testing.T, c *realtimetest.Client) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	p, err := c.Next(ctx)
	require.NoError(t, err)
	return string(p.Data)
}

func TestOneNode(t *testing.T) {
	t.Parallel()
	hub, url := node(t, nil)
	c := connect(t, url, operator(7))
	require.JSONEq(t, `{"hello":"you"}`, string(c.Hello))

	hub.Publish("team:5", map[string]int{"n": 1})
	require.JSONEq(t, `{"n":1}`, next(t, c))

	require.Equal(t, []int64{7}, hub.Connected(5))
	require.Equal(t, []int64{5}, hub.Companies())
	require.Empty(t, hub.Connected(6))

	require.NoError(t, c.Subscribe(t.Context(), "dialog:5:mine"))
	hub.Publish("dialog:5:mine", json.RawMessage(`{"n":2}`))
	require.JSONEq(t, `{"n":2}`, next(t, c))

	var out map[string]int
	require.NoError(t, c.Call(t.Context(), "echo", map[string]int{"a": 3}, &out))
	require.Equal(t, 3, out["a"])
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	_, url := node(t, nil)

	for _, request := range []any{map[string]any{}, map[string]any{"token": "stolen"}, operator(0), map[string]any{"data": "x"}} {
		_, err := realtimetest.Connect(t.Context(), url, nil, request)
		require.Error(t, err, "%v", request)
		require.EqualValues(t, 3500, websocket.CloseStatus(err), "a client must not come back with the same token: %v", err)
	}

	visitor := connect(t, url, map[string]any{"token": "good"})
	for _, channel := range []string{"team:6", "user:5:7", "all:5", "money:5", "dialog:5:other", "dialog:6:mine"} {
		require.Error(t, visitor.Subscribe(t.Context(), channel), channel)
	}
	require.Error(t, visitor.Publish(t.Context(), "team:5", map[string]string{"type": "message"}))

	visitor = connect(t, url, map[string]any{"token": "good"})
	var e *realtimetest.Error
	require.ErrorAs(t, visitor.Call(t.Context(), "poor", nil, nil), &e)
	require.Equal(t, realtimetest.Error{Code: 1000, Message: "insufficient_funds"}, *e)
	require.ErrorAs(t, visitor.Call(t.Context(), "busy", nil, nil), &e)
	require.Equal(t, "rate_limited;retry_after=2", e.Message, "in whole seconds, not too early")
	require.ErrorAs(t, visitor.Call(t.Context(), "other", nil, nil), &e)
	require.Equal(t, "internal", e.Message)
}

func TestSocketsOfOnePerson(t *testing.T) {
	t.Parallel()
	_, url := node(t, nil)
	for range 200 {
		connect(t, url, operator(7))
	}
	_, err := realtimetest.Connect(t.Context(), url, nil, operator(7))
	require.ErrorContains(t, err, "connection limit")
	connect(t, url, operator(8))
}

func TestForeignPageOpensNoSocket(t *testing.T) {
	t.Parallel()
	_, url := node(t, nil)
	_, err := realtimetest.Connect(t.Context(), url, http.Header{"Origin": {"https://evil.example"}}, operator(7))
	require.ErrorContains(t, err, "403")
}

func TestDisconnectUser(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	hub, here := node(t, d)
	_, there := node(t, d)
	a, b, other := connect(t, here, operator(7)), connect(t, there, operator(7)), connect(t, there, operator(8))
	waitHeard(t, hub, other)

	hub.DisconnectUser(7)
	for _, c := range []*realtimetest.Client{a, b} {
		select {
		case <-c.Closed():
		case <-time.After(10 * time.Second):
			t.Fatal("the socket lives on")
		}
	}
	require.Eventually(t, func() bool { return len(hub.Connected(5)) == 0 }, 10*time.Second, 10*time.Millisecond)
	hub.Publish("team:5", map[string]int{"n": 9})
	require.JSONEq(t, `{"n":9}`, next(t, other))
}

// waitHeard publishes until the other node has begun to listen.
func waitHeard(t *testing.T, hub *realtime.Hub, c *realtimetest.Client) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for heard := false; !heard; {
		hub.Publish("team:5", map[string]string{"ping": "pong"})
		select {
		case <-c.Publications:
			heard = true
		case <-tick.C:
		}
	}
	for {
		select {
		case <-c.Publications:
		case <-time.After(200 * time.Millisecond):
			return
		}
	}
}

func TestTwoNodesHearEachOtherInOrder(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	hub, _ := node(t, d)
	_, there := node(t, d)
	c := connect(t, there, operator(7))
	waitHeard(t, hub, c)

	large := strings.Repeat("я", 10_000)
	go func() {
		for i := range 500 {
			payload := map[string]any{"n": i}
			if i%100 == 50 {
				payload["text"] = large
			}
			hub.Publish("team:5", payload)
		}
	}()
	for i := range 500 {
		var got struct {
			N    int
			Text string
		}
		require.NoError(t, json.Unmarshal([]byte(next(t, c)), &got))
		require.Equal(t, i, got.N)
		if i%100 == 50 {
			require.Equal(t, large, got.Text)
		}
	}
}

func TestPublishTx(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	hub, url := node(t, nil)
	c := connect(t, url, operator(7))
	no := fmt.Errorf("no")
	require.ErrorIs(t, d.AsWorker(t.Context(), func(tx *db.Tx) error {
		hub.PublishTx(tx, "team:5", map[string]int{"n": 1})
		return no
	}), no)
	require.NoError(t, d.AsWorker(t.Context(), func(tx *db.Tx) error {
		hub.PublishTx(tx, "team:5", map[string]int{"n": 2})
		return nil
	}))
	require.JSONEq(t, `{"n":2}`, next(t, c), "what was rolled back is not told")
}

// A client may come back after a refusal by chance, but not after a real one.
func TestSubscribeDuringAnOutage(t *testing.T) {
	t.Parallel()
	_, url := node(t, nil)
	c := connect(t, url, operator(7))
	var e *realtimetest.Error
	require.ErrorAs(t, c.Subscribe(t.Context(), "dialog:5:unlucky"), &e)
	require.EqualValues(t, 100, e.Code, "the protocol's passing error")
	require.ErrorAs(t, c.Subscribe(t.Context(), "dialog:5:other"), &e)
	require.EqualValues(t, 103, e.Code, "permission denied is for good")
}

func TestPause(t *testing.T) {
	t.Parallel()
	hub, url := node(t, nil)
	c := connect(t, url, operator(7))
	hub.Pause()
	_, err := c.Next(t.Context())
	status := websocket.CloseStatus(err)
	require.True(t, status >= 3000 && status < 3500, "clients come back after these: %v", err)
	_, err = realtimetest.Connect(t.Context(), url, nil, operator(7))
	require.ErrorContains(t, err, "503")
	hub.Resume()
	again := connect(t, url, operator(7))
	hub.Publish("team:5", map[string]int{"n": 1})
	require.JSONEq(t, `{"n":1}`, next(t, again))
}
