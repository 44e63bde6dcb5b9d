package events_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
)

const patience = 20 * time.Second

type opened struct {
	N int `json:"n"`
}

func (opened) EventName() string { return "test.opened" }

type closed struct {
	N int `json:"n"`
}

func (closed) EventName() string { return "test.closed" }

type handler = func(ctx context.Context, tx *db.Tx, e events.Of[opened]) error

func newBus(d *db.DB, poll time.Duration) *events.Bus {
	return events.New(d, events.Options{Poll: poll, Log: slog.New(slog.DiscardHandler)})
}

func start(t *testing.T, b *events.Bus) {
	t.Helper()
	require.NoError(t, b.Start(t.Context()))
	t.Cleanup(b.Stop)
}

func publish(t *testing.T, d *db.DB, numbers ...int) {
	t.Helper()
	for _, n := range numbers {
		require.NoError(t, d.InCompany(t.Context(), 7, func(tx *db.Tx) error {
			return events.PublishTx(t.Context(), tx, 7, opened{n})
		}))
	}
}

// into returns a handler that passes the numbers on.
func into(to chan<- int) handler {
	return func(_ context.Context, tx *db.Tx, e events.Of[opened]) error {
		tx.AfterCommit(func() { to <- e.Event.N })
		return nil
	}
}

func receive(t *testing.T, from <-chan int) int {
	t.Helper()
	select {
	case n := <-from:
		return n
	case <-time.After(patience):
		require.FailNow(t, "nothing came")
		return 0
	}
}

func TestEverySubscriberGetsEveryEventOnceInOrder(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	bus := newBus(d, time.Hour)
	bot, notify := make(chan int, 2000), make(chan int, 2000)
	bus.Subscribe("bot", events.On(into(bot)))
	bus.Subscribe("notify", events.On(into(notify)), events.On(func(context.Context, *db.Tx, events.Of[closed]) error {
		return errors.New("nobody published this")
	}))
	publish(t, d, 1, 2) // before the start
	start(t, bus)

	rolledBack := errors.New("no")
	require.ErrorIs(t, d.InCompany(t.Context(), 7, func(tx *db.Tx) error {
		require.NoError(t, events.PublishTx(t.Context(), tx, 7, opened{99}))
		return rolledBack
	}), rolledBack)
	require.NoError(t, d.AsWorker(t.Context(), func(tx *db.Tx) error {
		for n := 3; n <= 1000; n++ {
			if err := events.PublishTx(t.Context(), tx, 0, opened{n}); err != nil {
				return err
			}
		}
		return nil
	}))
	for n := 1; n <= 1000; n++ {
		require.Equal(t, n, receive(t, bot))
		require.Equal(t, n, receive(t, notify))
	}
	require.NoError(t, bus.Drain(t.Context()))
	require.Empty(t, bot)
	require.Empty(t, notify)
}

func TestEventCarriesItsCompany(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	bus := newBus(d, time.Hour)
	var got []events.Of[opened]
	bus.Subscribe("bot", events.On(func(_ context.Context, _ *db.Tx, e events.Of[opened]) error {
		got = append(got, e)
		return nil
	}))
	publish(t, d, 5)
	require.NoError(t, d.AsWorker(t.Context(), func(tx *db.Tx) error {
		return events.PublishTx(t.Context(), tx, 0, opened{6})
	}))
	require.NoError(t, bus.Drain(t.Context()))
	require.Len(t, got, 2)
	require.Equal(t, []int64{7, 0}, []int64{got[0].CompanyID, got[1].CompanyID})
	require.WithinDuration(t, time.Now(), got[0].At, time.Minute)
	require.NotEqual(t, got[0].ID, got[1].ID)
}

func TestTransactionThatCommitsLateLosesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	bus := newBus(d, time.Hour)
	got := make(chan int, 9)
	bus.Subscribe("bot", events.On(into(got)))
	start(t, bus)

	published, commit := make(chan struct{}), make(chan struct{})
	late := make(chan error)
	go func() {
		late <- d.InCompany(context.Background(), 7, func(tx *db.Tx) error {
			err := events.PublishTx(context.Background(), tx, 7, opened{1})
			close(published)
			<-commit
			return err
		})
	}()
	<-published
	publish(t, d, 2, 3)
	for range 20 { // as often as the subscriber cares to look, it must not read past the first
		var waits bool
		require.NoError(t, d.Worker().QueryRow(t.Context(),
			"SELECT xid = '0' FROM event_cursor WHERE subscriber = 'bot'").Scan(&waits))
		require.True(t, waits)
	}
	require.Empty(t, got)
	close(commit)
	require.NoError(t, <-late)
	for n := 1; n <= 3; n++ {
		require.Equal(t, n, receive(t, got))
	}
}

