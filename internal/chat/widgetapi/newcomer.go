package widgetapi

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"parley/internal/chat/internal/pace"
	"parley/internal/platform/fault"
)

// New visitors cost nothing until they write, but whoever makes many of them
// can write much: what arrives is stored and charged always. Behind one address
// a whole office may sit, and a site may be on television.
const (
	addressBurst    = 120
	addressEvery    = time.Second
	connectionBurst = 3000
	connectionEvery = 20 * time.Millisecond
)

// newcomers limits how many new visitors come from one address and to one
// connection.
type newcomers struct {
	from *pace.Bucket[netip.Prefix]
	to   *pace.Bucket[uuid.UUID]
}

func newNewcomers() *newcomers {
	return &newcomers{
		from: pace.NewBucket[netip.Prefix](addressBurst, addressEvery),
		to:   pace.NewBucket[uuid.UUID](connectionBurst, connectionEvery),
	}
}

// admitNew limits new visitors. Who has a visitor token is none.
func (w *Widget) admitNew(r *http.Request, connectionID uuid.UUID) error {
	if w.Rate <= 0 {
		return nil
	}
	now := w.Clock.Now()
	wait := w.newcomers.from.Allow(network(w.Proxies.Of(r)), now)
	if wait == 0 {
		wait = w.newcomers.to.Allow(connectionID, now)
	}
	if wait > 0 {
		return fault.New(fault.RateLimited, "Too many new visitors. Try again in a moment.").After(wait)
	}
	return nil
}

// network is what one household or office has: an address, or of version 6,
// where each has countless of them, the first 64 bits (RFC 6177).
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() && !a.Is4In6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // fits
	return p
}
