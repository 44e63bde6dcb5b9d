package httpx_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/platform/clock"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
	"parley/internal/platform/idempotency"
)

// auth knows user 7, an accountant of company 5, by the header X-User.
type auth struct{}

func (auth) Authenticate(r *http.Request) (access.Actor, error) {
	if r.Header.Get("X-User") == "" {
		return access.Actor{}, fault.New(fault.Unauthenticated, "Sign in first.")
	}
	return access.Actor{UserID: 7}, nil
}

func (auth) InCompany(_ context.Context, user access.Actor, company int64) (access.Actor, error) {
	if company != 5 {
		return access.Actor{}, fault.New(fault.NotFound, "There is no such company.")
	}
	user.CompanyID, user.Permissions = 5, access.Grant(access.Company, []access.Role{access.Accountant}, false)
	return user, nil
}

func (auth) InPlatform(context.Context, access.Actor) (access.Actor, error) {
	return access.Actor{}, fault.New(fault.Forbidden, "Not of the platform.")
}

type thingInput struct {
	httpx.InCompany
	Body struct {
		Name string `json:"name" minLength:"2" maxLength:"5"`
		Size int    `json:"size" minimum:"1" maximum:"3"`
	}
}

type thingOutput struct {
	Body struct {
		Actor access.Permission `json:"actor"`
		Name  string            `json:"name"`
	}
}

func server(t *testing.T, fn func() error) http.Handler {
	t.Helper()
	api := httpx.New(auth{}, nil)
	post := func(_ context.Context, actor access.Actor, in *thingInput) (*thingOutput, error) {
		if err := fn(); err != nil {
			return nil, err
		}
		out := &thingOutput{}
		out.Body.Name = in.Body.Name
		return out, nil
	}
	httpx.Handle(api, httpx.Op{ID: "a", Method: "POST", Path: "/api/v1/companies/{company}/things", Permission: access.BalanceView, Status: 201}, post)
	httpx.Handle(api, httpx.Op{ID: "b", Method: "POST", Path: "/api/v1/companies/{company}/secrets", Permission: access.UsersManage}, post)
	api.HandleRaw(httpx.Op{ID: "c", Method: "PUT", Path: "/api/v1/companies/{company}/raw", Permission: access.BalanceView},
		func(w http.ResponseWriter, _ *http.Request, actor access.Actor) error {
			if err := fn(); err != nil {
				return err
			}
			_, err := w.Write([]byte{byte('0' + actor.CompanyID)})
			return err
		})
	return httpx.Chain(api.Mux(), httpx.Identify, httpx.Harden, httpx.SameOrigin(), httpx.Remember)
}

func ask(t *testing.T, h http.Handler, method, path, body string, headers ...string) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	answer := map[string]any{}
	_ = json.Unmarshal(w.Body.Bytes(), &answer)
	return w, answer
}

func TestHandle(t *testing.T) {
	t.Parallel()
	const good = `{"name":"abc","size":2}`
	for name, c := range map[string]struct {
		path, user, body string
		err              error
		status           int
		code             string
		field, fieldCode string
	}{
		"works":                      {"/api/v1/companies/5/things", "7", good, nil, 201, "", "", ""},
		"nobody":                     {"/api/v1/companies/5/things", "", good, nil, 401, "unauthenticated", "", ""},
		"nobody learns nothing":      {"/api/v1/companies/5/things", "", "{", nil, 401, "unauthenticated", "", ""},
		"another company":            {"/api/v1/companies/6/things", "7", good, nil, 404, "not_found", "", ""},
		"no company":                 {"/api/v1/companies/x/things", "7", good, nil, 404, "not_found", "", ""},
		"not allowed":                {"/api/v1/companies/5/secrets", "7", good, nil, 403, "forbidden", "", ""},
		"broken JSON":                {"/api/v1/companies/5/things", "7", `{"name":`, nil, 400, "invalid", "", ""},
		"unknown field":              {"/api/v1/companies/5/things", "7", `{"name":"abc","size":2,"admin":true}`, nil, 422, "invalid", "admin", "unknown"},
		"missing field":              {"/api/v1/companies/5/things", "7", `{"size":2}`, nil, 422, "invalid", "name", "required"},
		"short":                      {"/api/v1/companies/5/things", "7", `{"name":"a","size":2}`, nil, 422, "invalid", "name", "too_short"},
		"long":                       {"/api/v1/companies/5/things", "7", `{"name":"abcdef","size":2}`, nil, 422, "invalid", "name", "too_long"},
		"out of range":               {"/api/v1/companies/5/things", "7", `{"name":"abc","size":9}`, nil, 422, "invalid", "size", "out_of_range"},
		"wrong type":                 {"/api/v1/companies/5/things", "7", `{"name":"abc","size":"x"}`, nil, 422, "invalid", "size", "invalid"},
		"huge":                       {"/api/v1/companies/5/things", "7", `{"name":"` + strings.Repeat("a", 1<<20) + `"}`, nil, 413, "too_large", "", ""},
		"a fault":                    {"/api/v1/companies/5/things", "7", good, fault.Field("name", fault.Taken, "Is taken."), 422, "invalid", "name", "taken"},
		"money":                      {"/api/v1/companies/5/things", "7", good, fault.New(fault.InsufficientFunds, "No money."), 402, "insufficient_funds", "", ""},
		"a bug shows nothing":        {"/api/v1/companies/5/things", "7", good, errors.New("secret dsn"), 500, "internal", "", ""},
		"the database is going down": {"/api/v1/companies/5/things", "7", good, &pgconn.PgError{Code: "57P01"}, 503, "unavailable", "", ""},
		"the disk is full":           {"/api/v1/companies/5/things", "7", good, &pgconn.PgError{Code: "53100"}, 503, "disk_full", "", ""},
		"a wrapped fault is a fault": {"/api/v1/companies/5/things", "7", good, errors.Join(fault.New(fault.Conflict, "Taken.")), 409, "conflict", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := server(t, func() error { return c.err })
			w, answer := ask(t, h, "POST", c.path, c.body, "X-User", c.user)
			require.Equal(t, c.status, w.Code, w.Body.String())
			if c.code == "" {
				return
			}
			require.Equal(t, c.code, answer["code"], w.Body.String())
			require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
			require.NotEmpty(t, answer["title"])
			require.NotContains(t, w.Body.String(), "secret")
			if c.field != "" {
				field := answer["fields"].(map[string]any)[c.field]
				require.NotNil(t, field, w.Body.String())
				require.Equal(t, c.fieldCode, field.(map[string]any)["code"])
			}
		})
	}
}

