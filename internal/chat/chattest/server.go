package chattest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"parley/internal/account"
	"parley/internal/account/accountapi"
	"parley/internal/account/accounttest"
	"parley/internal/chat/chatapi"
	"parley/internal/chat/widgetapi"
	"parley/internal/platform/clientip"
	"parley/internal/platform/httpx"
	"parley/internal/platform/realtime/realtimetest"
)

// Server is the HTTP side of chats on a loopback address.
type Server struct {
	*httptest.Server
	fixture *Fixture
}

// Serve starts the HTTP side.
func (f *Fixture) Serve(t testing.TB) *Server {
	t.Helper()
	return f.ServeAt(t, 0, nil)
}

// ServeAt limits how much comes from one address, which trusted proxies tell.
func (f *Fixture) ServeAt(t testing.TB, rate float64, proxies clientip.Proxies) *Server {
	t.Helper()
	api := httpx.New(accountapi.New(f.Service, accountapi.Options{}), nil)
	chatapi.Register(api, f.Chat)
	widget := widgetapi.New(widgetapi.Deps{
		Chats: f.Chat, Accounts: f.Service, Connections: f.Connections, Passes: f.Passes, Clock: f.Clock,
		Rate: rate, Proxies: proxies,
	})
	widget.Register(api)
	require.NoError(t, widget.Serve(api.Mux(), fstest.MapFS{
		"index.html":    {Data: []byte("<!doctype html><title>Chat</title>")},
		"widget.js":     {Data: []byte(strings.Repeat("// loader\n", 100))},
		"assets/a.css":  {Data: []byte("body{}")},
		"assets/b/c.js": {Data: []byte("1")},
	}))
	for path, h := range f.Hub.Handlers("/widget/realtime", widget.Accept) {
		api.Mux().Handle(path, h)
	}
	s := &Server{httptest.NewServer(httpx.Chain(api.Mux(), httpx.Identify, httpx.Harden)), f}
	t.Cleanup(s.Close)
	return s
}

// Client is somebody's browser.
type Client struct {
	server *Server
	cookie string
	Header http.Header // of each request
}

// As signs a person in.
func (s *Server) As(t testing.TB, p accounttest.Person) *Client {
	t.Helper()
	in, err := s.fixture.Service.SignIn(ctx, account.Credentials{
		Login: p.Email, Password: accounttest.Password, Address: netip.MustParseAddr("192.0.2.1"),
	})
	require.NoError(t, err)
	return &Client{server: s, cookie: in.Token, Header: http.Header{}}
}

// Anybody is not signed in.
func (s *Server) Anybody() *Client { return &Client{server: s, Header: http.Header{}} }

// Answer is an answer and its body.
type Answer struct {
	*http.Response
	Text string
}

// JSON returns a member of the body by its path, such as head.state.
func (a Answer) JSON(t testing.TB, path string) any {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal([]byte(a.Text), &value), a.Text)
	for _, name := range strings.Split(path, ".") {
		member, ok := value.(map[string]any)
		require.True(t, ok, "%s in %s", path, a.Text)
		value = member[name]
	}
	return value
}

// Do sends a request; body is sent as JSON, a string or a reader as it is.
func (c *Client) Do(t testing.TB, method, path string, body any) Answer {
	t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	case io.Reader:
		reader = b
	default:
		data, err := json.Marshal(b)
		require.NoError(t, err)
		reader = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.server.URL+path, reader)
	require.NoError(t, err)
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.Header {
		r.Header[name] = values
	}
	if c.cookie != "" {
		r.AddCookie(&http.Cookie{Name: accountapi.Cookie, Value: c.cookie})
	}
	answer, err := c.server.Client().Do(r)
	require.NoError(t, err)
	defer answer.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return Answer{answer, string(text)}
}

// In is the path of a company's resource.
func In(company int64, path string, args ...any) string {
	return fmt.Sprintf("/api/v1/companies/%d", company) + fmt.Sprintf(path, args...)
}

// Socket opens a widget's socket.
func (s *Server) Socket(ctx context.Context, token string) (*realtimetest.Client, error) {
	return realtimetest.Connect(ctx, s.URL+"/widget/realtime/websocket", nil, map[string]any{"token": token})
}
