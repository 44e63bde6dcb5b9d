package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"time"

	"parley/internal/notify/internal/notifydb"
	"parley/internal/phone"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Caps limit codes, each of which costs money, against floods and against
// traffic that somebody earns from. Zero values are the defaults.
type Caps struct {
	PerNumber int // an hour; 5
	PerOrigin int // a day, from one address or IPv6 network; 20
	PerPrefix int // an hour, to one country's numbers with the same first three digits; 200
	PerDay    int // a day, of the whole installation; 5000
}

func (c Caps) orDefaults() Caps {
	return Caps{cmp.Or(c.PerNumber, 5), cmp.Or(c.PerOrigin, 20), cmp.Or(c.PerPrefix, 200), cmp.Or(c.PerDay, 5000)}
}

// The scopes of caps. Locks are taken in this order.
const (
	perNumber = "number"
	perOrigin = "origin"
	perPrefix = "prefix"
	perDay    = "day"
)

const (
	longestSpan  = 24 * time.Hour
	prefixDigits = 3
)

// refused is a code that a cap stood in the way of.
type refused struct {
	Scope string    `json:"scope"`
	Key   string    `json:"key"`
	Used  int       `json:"used"`
	Until time.Time `json:"until"`
}

// takeTx counts a code under all caps, or under none and says which refuses.
func (s *Service) takeTx(ctx context.Context, tx *db.Tx, number, ip string, now time.Time) (*refused, error) {
	var p notifydb.TakeCodesParams
	p.Now = now
	add := func(scope, key string, span time.Duration, limit int) {
		p.Scopes, p.Keys = append(p.Scopes, scope), append(p.Keys, key)
		p.Seconds, p.Caps = append(p.Seconds, int32(span.Seconds())), append(p.Caps, int32(limit))
	}
	add(perNumber, number, time.Hour, s.options.Caps.PerNumber)
	if network := origin(ip); network != "" {
		add(perOrigin, network, longestSpan, s.options.Caps.PerOrigin)
	}
	add(perPrefix, phone.Prefix(number, prefixDigits), time.Hour, s.options.Caps.PerPrefix)
	add(perDay, "", longestSpan, s.options.Caps.PerDay)
	answer, err := notifydb.New(tx).TakeCodes(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("count code: %w", err)
	}
	if len(answer) == 0 || string(answer) == "null" {
		return nil, nil
	}
	r := &refused{}
	if err := json.Unmarshal(answer, r); err != nil {
		return nil, fmt.Errorf("count code: %w", err)
	}
	return r, nil
}

// fault is what the caller hears: when it makes sense again, not why.
func (r *refused) fault(now time.Time) error {
	return fault.New(fault.RateLimited, "Too many codes were asked for. Try again later.").After(max(r.Until.Sub(now), time.Second))
}

// origin is what counts as one address: all of an IPv6 network of 64 bits.
func origin(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		network, err := a.Prefix(64)
		if err == nil {
			return network.String()
		}
	}
	return a.String()
}