// thingOneInput names a thing by its id.
type thingOneInput struct {
	httpx.InCompany
	Thing uuid.UUID `path:"thing"`
	Page  int       `query:"page" minimum:"1"`
}

func TestPathThatNamesNothing(t *testing.T) {
	t.Parallel()
	api := httpx.New(auth{}, nil)
	httpx.Handle(api, httpx.Op{ID: "one", Method: "GET", Path: "/api/v1/companies/{company}/things/{thing}", Permission: access.BalanceView},
		func(context.Context, access.Actor, *thingOneInput) (*thingOutput, error) { return &thingOutput{}, nil })
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		uuid.NewString() + "?page=1": {http.StatusOK, ""},
		uuid.NewString() + "?page=0": {http.StatusUnprocessableEntity, "invalid"},
		"1?page=1":                   {http.StatusNotFound, "not_found"},
		"none?page=0":                {http.StatusNotFound, "not_found"},
	} {
		w, answer := ask(t, api.Mux(), "GET", "/api/v1/companies/5/things/"+path, "", "X-User", "7")
		require.Equal(t, want.status, w.Code, "%s: %s", path, w.Body)
		if want.code != "" {
			require.Equal(t, want.code, answer["code"])
			require.Equal(t, want.status == http.StatusUnprocessableEntity, answer["fields"] != nil, "fields belong to a form")
		}
	}
}

type searchInput struct {
	httpx.InCompany
	Q string `query:"q"`
}

func TestQueriesThatAreNoText(t *testing.T) {
	t.Parallel()
	api := httpx.New(auth{}, nil)
	httpx.Handle(api, httpx.Op{ID: "search", Method: "GET", Path: "/api/v1/companies/{company}/things", Permission: access.BalanceView},
		func(context.Context, access.Actor, *searchInput) (*thingOutput, error) { return &thingOutput{}, nil })
	for query, want := range map[string]int{
		"": http.StatusOK, "?q=%D0%B0": http.StatusOK, "?q=%00": http.StatusUnprocessableEntity, "?q=a%00b": http.StatusUnprocessableEntity,
		"?q=%FF%FE": http.StatusUnprocessableEntity, "?q=a&q=%00": http.StatusUnprocessableEntity,
	} {
		w, answer := ask(t, api.Mux(), "GET", "/api/v1/companies/5/things"+query, "", "X-User", "7")
		require.Equal(t, want, w.Code, "%s: %s", query, w.Body)
		if want != http.StatusOK {
			require.Contains(t, answer["fields"], "q")
		}
	}
}

