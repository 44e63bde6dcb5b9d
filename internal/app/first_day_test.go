package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/account/accounttest"
	"parley/internal/app"
	"parley/internal/money"
	"parley/internal/platform/blob"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/secret"
	"parley/internal/provider/smppfake"
	"parley/internal/provider/smtpfake"
)

// first is an empty installation at work, and the networks around it.
type first struct {
	*app.App
	sms    *smppfake.Server
	mail   *smtpfake.Server
	cookie *http.Cookie
}

func newFirst(t *testing.T) *first {
	t.Helper()
	files, err := blob.Open(t.TempDir())
	require.NoError(t, err)
	keys, err := secret.New(secret.NewKey(1))
	require.NoError(t, err)
	f := &first{}
	f.App, err = app.New(app.Options{
		DB: dbtest.New(t), Files: files, Secrets: keys, Log: slog.New(slog.DiscardHandler), PublicURL: "http://parley.example",
		PlatformName: "Parley", PasswordCost: accounttest.Cheap, WelcomeCredit: 10 * money.Unit,
	})
	require.NoError(t, err)
	f.sms, err = smppfake.Listen("127.0.0.1:0")
	require.NoError(t, err)
	f.mail, err = smtpfake.Listen("127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, f.Start(t.Context(), true))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		f.Leave(ctx)
		_ = f.Stop(ctx)
		_, _ = f.sms.Close(), f.mail.Close()
	})
	return f
}

// must asks and expects a status.
func (f *first) must(t *testing.T, status int, method, path string, body any) answer {
	t.Helper()
	data, err := json.Marshal(body)
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(string(data)))
	r.Header.Set("Content-Type", "application/json")
	if f.cookie != nil {
		r.AddCookie(f.cookie)
	}
	rec := httptest.NewRecorder()
	f.Handler.ServeHTTP(rec, r)
	a := answer{ResponseRecorder: rec}
	_ = json.Unmarshal(rec.Body.Bytes(), &a.body)
	require.Equal(t, status, rec.Code, "%s %s: %s", method, path, rec.Body)
	for _, c := range rec.Result().Cookies() {
		f.cookie = c
	}
	return a
}

const deliverWithin = 30 * time.Second

// code reads the code that came to a telephone.
func (f *first) code(t *testing.T, number string, after time.Time) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deliverWithin)
	defer cancel()
	m, ok := f.sms.Wait(ctx, smppfake.Filter{To: number, After: after})
	require.True(t, ok, "no message came to %s", number)
	return regexp.MustCompile(`\d{6}`).FindString(m.Text)
}

// token reads what stands behind the # of the link that came to an address.
func (f *first) token(t *testing.T, to, page string, after time.Time) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deliverWithin)
	defer cancel()
	l, ok := f.mail.Wait(ctx, smtpfake.Filter{To: to, After: after})
	require.True(t, ok, "no letter came to %s", to)
	found := regexp.MustCompile(`http://parley\.example/` + page + `#([A-Za-z0-9_-]{43})`).FindStringSubmatch(l.Text)
	require.NotNil(t, found, l.Text)
	return found[1]
}

type object = map[string]any

