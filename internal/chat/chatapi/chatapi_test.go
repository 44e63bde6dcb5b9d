package chatapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account/accountapi"
	"parley/internal/account/accounttest"
	"parley/internal/chat"
	"parley/internal/chat/chatapi"
	"parley/internal/chat/chattest"
	"parley/internal/contact/contactapi"
	"parley/internal/platform/clock"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/httpx"
	"parley/internal/platform/idempotency"
)

// site is the API as browsers meet it.
type site struct {
	*chattest.Room
	http.Handler
	entry *accountapi.Entry
	api   *httpx.API
}

func newSite(t *testing.T) *site {
	t.Helper()
	f := chattest.New(t, dbtest.New(t))
	s := &site{Room: f.Room(t, f.First, 1)}
	s.entry = accountapi.New(f.Service, accountapi.Options{PlatformName: "Parley"})
	s.api = httpx.New(s.entry, idempotency.New(f.DB, clock.Real{}, idempotency.Options{}))
	s.entry.Register(s.api)
	chatapi.Register(s.api, f.Chat)
	contactapi.Register(s.api, f.Contacts, nil) // nobody imports here
	s.Handler = httpx.Chain(s.api.Mux(), httpx.Identify, httpx.Harden, httpx.SameOrigin(), httpx.Remember)
	return s
}

type browser struct {
	*site
	cookie *http.Cookie
}

// as returns a browser in which the person is signed in.
func (s *site) as(t *testing.T, p accounttest.Person) *browser {
	t.Helper()
	b := &browser{site: s}
	r := b.ask(t, "POST", "/api/v1/sign-in", fmt.Sprintf(`{"login":%q,"password":%q,"remember":false}`, p.Email, accounttest.Password))
	require.Equal(t, http.StatusOK, r.Code, r.Body)
	b.cookie = r.Result().Cookies()[0]
	return b
}

type reply struct {
	*httptest.ResponseRecorder
	body map[string]any
}

func (b *browser) ask(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	return b.send(t, method, path, strings.NewReader(body), append([]string{"Content-Type", "application/json"}, headers...)...)
}

func (b *browser) send(t *testing.T, method, path string, body io.Reader, headers ...string) reply {
	t.Helper()
	if !strings.HasPrefix(path, "/") {
		path = fmt.Sprintf("/api/v1/companies/%d/%s", b.Firm.ID, path)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, body)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	out := reply{ResponseRecorder: w}
	_ = json.Unmarshal(w.Body.Bytes(), &out.body)
	return out
}

func TestChatsOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner := s.as(t, s.Firm.Person(t, access.Owner))

	made := owner.ask(t, "POST", "chats", `{"name":"Shop","allowed_sites":["shop.example"],"closing_results":[{"label":"Solved"}]}`)
	require.Equal(t, http.StatusCreated, made.Code, made.Body)
	require.Equal(t, `"1"`, made.Header().Get("ETag"))
	for _, member := range []string{
		"id", "number", "name", "state", "version", "connections", "groups", "sharing", "sticky", "lifetime_hours", "busy_text",
		"operator_idle_minutes", "closing_results", "result_required", "first_target_s", "next_target_s", "operator_name_shown",
		"languages", "allowed_sites", "look", "code",
	} {
		require.Contains(t, made.body, member)
	}
	path := "chats/" + made.body["id"].(string)

	require.Equal(t, http.StatusUnprocessableEntity, owner.ask(t, "PATCH", path, `{"name":"Store"}`).Code, "without a version nothing is overwritten")
	changed := owner.ask(t, "PATCH", path, `{"name":"Store"}`, "If-Match", `"1"`)
	require.Equal(t, http.StatusOK, changed.Code, changed.Body)
	require.Equal(t, `"2"`, changed.Header().Get("ETag"))
	late := owner.ask(t, "PATCH", path, `{"name":"Late"}`, "If-Match", `"1"`)
	require.Equal(t, http.StatusPreconditionFailed, late.Code)
	require.Equal(t, "version_conflict", late.body["code"])
	require.InEpsilon(t, 2, late.body["version"], 0)

	for body, code := range map[string]int{
		`{"name":"x","number":7}`:                            http.StatusUnprocessableEntity, // unknown fields change nothing
		`{"name":`:                                           http.StatusBadRequest,
		`{"look":{"accent":"#112233"}}`:                      http.StatusUnprocessableEntity,
		`{"name":"` + strings.Repeat("x", 2<<20) + `"}`:      http.StatusRequestEntityTooLarge,
		`{"groups":["nonsense"]}`:                            http.StatusUnprocessableEntity,
		`{"lifetime_hours":"24"}`:                            http.StatusUnprocessableEntity,
		`{"lifetime_hours":1e99}`:                            http.StatusUnprocessableEntity,
		`{"sharing":"` + strings.Repeat("\\u0000", 9) + `"}`: http.StatusUnprocessableEntity,
	} {
		got := owner.ask(t, "PATCH", path, body, "If-Match", "*")
		require.Equal(t, code, got.Code, "%.60s %s", body, got.Body)
	}
	require.Equal(t, http.StatusNotFound, owner.ask(t, "GET", "chats/"+uuid.NewString(), "").Code)
	require.Equal(t, http.StatusOK, owner.ask(t, "POST", path+"/archive", "").Code)
	list := owner.ask(t, "GET", "chats?limit=1", "")
	require.Len(t, list.body["items"], 1)
	require.NotNil(t, list.body["next_cursor"])
}

