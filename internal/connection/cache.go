package connection

import (
	"sync"
	"time"
)

const (
	cacheFor  = 2 * time.Second
	cacheKeys = 10_000 // guessed keys are kept too, so there must be an end
)

type entry struct {
	connection Connection
	ok         bool
	at         time.Time
}

// cache spares the database the question that every visitor of every page asks.
type cache struct {
	mu      sync.Mutex
	entries map[string]entry
}

func newCache() *cache { return &cache{entries: map[string]entry{}} }

func (c *cache) get(key string, now time.Time) (connection Connection, ok, hit bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, hit := c.entries[key]
	if !hit || now.Sub(e.at).Abs() >= cacheFor {
		return Connection{}, false, false
	}
	return e.connection, e.ok, true
}

func (c *cache) put(key string, e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) >= cacheKeys {
		clear(c.entries)
	}
	c.entries[key] = e
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
}
