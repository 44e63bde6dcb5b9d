package lease_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/lease"
)

const lasts = 800 * time.Millisecond

func leases(d *db.DB) *lease.Leases {
	return lease.New(d, slog.New(slog.DiscardHandler)).Lasting(lasts)
}

// node wants the lease until it stops; taken counts how often it got it.
type node struct {
	stop  context.CancelFunc
	done  chan struct{}
	taken atomic.Int32
}

func (n *node) end() {
	n.stop()
	<-n.done
}

// start runs a node that counts itself in and out of together.
func start(t *testing.T, d *db.DB, name string, together *atomic.Int32) *node {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	n := &node{stop: stop, done: make(chan struct{})}
	go func() {
		defer close(n.done)
		leases(d).Hold(ctx, name, func(ctx context.Context) {
			n.taken.Add(1)
			if together.Add(1) > 1 {
				t.Error("two nodes hold the same lease")
			}
			<-ctx.Done()
			together.Add(-1)
		})
	}()
	t.Cleanup(n.end)
	return n
}

func TestOneNodeAtATime(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	var together, others atomic.Int32
	a, b := start(t, d, "bind", &together), start(t, d, "bind", &together)
	other := start(t, d, "another bind", &others)
	require.Eventually(t, func() bool { return a.taken.Load()+b.taken.Load() == 1 && other.taken.Load() == 1 }, 10*time.Second, time.Millisecond)
	holds, waits := a, b
	if b.taken.Load() == 1 {
		holds, waits = b, a
	}
	for range 3 { // renewed: more than its time goes by and nothing changes hands
		require.Never(t, func() bool { return waits.taken.Load() > 0 }, 600*time.Millisecond, 10*time.Millisecond)
	}
	holds.end()
	require.Eventually(t, func() bool { return waits.taken.Load() == 1 }, 10*time.Second, time.Millisecond, "given back")
}

// A node that died without a word is followed once its lease has run out.
func TestDeadNodeIsFollowed(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	_, err := d.Worker().Exec(t.Context(), `INSERT INTO lease (name, holder, expires_at)
		VALUES ('bind', gen_random_uuid(), clock_timestamp() + interval '400 milliseconds')`)
	require.NoError(t, err)
	var together atomic.Int32
	began := time.Now()
	n := start(t, d, "bind", &together)
	require.Eventually(t, func() bool { return n.taken.Load() == 1 }, 10*time.Second, time.Millisecond)
	require.GreaterOrEqual(t, time.Since(began), 350*time.Millisecond, "not while it might live")
}

// A lease that was taken away, as after a long pause of the whole machine, ends
// what ran under it.
func TestTakenAway(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	var together atomic.Int32
	n := start(t, d, "bind", &together)
	require.Eventually(t, func() bool { return together.Load() == 1 }, 10*time.Second, time.Millisecond)
	_, err := d.Worker().Exec(t.Context(), `UPDATE lease SET holder = gen_random_uuid(), expires_at = clock_timestamp() + interval '500 milliseconds'`)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return together.Load() == 0 }, 10*time.Second, time.Millisecond)
	require.Eventually(t, func() bool { return n.taken.Load() == 2 }, 10*time.Second, time.Millisecond, "free again")
}

// When the database does not answer, the holder lets go before its lease ends there.
func TestUnreachableDatabase(t *testing.T) {
	t.Parallel()
	url := dbtest.NewURL(t)
	d, err := db.Open(t.Context(), url, db.Options{AppConns: 1, WorkerConns: 2, SearchConns: 1})
	require.NoError(t, err)
	var held, let time.Time
	var once sync.Once
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	leases(d).Hold(ctx, "bind", func(running context.Context) {
		once.Do(func() {
			held = time.Now()
			d.Close()
			<-running.Done()
			let = time.Now()
		})
		cancel()
	})
	require.NotZero(t, let)
	require.Less(t, let.Sub(held), lasts)
}
