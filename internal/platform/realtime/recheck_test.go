package realtime_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/platform/realtime"
	"parley/internal/platform/realtime/realtimetest"
)

// A right that ends on one node ends on all, for those whose right it was.
func TestRecheckOnAllNodes(t *testing.T) {
	t.Parallel()
	const channel = "dialog:5:x"
	d := dbtest.New(t)
	hub, _ := node(t, d)
	there, _ := node(t, d)
	var allowed atomic.Int64 // the user
	mux := http.NewServeMux()
	for path, h := range there.Handlers("/realtime", func(ctx context.Context, token string, data []byte) (realtime.Connection, error) {
		c, err := accept(ctx, token, data)
		c.May = func(context.Context, string) error {
			if u := allowed.Load(); u != 0 && u != c.User {
				return fault.New(fault.NotFound, "There is no such channel.")
			}
			return nil
		}
		return c, err
	}) {
		mux.Handle(path, h)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	url := server.URL + "/realtime/websocket"
	stays, loses := connect(t, url, operator(7)), connect(t, url, operator(8))
	waitHeard(t, hub, stays)
	recheck := func(run func(tx *db.Tx)) {
		require.NoError(t, d.AsWorker(t.Context(), func(tx *db.Tx) error { run(tx); return nil }))
	}
	for name, run := range map[string]func(tx *db.Tx){
		"of the channel": func(tx *db.Tx) { hub.RecheckTx(tx, channel) },
		"of the company": func(tx *db.Tx) { hub.RecheckCompanyTx(tx, 5) },
	} {
		allowed.Store(0)
		require.NoError(t, loses.Subscribe(t.Context(), channel), name)
		_ = stays.Subscribe(t.Context(), channel) // the second time it hears it already
		allowed.Store(7)
		recheck(run)
		select {
		case lost := <-loses.Unsubscribed:
			require.Equal(t, channel, lost, name)
		case <-time.After(10 * time.Second):
			require.Fail(t, "it hears on", name)
		}
		hub.Publish(channel, map[string]int{"n": 1})
		hub.Publish("team:5", map[string]int{"n": 2})
		until := func(c *realtimetest.Client) (heard []string) {
			for {
				p, err := c.Next(t.Context())
				require.NoError(t, err)
				if string(p.Data) == `{"n":2}` {
					return heard
				}
				if p.Channel == channel {
					heard = append(heard, string(p.Data))
				}
			}
		}
		require.Empty(t, until(loses), name)
		require.Equal(t, []string{`{"n":1}`}, until(stays), name)
	}
}
