package pace

import (
	"sync"
	"time"
)

// mostKeys bounds a bucket's memory: some 10 MB.
const mostKeys = 100_000

// Bucket allows each key a burst of events, and then one every so often. It
// keeps one time per key, for keys that strangers choose.
type Bucket[K comparable] struct {
	burst int
	every time.Duration

	mu    sync.Mutex
	full  map[K]time.Time // when the whole burst is there again
	swept time.Time
}

// NewBucket returns a limiter of a burst, refilled by one event every so often.
func NewBucket[K comparable](burst int, every time.Duration) *Bucket[K] {
	return &Bucket[K]{burst: burst, every: every, full: map[K]time.Time{}}
}

// Allow counts one event of key at the instant, or says how long to wait
// without counting it.
func (b *Bucket[K]) Allow(key K, now time.Time) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep(now)
	full, known := b.full[key]
	longest := time.Duration(b.burst) * b.every
	if !known || full.Before(now) || full.Sub(now) > longest { // the last: the clock has been set back
		full = now
	}
	if wait := full.Add(b.every).Sub(now) - longest; wait > 0 {
		return wait
	}
	b.full[key] = full.Add(b.every)
	return 0
}

// sweep forgets the keys that are full, now and then and when there is no room.
// Whoever comes with more keys than that is not held back by counting them.
func (b *Bucket[K]) sweep(now time.Time) {
	crowded := len(b.full) >= mostKeys
	if !crowded && now.Sub(b.swept).Abs() < time.Minute {
		return
	}
	b.swept = now
	for key, full := range b.full {
		if !full.After(now) {
			delete(b.full, key)
		}
	}
	if len(b.full) >= mostKeys {
		clear(b.full)
	}
}
