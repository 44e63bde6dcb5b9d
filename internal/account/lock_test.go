package account_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
)

func code(err error) fault.Code {
	if err == nil {
		return "in"
	}
	return fault.CodeOf(err)
}

func (d *desk) codes(t *testing.T, n int, login, password string) (codes []fault.Code) {
	t.Helper()
	for range n {
		_, err := d.signIn(t, login, password)
		codes = append(codes, code(err))
	}
	return codes
}

func times[T any](n int, v T) (out []T) {
	for range n {
		out = append(out, v)
	}
	return out
}

func TestLock(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	require.Equal(t, times(5, fault.WrongCredentials), d.codes(t, 5, p.Email, "wrong"))
	require.Equal(t, []time.Duration{0, 0, time.Second / 3, 2 * time.Second / 3, time.Second}, d.pauses, "slower and slower")

	hashed := d.Service.Hashed()
	_, err := d.signIn(t, p.Email, accounttest.Password)
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, fault.Locked, f.Code)
	require.Equal(t, 15*time.Minute, f.RetryAfter)
	require.Equal(t, hashed, d.Service.Hashed(), "a locked login costs no hash")

	d.clock.Step(15*time.Minute - time.Second)
	require.Equal(t, times(3, fault.Locked), d.codes(t, 3, p.Email, accounttest.Password), "asking does not make it longer or shorter")
	d.clock.Step(time.Second)
	d.mustSignIn(t, p.Email)
	require.Equal(t, times(4, fault.WrongCredentials), d.codes(t, 4, p.Email, "wrong"), "counted from the start again")
	d.mustSignIn(t, p.Email)
}

func TestFailuresAreForgottenAfterAQuarter(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	for range 20 { // any five of them take longer than a quarter of an hour
		d.codes(t, 1, p.Email, "wrong")
		d.clock.Step(4 * time.Minute)
	}
	d.mustSignIn(t, p.Email)
	for range 4 {
		d.codes(t, 1, p.Email, "wrong")
		d.clock.Step(3 * time.Minute)
	}
	require.Equal(t, []fault.Code{fault.WrongCredentials, fault.Locked}, d.codes(t, 2, p.Email, "wrong"), "five within a quarter, wherever it begins")
}

// The span is the same where a wall clock jumps and where a month ends.
func TestLockOverEdgesOfTheCalendar(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	for name, edge := range map[string]string{
		"clocks go forward": "2026-03-29T00:55:00Z", // in Berlin 01:55 is followed by 03:00
		"clocks go back":    "2026-10-25T00:55:00Z",
		"a month ends":      "2026-01-31T20:55:00Z", // 23:55 in Moscow
		"a year ends":       "2026-12-31T23:55:00Z",
		"a leap day":        "2028-02-29T23:55:00Z",
	} {
		at, err := time.Parse(time.RFC3339, edge)
		require.NoError(t, err)
		berlin, err := time.LoadLocation("Europe/Berlin")
		require.NoError(t, err)
		d.clock.Set(at.In(berlin))
		require.Equal(t, times(5, fault.WrongCredentials), d.codes(t, 5, p.Email, "wrong"), name)
		d.clock.Step(15*time.Minute - time.Microsecond)
		require.Equal(t, times(1, fault.Locked), d.codes(t, 1, p.Email, accounttest.Password), name)
		d.clock.Step(time.Microsecond)
		d.mustSignIn(t, p.Email)
	}
}

// Nothing tells a login that exists from one that does not: answers, pauses,
// hashes, rows and events are the same.
func TestEnumeration(t *testing.T) {
	t.Parallel()
	type trace struct {
		codes  []fault.Code
		pauses []time.Duration
		hashes int64
		rows   int
		events int
		said   string
	}
	watch := func(known bool) trace {
		d := newDesk(t)
		login := "nobody@red.example"
		if known {
			login = d.Direct.Person(t, access.Owner).Email
		}
		hashed := d.Service.Hashed()
		_, err := d.signIn(t, login, "wrong")
		codes := d.codes(t, 6, login, "wrong")
		tr := trace{codes: codes, pauses: d.pauses, hashes: d.Service.Hashed() - hashed, said: err.Error()}
		require.NoError(t, d.DB.Worker().QueryRow(t.Context(), "SELECT count(*) FROM sign_in_failure").Scan(&tr.rows))
		require.NoError(t, d.DB.Worker().QueryRow(t.Context(), "SELECT count(*) FROM event WHERE name = 'account.locked'").Scan(&tr.events))
		return tr
	}
	known, unknown := watch(true), watch(false)
	require.Equal(t, known, unknown)
	require.EqualValues(t, 5, known.hashes)
	require.Equal(t, 3, known.rows)
	require.Equal(t, 1, known.events)
}

