// Package lease lets one node of many do a work that must be done once: hold
// a bind, own a gateway. A lease is a row that its holder renews; when the
// holder dies another node takes it within [Lasts].
package lease

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"parley/internal/platform/db"
)

const (
	// Lasts is how long a lease outlives its holder.
	Lasts = 8 * time.Second

	renewEvery = 2 * time.Second
	// A holder that cannot renew stops before another may start; the difference
	// is for the two clocks and for the work to end.
	stopAfter = Lasts - 3*time.Second
)

// Leases hands out leases on behalf of one node.
type Leases struct {
	db   *db.DB
	node string
	log  *slog.Logger
}

// New returns the leases of a node that nobody else claims to be.
func New(d *db.DB, log *slog.Logger) *Leases {
	return &Leases{db: d, node: uuid.NewString(), log: log}
}

// Hold runs work whenever this node has the named lease, until ctx ends. The
// context of work ends with the lease; Hold waits for work before it goes on.
func (l *Leases) Hold(ctx context.Context, name string, work func(ctx context.Context)) {
	for ctx.Err() == nil {
		if held, err := l.take(ctx, name); err != nil && ctx.Err() == nil {
			l.log.WarnContext(ctx, "lease cannot be taken", "lease", name, "error", err)
		} else if held {
			l.during(ctx, name, work)
		}
		select {
		case <-ctx.Done():
		case <-time.After(renewEvery):
		}
	}
}

// during works until the lease or ctx ends, and gives the lease back.
func (l *Leases) during(ctx context.Context, name string, work func(ctx context.Context)) {
	working, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(working)
	}()
	renewed := time.Now()
	for {
		select {
		case <-done:
			l.giveBack(ctx, name)
			return
		case <-time.After(renewEvery):
		}
		asked := time.Now()
		within, cancel := context.WithTimeout(ctx, renewEvery)
		held, err := l.take(within, name)
		cancel()
		switch {
		case err == nil && held:
			renewed = asked
		case err == nil || time.Since(renewed) > stopAfter:
			stop()
			<-done
			l.giveBack(ctx, name)
			return
		}
	}
}

// take takes or renews a lease by the database's clock.
func (l *Leases) take(ctx context.Context, name string) (bool, error) {
	tag, err := l.db.Worker().Exec(ctx, `INSERT INTO lease AS l (name, holder, expires_at)
VALUES ($1, $2, clock_timestamp() + $3)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
WHERE l.holder = excluded.holder OR l.expires_at < clock_timestamp()`, name, l.node, Lasts)
	if err != nil {
		return false, fmt.Errorf("take lease %s: %w", name, err)
	}
	return tag.RowsAffected() == 1, nil
}

// giveBack lets another node start at once; without it the lease runs out.
func (l *Leases) giveBack(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewEvery)
	defer cancel()
	if _, err := l.db.Worker().Exec(ctx, `DELETE FROM lease WHERE name = $1 AND holder = $2`, name, l.node); err != nil {
		l.log.WarnContext(ctx, "lease is left to run out", "lease", name, "error", err)
	}
}
