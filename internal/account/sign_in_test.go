package account_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
)

var home = netip.MustParseAddr("198.51.100.7")

// desk is a place to sign in at.
type desk struct {
	*accounttest.Fixture
	clock  *clock.Fixed
	pauses []time.Duration
	ended  []account.AccessEnded
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{clock: clock.At(noon)}
	d.Fixture = accounttest.NewAt(t, dbtest.New(t), d.clock, account.Options{
		AccessEnded: func(e account.AccessEnded) { d.ended = append(d.ended, e) },
	})
	d.Service.OnPause(func(p time.Duration) { d.pauses = append(d.pauses, p) })
	return d
}

func (d *desk) signIn(t *testing.T, login, password string) (account.SignedIn, error) {
	t.Helper()
	return d.Service.SignIn(t.Context(), account.Credentials{Login: login, Password: password, Address: home, UserAgent: "test"})
}

func (d *desk) mustSignIn(t *testing.T, login string) account.SignedIn {
	t.Helper()
	in, err := d.signIn(t, login, accounttest.Password)
	require.NoError(t, err)
	return in
}

func (d *desk) who(t *testing.T, token string) (int64, error) {
	t.Helper()
	actor, err := d.Service.BySignIn(t.Context(), token)
	return actor.UserID, err
}

func TestSignInForms(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	national := "8" + p.Phone[2:]
	for _, login := range []string{
		p.Email, "  " + strings.ToUpper(p.Email) + " ", p.Phone, national, p.Phone[1:],
		fmt.Sprintf("8 (%s) %s-%s", national[1:4], national[4:7], national[7:]),
	} {
		in := d.mustSignIn(t, login)
		require.Equal(t, p.ID, in.UserID, login)
		require.Zero(t, in.MaxAge)
		userID, err := d.who(t, in.Token)
		require.NoError(t, err)
		require.Equal(t, p.ID, userID)
	}
	for _, login := range []string{"", " ", p.Name, "' OR 1=1 --", "\x00", p.Email + "\x00", "\xff\xfe", strings.Repeat("a", 5000), p.Email + "x"} {
		_, err := d.signIn(t, login, accounttest.Password)
		require.True(t, fault.Is(err, fault.WrongCredentials), "%q: %v", login, err)
	}
	_, err := d.signIn(t, p.Email, strings.Repeat("x", 1<<20))
	require.Equal(t, "too_long", fieldCode(t, err, "password"))
}

func TestPasswordsAreComparedComposed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, err := d.Service.CreateUser(t.Context(), account.NewUser{Name: "Ё", Email: "yo@example.com", Password: "\u0451жик в тумане"})
	require.NoError(t, err)
	_, err = d.signIn(t, "yo@example.com", "\u0435\u0308жик в тумане")
	require.NoError(t, err, "another keyboard writes the same letter in two parts")
}

func TestTokenIsNotStored(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.mustSignIn(t, d.Direct.Person(t, access.Owner).Email)
	raw, err := base64.RawURLEncoding.DecodeString(in.Token)
	require.NoError(t, err)
	require.Len(t, raw, 32)
	var hash []byte
	require.NoError(t, d.DB.Worker().QueryRow(t.Context(), "SELECT token_hash FROM sign_ins").Scan(&hash))
	sum := sha256.Sum256(raw)
	require.Equal(t, sum[:], hash)
	var row string
	require.NoError(t, d.DB.Worker().QueryRow(t.Context(), "SELECT s::text || u::text FROM sign_ins s JOIN users u ON u.id = s.user_id").Scan(&row))
	require.NotContains(t, row, in.Token)
	require.NotContains(t, row, accounttest.Password)
}

func TestStolenOrInventedCookie(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	in := d.mustSignIn(t, p.Email)
	for _, token := range []string{
		"", "x", in.Token[:42], in.Token + "A", strings.Repeat("A", 43), strings.ToUpper(in.Token), in.Token + "\n", in.SignInID.String(), strings.Repeat("x", 1<<16),
	} {
		_, err := d.who(t, token)
		require.True(t, fault.Is(err, fault.Unauthenticated), "%.50q", token)
	}
	require.NoError(t, d.Service.SignOut(t.Context(), in.SignInID))
	_, err := d.who(t, in.Token)
	require.True(t, fault.Is(err, fault.Unauthenticated), "a cookie that was copied ends with the sign-out")
	require.Equal(t, account.AccessEnded{UserID: p.ID, SignInIDs: []uuid.UUID{in.SignInID}}, d.ended[0])
	require.NoError(t, d.Service.SignOut(t.Context(), in.SignInID), "twice is fine")
	require.Len(t, d.ended, 1)
}

