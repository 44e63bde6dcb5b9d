package accountapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accountapi"
	"parley/internal/account/accounttest"
	"parley/internal/money"
	"parley/internal/platform/clientip"
	"parley/internal/platform/clock"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
	"parley/internal/platform/httpx"
	"parley/internal/platform/idempotency"
)

var noon = time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)

// site is the API as browsers meet it.
type site struct {
	*accounttest.Fixture
	http.Handler
	entry *accountapi.Entry
	clock *clock.Fixed
	out   *accounttest.Outbox
	bus   *events.Bus
}

func newSite(t *testing.T) *site {
	t.Helper()
	c := clock.At(noon)
	s := &site{clock: c, out: &accounttest.Outbox{}}
	s.Fixture = accounttest.NewAt(t, dbtest.New(t), c, account.Options{Outbox: s.out, Address: "https://parley.example"})
	s.bus = events.New(s.DB, events.Options{})
	s.bus.Subscribe("account", events.On(s.Service.OnRecoveryAsked))
	proxies, err := clientip.ParseProxies("10.0.0.0/8")
	require.NoError(t, err)
	s.entry = accountapi.New(s.Service, accountapi.Options{
		Proxies: proxies, PlatformName: "Parley",
		Unread: func(context.Context, int64) (map[int64]int, error) { return map[int64]int{s.Direct.ID: 3}, nil },
		States: func(context.Context, int64) (map[int64]string, error) {
			return map[int64]string{s.Direct.Person(t, access.Owner).ID: "online"}, nil
		},
		CreditLimit: func(context.Context, int64) (money.Amount, error) { return 77 * money.Unit, nil },
		SMS:         func(context.Context) (bool, error) { return true, nil },
	})
	api := httpx.New(s.entry, idempotency.New(s.DB, c, idempotency.Options{}))
	s.entry.Register(api)
	s.Handler = httpx.Chain(api.Mux(), httpx.Identify, httpx.Harden, httpx.SameOrigin(), httpx.Remember)
	return s
}

// browser keeps a cookie, as browsers do.
type browser struct {
	*site
	cookie *http.Cookie
	from   string
	header http.Header
}

func (s *site) browser() *browser {
	return &browser{site: s, from: "198.51.100.7:4000", header: http.Header{}}
}

type reply struct {
	*httptest.ResponseRecorder
	body map[string]any
}

func (r reply) at(path ...any) any {
	var v any = r.body
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v = v.(map[string]any)[p]
		case int:
			v = v.([]any)[p]
		}
	}
	return v
}

func (b *browser) ask(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.RemoteAddr = b.from
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "test\x00browser")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if b.cookie != nil {
		r.AddCookie(&http.Cookie{Name: b.cookie.Name, Value: b.cookie.Value})
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookie = c
		if c.MaxAge < 0 {
			b.cookie = nil
		}
	}
	out := reply{ResponseRecorder: w}
	_ = json.Unmarshal(w.Body.Bytes(), &out.body)
	return out
}

func (b *browser) signIn(t *testing.T, login, password string, remember bool) reply {
	t.Helper()
	body, err := json.Marshal(map[string]any{"login": login, "password": password, "remember": remember})
	require.NoError(t, err)
	return b.ask(t, "POST", "/api/v1/sign-in", string(body))
}

// as returns a browser in which the person is signed in.
func (s *site) as(t *testing.T, p accounttest.Person) *browser {
	t.Helper()
	b := s.browser()
	require.Equal(t, 200, b.signIn(t, p.Email, accounttest.Password, false).Code)
	return b
}

