package widgetapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/connection"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/realtime/realtimetest"
)

type site struct {
	*chattest.Room
	*chattest.Server
	*chattest.Client
	key string
}

func newSite(t *testing.T, change ...func(c *chat.SettingsChange)) site {
	t.Helper()
	f := chattest.New(t, dbtest.New(t))
	r := f.Room(t, f.First, 1, change...)
	server := f.Serve(t)
	return site{r, server, server.Anybody(), r.Settings.Connections[0].PublicKey}
}

func (s site) visit(t *testing.T, more map[string]any) chattest.Answer {
	t.Helper()
	body := map[string]any{
		"key": s.key, "page": map[string]string{"url": "https://shop.example/a", "title": "A"}, "referrer": "", "language": "en", "time_zone": "Europe/Berlin",
	}
	for name, value := range more {
		body[name] = value
	}
	return s.Do(t, "POST", "/widget/v1/visit", body)
}

func (s site) socket(t *testing.T, visit chattest.Answer) *realtimetest.Client {
	t.Helper()
	c, err := s.Socket(t.Context(), visit.JSON(t, "connection_token").(string))
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func TestVisitorWritesAndComesBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, nil)
	require.Equal(t, http.StatusOK, v.StatusCode, v.Text)
	require.Nil(t, v.JSON(t, "dialog"))
	require.Equal(t, s.Settings.Name, v.JSON(t, "chat.name"))
	require.Equal(t, "#2563eb", v.JSON(t, "chat.look.accent"))
	require.Zero(t, s.Number(t, "SELECT count(*) FROM contact WHERE company_id = $1"), "looking stores nothing")

	socket := s.socket(t, v)
	var sent struct{ Message chat.VisitorMessage }
	send := map[string]any{"key": uuid.New(), "text": "Hello 👋", "attachments": []string{}, "page": map[string]string{"url": "https://shop.example/b", "title": "B"}}
	require.NoError(t, socket.Call(t.Context(), "send", send, &sent))
	require.EqualValues(t, 1, sent.Message.Seq)
	first := sent.Message
	require.NoError(t, socket.Call(t.Context(), "send", send, &sent))
	require.Equal(t, first, sent.Message, "a retry")
	require.Equal(t, "Client 1", s.Text(t, "SELECT contact_name FROM dialog_head WHERE company_id = $1"), "named in the browser's language")
	require.Equal(t, "Europe/Berlin", s.Text(t, "SELECT time_zone FROM contact WHERE company_id = $1"))

	s.Online(t, s.Operators...)
	s.Reply(t, s.Operators[0], first.DialogID, "Hi")
	require.NoError(t, socket.Call(t.Context(), "typing", struct{}{}, nil))
	require.NoError(t, socket.Call(t.Context(), "read", map[string]any{"seq": 4}, nil))
	var got struct {
		Items  []chat.VisitorMessage
		Dialog *chat.VisitorDialog
	}
	require.NoError(t, socket.Call(t.Context(), "sync", map[string]any{"after_seq": 1}, &got))
	require.Len(t, got.Items, 1)
	require.Equal(t, "read", got.Items[0].State)
	require.Equal(t, chat.Open, got.Dialog.State)
	require.NoError(t, socket.Call(t.Context(), "history", map[string]any{"before_seq": got.Items[0].Seq, "limit": 1}, &got))
	require.Len(t, got.Items, 1)
	require.Equal(t, first.ID, got.Items[0].ID)

	again := s.visit(t, map[string]any{"visitor_token": v.JSON(t, "visitor_token")})
	require.Equal(t, http.StatusOK, again.StatusCode, again.Text)
	require.Len(t, again.JSON(t, "messages"), 2)
	require.Equal(t, "open", again.JSON(t, "dialog.state"))
	fresh := s.Do(t, "POST", "/widget/v1/token", map[string]any{"visitor_token": v.JSON(t, "visitor_token")})
	require.Equal(t, http.StatusOK, fresh.StatusCode)
	s.socket(t, fresh)
}

func TestStolenAndExpiredTokens(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, nil)
	long, short := v.JSON(t, "visitor_token").(string), v.JSON(t, "connection_token").(string)
	_, err := s.Socket(t.Context(), long)
	require.Error(t, err, "a visitor token opens no socket")
	require.Equal(t, http.StatusUnauthorized, s.Do(t, "POST", "/widget/v1/token", map[string]any{"visitor_token": short}).StatusCode)
	require.Equal(t, http.StatusUnauthorized, s.visit(t, map[string]any{"visitor_token": long[:len(long)-2] + "xx"}).StatusCode)

	other := s.Fixture.Room(t, s.Second, 0)
	elsewhere := s.visit(t, map[string]any{"visitor_token": long, "key": other.Settings.Connections[0].PublicKey})
	require.Equal(t, http.StatusUnauthorized, elsewhere.StatusCode, "of another company's chat")

	s.Clock.Step(15 * time.Minute)
	_, err = s.Socket(t.Context(), short)
	require.Error(t, err)
	s.Clock.Step(366 * 24 * time.Hour)
	require.Equal(t, http.StatusUnauthorized, s.visit(t, map[string]any{"visitor_token": long}).StatusCode)
}

func TestVisitorsCannotReachOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	mine := s.socket(t, s.visit(t, nil))
	theirs, dialog := s.Dialog(t, "private")
	for _, channel := range []string{
		fmt.Sprintf("visitor:%d:%s", s.Firm.ID, theirs.ID), fmt.Sprintf("dialog:%d:%s", s.Firm.ID, dialog),
		fmt.Sprintf("team:%d", s.Firm.ID), fmt.Sprintf("all:%d", s.Firm.ID),
	} {
		require.Error(t, mine.Subscribe(t.Context(), channel), channel)
	}
	mine = s.socket(t, s.visit(t, nil))
	var got struct{ Items []chat.VisitorMessage }
	require.NoError(t, mine.Call(t.Context(), "sync", map[string]any{"after_seq": 0}, &got))
	require.Empty(t, got.Items)
	for name, call := range map[string]struct {
		method string
		data   any
		code   string
	}{
		"operators' method": {"take", map[string]any{"dialog": dialog}, "not_found"},
		"a dialog's id":     {"send", map[string]any{"key": uuid.New(), "text": "x", "dialog_id": dialog}, "invalid"},
		"somebody's id":     {"sync", map[string]any{"after_seq": 0, "visitor": theirs.ID}, "invalid"},
		"no JSON object":    {"send", "x", "invalid"},
		"key is no id":      {"send", map[string]any{"key": "1", "text": "x"}, "invalid"},
		"text is a number":  {"send", map[string]any{"key": uuid.New(), "text": 5}, "invalid"},
		"too long":          {"send", map[string]any{"key": uuid.New(), "text": strings.Repeat("x", 4097)}, "invalid"},
		"a foreign file":    {"send", map[string]any{"key": uuid.New(), "attachments": []uuid.UUID{uuid.New()}}, "invalid"},
	} {
		var e *realtimetest.Error
		require.ErrorAs(t, mine.Call(t.Context(), call.method, call.data, nil), &e, name)
		require.Equal(t, call.code, e.Message, name)
	}
	require.Equal(t, 1, s.Number(t, "SELECT count(*) FROM dialog WHERE company_id = $1"))
}

func TestCallsAreBounded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	socket := s.socket(t, s.visit(t, nil))
	for range 300 {
		require.NoError(t, socket.Call(t.Context(), "typing", struct{}{}, nil))
	}
	var e *realtimetest.Error
	require.ErrorAs(t, socket.Call(t.Context(), "typing", struct{}{}, nil), &e)
	require.Equal(t, "rate_limited;retry_after=60", e.Message)
}

func TestAllowedSites(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(c *chat.SettingsChange) { c.AllowedSites = &[]string{"https://shop.example", "*.shop.example"} })
	page := func(url string) map[string]any {
		return map[string]any{"page": map[string]string{"url": url, "title": ""}}
	}
	require.Equal(t, http.StatusOK, s.visit(t, page("https://www.shop.example/deep?x=1")).StatusCode)
	require.Equal(t, http.StatusOK, s.visit(t, page(s.URL+"/preview")).StatusCode, "our own pages show previews")
	for _, bad := range []string{"https://evil.example/", "http://shop.example/", "https://shop.example.evil.example/", "file:///tmp/x.html", "javascript:1"} {
		require.Equal(t, http.StatusForbidden, s.visit(t, page(bad)).StatusCode, bad)
	}
	from := s.Anybody()
	from.Header.Set("Origin", "https://evil.example")
	a := from.Do(t, "POST", "/widget/v1/visit", map[string]any{"key": s.key})
	require.Equal(t, http.StatusForbidden, a.StatusCode)

	a = s.Do(t, "GET", "/widget/"+s.key, nil)
	require.Equal(t, http.StatusOK, a.StatusCode)
	csp := a.Header.Get("Content-Security-Policy")
	require.Contains(t, csp, "frame-ancestors 'self' https://shop.example https://*.shop.example http://*.shop.example")
	require.NotContains(t, csp, "unsafe-inline")
	from.Header = http.Header{"Referer": {"https://evil.example/"}}
	require.Equal(t, http.StatusForbidden, from.Do(t, "GET", "/widget/"+s.key, nil).StatusCode)
}