// One account has one limit, whichever of its logins is tried; but a lock
// under the one does not show under the other, or anyone could learn that an
// email and a phone belong together.
func TestLockOfAnAccountWithTwoLogins(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	d.codes(t, 5, p.Email, "wrong")
	require.Equal(t, fault.Locked, d.codes(t, 1, p.Email, "wrong")[0])

	hashed := d.Service.Hashed()
	require.Equal(t, times(5, fault.WrongCredentials), d.codes(t, 5, p.Phone, accounttest.Password), "not even the right password")
	require.Equal(t, hashed+5, d.Service.Hashed(), "and as slowly as ever")
	require.Equal(t, fault.Locked, d.codes(t, 1, p.Phone, "wrong")[0])
	d.clock.Step(15 * time.Minute)
	d.mustSignIn(t, p.Phone)
}

func TestLockedEvent(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	var told []account.Locked
	bus := events.New(d.DB, events.Options{})
	bus.Subscribe("letters", events.On(func(_ context.Context, _ *db.Tx, e events.Of[account.Locked]) error {
		told = append(told, e.Event)
		return nil
	}))
	d.codes(t, 4, p.Email, "wrong")
	require.NoError(t, bus.Drain(t.Context()))
	require.Empty(t, told)
	d.codes(t, 3, p.Phone, "wrong")
	d.codes(t, 3, p.Email, "wrong")
	require.NoError(t, bus.Drain(t.Context()))
	require.Equal(t, []account.Locked{{UserID: p.ID, IP: home.String(), Until: noon.Add(15 * time.Minute)}}, told, "once")
}

func TestLockOfAnAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	try := func(login, password, address string) fault.Code {
		_, err := d.Service.SignIn(t.Context(), account.Credentials{Login: login, Password: password, Address: netip.MustParseAddr(address)})
		return code(err)
	}
	for i := range 29 {
		require.Equal(t, fault.WrongCredentials, try(fmt.Sprintf("guess%d@example.com", i), "x", fmt.Sprintf("2001:db8::%d", i+1)))
		if i%10 == 0 {
			require.EqualValues(t, "in", try(p.Email, accounttest.Password, "2001:db8::1"), "a right password is no failure")
		}
	}
	require.Equal(t, fault.WrongCredentials, try("guess@example.com", "x", "2001:db8::1"))
	require.Equal(t, fault.Locked, try(p.Email, accounttest.Password, "2001:db8::ffff"), "the whole /64 is one place")
	require.EqualValues(t, "in", try(p.Email, accounttest.Password, "2001:db8:0:1::1"), "other places are free")
	require.EqualValues(t, "in", try(p.Email, accounttest.Password, "203.0.113.1"))
	d.clock.Step(15 * time.Minute)
	require.EqualValues(t, "in", try(p.Email, accounttest.Password, "2001:db8::1"))
}

// Of any number of guesses at the same moment only five are looked at, from
// however many places and nodes they come.
func TestLockRace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	other := account.New(d.DB, d.clock, account.Options{PasswordCost: accounttest.Cheap})
	other.OnPause(func(time.Duration) {})
	d.Service.OnPause(func(time.Duration) {})
	hashed := d.Service.Hashed() + other.Hashed()

	var wrong, locked atomic.Int32
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range 60 {
		node := []*account.Service{d.Service, other}[i%2]
		wait.Go(func() {
			<-start
			_, err := node.SignIn(t.Context(), account.Credentials{
				Login: p.Email, Password: fmt.Sprint("guess", i), Address: netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}),
			})
			switch code(err) {
			case fault.WrongCredentials:
				wrong.Add(1)
			case fault.Locked:
				locked.Add(1)
			}
		})
	}
	close(start)
	wait.Wait()
	require.EqualValues(t, 5, wrong.Load())
	require.EqualValues(t, 55, locked.Load())
	require.EqualValues(t, 5, d.Service.Hashed()+other.Hashed()-hashed)
}

// A flood of wrong passwords from many places for many logins must neither let
// anybody in nor lock out those who are not under attack.
func TestFlood(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	d.Service.OnPause(func(time.Duration) {})
	var wait sync.WaitGroup
	var in atomic.Int32
	for i := range 200 {
		wait.Go(func() {
			_, err := d.Service.SignIn(t.Context(), account.Credentials{
				Login: fmt.Sprintf("login%d@example.com", i%20), Password: "x", Address: netip.AddrFrom4([4]byte{203, 0, 113, byte(i % 7)}),
			})
			if err == nil {
				in.Add(1)
			}
		})
	}
	wait.Wait()
	require.Zero(t, in.Load())
	d.mustSignIn(t, p.Email)
}

func TestRightPasswordsSideBySide(t *testing.T) {
	t.Parallel()
	c := clock.At(noon)
	f := accounttest.NewAt(t, dbtest.New(t), c, account.Options{})
	p := f.Direct.Person(t, access.Owner)
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			_, err := f.Service.SignIn(t.Context(), account.Credentials{Login: p.Email, Password: accounttest.Password, Address: home})
			require.NoError(t, err)
		})
	}
	wait.Wait()
	var failures int
	require.NoError(t, f.DB.Worker().QueryRow(t.Context(), "SELECT coalesce(sum(cardinality(failed_at)), 0) FROM sign_in_failure").Scan(&failures))
	require.Zero(t, failures, "the same instant is taken back once for each")
}
