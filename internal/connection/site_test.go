package connection_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/connection"
)

func TestParseSite(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://shop.example":       "https://shop.example",
		" HTTPS://Shop.Example/ ":    "https://shop.example",
		"https://shop.example:443":   "https://shop.example",
		"http://shop.example:8080":   "http://shop.example:8080",
		"http://shop.example:80":     "http://shop.example",
		"shop.example":               "shop.example",
		"*.shop.example":             "*.shop.example",
		"https://*.shop.example":     "https://*.shop.example",
		"localhost":                  "localhost",
		"localhost:5173":             "localhost:5173",
		"https://intranet":           "https://intranet",
		"127.0.0.1:8080":             "127.0.0.1:8080",
		"магазин.рф":                 "xn--80aaamrpk6a.xn--p1ai",
		"https://shop.example:08443": "https://shop.example:8443",
	} {
		got, err := connection.ParseSite(in)
		require.NoError(t, err, in)
		if in == "магазин.рф" {
			require.Regexp(t, `^xn--[a-z0-9-]+\.xn--p1ai$`, got)
			continue
		}
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{
		"", " ", "*", "*.", "*.ru", "*.localhost", "shop", "https://", "ftp://shop.example", "javascript://shop.example",
		"https://shop.example/path", "https://shop.example?x", "https://user@shop.example", "shop.example:0", "shop.example:99999",
		"shop.example:*", "a.*.example", "*.*.example", "shop..example", "-shop.example", "shop-.example", "shop.example; script-src *",
		"shop.example 'unsafe-inline'", "shop.example\nX: y", "[::1]", "1.2.3", "1.2.3.400", "*.127.0.0.1", "0x7f.1", "sh_op.example",
		strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 200) + "example", "shop.example,other.example", "a\x00b.example",
	} {
		_, err := connection.ParseSite(in)
		require.ErrorIs(t, err, connection.ErrSite, "%q", in)
	}
}

func TestSitesAllow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sites  connection.Sites
		origin string
		want   bool
	}{
		{nil, "https://anything.example", true},
		{nil, "null", true},
		{connection.Sites{"https://shop.example"}, "https://shop.example", true},
		{connection.Sites{"https://shop.example"}, "https://shop.example:443", true},
		{connection.Sites{"https://shop.example"}, "https://SHOP.example", true},
		{connection.Sites{"https://shop.example"}, "http://shop.example", false},
		{connection.Sites{"https://shop.example"}, "https://shop.example:8443", false},
		{connection.Sites{"https://shop.example"}, "https://shop.example.evil.example", false},
		{connection.Sites{"https://shop.example"}, "https://evilshop.example", false},
		{connection.Sites{"shop.example"}, "http://shop.example", true},
		{connection.Sites{"*.shop.example"}, "https://a.b.shop.example", true},
		{connection.Sites{"*.shop.example"}, "https://shop.example", false},
		{connection.Sites{"*.shop.example"}, "https://evil-shop.example", false},
		{connection.Sites{"localhost:5173"}, "http://localhost:5173", true},
		{connection.Sites{"localhost:5173"}, "http://localhost:80", false},
		{connection.Sites{"shop.example"}, "null", false},
		{connection.Sites{"shop.example"}, "", false},
		{connection.Sites{"shop.example"}, "file://shop.example", false},
		{connection.Sites{"shop.example"}, "https://user@shop.example", false},
		{connection.Sites{"shop.example"}, "https://shop.example@evil.example", false},
	} {
		require.Equal(t, c.want, c.sites.Allow(c.origin), "%v %s", c.sites, c.origin)
	}
}

func TestFrameAncestors(t *testing.T) {
	t.Parallel()
	require.Equal(t, "*", connection.Sites(nil).FrameAncestors())
	require.Equal(t, "https://shop.example https://*.shop.example http://*.shop.example",
		connection.Sites{"https://shop.example", "*.shop.example"}.FrameAncestors())
	require.Equal(t, "'none'", connection.Sites{"; script-src *"}.FrameAncestors(), "what is not a site must not open the frame")
}

func FuzzParseSite(f *testing.F) {
	for _, seed := range []string{"https://*.shop.example:8443/", "магазин.рф", "1.2.3.4", "a..b", "*.x;y", "ⓐ.example", "http://ß.example"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kept, err := connection.ParseSite(s)
		if err != nil {
			return
		}
		again, err := connection.ParseSite(kept)
		require.NoError(t, err)
		require.Equal(t, kept, again)
		// Nothing may leave the place it has in a header.
		require.NotContains(t, kept, " ")
		require.False(t, strings.ContainsFunc(kept, func(r rune) bool {
			return r >= 0x7f || r <= ' ' || strings.ContainsRune(";,'\"", r)
		}), "%q", kept)
		require.NotPanics(t, func() { connection.Sites{kept}.Allow(s) })
	})
}