func (s *site) path(f *accounttest.Firm, rest string, args ...any) string {
	return fmt.Sprintf("/api/v1/companies/%d", f.ID) + fmt.Sprintf(rest, args...)
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.Direct.Person(t, access.Owner)
	b := s.browser()
	require.Equal(t, 401, b.ask(t, "GET", "/api/v1/me", "").Code)

	w := b.signIn(t, p.Email, "wrong", false)
	require.Equal(t, 401, w.Code)
	require.Equal(t, "wrong_credentials", w.at("code"))
	require.Nil(t, b.cookie)

	w = b.signIn(t, "8"+p.Phone[2:], accounttest.Password, true)
	require.Equal(t, 200, w.Code, w.Body.String())
	require.EqualValues(t, p.ID, w.at("user", "id"))
	require.EqualValues(t, s.Direct.ID, w.at("memberships", 0, "company", "id"))
	require.EqualValues(t, 3, w.at("memberships", 0, "unread"))
	require.Contains(t, w.at("memberships", 0, "permissions"), "users.manage")
	require.Nil(t, w.at("last_company"))
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	set := w.Header().Get("Set-Cookie")
	require.Regexp(t, `^parley_sign_in=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax$`, set)

	require.Equal(t, 200, b.ask(t, "GET", "/api/v1/me", "").Code)
	before := b.cookie.Value
	w = b.signIn(t, p.Email, accounttest.Password, false)
	require.NotContains(t, w.Header().Get("Set-Cookie"), "Max-Age", "until the browser is closed")
	require.NotEqual(t, before, b.cookie.Value)
	old := s.browser()
	old.cookie = &http.Cookie{Name: "parley_sign_in", Value: before}
	require.Equal(t, 401, old.ask(t, "GET", "/api/v1/me", "").Code, "the sign-in before is over")

	stolen := s.browser()
	stolen.cookie = &http.Cookie{Name: "parley_sign_in", Value: b.cookie.Value}
	require.Equal(t, 200, stolen.ask(t, "GET", "/api/v1/me", "").Code)
	require.Equal(t, 204, b.ask(t, "POST", "/api/v1/sign-out", "").Code)
	require.Nil(t, b.cookie)
	require.Equal(t, 401, stolen.ask(t, "GET", "/api/v1/me", "").Code, "a copied cookie ends with the sign-out")
	require.Equal(t, 204, b.ask(t, "POST", "/api/v1/sign-out", "").Code, "twice is fine")
}

func TestSignInExpiresUnused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(t, s.Direct.Person(t, access.Owner))
	s.clock.Step(12 * time.Hour)
	w := b.ask(t, "GET", "/api/v1/me", "")
	require.Equal(t, 401, w.Code)
	require.Equal(t, "unauthenticated", w.at("code"))
}

func TestSignInInput(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.Direct.Person(t, access.Owner)
	for name, c := range map[string]struct {
		body  string
		code  int
		field string
	}{
		"broken":         {`{"login":`, 400, ""},
		"not JSON":       {`login=a&password=b`, 400, ""},
		"no password":    {`{"login":"a"}`, 422, "password"},
		"unknown field":  {`{"login":"a","password":"b","admin":true}`, 422, "admin"},
		"wrong type":     {`{"login":{"$ne":null},"password":"b"}`, 422, "login"},
		"long login":     {`{"login":"` + strings.Repeat("a", 321) + `","password":"b"}`, 422, "login"},
		"long password":  {`{"login":"a","password":"` + strings.Repeat("a", 201) + `"}`, 422, "password"},
		"huge":           {`{"login":"a","password":"` + strings.Repeat("a", 1<<20) + `"}`, 413, ""},
		"NUL":            {`{"login":"a\u0000b","password":"b"}`, 401, ""},
		"a lone half":    {`{"login":"\ud800","password":"\udfff"}`, 401, ""},
		"deep":           {strings.Repeat("[", 100_000), 400, ""},
		"nothing at all": {``, 400, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := s.browser().ask(t, "POST", "/api/v1/sign-in", c.body)
			require.Equal(t, c.code, w.Code, w.Body.String())
			require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
			if c.field != "" {
				require.Contains(t, w.at("fields"), c.field)
			}
		})
	}
	w := s.browser().ask(t, "POST", "/api/v1/sign-in", `{"login":"`+p.Email+`","password":"`+accounttest.Password+`"}`, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	require.Equal(t, 403, w.Code, "no signing in from another site's page")
}

// The address that is locked is the client's, and nobody chooses it by a header.
func TestLockByAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.Direct.Person(t, access.Owner)
	attacker := s.browser()
	for i := range 30 {
		body := fmt.Sprintf(`{"login":"guess%d@example.com","password":"x"}`, i)
		w := attacker.ask(t, "POST", "/api/v1/sign-in", body, "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
		require.Equal(t, 401, w.Code)
	}
	w := attacker.ask(t, "POST", "/api/v1/sign-in", `{"login":"x@example.com","password":"x"}`, "X-Forwarded-For", "203.0.113.99")
	require.Equal(t, 429, w.Code)
	require.Equal(t, "locked", w.at("code"))
	require.EqualValues(t, 900, w.at("retry_after_s"))
	require.Equal(t, "900", w.Header().Get("Retry-After"))

	behind := s.browser()
	behind.from = "10.0.0.1:5000"
	body := `{"login":"` + p.Email + `","password":"` + accounttest.Password + `"}`
	w = behind.ask(t, "POST", "/api/v1/sign-in", body, "X-Forwarded-For", "198.51.100.7")
	require.Equal(t, 429, w.Code, "the same client through our proxy")
	w = behind.ask(t, "POST", "/api/v1/sign-in", body, "X-Forwarded-For", "198.51.100.7, 198.51.100.8", "X-Forwarded-Proto", "https")
	require.Equal(t, 200, w.Code, "another client through our proxy")
	require.Contains(t, w.Header().Get("Set-Cookie"), "; Secure")
}

