package clientip_test

import (
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/clientip"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trusted, remote string
		forwarded       []string
		want            string
	}{
		"nobody is trusted":                {"", "203.0.113.9:4000", []string{"198.51.100.1"}, "203.0.113.9"},
		"a stranger's header":              {"10.0.0.0/8", "203.0.113.9:4000", []string{"10.1.1.1"}, "203.0.113.9"},
		"through our proxy":                {"10.0.0.0/8", "10.1.1.1:4000", []string{"198.51.100.1"}, "198.51.100.1"},
		"the client invents a hop":         {"10.0.0.0/8", "10.1.1.1:4000", []string{"127.0.0.1, 198.51.100.1"}, "198.51.100.1"},
		"the client invents a header":      {"10.0.0.0/8", "10.1.1.1:4000", []string{"127.0.0.1", "198.51.100.1"}, "198.51.100.1"},
		"the client poses as our proxy":    {"10.0.0.0/8", "10.1.1.1:4000", []string{"1.1.1.1, 10.9.9.9, 198.51.100.1"}, "198.51.100.1"},
		"two proxies of ours":              {"10.0.0.0/8", "10.1.1.1:4000", []string{"198.51.100.1, 10.2.2.2"}, "198.51.100.1"},
		"only proxies":                     {"10.0.0.0/8", "10.1.1.1:4000", []string{"10.3.3.3"}, "10.3.3.3"},
		"the proxy says nothing":           {"10.0.0.0/8", "10.1.1.1:4000", nil, "10.1.1.1"},
		"the proxy says nonsense":          {"10.0.0.0/8", "10.1.1.1:4000", []string{"198.51.100.1, unknown"}, "10.1.1.1"},
		"with a port":                      {"::1", "[::1]:4000", []string{"[2001:db8::1]:443"}, "2001:db8::1"},
		"IPv4 in IPv6":                     {"10.0.0.0/8", "[::ffff:10.1.1.1]:4000", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		"a zone is no part of the address": {"", "[fe80::1%eth0]:4000", nil, "fe80::1"},
		"no address at all":                {"10.0.0.0/8", "@", []string{"198.51.100.1"}, "invalid IP"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxies, err := clientip.ParseProxies(c.trusted)
			require.NoError(t, err)
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			r.RemoteAddr = c.remote
			for _, h := range c.forwarded {
				r.Header.Add("X-Forwarded-For", h)
			}
			require.Equal(t, c.want, proxies.Of(r).String())
		})
	}
}

func TestOfLooksAtABoundedChain(t *testing.T) {
	t.Parallel()
	proxies, err := clientip.ParseProxies("10.0.0.0/8")
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.RemoteAddr = "10.0.0.1:1"
	r.Header.Set("X-Forwarded-For", "198.51.100.1"+strings.Repeat(", 10.0.0.2", 1000))
	require.Equal(t, "10.0.0.2", proxies.Of(r).String())
}

func TestSecure(t *testing.T) {
	t.Parallel()
	proxies, err := clientip.ParseProxies("10.0.0.1")
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.Header.Set("X-Forwarded-Proto", "https")
	require.False(t, proxies.Secure(r), "a stranger's header")
	r.RemoteAddr = "10.0.0.1:4000"
	require.True(t, proxies.Secure(r))
	r.Header.Set("X-Forwarded-Proto", "http")
	require.False(t, proxies.Secure(r))
	r.TLS = &tls.ConnectionState{}
	require.True(t, proxies.Secure(r))
}

func TestParseProxies(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"proxy.example", "10.0.0.0/33", "10.0.0.0/8;::1"} {
		_, err := clientip.ParseProxies(bad)
		require.Error(t, err, bad)
	}
	proxies, err := clientip.ParseProxies(" 10.1.2.3/8, ::1,,192.0.2.1 ")
	require.NoError(t, err)
	require.Equal(t, clientip.Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("192.0.2.1/32")}, proxies)
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	require.Equal(t, "198.51.100.1", clientip.Network(netip.MustParseAddr("198.51.100.1")))
	require.Equal(t, "2001:db8:1:2::/64", clientip.Network(netip.MustParseAddr("2001:db8:1:2:3:4:5:6")))
	require.Equal(t, "unknown", clientip.Network(netip.Addr{}))
}