// From an empty database to a visitor who is a customer and has forgotten the
// password: every code and every link travels over the networks' own wires.
func TestFirstDay(t *testing.T) {
	t.Parallel()
	f := newFirst(t)
	f.setUp(t)
	started := time.Now()
	require.Equal(t, true, f.must(t, 200, "GET", "/api/v1/site", nil).body["sms"])

	sent := f.must(t, 200, "POST", "/api/v1/sign-up/codes", object{"phone": "8 912 000-00-01", "language": "ru"})
	id := sent.body["id"].(string)
	f.must(t, 200, "POST", "/api/v1/sign-up/codes/"+id+"/check", object{"code": f.code(t, "79120000001", started)})
	form := object{
		"name": "Анна", "email": "anna@example.com", "password": "seven green elephants", "phone": "+79120000001", "time_zone": "Asia/Kolkata",
		"language": "ru", "code_id": id, "terms_version": 1, "privacy_version": 1,
	}
	f.must(t, 204, "POST", "/api/v1/sign-up", form)
	f.must(t, 204, "POST", "/api/v1/email-confirmations", object{"token": f.token(t, "anna@example.com", "confirm-email", started)})
	f.must(t, 200, "POST", "/api/v1/sign-in", object{"login": "+79120000001", "password": "seven green elephants"})
	me := f.must(t, 200, "GET", "/api/v1/me", nil)
	require.Equal(t, true, me.body["user"].(object)["email_confirmed"])
	company := me.body["memberships"].([]any)[0].(object)["company"].(object)
	require.Equal(t, "Компания +79120000001", company["name"])
	f.welcomed(t, company["id"])

	asked := time.Now()
	f.must(t, 200, "POST", "/api/v1/recovery", object{"login": "Anna@example.com", "language": "ru"})
	f.must(t, 204, "POST", "/api/v1/recovery/password", object{"token": f.token(t, "anna@example.com", "recover", asked), "password": "eleven purple foxes"})
	f.must(t, 401, "GET", "/api/v1/me", nil)
	f.must(t, 200, "POST", "/api/v1/sign-in", object{"login": "anna@example.com", "password": "eleven purple foxes"})
}

// setUp tries both ways out and sets the installation up by them.
func (f *first) setUp(t *testing.T) {
	t.Helper()
	link, err := f.Accounts.SetupLink(t.Context())
	require.NoError(t, err)
	_, token, _ := strings.Cut(link, "#")
	setup := "/api/v1/setup/" + token
	require.Equal(t, "setup_required", f.must(t, 503, "GET", "/api/v1/site", nil).body["code"])
	shown := f.must(t, 200, "GET", setup, nil)
	require.Equal(t, []any{false, false}, []any{shown.body["mail"], shown.body["sms"]})

	mail := object{"url": "smtp+plain://" + f.mail.Address(), "from": "Chat <no-reply@example.com>"}
	sms := object{"url": "smpp://parley:secret@" + f.sms.Address(), "sender": "Chat"}
	f.must(t, 204, "POST", setup+"/test-letter", object{"url": mail["url"], "from": mail["from"], "to": "paula@example.com", "language": "en"})
	f.must(t, 204, "POST", setup+"/test-sms", object{"url": sms["url"], "sender": "Chat", "to": "+79129999999", "language": "en"})
	require.Len(t, f.mail.List(smtpfake.Filter{To: "paula@example.com"}), 1)
	require.Len(t, f.sms.List(smppfake.Filter{To: "79129999999"}), 1)
	f.must(t, 422, "POST", setup+"/test-letter", object{"url": "nonsense", "from": "x", "to": "paula@example.com", "language": "en"})
	f.must(t, 503, "POST", setup+"/test-letter", object{"url": "smtp+plain://127.0.0.1:1", "from": mail["from"], "to": "paula@example.com", "language": "en"})

	f.must(t, 204, "POST", setup, object{
		"admin":   object{"name": "Paula", "email": "paula@example.com", "password": "four yellow whales", "language": "en"},
		"company": object{"name": "Chat", "currency": "RUB", "time_zone": "Europe/Moscow", "language": "ru"},
		"mail":    mail, "sms": sms,
	})
	f.must(t, 409, "GET", setup, nil)
}

// welcomed waits for the credit that a new company gets.
func (f *first) welcomed(t *testing.T, companyID any) {
	t.Helper()
	path := fmt.Sprintf("/api/v1/companies/%.0f/balance", companyID)
	require.Eventually(t, func() bool {
		return f.must(t, 200, "GET", path, nil).body["balance"] == "10.00"
	}, deliverWithin, 20*time.Millisecond)
}
