// Package pace limits how often somebody may do something, in memory: exact
// for a client of one node, which a socket's owner is.
package pace

import (
	"sync"
	"time"
)

// Limiter allows each key a number of events within any span of time.
type Limiter[K comparable] struct {
	most int
	span time.Duration

	mu    sync.Mutex
	keys  map[K][]time.Time // of the last span, oldest first
	swept time.Time
}

// New returns a limiter of most events in a span.
func New[K comparable](most int, span time.Duration) *Limiter[K] {
	return &Limiter[K]{most: most, span: span, keys: map[K][]time.Time{}}
}

// Allow counts one event of key at the instant, or says how long to wait
// without counting it.
func (l *Limiter[K]) Allow(key K, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	times := l.within(l.keys[key], now)
	if len(times) >= l.most {
		l.keys[key] = times
		return times[len(times)-l.most].Add(l.span).Sub(now)
	}
	l.keys[key] = append(times, now)
	return 0
}

// within drops what is older than the span, or from a time that the clock has
// been set back from.
func (l *Limiter[K]) within(times []time.Time, now time.Time) []time.Time {
	for len(times) > 0 && (now.Sub(times[0]) >= l.span || times[0].After(now)) {
		times = times[1:]
	}
	return times
}

// sweep forgets the keys that were quiet, once in a span.
func (l *Limiter[K]) sweep(now time.Time) {
	if now.Sub(l.swept).Abs() < l.span {
		return
	}
	l.swept = now
	for key, times := range l.keys {
		if len(l.within(times, now)) == 0 {
			delete(l.keys, key)
		}
	}
}
