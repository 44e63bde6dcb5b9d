package accountapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account/accounttest"
)

func TestSignUpOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	w := b.ask(t, "GET", "/api/v1/site", "")
	require.Equal(t, map[string]any{"name": "Parley", "company_id": nil, "prices_published": false, "sms": true, "open": true, "language": "ru"}, w.body)
	w = b.ask(t, "GET", "/api/v1/legal-texts?language=en", "")
	require.EqualValues(t, 1, w.at("terms", "version"))
	require.NotEmpty(t, w.at("privacy", "body"))
	require.Equal(t, 422, b.ask(t, "GET", "/api/v1/legal-texts?language=de", "").Code)

	w = b.ask(t, "POST", "/api/v1/sign-up/codes", `{"phone":"8 912 000-00-01","language":"en"}`)
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, []any{"phone", 60.0}, []any{w.at("by"), w.at("resend_after_s")})
	id := w.at("id").(string)
	again := b.ask(t, "POST", "/api/v1/sign-up/codes", `{"phone":"+79120000001","language":"en"}`)
	require.Equal(t, []any{429, "rate_limited", "60"}, []any{again.Code, again.at("code"), again.Header().Get("Retry-After")})

	check := "/api/v1/sign-up/codes/" + id + "/check"
	w = b.ask(t, "POST", check, `{"code":"000000"}`)
	require.Equal(t, 422, w.Code)
	require.Equal(t, []any{"wrong", 4.0}, []any{w.at("fields", "code", "code"), w.at("tries_left")})
	w = b.ask(t, "POST", check, fmt.Sprintf(`{"code":%q}`, s.out.Codes()[0].Code))
	require.Equal(t, map[string]any{"account_exists": false}, w.body)

	form := map[string]any{
		"name": "<b>Anna</b>", "email": "anna@example.com", "password": "seven green elephants", "phone": "+79120000001", "time_zone": "Asia/Kolkata",
		"language": "en", "code_id": id, "terms_version": 1, "privacy_version": 0, "ref": "nobody",
	}
	w = b.ask(t, "POST", "/api/v1/sign-up", encoded(t, form))
	require.Equal(t, []any{422, "required"}, []any{w.Code, w.at("fields", "privacy_version", "code")})
	form["privacy_version"] = 1
	for range 2 {
		w = b.ask(t, "POST", "/api/v1/sign-up", encoded(t, form))
		require.Equal(t, 204, w.Code, w.Body.String())
	}
	w = b.signIn(t, "anna@example.com", "seven green elephants", false)
	require.Equal(t, 200, w.Code)
	require.Equal(t, []any{"<b>Anna</b>", false, true}, []any{w.at("user", "name"), w.at("user", "email_confirmed"), w.at("user", "phone_confirmed")})
	require.Empty(t, w.at("consent_required"))
	require.Equal(t, 429, resent(t, b, 204).Code)

	letters := s.out.Letters()
	_, token, _ := strings.Cut(letters[0].Secret["Link"], "#")
	w = s.browser().ask(t, "POST", "/api/v1/email-confirmations", fmt.Sprintf(`{"token":%q}`, token))
	require.Equal(t, 204, w.Code, w.Body.String())
	require.Equal(t, true, b.ask(t, "GET", "/api/v1/me", "").at("user", "email_confirmed"))
	require.Equal(t, 409, b.ask(t, "POST", "/api/v1/me/email-confirmation", "").Code)
}

// resent asks for the letter once more, and then again.
func resent(t *testing.T, b *browser, first int) reply {
	t.Helper()
	require.Equal(t, first, b.ask(t, "POST", "/api/v1/me/email-confirmation", "").Code)
	return b.ask(t, "POST", "/api/v1/me/email-confirmation", "")
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}

func TestSignUpInputOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	require.Equal(t, 404, s.browser().ask(t, "POST", "/api/v1/sign-up/codes/x/check", `{"code":"123456"}`).Code)
	for path, bodies := range map[string][]string{
		"/api/v1/sign-up/codes": {`{}`, `{"phone":"1","language":"ru"}`, `{"phone":"+79120000001","language":"fr"}`, `{"phone":["+7"],"language":"ru"}`},
		"/api/v1/sign-up/codes/0190a5a0-0000-7000-8000-000000000000/check": {`{}`, `{"code":123456}`, `{"code":"123456"}`, `{"code":"` + strings.Repeat("1", 99) + `"}`},
		"/api/v1/sign-up":             {`{}`, `{"name":"x"}`},
		"/api/v1/email-confirmations": {`{}`, `{"token":""}`, `{"token":"\u0000"}`},
		"/api/v1/recovery":            {`{}`, `{"login":"","language":"ru"}`, `{"login":"a@example.com"}`},
		"/api/v1/recovery/code":       {`{}`, `{"code_id":"x","code":"1"}`},
		"/api/v1/recovery/password":   {`{}`, `{"token":"x","password":"seven green elephants"}`},
	} {
		for _, body := range bodies {
			w := s.browser().ask(t, "POST", path, body)
			require.Equal(t, 422, w.Code, "%s %s: %s", path, body, w.Body.String())
			require.NotEmpty(t, w.at("fields"), path)
		}
		require.Equal(t, 403, s.browser().ask(t, "POST", path, `{}`, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site").Code, path)
	}
}

func TestRecoveryOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.Direct.Person(t, access.Owner)
	signed := s.as(t, p)
	known := s.browser().ask(t, "POST", "/api/v1/recovery", encoded(t, map[string]any{"login": p.Email, "language": "en"}))
	unknown := s.browser().ask(t, "POST", "/api/v1/recovery", `{"login":"nobody@example.com","language":"en"}`)
	require.Equal(t, map[string]any{"by": "email", "resend_after_s": 60.0}, known.body)
	require.Equal(t, known.body, unknown.body)
	w := s.browser().ask(t, "POST", "/api/v1/recovery", encoded(t, map[string]any{"login": p.Phone, "language": "en"}))
	require.Equal(t, "phone", w.at("by"))
	id := w.at("code_id")
	require.NoError(t, s.bus.Drain(context.WithoutCancel(t.Context())))
	w = s.browser().ask(t, "POST", "/api/v1/recovery/code", encoded(t, map[string]any{"code_id": id, "code": s.out.Codes()[0].Code}))
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	set := map[string]any{"token": w.at("token"), "password": "eleven purple foxes"}
	require.Equal(t, 204, s.browser().ask(t, "POST", "/api/v1/recovery/password", encoded(t, set)).Code)
	require.Equal(t, 422, s.browser().ask(t, "POST", "/api/v1/recovery/password", encoded(t, set)).Code)
	require.Equal(t, 401, signed.ask(t, "GET", "/api/v1/me", "").Code)
	require.Equal(t, 401, s.browser().signIn(t, p.Email, accounttest.Password, false).Code)
	require.Equal(t, 200, s.browser().signIn(t, p.Email, "eleven purple foxes", false).Code)
}

func TestInformationOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(t, s.Direct.Person(t, access.Owner))
	path := s.path(s.Direct, "/information")
	w := b.ask(t, "GET", path, "")
	require.Equal(t, 200, w.Code, w.Body.String())
	tag := w.Header().Get("ETag")
	require.Equal(t, "77.00", w.at("credit_limit"))
	require.Contains(t, w.at("missing"), "requisites.legal_address.postal_code")
	next := map[string]any{"name": "Red Robot", "email": "office@red.example", "phone": "+74950000000", "time_zone": "Asia/Kolkata", "max_dialogs": 12, "requisites": w.at("requisites")}
	requisites := next["requisites"].(map[string]any)
	requisites["country"], requisites["kind"], requisites["inn"] = "ru", "company", "7707083892"
	w = b.ask(t, "PUT", path, encoded(t, next), "If-Match", tag)
	require.Equal(t, []any{422, "invalid"}, []any{w.Code, w.at("fields", "requisites.inn", "code")})
	requisites["inn"] = "7707083893"
	w = b.ask(t, "PUT", path, encoded(t, next), "If-Match", tag)
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, []any{"RU", "Asia/Kolkata", `"2"`}, []any{w.at("requisites", "country"), w.at("time_zone"), w.Header().Get("ETag")})
	require.NotContains(t, w.at("missing"), "requisites.inn")
	w = b.ask(t, "PUT", path, encoded(t, next), "If-Match", tag)
	require.Equal(t, []any{412, "version_conflict"}, []any{w.Code, w.at("code")})
	next["credit_limit"] = "1000"
	require.Equal(t, 422, b.ask(t, "PUT", path, encoded(t, next)).Code, "the seller sets it")
	require.Equal(t, 403, s.as(t, s.Direct.Person(t, access.Operator)).ask(t, "GET", path, "").Code)
	require.Equal(t, 200, s.as(t, s.Direct.Person(t, access.Accountant)).ask(t, "GET", path, "").Code)
	require.Equal(t, 404, b.ask(t, "GET", s.path(s.First, "/information"), "").Code)
}

func TestLegalTextsOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin, owner := s.as(t, s.Platform.Person(t, access.Owner)), s.as(t, s.Direct.Person(t, access.Owner))
	body := `{"replaces":1,"texts":{"ru":{"title":"Условия","body":"Да."},"en":{"title":"Terms","body":"Yes."}}}`
	const path = "/api/v1/back-office/legal-texts"
	w := admin.ask(t, "POST", path+"/terms", body)
	require.Equal(t, 201, w.Code, w.Body.String())
	require.EqualValues(t, 2, w.at("version"))
	require.Equal(t, 412, admin.ask(t, "POST", path+"/terms", body).Code)
	require.Equal(t, 404, admin.ask(t, "POST", path+"/cookies", body).Code)
	require.Equal(t, 403, owner.ask(t, "POST", path+"/terms", body).Code)
	w = admin.ask(t, "GET", path, "")
	require.Equal(t, "Yes.", w.at("items", 1, "texts", "en", "body"))
	w = owner.ask(t, "GET", "/api/v1/me", "")
	require.Equal(t, []any{map[string]any{"kind": "terms", "version": 2.0}}, w.at("consent_required"))
	require.Equal(t, 422, owner.ask(t, "POST", "/api/v1/me/consents", `{"kind":"terms","version":1}`).Code)
	require.Equal(t, 204, owner.ask(t, "POST", "/api/v1/me/consents", `{"kind":"terms","version":2}`).Code)
	require.Empty(t, owner.ask(t, "GET", "/api/v1/me", "").at("consent_required"))

	w = admin.ask(t, "PUT", fmt.Sprintf("/api/v1/back-office/companies/%d/domains", s.Reseller.ID), `{"hosts":["chat.northwind.example"]}`)
	require.Equal(t, 200, w.Code, w.Body.String())
	w = owner.ask(t, "GET", "http://chat.northwind.example/api/v1/site", "")
	require.Equal(t, []any{"Northwind Resale", float64(s.Reseller.ID)}, []any{w.at("name"), w.at("company_id")})
}