func TestEventThatFailsStopsItsSubscriberOnly(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	bus := newBus(d, time.Hour)
	var broken atomic.Bool
	broken.Store(true)
	got, other := make(chan int, 9), make(chan int, 9)
	bus.Subscribe("picky", events.On(func(ctx context.Context, tx *db.Tx, e events.Of[opened]) error {
		if e.Event.N == 2 && broken.Load() {
			panic("cannot stand twos")
		}
		return into(got)(ctx, tx, e)
	}))
	publish(t, d, 1, 2, 3)

	err := bus.Drain(t.Context())
	require.ErrorContains(t, err, "cannot stand twos")
	require.Equal(t, 1, receive(t, got), "what came before is done")
	require.Empty(t, got)
	var failures int
	var text string
	var pauses bool
	require.NoError(t, d.Worker().QueryRow(t.Context(),
		"SELECT failures, error, retry_at > now() FROM event_cursor WHERE subscriber = 'picky'").Scan(&failures, &text, &pauses))
	require.Equal(t, 1, failures)
	require.Contains(t, text, "test.opened")
	require.True(t, pauses)

	bus.Subscribe("easy", events.On(into(other)))
	start(t, bus)
	for n := 1; n <= 3; n++ {
		require.Equal(t, n, receive(t, other))
	}
	require.Empty(t, got, "its time has not come")

	broken.Store(false)
	bus.Stop()
	_, err = d.Worker().Exec(t.Context(), "UPDATE event_cursor SET retry_at = now()")
	require.NoError(t, err)
	require.NoError(t, bus.Drain(t.Context()))
	require.Equal(t, 2, receive(t, got))
	require.Equal(t, 3, receive(t, got))
	require.NoError(t, d.Worker().QueryRow(t.Context(),
		"SELECT failures FROM event_cursor WHERE subscriber = 'picky'").Scan(&failures))
	require.Zero(t, failures)
}

func TestRetryComesByItself(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	bus := newBus(d, 50*time.Millisecond)
	var attempts atomic.Int32
	got := make(chan int, 9)
	bus.Subscribe("slow starter", events.On(func(ctx context.Context, tx *db.Tx, e events.Of[opened]) error {
		if attempts.Add(1) == 1 {
			return errors.New("not yet")
		}
		return into(got)(ctx, tx, e)
	}))
	start(t, bus)
	publish(t, d, 1)
	require.Equal(t, 1, receive(t, got))
}

func TestHandlerCutOffIsDoneOnceAfterAll(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	first := newBus(d, time.Hour)
	inside := make(chan struct{})
	count := func(ctx context.Context, tx *db.Tx, _ events.Of[opened]) error {
		_, err := tx.Exec(ctx, "INSERT INTO lease (name, holder, expires_at) VALUES (gen_random_uuid(), 'test', now())")
		return err
	}
	first.Subscribe("counter", events.On(func(ctx context.Context, tx *db.Tx, e events.Of[opened]) error {
		if err := count(ctx, tx, e); err != nil {
			return err
		}
		close(inside)
		<-ctx.Done()
		return ctx.Err()
	}))
	start(t, first)
	publish(t, d, 1)
	<-inside
	first.Stop()

	second := newBus(d, time.Hour)
	second.Subscribe("counter", events.On(count))
	require.NoError(t, second.Drain(t.Context()))
	require.NoError(t, second.Drain(t.Context()))
	var rows, failures int
	require.NoError(t, d.Worker().QueryRow(t.Context(),
		"SELECT (SELECT count(*) FROM lease), failures FROM event_cursor").Scan(&rows, &failures))
	require.Equal(t, 1, rows)
	require.Zero(t, failures, "a stop is no failure of the event")
}

func TestManyNodesHandleEachEventOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	got := make(chan int, 1000)
	for range 3 {
		node := newBus(d, 20*time.Millisecond)
		node.Subscribe("bot", events.On(into(got)))
		start(t, node)
	}
	const total = 200
	for n := range total {
		publish(t, d, n)
	}
	for n := range total {
		require.Equal(t, n, receive(t, got))
	}
	require.Empty(t, got)
}

func TestOtherNodesAreWoken(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	bus := newBus(d, time.Hour)
	got := make(chan int, 9)
	bus.Subscribe("bot", events.On(into(got)))
	start(t, bus)
	// Another process: nothing in this one says that there was a commit.
	_, err := d.Worker().Exec(t.Context(), "INSERT INTO event (id, name, payload) VALUES (gen_random_uuid(), 'test.opened', '{\"n\": 8}')")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := d.Worker().Exec(t.Context(), "SELECT pg_notify('parley_event', 'another node')")
		return err == nil && len(got) == 1
	}, patience, 20*time.Millisecond)
	require.Equal(t, 8, <-got)
}

func TestSweepKeepsWhatSomebodyHasAhead(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	bus := newBus(d, time.Hour)
	bus.Subscribe("quick", events.On(func(context.Context, *db.Tx, events.Of[opened]) error { return nil }))
	publish(t, d, 1, 2)
	require.NoError(t, bus.Drain(t.Context()))
	publish(t, d, 3)

	gone, err := bus.Sweep(t.Context(), time.Now().Add(-time.Hour))
	require.NoError(t, err)
	require.Zero(t, gone, "young")
	gone, err = bus.Sweep(t.Context(), time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, int64(2), gone)

	slow := newBus(d, time.Hour)
	var got []int
	slow.Subscribe("slow", events.On(func(_ context.Context, _ *db.Tx, e events.Of[opened]) error {
		got = append(got, e.Event.N)
		return nil
	}))
	require.NoError(t, slow.Drain(t.Context()))
	require.Equal(t, []int{3}, got, "a new subscriber begins with the oldest event that is kept")
}

// The number of a transaction grows by a digit now and then.
func TestOrderIsThatOfNumbers(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	require.NoError(t, d.AsWorker(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO event (xid, id, company_id, name, payload)
			SELECT n::text::xid8, gen_random_uuid(), 7, 'test.opened', jsonb_build_object('n', n) FROM unnest(ARRAY[10, 9, 8, 12, 100, 99]) n`)
		return err
	}))
	var got []int
	b := newBus(d, time.Second)
	b.Subscribe("reader", events.On(func(_ context.Context, _ *db.Tx, e events.Of[opened]) error {
		got = append(got, e.Event.N)
		return nil
	}))
	require.NoError(t, b.Drain(t.Context()))
	require.Equal(t, []int{8, 9, 10, 12, 99, 100}, got)
}
