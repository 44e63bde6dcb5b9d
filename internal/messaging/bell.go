package messaging

import (
	"sync"

	"github.com/google/uuid"
)

// bells wake the gateways of this node when there is work. They are hints: a
// gateway on another node looks by itself.
type bells struct {
	mu sync.Mutex
	by map[uuid.UUID]chan struct{}
}

func (b *bells) listen(gateway uuid.UUID) (bell <-chan struct{}, stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.by == nil {
		b.by = map[uuid.UUID]chan struct{}{}
	}
	ch := make(chan struct{}, 1)
	b.by[gateway] = ch
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.by, gateway)
	}
}

func (b *bells) ring(gateway uuid.UUID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.by[gateway] <- struct{}{}:
	default: // nobody here, or woken already
	}
}

func (s *Service) wake(drafts []draft) {
	rung := map[uuid.UUID]bool{}
	for _, d := range drafts {
		if id := d.hop.GatewayID; !rung[id] {
			rung[id] = true
			s.bells.ring(id)
		}
	}
}
