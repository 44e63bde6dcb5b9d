package widgetapi_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/chat/chattest"
	"parley/internal/platform/clientip"
	"parley/internal/platform/db/dbtest"
)

// An office behind one address comes in; who makes visitors without end waits.
func TestFloodOfNewVisitors(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	room, other := f.Room(t, f.First, 0), f.Room(t, f.Second, 0)
	server := f.ServeAt(t, 10_000, clientip.Proxies{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")})
	s := site{room, server, server.Anybody(), room.Settings.Connections[0].PublicKey}
	from := func(address string) { s.Header.Set("X-Forwarded-For", address) }

	from("192.0.2.7")
	first := s.visit(t, nil)
	require.Equal(t, http.StatusOK, first.StatusCode, first.Text)
	for range 119 {
		require.Equal(t, http.StatusOK, s.visit(t, nil).StatusCode)
	}
	refused := s.visit(t, nil)
	require.Equal(t, http.StatusTooManyRequests, refused.StatusCode)
	require.Equal(t, "rate_limited", refused.JSON(t, "code"))
	require.Equal(t, "1", refused.Header.Get("Retry-After"))
	known := s.visit(t, map[string]any{"visitor_token": first.JSON(t, "visitor_token")})
	require.Equal(t, http.StatusOK, known.StatusCode, "who was here before is not new")
	s.Clock.Step(time.Second)
	require.Equal(t, http.StatusOK, s.visit(t, nil).StatusCode)

	for n := range 120 {
		from(fmt.Sprintf("2001:db8:1:2:%x::1", n+1))
		require.Equal(t, http.StatusOK, s.visit(t, nil).StatusCode, n)
	}
	from("2001:db8:1:2:ffff::1")
	require.Equal(t, http.StatusTooManyRequests, s.visit(t, nil).StatusCode, "one network, however many addresses")

	code := http.StatusOK
	for n := 0; n < 3000 && code == http.StatusOK; n++ {
		from(fmt.Sprintf("198.51.%d.%d", n/250, n%250))
		code = s.visit(t, nil).StatusCode
	}
	require.Equal(t, http.StatusTooManyRequests, code, "from everywhere to one chat")
	s.key = other.Settings.Connections[0].PublicKey
	require.Equal(t, http.StatusOK, s.visit(t, nil).StatusCode, "others are not held back")
}