func TestFixation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	attacker, victim := d.First.Person(t, access.Operator), d.Direct.Person(t, access.Owner)
	planted := d.mustSignIn(t, attacker.Email)

	in, err := d.Service.SignIn(t.Context(), account.Credentials{
		Login: victim.Email, Password: accounttest.Password, Address: home, Replaces: planted.Token,
	})
	require.NoError(t, err)
	require.NotEqual(t, planted.Token, in.Token)
	_, err = d.who(t, planted.Token)
	require.True(t, fault.Is(err, fault.Unauthenticated), "the planted cookie leads nowhere now")
	require.Equal(t, planted.SignInID, d.ended[0].SignInIDs[0])

	invented := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	in, err = d.Service.SignIn(t.Context(), account.Credentials{Login: victim.Email, Password: accounttest.Password, Address: home, Replaces: invented})
	require.NoError(t, err)
	require.NotEqual(t, invented, in.Token, "a token is never of the browser's choosing")
}

func TestSignInExpires(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	for name, c := range map[string]struct {
		remember bool
		uses     []time.Duration // between one use and the next
		in       bool
	}{
		"unused for 12 hours":                  {false, []time.Duration{12 * time.Hour}, false},
		"used within 12 hours":                 {false, []time.Duration{11 * time.Hour, 11 * time.Hour, 11 * time.Hour}, true},
		"remembered for 30 days without use":   {true, []time.Duration{30*24*time.Hour - time.Second}, true},
		"remembered for 30 days, not longer":   {true, []time.Duration{29 * 24 * time.Hour, 24 * time.Hour}, false},
		"not remembered, used day after night": {false, repeat(11*time.Hour, 65), true},
		"not remembered for ever":              {false, repeat(11*time.Hour, 66), false},
	} {
		t.Run(name, func(t *testing.T) {
			d.clock.Set(noon)
			in, err := d.Service.SignIn(t.Context(), account.Credentials{Login: p.Email, Password: accounttest.Password, Remember: c.remember, Address: home})
			require.NoError(t, err)
			require.Equal(t, c.remember, in.MaxAge == 30*24*time.Hour)
			for _, pause := range c.uses {
				d.clock.Step(pause)
				_, err = d.who(t, in.Token)
			}
			require.Equal(t, c.in, err == nil, "%v", err)
		})
	}
}

func repeat(d time.Duration, n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = d
	}
	return out
}

func TestUseIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	in := d.mustSignIn(t, p.Email)
	seen := func() time.Time {
		_, err := d.who(t, in.Token)
		require.NoError(t, err)
		members, _, err := d.Service.Members(t.Context(), p.Actor, account.MemberFilter{})
		require.NoError(t, err)
		return *members[0].LastSeenAt
	}
	require.Equal(t, noon, seen().UTC())
	d.clock.Step(59 * time.Second)
	require.Equal(t, noon, seen().UTC())
	d.clock.Step(time.Second)
	require.Equal(t, noon.Add(time.Minute), seen().UTC())
}

