package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
)

// address asks whoever serves at the address how it is.
func (e *examination) address(ctx context.Context) Finding {
	if err := listens(ctx, e.Config.Address); err == nil {
		return warning(fmt.Sprintf("Nobody serves at %s.", e.Config.Address), "Start the server; this is fine while it is stopped on purpose.")
	} else if !errors.Is(err, syscall.EADDRINUSE) {
		return problem(fmt.Sprintf("The server cannot listen at %s: %v.", e.Config.Address, err),
			"Set PARLEY_ADDRESS to host:port of this machine. Ports below 1024 need root or CAP_NET_BIND_SERVICE.")
	}
	reason, err := e.health(ctx)
	switch {
	case err != nil:
		return problem(fmt.Sprintf("Something that is not Parley serves at %s.", e.Config.Address), "Stop it or choose another PARLEY_ADDRESS.")
	case reason != "":
		return problem(fmt.Sprintf("Parley at %s says that %s.", e.Config.Address, reason), "Read the findings below and the log of the server.")
	}
	return ok(fmt.Sprintf("Parley serves at %s.", e.Config.Address))
}

func listens(ctx context.Context, address string) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return l.Close()
}

var errNotParley = errors.New("no answer of ours")

// health returns what the running server says to be wrong.
func (e *examination) health(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, e.Limits.Answer)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+e.Config.Address+"/healthz", nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	var health struct{ Status, Reason string }
	if err := json.NewDecoder(io.LimitReader(answer.Body, 4096)).Decode(&health); err != nil || health.Status == "" {
		return "", errNotParley
	}
	if health.Status == "ok" {
		return "", nil
	}
	return health.Reason, nil
}

func (e *examination) publicURL(context.Context) Finding {
	u, err := url.Parse(e.Config.PublicURL)
	if err != nil {
		return problem("PARLEY_PUBLIC_URL is no address.", "Set it to an address such as https://chat.example.com.")
	}
	switch host := u.Hostname(); {
	case local(host):
		return warning(fmt.Sprintf("The public address %s works on this machine only; letters and the widget's code carry it.", e.Config.PublicURL),
			"Set PARLEY_PUBLIC_URL to the address by which people come, such as https://chat.example.com.")
	case !e.Config.Secure():
		return problem(fmt.Sprintf("People reach %s without TLS: passwords and messages can be read on the way, and browsers refuse notices and microphones.", e.Config.PublicURL),
			"Put a reverse proxy with TLS in front (deploy/README.md) and set PARLEY_PUBLIC_URL to its https address.")
	}
	return ok(fmt.Sprintf("People come by %s.", e.Config.PublicURL))
}

func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (ip.IsLoopback() || ip.IsUnspecified())
}

func (e *examination) proxies(context.Context) Finding {
	networks, err := e.Config.Proxies()
	if err != nil {
		return problem(err.Error()+".", "List networks such as 10.0.0.0/8, with commas.")
	}
	for _, network := range networks {
		if network.Bits() == 0 {
			return problem(fmt.Sprintf("Everybody is a trusted proxy (%s): whoever sends X-Forwarded-For chooses the address that limits and records see.", network),
				"Name only the addresses of your own proxies in PARLEY_TRUSTED_PROXIES.")
		}
	}
	if len(networks) == 0 && e.Config.Secure() {
		return warning("No proxy is trusted, though TLS ends before Parley: everybody seems to come from the proxy's address and shares its limits.",
			"Name the proxy's address in PARLEY_TRUSTED_PROXIES, such as 127.0.0.1/32.")
	}
	return ok(fmt.Sprintf("%d networks of proxies are trusted.", len(networks)))
}