func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, dialog := s.Dialog(t, "hello")
	for role, allowed := range map[access.Role]map[string]int{
		access.Operator:     {"GET chats": 200, "GET groups": 200, "GET dialogs": 200, "GET quick-replies": 200, "POST chats": 403, "POST groups": 403},
		access.Analyst:      {"GET chats": 200, "GET groups": 200, "GET dialogs": 403, "GET quick-replies": 403, "POST chats": 403, "POST groups": 403},
		access.Accountant:   {"GET chats": 403, "GET groups": 403, "GET dialogs": 403, "GET dialogs/counts": 403, "POST chats": 403},
		access.BotArchitect: {"GET chats": 200, "GET dialogs": 403, "POST chats": 201, "POST groups": 403},
	} {
		b := s.as(t, s.Firm.Another(t, role))
		for call, code := range allowed {
			method, path, _ := strings.Cut(call, " ")
			require.Equal(t, code, b.ask(t, method, path, `{"name":"Made by `+string(role)+`"}`).Code, "%s %s", role, call)
		}
	}
	stranger := s.as(t, s.Second.Person(t, access.Owner))
	for _, call := range []string{
		"GET chats", "GET groups", "GET quick-replies", "GET dialogs", "GET dialogs/counts", "GET dialogs/" + dialog.String(),
		"GET dialogs/" + dialog.String() + "/messages", "GET chats/" + s.Settings.ID.String(), "DELETE groups/" + s.Group.String(), "POST attachments",
	} {
		method, path, _ := strings.Cut(call, " ")
		require.Equal(t, http.StatusNotFound, stranger.ask(t, method, path, "").Code, "a stranger: %s", call)
		mine := fmt.Sprintf("/api/v1/companies/%d/%s", s.Second.ID, path)
		if strings.Contains(path, "-") && !strings.HasPrefix(path, "quick") {
			require.Equal(t, http.StatusNotFound, stranger.ask(t, method, mine, "").Code, "by way of their own company: %s", call)
		}
		require.Equal(t, http.StatusUnauthorized, (&browser{site: s}).ask(t, method, path, "").Code, "nobody: %s", call)
	}
}

func TestGroupsOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner := s.as(t, s.Firm.Person(t, access.Owner))
	made := owner.ask(t, "POST", "groups", fmt.Sprintf(`{"name":"Sales","members":[%d],"first_target_s":30,"next_target_s":null,"sharing":"manual"}`, s.Operators[0].ID))
	require.Equal(t, http.StatusCreated, made.Code, made.Body)
	require.InEpsilon(t, 30, made.body["first_target_s"], 0)
	require.Nil(t, made.body["next_target_s"])
	path := "groups/" + made.body["id"].(string)
	changed := owner.ask(t, "PATCH", path, `{"first_target_s":null}`)
	require.Equal(t, http.StatusOK, changed.Code, changed.Body)
	require.Nil(t, changed.body["first_target_s"])
	require.Equal(t, "manual", changed.body["sharing"], "what is absent stays")
	require.Len(t, changed.body["members"], 1)
	require.Equal(t, http.StatusUnprocessableEntity, owner.ask(t, "PATCH", path, `{"first_target_s":"soon"}`).Code)
	require.Equal(t, http.StatusNoContent, owner.ask(t, "DELETE", path, "").Code)
	require.Equal(t, http.StatusNotFound, owner.ask(t, "DELETE", path, "").Code)
}

func TestDialogsOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Online(t, s.Operators[0])
	_, dialog := s.Dialog(t, "<b>hello</b>")
	b := s.as(t, s.Operators[0])
	list := b.ask(t, "GET", "dialogs?view=mine&order=waiting_longest&unanswered=true&from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00%2B03:00&q=hello&channel=web", "")
	require.Equal(t, http.StatusOK, list.Code, list.Body)
	require.Nil(t, list.body["next_cursor"])
	head := list.body["items"].([]any)[0].(map[string]any)
	for _, member := range []string{
		"dialog_id", "number", "chat_id", "channel", "contact", "state", "assignee", "group_id", "session_id", "session_number", "last",
		"unread", "waiting_since", "unanswered", "answered", "tags", "result",
	} {
		require.Contains(t, head, member)
	}
	require.Equal(t, dialog.String(), head["dialog_id"])
	require.Equal(t, "<b>hello</b>", head["last"].(map[string]any)["preview"])
	require.Empty(t, b.ask(t, "GET", "dialogs?view=closed", "").body["items"])

	for query, field := range map[string]string{
		"view=theirs": "view", "order=best": "order", "chat=7": "chat", "group=x": "group", "operator=0": "operator", "operator=x": "operator",
		"limit=0": "limit", "limit=101": "limit", "from=yesterday": "from", "cursor=zzz": "cursor", "q=" + strings.Repeat("x", 201): "q",
	} {
		got := b.ask(t, "GET", "dialogs?"+query, "")
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, query)
		require.Contains(t, got.body["fields"], field, query)
	}

	card := b.ask(t, "GET", "dialogs/"+dialog.String(), "")
	require.Equal(t, http.StatusOK, card.Code, card.Body)
	for _, member := range []string{"head", "contact", "session", "sessions", "contact_read_seq", "operator_read_seq", "draft_allowed", "actions"} {
		require.Contains(t, card.body, member)
	}
	person := card.body["contact"].(map[string]any)
	require.Equal(t, "https://shop.example/pricing", person["page"].(map[string]any)["url"])

	messages := b.ask(t, "GET", "dialogs/"+dialog.String()+"/messages?after_seq=0", "")
	require.Equal(t, "<b>hello</b>", messages.body["items"].([]any)[0].(map[string]any)["text"])
	require.NotContains(t, messages.body["items"].([]any)[0], "price")

	renamed := b.ask(t, "PATCH", "contacts/"+person["id"].(string), `{"name":"Анна","tags":["vip"]}`)
	require.Equal(t, http.StatusOK, renamed.Code, renamed.Body)
	require.Equal(t, "Анна", renamed.body["name"])
	require.Len(t, b.ask(t, "GET", "dialogs?tag=vip", "").body["items"], 1)
	counts := b.ask(t, "GET", "dialogs/counts", "")
	require.Equal(t, map[string]any{"mine": 1., "queue": 0., "unassigned": 0., "all": 1., "unread": 1.}, counts.body)
}

// form is a multipart form with one file.
func form(t *testing.T, field, name string, content []byte) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile(field, name)
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return &b, w.FormDataContentType()
}

func TestFilesOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(t, s.Operators[0])
	put := func(name string, content []byte) reply {
		body, kind := form(t, "file", name, content)
		return b.send(t, "POST", "attachments", body, "Content-Type", kind)
	}
	gif := []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;<script>alert(1)</script>")
	made := put("../../x\"\r\nSet-Cookie: a=b/пример.gif", gif)
	require.Equal(t, http.StatusCreated, made.Code, made.Body)
	require.InEpsilon(t, 1, made.body["width"], 0)
	got := b.send(t, "GET", made.body["url"].(string), nil)
	require.Equal(t, http.StatusOK, got.Code)
	require.Equal(t, gif, got.Body.Bytes())
	require.Equal(t, "image/gif", got.Header().Get("Content-Type"))
	require.Equal(t, "nosniff", got.Header().Get("X-Content-Type-Options"))
	require.Contains(t, got.Header().Get("Content-Security-Policy"), "sandbox")
	require.Contains(t, got.Header().Get("Content-Security-Policy"), "default-src 'none'")
	require.Equal(t, "same-origin", got.Header().Get("Cross-Origin-Resource-Policy"))
	require.True(t, strings.HasPrefix(got.Header().Get("Content-Disposition"), "inline; filename*=utf-8''"), got.Header().Get("Content-Disposition"))
	require.Empty(t, got.Header().Get("Set-Cookie"))
	require.Equal(t, http.StatusNotModified, b.send(t, "GET", made.body["url"].(string), nil, "If-None-Match", got.Header().Get("ETag")).Code)
	part := b.send(t, "GET", made.body["url"].(string), nil, "Range", "bytes=0-5")
	require.Equal(t, http.StatusPartialContent, part.Code)
	require.Equal(t, "GIF89a", part.Body.String())

	for name, content := range map[string]string{
		"page.html": "<!DOCTYPE html><script>alert(1)</script>", "logo.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"a.pdf": "%PDF-1.7", "a.txt": "hello", "a.xml": `<?xml version="1.0"?><x/>`,
	} {
		made := put(name, []byte(content))
		require.Equal(t, http.StatusCreated, made.Code, "%s %s", name, made.Body)
		got := b.send(t, "GET", made.body["url"].(string), nil)
		require.Equal(t, "attachment; filename="+name, got.Header().Get("Content-Disposition"))
		for _, active := range []string{"html", "svg", "xml"} {
			require.NotContains(t, got.Header().Get("Content-Type"), active)
		}
	}
	require.Equal(t, http.StatusUnsupportedMediaType, put("cat.png", []byte("<!DOCTYPE html>")).Code)
	require.Equal(t, http.StatusUnprocessableEntity, put("a.txt", nil).Code)

	foreign := s.as(t, s.Second.Person(t, access.Owner))
	require.Equal(t, http.StatusNotFound, foreign.send(t, "GET", made.body["url"].(string), nil).Code)
	require.Equal(t, http.StatusNotFound, b.send(t, "GET", "attachments/..%2f..%2fetc%2fpasswd", nil).Code)
	require.Equal(t, http.StatusUnauthorized, (&browser{site: s}).send(t, "GET", made.body["url"].(string), nil).Code)
}

func TestUploadsThatAreNone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(t, s.Operators[0])
	body, kind := form(t, "picture", "a.txt", []byte("hello"))
	require.Equal(t, http.StatusUnprocessableEntity, b.send(t, "POST", "attachments", body, "Content-Type", kind).Code, "another field")
	require.Equal(t, http.StatusUnsupportedMediaType, b.ask(t, "POST", "attachments", `{"file":"x"}`).Code, "no form")
	body, kind = form(t, "file", "a.txt", bytes.Repeat([]byte("x"), 5000))
	cut, err := io.ReadAll(body)
	require.NoError(t, err)
	require.Equal(t, http.StatusUnprocessableEntity, b.send(t, "POST", "attachments", bytes.NewReader(cut[:4500]), "Content-Type", kind).Code, "cut off")
	require.Equal(t, http.StatusUnprocessableEntity, b.send(t, "POST", "attachments", bytes.NewReader(cut[:30]), "Content-Type", kind).Code, "cut off in the head")
	require.Zero(t, s.Number(t, "SELECT count(*) FROM attachment WHERE company_id = $1"))
}

// counter says how much of an endless upload was read.
type counter struct {
	from io.Reader
	read int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.read += int64(n)
	return n, err
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestUploadStopsAtItsLimit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(t, s.Operators[0])
	_, kind := form(t, "file", "a.txt", nil)
	boundary := kind[strings.Index(kind, "boundary=")+len("boundary="):]
	begin := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
	c := &counter{from: io.MultiReader(strings.NewReader(begin), letters{})}
	got := b.send(t, "POST", "attachments", c, "Content-Type", kind)
	require.Equal(t, http.StatusRequestEntityTooLarge, got.Code, got.Body)
	require.Equal(t, "too_large", got.body["code"])
	require.Less(t, c.read, int64(chat.MaxAttachment+1<<20))

	c = &counter{from: letters{}}
	r := httptest.NewRequestWithContext(t.Context(), "POST", fmt.Sprintf("/api/v1/companies/%d/attachments", s.Firm.ID), c)
	r.ContentLength = 1 << 30
	r.Header.Set("Content-Type", kind)
	r.AddCookie(b.cookie)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	require.Equal(t, http.StatusRequestEntityTooLarge, w.Code)
	require.Zero(t, c.read, "what says that it is too large is not read")
	require.Zero(t, s.Number(t, "SELECT count(*) FROM attachment WHERE company_id = $1"))
}
