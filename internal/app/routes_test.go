package app_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"parley/internal/access"
	"parley/internal/account/accounttest"
	"parley/internal/platform/httpx"
)

var parameter = regexp.MustCompile(`\{([a-z_]+)\}`)

// fillPath puts ids into a route's path; what is not named by ids gets one that
// nothing has.
func fillPath(path string, ids map[string]string) string {
	return parameter.ReplaceAllStringFunc(path, func(p string) string {
		name := strings.Trim(p, "{}")
		if id, ok := ids[name]; ok {
			return id
		}
		if numeric[name] {
			return "999999999"
		}
		return uuid.NewString()
	})
}

// numeric are the ids that are numbers; all others are UUIDs.
var numeric = map[string]bool{"company": true, "user": true, "dependent": true, "n": true}

// Every route says whom it is for, in words of the one list of permissions,
// and the document describes no other routes.
func TestEveryRouteDeclaresItsPermission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	known := append(access.All(), access.Self, access.Public)
	routes := w.API.Routes()
	require.NotEmpty(t, routes)
	declared := map[string]bool{}
	for _, r := range routes {
		require.Contains(t, known, r.Permission, "%s %s", r.Method, r.Path)
		require.NotEmpty(t, r.Summary, r.ID)
		require.False(t, declared[r.Method+" "+r.Path], "%s %s is registered twice", r.Method, r.Path)
		declared[r.Method+" "+r.Path] = true
	}
	data, err := w.API.OpenAPI()
	require.NoError(t, err)
	var document struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	require.NoError(t, yaml.Unmarshal(data, &document))
	described := 0
	for path, methods := range document.Paths {
		for method := range methods {
			require.True(t, declared[strings.ToUpper(method)+" "+path], "%s %s is described but declares nothing", method, path)
			described++
		}
	}
	require.Len(t, declared, described)
}

// public are the routes that need nobody, each with its reason. A new one has
// to be thought about here.
var public = map[string]string{
	"platform": "the home page shows it to everybody",
	"sign-in":  "who signs in is not signed in yet",
	"sign-out": "signing out twice is fine",

	"site":                   "the pages for strangers bear its name",
	"site-prices":            "a seller has published them for everybody",
	"legal-texts":            "who agrees to them has no account yet",
	"request-sign-up-code":   "who registers has no account yet",
	"check-sign-up-code":     "who registers has no account yet",
	"sign-up":                "who registers has no account yet",
	"confirm-email":          "the link may be opened in another browser; its token is the proof",
	"recover":                "who cannot sign in is not signed in",
	"recover-by-code":        "who cannot sign in is not signed in",
	"set-recovered-password": "who cannot sign in is not signed in; the token is the proof",
	"open-invitation":        "the invited have no account yet; the token is the proof",
	"accept-invitation-anew": "the invited have no account yet; the token is the proof",
	"show-setup":             "there is nobody yet; the printed link is the proof",
	"set-up":                 "there is nobody yet; the printed link is the proof",
	"try-setup-mail":         "there is nobody yet; the printed link is the proof",
	"try-setup-sms":          "there is nobody yet; the printed link is the proof",
}

func TestPublicRoutesAreFew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, r := range w.API.Routes() {
		if r.Permission == access.Public && !strings.HasPrefix(r.Path, "/widget/v1/") {
			require.NotEmpty(t, public[r.ID], "%s %s needs nobody; say here why", r.Method, r.Path)
		}
	}
}

// brokenBody is refused by every operation that reads one, after it has been
// decided whether the actor may.
const brokenBody = `{"`

// narrower are routes for whoever has one of several permissions; they declare
// one that all of those have.
var narrower = map[string][]access.Permission{
	"list-chats":  {access.ChatsView, access.PanelUse},
	"get-chat":    {access.ChatsView, access.PanelUse},
	"list-groups": {access.ChatsView, access.PanelUse},
}

// Each route lets in exactly the roles whose permission it needs.
func TestPermissionMatrix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, r := range w.API.Routes() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			for _, firm := range []*accounttest.Firm{w.people.Platform, w.people.Reseller, w.people.Direct} {
				for _, role := range access.Roles {
					w.tryRole(t, r, firm, role)
				}
			}
			w.tryNobody(t, r)
		})
	}
}

func (w *world) tryRole(t *testing.T, r httpx.Route, firm *accounttest.Firm, role access.Role) {
	t.Helper()
	if r.Permission == access.Self || r.Permission == access.Public {
		return
	}
	person := firm.Person(t, role)
	got := w.ask(t, &person, r.Method, fillPath(r.Path, map[string]string{"company": fmt.Sprint(firm.ID)}), brokenBody)
	who := fmt.Sprintf("%s %s by %s of %s: %s", r.Method, r.Path, role, firm.Name, got.Body)
	backOffice := strings.Contains(r.Path, "/back-office/")
	granted := access.Grant(firm.Kind, []access.Role{role}, false)
	may := slices.Contains(granted, r.Permission)
	if either := narrower[r.ID]; either != nil {
		may = slices.ContainsFunc(either, func(p access.Permission) bool { return slices.Contains(granted, p) })
	}
	if may && (!backOffice || firm == w.people.Platform) {
		require.NotEqual(t, 401, got.Code, who)
		require.NotEqual(t, "forbidden", got.code(), who)
		require.Less(t, got.Code, 500, who)
		return
	}
	require.Equal(t, 403, got.Code, who)
	require.Equal(t, "forbidden", got.code(), who)
}

func (w *world) tryNobody(t *testing.T, r httpx.Route) {
	t.Helper()
	path := fillPath(r.Path, w.ours.ids)
	got := w.ask(t, nil, r.Method, path, brokenBody)
	if r.Permission == access.Public {
		require.NotEqual(t, "forbidden", got.code(), path)
		return
	}
	require.Equal(t, 401, got.Code, "%s %s: %s", r.Method, path, got.Body)
	require.Equal(t, "unauthenticated", got.code())
	for _, token := range []string{"", "x", strings.Repeat("A", 43), "null", "{}"} {
		got := w.ask(t, nil, r.Method, path, brokenBody, "Cookie", (&http.Cookie{Name: "parley_sign_in", Value: token}).String())
		require.Equal(t, 401, got.Code, "%s %s with the token %q", r.Method, path, token)
	}
}