func TestPageAndScript(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.Do(t, "GET", "/widget/"+s.key, nil)
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Contains(t, a.Header.Get("Content-Type"), "text/html")
	require.NotContains(t, a.Header.Get("Content-Security-Policy"), "frame-ancestors", "every site may, and a file on a disk")

	a = s.Do(t, "GET", "/widget.js", nil)
	require.Contains(t, a.Header.Get("Content-Type"), "javascript")
	require.Equal(t, "cross-origin", a.Header.Get("Cross-Origin-Resource-Policy"))
	c := s.Anybody()
	c.Header.Set("If-None-Match", a.Header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, c.Do(t, "GET", "/widget.js", nil).StatusCode)
	require.Contains(t, s.Do(t, "GET", "/widget/assets/a.css", nil).Header.Get("Cache-Control"), "immutable")
	for _, missing := range []string{"/widget/nosuchkeynosuchkey", "/widget/x", "/widget/assets/none.js", "/widget/assets/../index.html"} {
		require.NotEqual(t, http.StatusOK, s.Do(t, "GET", missing, nil).StatusCode, missing)
	}
	require.Equal(t, http.StatusNotFound, s.visit(t, map[string]any{"key": "nosuchkeynosuchkey"}).StatusCode)
}

func TestDisabledConnection(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, nil)
	require.NoError(t, s.DB.InCompany(t.Context(), s.Firm.ID, func(tx *db.Tx) error {
		return s.Connections.SetStateTx(t.Context(), tx, s.Firm.ID, s.Settings.Connections[0].ID, connection.Disabled)
	}))
	require.Equal(t, http.StatusNotFound, s.visit(t, nil).StatusCode)
	require.Equal(t, http.StatusNotFound, s.Do(t, "GET", "/widget/"+s.key, nil).StatusCode)

	_, err := s.DB.Worker().Exec(t.Context(), "UPDATE company SET status = 'blocked' WHERE id = $1", s.Firm.ID)
	require.NoError(t, err)
	s.Clock.Step(3 * time.Second)
	require.Equal(t, http.StatusNotFound, s.Do(t, "POST", "/widget/v1/token", map[string]any{"visitor_token": v.JSON(t, "visitor_token")}).StatusCode)
}

func TestVisitorSendsAFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, nil)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "note.txt")
	require.NoError(t, err)
	_, _ = part.Write([]byte("words"))
	require.NoError(t, w.Close())

	c := s.Anybody()
	c.Header.Set("Content-Type", w.FormDataContentType())
	require.Equal(t, http.StatusUnauthorized, c.Do(t, "POST", "/widget/v1/attachments", bytes.NewReader(form.Bytes())).StatusCode)
	c.Header.Set("Authorization", "Bearer "+v.JSON(t, "visitor_token").(string))
	a := c.Do(t, "POST", "/widget/v1/attachments", bytes.NewReader(form.Bytes()))
	require.Equal(t, http.StatusCreated, a.StatusCode, a.Text)

	other := s.socket(t, s.visit(t, nil))
	send := map[string]any{"key": uuid.New(), "text": "", "attachments": []any{a.JSON(t, "id")}}
	require.Error(t, other.Call(t.Context(), "send", send, nil), "another visitor's file")
	var sent struct{ Message chat.VisitorMessage }
	mine := s.socket(t, v)
	require.NoError(t, mine.Call(t.Context(), "send", send, &sent))
	require.Equal(t, chat.File, sent.Message.Kind)
	require.Equal(t, "note.txt", sent.Message.Attachments[0].Name)
	again := sent
	require.NoError(t, mine.Call(t.Context(), "send", send, &again), "a retry finds the file sent")
	require.Equal(t, sent, again)
	send["key"] = uuid.New()
	require.Error(t, mine.Call(t.Context(), "send", send, nil), "a file is sent once")

	got := s.Do(t, "GET", sent.Message.Attachments[0].URL, nil)
	require.Equal(t, http.StatusOK, got.StatusCode, got.Text)
	require.Equal(t, "words", got.Text)
	bare, _, _ := strings.Cut(sent.Message.Attachments[0].URL, "?")
	require.Equal(t, http.StatusUnauthorized, s.Do(t, "GET", bare, nil).StatusCode)
}

func TestBadVisits(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, body := range map[string]any{
		"broken":        `{"key":`,
		"unknown field": map[string]any{"key": s.key, "company": 1},
		"no key":        map[string]any{},
		"long token":    map[string]any{"key": s.key, "visitor_token": strings.Repeat("x", 500)},
	} {
		a := s.Do(t, "POST", "/widget/v1/visit", body)
		require.GreaterOrEqual(t, a.StatusCode, 400, name)
		require.Less(t, a.StatusCode, 500, name)
	}
	within, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for _, request := range []map[string]any{{}, {"token": "x"}, {"data": json.RawMessage(`{"company":1}`)}} {
		_, err := realtimetest.Connect(within, s.URL+"/widget/realtime/websocket", nil, request)
		require.Error(t, err)
	}
}