func TestMe(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(t, s.Direct.Person(t, access.Owner))
	w := b.ask(t, "PATCH", "/api/v1/me", `{"language":"ru","theme":"dark","dialog_order":"waiting_longest"}`)
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, "dark", w.at("user", "theme"))
	w = b.ask(t, "PATCH", "/api/v1/me", `{"theme":"light"}`)
	require.Equal(t, "waiting_longest", w.at("user", "dialog_order"))
	for _, body := range []string{`{"theme":"pink"}`, `{"email":"new@example.com"}`, `{"id":1}`, `{"password_hash":"x"}`, `{"last_company_id":1}`} {
		require.Equal(t, 422, b.ask(t, "PATCH", "/api/v1/me", body).Code, body)
	}
	require.Equal(t, 204, b.ask(t, "PUT", "/api/v1/me/last-company", fmt.Sprintf(`{"company":%d}`, s.Direct.ID)).Code)
	require.EqualValues(t, s.Direct.ID, b.ask(t, "GET", "/api/v1/me", "").at("last_company"))
	require.Equal(t, 404, b.ask(t, "PUT", "/api/v1/me/last-company", fmt.Sprintf(`{"company":%d}`, s.First.ID)).Code)

	w = s.browser().ask(t, "GET", "/api/v1/platform", "")
	require.Equal(t, map[string]any{"name": "Parley", "status": "ok", "prices_published": false}, w.body)
}

func TestCompany(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(t, s.Direct.Person(t, access.Owner))
	path := s.path(s.Direct, "")
	w := b.ask(t, "GET", path, "")
	require.Equal(t, 200, w.Code)
	tag := w.Header().Get("ETag")
	require.Equal(t, `"1"`, tag)

	w = b.ask(t, "PATCH", path, `{"name":"<b>Robots</b> & Söhne","operators_see_prices":true}`, "If-Match", tag)
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, `<b>Robots</b> & Söhne`, w.at("name"))
	require.Equal(t, `"2"`, w.Header().Get("ETag"))
	w = b.ask(t, "PATCH", path, `{"name":"Mine"}`, "If-Match", tag)
	require.Equal(t, 412, w.Code)
	require.Equal(t, "version_conflict", w.at("code"))
	require.EqualValues(t, 2, w.at("version"))
	require.Equal(t, 412, b.ask(t, "PATCH", path, `{}`, "If-Match", `"nonsense"`).Code)
	for _, body := range []string{`{"kind":"platform"}`, `{"status":"closed"}`, `{"parent_id":1}`, `{"id":5}`, `{"name":"a\u0007"}`, `{"max_dialogs":1.5}`, `{"time_zone":"Mars"}`, `{"currency":"EUR"}`} {
		require.Equal(t, 422, b.ask(t, "PATCH", path, body).Code, body)
	}
	for _, other := range []string{s.path(s.First, ""), "/api/v1/companies/0", "/api/v1/companies/-1", "/api/v1/companies/99999999999999999999", "/api/v1/companies/1e3"} {
		require.Equal(t, 404, b.ask(t, "GET", other, "").Code, other)
		require.Equal(t, 404, b.ask(t, "PATCH", other, `{"name":"Mine"}`).Code, other)
	}
	operator := s.as(t, s.Direct.Person(t, access.Operator))
	require.Equal(t, 200, operator.ask(t, "GET", path, "").Code)
	w = operator.ask(t, "PATCH", path, `{"name":"Mine"}`)
	require.Equal(t, 403, w.Code)
	require.Equal(t, "forbidden", w.at("code"))
}

