package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestPages(t *testing.T) {
	t.Parallel()
	p := newPages(fstest.MapFS{
		"index.html":       {Data: []byte(`<meta name="csp-nonce" content="__CSP_NONCE__">`)},
		"assets/app-1a.js": {Data: []byte(strings.Repeat("let a = 1;\n", 500))},
		"manifest.json":    {Data: []byte(`{}`)},
		".gitkeep":         {},
	})
	get := func(path string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		return w
	}

	t.Run("every path of the app is the page", func(t *testing.T) {
		t.Parallel()
		for _, path := range []string{"/", "/c/5/panel", "/sign-in?next=/x", "/.gitkeep", "/../etc/passwd"} {
			w := get(path)
			require.Equal(t, 200, w.Code, path)
			require.Contains(t, w.Body.String(), "csp-nonce", path)
		}
	})
	t.Run("each page has its own nonce and no inline script", func(t *testing.T) {
		t.Parallel()
		a, b := get("/"), get("/")
		policy := a.Header().Get("Content-Security-Policy")
		require.NotEqual(t, policy, b.Header().Get("Content-Security-Policy"))
		require.Contains(t, policy, "script-src 'self';")
		require.Contains(t, policy, "frame-ancestors 'none'")
		_, nonce, _ := strings.Cut(policy, "'nonce-")
		nonce, _, _ = strings.Cut(nonce, "'")
		require.Contains(t, a.Body.String(), nonce)
		require.NotContains(t, a.Body.String(), nonceMark)
	})
	t.Run("assets are kept for ever, packed", func(t *testing.T) {
		t.Parallel()
		w := get("/assets/app-1a.js", "Accept-Encoding", "gzip")
		require.Equal(t, "gzip", w.Header().Get("Content-Encoding"))
		require.Contains(t, w.Header().Get("Cache-Control"), "immutable")
		require.Less(t, w.Body.Len(), 500)
		require.Equal(t, 304, get("/assets/app-1a.js", "If-None-Match", w.Header().Get("ETag")).Code)
		require.Equal(t, "no-cache", get("/manifest.json").Header().Get("Cache-Control"))
	})
	t.Run("a missing asset is not the page", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, 404, get("/assets/app-2b.js").Code)
		require.Equal(t, 404, get("/api/v1/nothing").Code)
	})
}
