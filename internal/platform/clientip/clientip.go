// Package clientip finds out from which address a request comes.
//
// The address of the connection is the only one that cannot be invented. When
// it is a proxy of ours, the proxy has appended the address it saw to
// X-Forwarded-For, and so on from right to left while those are ours too. What
// stands further left was written by the client and means nothing.
package clientip

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks of trusted reverse proxies.
type Proxies []netip.Prefix

// ParseProxies reads networks and addresses separated by commas, such as
// "10.0.0.0/8, ::1". Empty means that nobody is trusted.
func ParseProxies(list string) (Proxies, error) {
	var out Proxies
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if one, err := netip.ParseAddr(word); err == nil {
			out = append(out, netip.PrefixFrom(one.Unmap(), one.Unmap().BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(word)
		if err != nil {
			return nil, fmt.Errorf("trusted proxies: %q is no address or network such as 10.0.0.0/8", word)
		}
		out = append(out, network.Masked())
	}
	return out, nil
}

func (p Proxies) trust(a netip.Addr) bool {
	for _, network := range p {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

// longestChain bounds how much of a header is looked at.
const longestChain = 32

// Of returns the client's address; the zero Addr when the connection has none.
func (p Proxies) Of(r *http.Request) netip.Addr {
	client := remote(r)
	if !p.trust(client) {
		return client
	}
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(chain) - 1; i >= 0 && i >= len(chain)-longestChain; i-- {
		hop, ok := parse(chain[i])
		if !ok {
			return client
		}
		client = hop
		if !p.trust(hop) {
			return client
		}
	}
	return client
}

// Secure says whether the client's own connection is encrypted, as far as that
// can be known: by us, or by a trusted proxy that says so.
func (p Proxies) Secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	return p.trust(remote(r)) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

func remote(r *http.Request) netip.Addr {
	a, _ := parse(r.RemoteAddr)
	return a
}

// parse reads an address with or without a port.
func parse(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if withPort, err := netip.ParseAddrPort(s); err == nil {
		return withPort.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return a.Unmap().WithZone(""), err == nil
}

// Network returns what an attacker usually has as one: the address, or the
// /64 network of an IPv6 address.
func Network(a netip.Addr) string {
	if !a.IsValid() {
		return "unknown"
	}
	if a.Is4() {
		return a.String()
	}
	network, _ := a.Prefix(64)
	return network.String()
}
