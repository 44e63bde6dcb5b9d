package account

import (
	"sync"
	"time"

	"parley/internal/platform/clock"
)

const cacheSize = 20_000

// cache remembers what was loaded for a short while. The age counts from
// before the loading, so that a value is never older than the span even when
// the loading was slow.
type cache[K comparable, V any] struct {
	clock clock.Clock
	span  time.Duration

	mu    sync.Mutex
	items map[K]cached[V]
}

type cached[V any] struct {
	value V
	asOf  time.Time
}

func newCache[K comparable, V any](c clock.Clock, span time.Duration) *cache[K, V] {
	return &cache[K, V]{clock: c, span: span, items: map[K]cached[V]{}}
}

// get returns the remembered value or loads it. Errors are not remembered.
func (c *cache[K, V]) get(key K, load func() (V, error)) (V, error) {
	now := c.clock.Now()
	c.mu.Lock()
	item, ok := c.items[key]
	c.mu.Unlock()
	if ok && c.fresh(item, now) {
		return item.value, nil
	}
	value, err := load()
	if err != nil {
		return value, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.items) >= cacheSize {
		c.sweep(now)
	}
	c.items[key] = cached[V]{value, now}
	return value, nil
}

// fresh distrusts values from the future: the clock was set back.
func (c *cache[K, V]) fresh(item cached[V], now time.Time) bool {
	age := now.Sub(item.asOf)
	return age >= 0 && age < c.span
}

func (c *cache[K, V]) sweep(now time.Time) {
	for key, item := range c.items {
		if !c.fresh(item, now) {
			delete(c.items, key)
		}
	}
	if len(c.items) >= cacheSize {
		clear(c.items)
	}
}

// forget drops what is remembered of the keys that match.
func (c *cache[K, V]) forget(match func(K, V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, item := range c.items {
		if match(key, item.value) {
			delete(c.items, key)
		}
	}
}

func (c *cache[K, V]) drop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.items, key)
}
