package lease

import "time"

// Lasting returns leases of the same node that last otherwise.
func (l *Leases) Lasting(d time.Duration) *Leases {
	short := *l
	short.lasts = d
	return &short
}