func TestProblemMembers(t *testing.T) {
	t.Parallel()
	h := server(t, func() error {
		return fault.New(fault.InsufficientFunds, "No money.").With("missing", "12.00").After(3 * time.Second)
	})
	for _, c := range [][2]string{{"POST", "things"}, {"PUT", "raw"}} {
		w, answer := ask(t, h, c[0], "/api/v1/companies/5/"+c[1], `{"name":"abc","size":2}`, "X-User", "7")
		require.Equal(t, 402, w.Code)
		require.Equal(t, "12.00", answer["missing"])
		require.EqualValues(t, 3, answer["retry_after_s"])
		require.Equal(t, "3", w.Header().Get("Retry-After"))
		require.Equal(t, w.Header().Get("X-Request-Id"), answer["request_id"])
	}
}

func TestRaw(t *testing.T) {
	t.Parallel()
	h := server(t, func() error { return nil })
	w, _ := ask(t, h, "PUT", "/api/v1/companies/5/raw", "", "X-User", "7")
	require.Equal(t, "5", w.Body.String())
	w, answer := ask(t, h, "PUT", "/api/v1/companies/6/raw", "", "X-User", "7")
	require.Equal(t, 404, w.Code)
	require.Equal(t, "not_found", answer["code"])
}

func TestCrossOriginIsRefused(t *testing.T) {
	t.Parallel()
	h := server(t, func() error { return nil })
	w, answer := ask(t, h, "POST", "/api/v1/companies/5/things", `{"name":"abc","size":2}`, "X-User", "7", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	require.Equal(t, 403, w.Code)
	require.Equal(t, "forbidden", answer["code"])
}

func TestPanicIsAnswered(t *testing.T) {
	t.Parallel()
	h := server(t, func() error { panic("boom") })
	w, answer := ask(t, h, "POST", "/api/v1/companies/5/things", `{"name":"abc","size":2}`, "X-User", "7")
	require.Equal(t, 500, w.Code)
	require.Equal(t, "internal", answer["code"])
}

func TestOperationsMustDeclare(t *testing.T) {
	t.Parallel()
	for name, op := range map[string]httpx.Op{
		"no permission":                  {Path: "/api/v1/companies/{company}/x"},
		"no company":                     {Path: "/api/v1/x", Permission: access.ChatsView},
		"platform outside back office":   {Path: "/api/v1/companies/{company}/x", Permission: access.PlatformDeposits},
		"back office without a platform": {Path: "/api/v1/back-office/x", Permission: access.ChatsView},
	} {
		require.Panics(t, func() {
			httpx.New(auth{}, nil).HandleRaw(op, nil)
		}, name)
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	l := httpx.NewLimiter(1)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 3 {
		ok, _ := l.Allow("a", now)
		require.True(t, ok)
	}
	ok, wait := l.Allow("a", now)
	require.False(t, ok)
	require.Equal(t, time.Second, wait)
	ok, _ = l.Allow("b", now)
	require.True(t, ok, "each key has its own limit")
	ok, _ = l.Allow("a", now.Add(wait))
	require.True(t, ok)
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	api := httpx.New(auth{}, idempotency.New(dbtest.New(t), clock.Real{}, idempotency.Options{}))
	effects := 0
	httpx.Handle(api, httpx.Op{ID: "a", Method: "POST", Path: "/api/v1/companies/{company}/things", Permission: access.BalanceView, Status: 201},
		func(_ context.Context, _ access.Actor, in *thingInput) (*thingOutput, error) {
			effects++
			out := &thingOutput{}
			out.Body.Name = in.Body.Name
			return out, nil
		})
	h := httpx.Chain(api.Mux(), httpx.Identify, httpx.Remember)
	const path = "/api/v1/companies/5/things"
	for range 3 {
		w, answer := ask(t, h, "POST", path, `{"name":"abc","size":2}`, "X-User", "7", "Idempotency-Key", "k1")
		require.Equal(t, 201, w.Code, w.Body.String())
		require.Equal(t, "abc", answer["name"])
	}
	require.Equal(t, 1, effects)
	w, answer := ask(t, h, "POST", path, `{"name":"abd","size":2}`, "X-User", "7", "Idempotency-Key", "k1")
	require.Equal(t, 422, w.Code)
	require.Equal(t, "idempotency_key_reused", answer["code"])
	w, _ = ask(t, h, "POST", path, `{"name":"abc","size":2}`, "Idempotency-Key", "k1")
	require.Equal(t, 401, w.Code, "a stranger is not told the answer")
}

type hidden struct {
	Name string `query:"name"`
}

func TestParametersMustBeReadable(t *testing.T) {
	t.Parallel()
	require.Panics(t, func() {
		httpx.Handle(httpx.New(auth{}, nil), httpx.Op{ID: "x", Method: "GET", Path: "/api/v1/x", Permission: access.Public},
			func(context.Context, access.Actor, *struct{ hidden }) (*struct{}, error) { return nil, nil })
	})
}

func TestStayOnTLS(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	httpx.StayOnTLS(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	require.Equal(t, "max-age=31536000", w.Header().Get("Strict-Transport-Security"))
}
