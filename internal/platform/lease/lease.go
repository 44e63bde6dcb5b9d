// Package lease lets one node of many do a work that must be done once: hold
// a bind, own a gateway. A lease is a row that its holder renews; when the
// holder dies another node takes it within eight seconds: [Lasts] and a look.
//
// Time is the database's, so that the clocks of nodes need not agree, and
// whoever cannot renew stops before another may start.
package lease

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"parley/internal/platform/db"
)

// Lasts is how long a lease outlives its holder.
const Lasts = 6 * time.Second

// Leases hands out leases on behalf of one node.
type Leases struct {
	db    *db.DB
	node  string
	log   *slog.Logger
	lasts time.Duration
}

// New returns the leases of a node that nobody else claims to be.
func New(d *db.DB, log *slog.Logger) *Leases {
	return &Leases{db: d, node: uuid.NewString(), log: log, lasts: Lasts}
}

// renewEvery is also how often a node asks for a lease that another has.
func (l *Leases) renewEvery() time.Duration { return l.lasts / 4 }

// stopAfter is what a holder that cannot renew works on for at most; the rest of
// the lease is for the work to end.
func (l *Leases) stopAfter() time.Duration { return l.lasts * 5 / 8 }

// Hold runs work whenever this node has the named lease, until ctx ends. The
// context of work ends with the lease; Hold waits for work before it goes on.
func (l *Leases) Hold(ctx context.Context, name string, work func(ctx context.Context)) {
	for ctx.Err() == nil {
		asked := time.Now()
		if held, err := l.take(ctx, name); err != nil && ctx.Err() == nil {
			l.log.WarnContext(ctx, "lease cannot be taken", "lease", name, "error", err)
		} else if held {
			l.during(ctx, name, asked, work)
		}
		select {
		case <-ctx.Done():
		case <-time.After(l.renewEvery()):
		}
	}
}

// during works until the lease or ctx ends, and gives the lease back.
func (l *Leases) during(ctx context.Context, name string, asked time.Time, work func(ctx context.Context)) {
	working, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(working)
	}()
	l.renew(ctx, name, asked, done)
	stop()
	<-done
	l.giveBack(ctx, name)
}

// renew returns when the work is done, ctx has ended or the lease is lost. The
// lease counts from when it was asked for: it ends here before it ends there,
// whatever the database is doing meanwhile.
func (l *Leases) renew(ctx context.Context, name string, asked time.Time, done <-chan struct{}) {
	pause := l.renewEvery()
	for {
		select {
		case <-ctx.Done():
			return
		case <-done:
			return
		case <-time.After(pause):
		}
		at, last := time.Now(), asked.Add(l.stopAfter())
		within, cancel := context.WithDeadline(ctx, last)
		held, err := l.take(within, name)
		cancel()
		switch {
		case err == nil && held:
			asked, pause = at, l.renewEvery()
		case err == nil:
			l.log.WarnContext(ctx, "lease was taken by another node", "lease", name)
			return
		case !time.Now().Before(last):
			l.log.WarnContext(ctx, "lease cannot be renewed in time", "lease", name, "error", err)
			return
		default:
			pause = l.renewEvery() / 4
		}
	}
}

// take takes or renews a lease by the database's clock.
func (l *Leases) take(ctx context.Context, name string) (bool, error) {
	tag, err := l.db.Worker().Exec(ctx, `INSERT INTO lease AS l (name, holder, expires_at)
VALUES ($1, $2, clock_timestamp() + $3)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
WHERE l.holder = excluded.holder OR l.expires_at < clock_timestamp()`, name, l.node, l.lasts)
	if err != nil {
		return false, fmt.Errorf("take lease %s: %w", name, err)
	}
	return tag.RowsAffected() == 1, nil
}

// giveBack lets another node start at once; without it the lease runs out.
func (l *Leases) giveBack(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.renewEvery())
	defer cancel()
	if _, err := l.db.Worker().Exec(ctx, `DELETE FROM lease WHERE name = $1 AND holder = $2`, name, l.node); err != nil {
		l.log.WarnContext(ctx, "lease is left to run out", "lease", name, "error", err)
	}
}