func TestUsers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, operator := s.Direct.Person(t, access.Owner), s.Direct.Person(t, access.Operator)
	b := s.as(t, owner)
	w := b.ask(t, "GET", s.path(s.Direct, "/users?limit=1"), "")
	require.Equal(t, 200, w.Code, w.Body.String())
	require.EqualValues(t, operator.ID, w.at("items", 0, "id"))
	require.Equal(t, "offline", w.at("items", 0, "state"))
	w = b.ask(t, "GET", s.path(s.Direct, "/users?limit=1&cursor=%s", w.at("next_cursor")), "")
	require.EqualValues(t, owner.ID, w.at("items", 0, "id"))
	require.Equal(t, "online", w.at("items", 0, "state"))
	require.Equal(t, "2026-03-28T12:00:00Z", w.at("items", 0, "last_seen_at"))
	require.Nil(t, w.at("next_cursor"))
	require.Equal(t, 422, b.ask(t, "GET", s.path(s.Direct, "/users?cursor=x'"), "").Code)
	require.Empty(t, b.ask(t, "GET", s.path(s.Direct, "/users?q=nobody"), "").at("items"))

	user := s.path(s.Direct, "/users/%d", operator.ID)
	w = b.ask(t, "PATCH", user, `{"dialog_limit":7}`)
	require.Equal(t, 200, w.Code, w.Body.String())
	require.EqualValues(t, 7, w.at("dialog_limit"))
	require.EqualValues(t, 7, b.ask(t, "PATCH", user, `{"roles":["operator","analyst"]}`).at("dialog_limit"), "not said is not changed")
	require.Nil(t, b.ask(t, "PATCH", user, `{"dialog_limit":null}`).at("dialog_limit"), "null is the company's")
	for _, body := range []string{`{"dialog_limit":"7"}`, `{"dialog_limit":-1}`, `{"dialog_limit":1e9}`, `{"roles":[]}`, `{"roles":["root"]}`, `{"roles":["owner","owner","owner","owner","owner","owner","owner"]}`, `{"user_id":1}`, `{"company_id":1}`} {
		require.Equal(t, 422, b.ask(t, "PATCH", user, body).Code, body)
	}
	require.Equal(t, 404, b.ask(t, "PATCH", s.path(s.Direct, "/users/%d", s.First.Person(t, access.Operator).ID), `{"blocked":true}`).Code)
	w = b.ask(t, "PATCH", s.path(s.Direct, "/users/%d", owner.ID), `{"roles":["analyst"]}`)
	require.Equal(t, 409, w.Code)
	require.Equal(t, "last_owner", w.at("reason"))
}

func TestBlockEndsWhatIsOpen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, operator := s.Direct.Person(t, access.Owner), s.Direct.Person(t, access.Operator)
	b, theirs := s.as(t, owner), s.as(t, operator)
	require.Equal(t, 200, theirs.ask(t, "GET", s.path(s.Direct, ""), "").Code)
	w := b.ask(t, "PATCH", s.path(s.Direct, "/users/%d", operator.ID), `{"blocked":true,"comment":"left <i>us</i>"}`)
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, true, w.at("blocked"))
	require.Equal(t, 401, theirs.ask(t, "GET", s.path(s.Direct, ""), "").Code)
	require.Equal(t, 403, theirs.signIn(t, operator.Email, accounttest.Password, false).Code)

	w = b.ask(t, "GET", s.path(s.Direct, "/audit-trail?action=user.blocked"), "")
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, owner.Name, w.at("items", 0, "user", "name"))
	require.Equal(t, "198.51.100.7", w.at("items", 0, "ip"))
	require.Equal(t, fmt.Sprintf("user:%d", operator.ID), w.at("items", 0, "subject"))
	require.Equal(t, map[string]any{"blocked": true, "comment": "left <i>us</i>"}, w.at("items", 0, "new"))
	require.Equal(t, map[string]any{"blocked": false}, w.at("items", 0, "old"))
	require.Equal(t, 422, b.ask(t, "GET", s.path(s.Direct, "/audit-trail?cursor=x"), "").Code)
	require.Equal(t, 422, b.ask(t, "GET", s.path(s.Direct, "/audit-trail?from=yesterday"), "").Code)
	page := b.ask(t, "GET", s.path(s.Direct, "/audit-trail?limit=1"), "")
	require.Len(t, page.at("items"), 1)
	next := b.ask(t, "GET", s.path(s.Direct, "/audit-trail?limit=1&cursor=%s", page.at("next_cursor")), "")
	require.NotEqual(t, page.at("items", 0, "id"), next.at("items", 0, "id"))
}

func TestPrincipal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.Direct.Person(t, access.Owner)
	b := s.as(t, p)
	who := func(path string, signedIn bool) string {
		r := httptest.NewRequestWithContext(t.Context(), "POST", path, nil)
		r.RemoteAddr = "[2001:db8:1:2:3::4]:99"
		if signedIn {
			r.AddCookie(b.cookie)
		}
		return s.entry.Principal(r)
	}
	user, nobody := fmt.Sprintf("user:%d", p.ID), "ip:2001:db8:1:2::/64"
	require.Equal(t, user, who("/api/v1/me", true))
	require.Equal(t, user, who(s.path(s.Direct, "/chats"), true))
	require.Equal(t, nobody, who(s.path(s.First, "/chats"), true))
	require.Equal(t, nobody, who("/api/v1/companies/x/chats", true))
	require.Equal(t, nobody, who("/api/v1/me", false))
}