func TestCleanup(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	d.mustSignIn(t, p.Email)
	_, err := d.Service.SignIn(t.Context(), account.Credentials{Login: p.Email, Password: accounttest.Password, Remember: true, Address: home})
	require.NoError(t, err)
	_, err = d.signIn(t, "nobody@example.com", "x")
	require.Error(t, err)

	n, err := d.Service.Cleanup(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	d.clock.Step(13 * time.Hour)
	n, err = d.Service.Cleanup(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 4, n, "one sign-in and the failures of a login, of nobody, of an address")
}

func TestParametersChange(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	hash := func() (h string) {
		require.NoError(t, d.DB.Worker().QueryRow(t.Context(), "SELECT password_hash FROM users WHERE id = $1", p.ID).Scan(&h))
		return h
	}
	before := hash()
	d.mustSignIn(t, p.Email)
	require.Equal(t, before, hash())

	stronger := account.New(d.DB, d.clock, account.Options{PasswordCost: account.Cost{MemoryKiB: 32, Passes: 2}})
	sign := account.Credentials{Login: p.Email, Password: accounttest.Password, Address: home}
	_, err := stronger.SignIn(t.Context(), sign)
	require.NoError(t, err)
	require.Contains(t, hash(), "$m=32,t=2,p=1$")
	_, err = stronger.SignIn(t.Context(), sign)
	require.NoError(t, err)
}

func TestDefaultCost(t *testing.T) {
	t.Parallel()
	s := account.New(dbtest.New(t), clock.Real{}, account.Options{})
	_, _, err := s.Install(t.Context(), account.Installation{PlatformName: "Parley", Currency: "RUB", TimeZone: "UTC", Owner: account.NewUser{
		Name: "Ada", Email: "ada@example.com", Password: accounttest.Password,
	}})
	require.NoError(t, err)
	_, err = s.SignIn(t.Context(), account.Credentials{Login: "nobody@example.com", Password: "wrong", Address: home})
	require.True(t, fault.Is(err, fault.WrongCredentials), "the hash of nobody can be compared")
	_, err = s.SignIn(t.Context(), account.Credentials{Login: "ada@example.com", Password: accounttest.Password, Address: home})
	require.NoError(t, err)
}

// Too many sign-ins at once wait for their turn to be hashed and then give up.
func TestHashingIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := account.New(nil, clock.Real{}, account.Options{PasswordCost: accounttest.Cheap})
		done := s.OccupyHasher()
		began := time.Now()
		var wait sync.WaitGroup
		for range 100 {
			wait.Go(func() {
				_, err := s.CheckPassword(t.Context(), "x")
				require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
			})
		}
		wait.Wait()
		require.Equal(t, 5*time.Second, time.Since(began))
		require.Zero(t, s.Hashed())
		done()
		_, err := s.CheckPassword(t.Context(), "x")
		require.NoError(t, err)
	})
}

// Whose password was never looked at has not failed.
func TestGivingUpIsNoFailure(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	done := d.Service.OccupyHasher()
	for range 6 {
		ctx, cancel := context.WithCancel(t.Context())
		d.Service.OnPause(func(time.Duration) { cancel() })
		_, err := d.Service.SignIn(ctx, account.Credentials{Login: p.Email, Password: accounttest.Password, Address: home})
		require.ErrorIs(t, err, context.Canceled)
	}
	done()
	d.mustSignIn(t, p.Email)
}

func TestChangedPasswordStopsASignInUnderWay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Owner)
	d.Service.OnPause(func(time.Duration) {
		_, err := d.DB.Worker().Exec(t.Context(), "UPDATE users SET password_hash = password_hash || 'A' WHERE id = $1", p.ID)
		require.NoError(t, err)
	})
	_, err := d.signIn(t, p.Email, accounttest.Password)
	require.True(t, fault.Is(err, fault.WrongCredentials), "%v", err)
	var n int
	require.NoError(t, d.DB.Worker().QueryRow(t.Context(), "SELECT count(*) FROM sign_ins").Scan(&n))
	require.Zero(t, n)
}

func TestSignInDataIsOutOfReachForTenants(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.mustSignIn(t, d.Direct.Person(t, access.Owner).Email)
	d.First.Person(t, access.Owner)
	for _, query := range []string{
		"SELECT * FROM sign_ins", "DELETE FROM sign_ins", "SELECT * FROM sign_in_failure", "SELECT password_hash FROM users", "SELECT * FROM users",
		"UPDATE users SET name = 'x'", "INSERT INTO users (name) VALUES ('x')",
	} {
		err := d.DB.InCompany(t.Context(), d.Direct.ID, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), query)
			return err
		})
		require.ErrorContains(t, err, "permission denied", query)
	}
	require.NoError(t, d.DB.InCompany(t.Context(), d.Direct.ID, func(tx *db.Tx) error {
		var n int
		require.NoError(t, tx.QueryRow(t.Context(), "SELECT count(*) FROM (SELECT name, email FROM users) u").Scan(&n))
		require.Equal(t, 1, n, "its own people only")
		return nil
	}))
}
