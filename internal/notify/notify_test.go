package notify_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/channel"
	"parley/internal/notify"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
	"parley/internal/platform/jobs"
)

// outbox is a mail server that refuses as often as it is told.
type outbox struct {
	mu     sync.Mutex
	refuse []error
	got    chan channel.Letter
}

func (o *outbox) send(_ context.Context, l channel.Letter) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.refuse) > 0 {
		err := o.refuse[0]
		o.refuse = o.refuse[1:]
		return err
	}
	o.got <- l
	return nil
}

func start(t *testing.T, d *db.DB, accounts *account.Service, o *outbox) *events.Bus {
	t.Helper()
	queue, err := jobs.New(d, jobs.Options{Poll: 100 * time.Millisecond})
	require.NoError(t, err)
	s, err := notify.New(d, clock.Real{}, accounts, queue, notify.Options{
		Platform: "Parley", Address: "https://parley.example", From: "Parley <no-reply@parley.example>", Send: o.send,
	})
	require.NoError(t, err)
	bus := events.New(d, events.Options{})
	s.Subscribe(bus)
	s.Work()
	require.NoError(t, queue.Start(t.Context()))
	t.Cleanup(func() { _ = queue.Stop(context.Background()) })
	return bus
}

func TestOwnerHearsOfALock(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	f := accounttest.New(t, d)
	owner := f.Direct.Person(t, access.Owner)
	_, err := d.Worker().Exec(t.Context(), "UPDATE users SET email_confirmed = true, language = 'en' WHERE id = $1", owner.ID)
	require.NoError(t, err)
	o := &outbox{got: make(chan channel.Letter, 9), refuse: []error{&channel.SendError{Reason: channel.NetworkBusy, Retry: true}}}
	bus := start(t, d, f.Service, o)

	fact := account.Locked{UserID: owner.ID, IP: "192.0.2.7", Until: time.Date(2026, 2, 28, 23, 59, 0, 0, time.UTC)}
	require.NoError(t, d.AsWorker(t.Context(), func(tx *db.Tx) error { return events.PublishTx(t.Context(), tx, 0, fact) }))
	require.NoError(t, bus.Drain(t.Context()))

	select {
	case l := <-o.got:
		require.Equal(t, owner.Email, l.To)
		require.Contains(t, l.Subject, "is locked until 23:59 (UTC")
		require.Contains(t, l.Text, "192.0.2.7")
		require.Contains(t, l.ID, "@parley.example")
	case <-time.After(30 * time.Second):
		t.Fatal("no letter, although the mail server recovered")
	}
	require.Eventually(t, func() bool { return letters(t, d, "sent") == 1 }, 10*time.Second, 10*time.Millisecond)
}

func TestUnconfirmedAddressHearsNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	f := accounttest.New(t, d)
	owner := f.Direct.Person(t, access.Owner)
	_, err := d.Worker().Exec(t.Context(), "UPDATE users SET email_confirmed = false WHERE id = $1", owner.ID)
	require.NoError(t, err)
	bus := start(t, d, f.Service, &outbox{got: make(chan channel.Letter, 1)})
	require.NoError(t, d.AsWorker(t.Context(), func(tx *db.Tx) error {
		return events.PublishTx(t.Context(), tx, 0, account.Locked{UserID: owner.ID})
	}))
	require.NoError(t, bus.Drain(t.Context()))
	require.Zero(t, letters(t, d, "waiting"))
}

// Guesses at a login that nobody has must not stop the letters of others.
func TestLockOfNobodysLoginIsPassedOver(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	f := accounttest.New(t, d)
	o := &outbox{got: make(chan channel.Letter, 9)}
	bus := start(t, d, f.Service, o)
	for range 5 {
		_, err := f.Service.SignIn(t.Context(), account.Credentials{Login: "nobody@example.com", Password: "guess"})
		require.Error(t, err)
	}
	owner := f.Direct.Person(t, access.Owner)
	require.NoError(t, d.AsWorker(t.Context(), func(tx *db.Tx) error {
		return events.PublishTx(t.Context(), tx, 0, account.Locked{UserID: owner.ID})
	}))
	require.NoError(t, bus.Drain(t.Context()))
	select {
	case l := <-o.got:
		require.Equal(t, owner.Email, l.To)
	case <-time.After(30 * time.Second):
		t.Fatal("no letter")
	}
}

func TestRefusedForGoodIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	f := accounttest.New(t, d)
	owner := f.Direct.Person(t, access.Owner)
	_, err := d.Worker().Exec(t.Context(), "UPDATE users SET email_confirmed = true WHERE id = $1", owner.ID)
	require.NoError(t, err)
	o := &outbox{got: make(chan channel.Letter, 1), refuse: []error{&channel.SendError{Reason: channel.InvalidRecipient}}}
	bus := start(t, d, f.Service, o)
	require.NoError(t, d.AsWorker(t.Context(), func(tx *db.Tx) error {
		return events.PublishTx(t.Context(), tx, 0, account.Locked{UserID: owner.ID})
	}))
	require.NoError(t, bus.Drain(t.Context()))
	require.Eventually(t, func() bool { return letters(t, d, "failed") == 1 }, 10*time.Second, 10*time.Millisecond)
	require.Empty(t, o.got)
}

func letters(t *testing.T, d *db.DB, state string) (n int) {
	t.Helper()
	require.NoError(t, d.Worker().QueryRow(t.Context(), "SELECT count(*) FROM letter WHERE state = $1", state).Scan(&n))
	return n
}
