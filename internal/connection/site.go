package connection

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// ErrSite says that a text names no site.
var ErrSite = errors.New("not a site such as https://shop.example, shop.example or *.shop.example")

const longestSite = 300

// Sites are the places whose pages may show a widget, each as [ParseSite] returns it. None at
// all means everywhere.
type Sites []string

// site is an origin or a pattern of origins. Without a scheme both http and https are meant,
// without a port the scheme's own one.
type site struct {
	scheme string
	below  bool // any host below the named one, as "*." says
	host   string
	port   string
}

// ParseSite brings what a person typed or pasted to the form that is kept: lower case, Russian
// and other names in their ASCII form, no path. It takes an origin or a host, with "*." before
// it for all hosts below (but not the host itself, as browsers understand it).
func ParseSite(s string) (string, error) {
	parsed, err := parseSite(s)
	if err != nil {
		return "", err
	}
	return parsed.String(), nil
}

func parseSite(s string) (site, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > longestSite || !utf8.ValidString(s) {
		return site{}, ErrSite
	}
	var out site
	rest := s
	if scheme, after, ok := strings.Cut(s, "://"); ok {
		out.scheme, rest = strings.ToLower(scheme), after
		if out.scheme != "http" && out.scheme != "https" {
			return site{}, ErrSite
		}
	}
	rest = strings.TrimSuffix(rest, "/")
	host, port, hasPort := strings.Cut(rest, ":")
	if hasPort {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return site{}, ErrSite
		}
		out.port = strconv.FormatUint(n, 10)
	}
	if out.port == defaultPort(out.scheme) {
		out.port = ""
	}
	host, out.below = strings.CutPrefix(host, "*.")
	var ok bool
	if out.host, ok = hostOf(host); !ok {
		return site{}, ErrSite
	}
	// "*.ru" is the whole country, and a bare word is a typing mistake more often than a host.
	single := !strings.Contains(out.host, ".")
	if single && (out.below || out.scheme == "" && out.host != "localhost") {
		return site{}, ErrSite
	}
	if _, err := netip.ParseAddr(out.host); err == nil && out.below {
		return site{}, ErrSite
	}
	return out, nil
}

// hostOf returns a host name in ASCII, or an IPv4 address.
func hostOf(s string) (string, bool) {
	if s == "" {
		return "", false
	}
	for _, r := range s {
		// What the mapping of international names would turn into something else.
		if r < 0x80 && !letterOrDigit(r) && r != '.' && r != '-' {
			return "", false
		}
	}
	host, err := idna.Lookup.ToASCII(s)
	host = strings.TrimSuffix(host, ".")
	if err != nil || host == "" || len(host) > 253 {
		return "", false
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.ContainsFunc(label, func(r rune) bool { return !letterOrDigit(r) && r != '-' }) {
			return "", false
		}
	}
	// A name that ends in a number is an IPv4 address to browsers.
	if last := labels[len(labels)-1]; last[0] >= '0' && last[0] <= '9' {
		address, err := netip.ParseAddr(host)
		return host, err == nil && address.Is4()
	}
	return host, true
}

func letterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return ""
}

func (s site) String() string {
	var b strings.Builder
	if s.scheme != "" {
		b.WriteString(s.scheme + "://")
	}
	if s.below {
		b.WriteString("*.")
	}
	b.WriteString(s.host)
	if s.port != "" {
		b.WriteString(":" + s.port)
	}
	return b.String()
}

func (s site) allows(scheme, host, port string) bool {
	if s.scheme != "" && s.scheme != scheme || s.port != port {
		return false
	}
	if s.below {
		return strings.HasSuffix(host, "."+s.host)
	}
	return host == s.host
}

// Allow says whether a page of the origin (RFC 6454, as browsers send it) may show the widget.
func (s Sites) Allow(origin string) bool {
	if len(s) == 0 {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return false
	}
	host, ok := hostOf(u.Hostname())
	if !ok {
		return false
	}
	port := u.Port()
	if port == defaultPort(u.Scheme) {
		port = ""
	}
	return slices.ContainsFunc(s, func(kept string) bool {
		pattern, err := parseSite(kept)
		return err == nil && pattern.allows(u.Scheme, host, port)
	})
}

// FrameAncestors returns the sources for a page's Content-Security-Policy (CSP level 3,
// frame-ancestors): "*" when every site may show it.
func (s Sites) FrameAncestors() string {
	if len(s) == 0 {
		return "*"
	}
	var out []string
	for _, kept := range s {
		pattern, err := parseSite(kept)
		if err != nil {
			continue
		}
		if pattern.scheme != "" {
			out = append(out, pattern.String())
			continue
		}
		for _, scheme := range []string{"https", "http"} {
			pattern.scheme = scheme
			out = append(out, pattern.String())
		}
	}
	if len(out) == 0 {
		return "'none'"
	}
	return strings.Join(out, " ")
}
