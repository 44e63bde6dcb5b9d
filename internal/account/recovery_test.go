package account_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/fault"
)

// recover asks for a way back in and lets the outbox run.
func (c *counter) recover(t *testing.T, login string, o account.Origin) account.Recovery {
	t.Helper()
	r, err := c.Service.Recover(t.Context(), account.RecoveryRequest{Login: login, Language: "en", Origin: o})
	require.NoError(t, err)
	require.NoError(t, c.bus.Drain(t.Context()))
	return r
}

func (c *counter) set(t *testing.T, token, password string) error {
	t.Helper()
	return c.Service.SetRecovered(t.Context(), account.NewPassword{Token: token, Password: password, Origin: origin})
}

const changed = "eleven purple foxes"

func TestRecoveryByLetter(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	p := c.Direct.Person(t, access.Owner)
	in := c.mustSignIn(t, p.Email)
	c.codes(t, 5, p.Email, "wrong")
	require.Equal(t, account.Recovery{By: account.ByEmail, ResendAfter: time.Minute}, c.recover(t, " "+strings.ToUpper(p.Email), origin))
	letter := c.lastLetter(t, "recovery")
	require.Equal(t, []any{p.Email, p.ID, "en"}, []any{letter.To, *letter.UserID, letter.Language})
	require.True(t, strings.HasPrefix(letter.Secret["Link"], "https://parley.example/recover#"), letter.Secret["Link"])
	token := tokenOf(t, letter)

	require.Equal(t, "too_short", fieldCode(t, c.set(t, token, "short"), "password"), "the link still works after that")
	require.Equal(t, "invalid", fieldCode(t, c.set(t, token, p.Email), "password"))
	require.NoError(t, c.set(t, token, changed))
	require.Equal(t, "used", fieldCode(t, c.set(t, token, changed+"!"), "token"))
	_, err := c.who(t, in.Token)
	require.Equal(t, fault.Unauthenticated, code(err), "all sign-ins end")
	require.NotEmpty(t, c.ended)
	_, err = c.signIn(t, p.Email, changed)
	require.NoError(t, err, "and the lock is open")
	_, err = c.signIn(t, p.Email, accounttest.Password)
	require.Equal(t, fault.WrongCredentials, code(err))
	told := c.lastLetter(t, "password_changed")
	require.Equal(t, []any{p.Email, home.String()}, []any{told.To, told.Data["IP"]})
	records, _, err := c.Service.Trail(t.Context(), p.Actor, account.TrailFilter{Action: "user.password_recovered"})
	require.NoError(t, err)
	require.Len(t, records, 1)
}

func TestRecoveryBySMS(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	p := c.Direct.Person(t, access.Owner)
	r := c.recover(t, "8"+p.Phone[2:], origin)
	require.Equal(t, account.Recovery{By: account.ByPhone, CodeID: r.CodeID, ResendAfter: time.Minute}, r)
	sent := c.lastCode(t)
	require.Equal(t, p.Phone, sent.Phone)
	_, err := c.Service.RecoverByCode(t.Context(), r.CodeID, other(sent.Code))
	require.Equal(t, "wrong", fieldCode(t, err, "code"))
	_, err = c.Service.CheckSignUpCode(t.Context(), r.CodeID, sent.Code)
	require.Equal(t, "expired", fieldCode(t, err, "code"), "a code is for one thing")
	token, err := c.Service.RecoverByCode(t.Context(), r.CodeID, sent.Code)
	require.NoError(t, err)
	_, err = c.Service.RecoverByCode(t.Context(), r.CodeID, sent.Code)
	require.Equal(t, "used", fieldCode(t, err, "code"))
	require.NoError(t, c.set(t, token, changed))
	_, err = c.signIn(t, p.Phone, changed)
	require.NoError(t, err)
}

func TestRecoveryBySMSWithoutARoute(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	c.out.NoRoute()
	p := c.Direct.Person(t, access.Owner)
	r := c.recover(t, p.Phone, origin)
	letter := c.lastLetter(t, "code")
	require.Equal(t, p.Email, letter.To)
	token, err := c.Service.RecoverByCode(t.Context(), r.CodeID, letter.Secret["Code"])
	require.NoError(t, err)
	require.NoError(t, c.set(t, token, changed))
}

// Answers, counters and events are the same whether or not anybody has the
// login; only what goes out afterwards differs.
func TestRecoveryTellsNothing(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	p := c.Direct.Person(t, access.Owner)
	for i, pair := range [][2]string{{p.Email, "nobody@example.com"}, {p.Phone, "+79990000000"}, {p.Email + "x", "\x00"}} {
		var traces [2]string
		for j, login := range pair {
			events := c.one(t, "SELECT count(*) FROM event")
			r, err := c.Service.Recover(t.Context(), account.RecoveryRequest{Login: login, Language: "en", Origin: from(2*i + j)})
			require.NoError(t, err)
			_, again := c.Service.Recover(t.Context(), account.RecoveryRequest{Login: login, Language: "en", Origin: from(2*i + j)})
			traces[j] = fmt.Sprint(r.By, r.CodeID != uuid.Nil, r.ResendAfter, code(again), c.one(t, "SELECT count(*) FROM event")-events)
			require.NoError(t, c.bus.Drain(t.Context()))
		}
		require.Equal(t, traces[0], traces[1])
	}
	require.Len(t, c.out.Letters(), 1)
	require.Len(t, c.out.Codes(), 1)

	c.clock.Step(time.Hour)
	r := c.recover(t, "+79990000000", from(50))
	for range 4 {
		_, err := c.Service.RecoverByCode(t.Context(), r.CodeID, "000000")
		require.Equal(t, "wrong", fieldCode(t, err, "code"), "there is no right code, but it does not show")
	}
	_, err := c.Service.RecoverByCode(t.Context(), r.CodeID, "000000")
	require.Equal(t, "expired", fieldCode(t, err, "code"))
}

func TestRecoveryLinks(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	p, q := c.Direct.Person(t, access.Owner), c.First.Person(t, access.Owner)
	c.recover(t, p.Email, origin)
	first := tokenOf(t, c.lastLetter(t, "recovery"))
	for _, token := range []string{"", "x", strings.Repeat("A", 43), first + "\n", first[:42] + "!", "\x00", strings.Repeat("x", 1<<20)} {
		require.Equal(t, "wrong", fieldCode(t, c.set(t, token, changed), "token"))
	}
	require.Equal(t, "wrong", fieldCode(t, c.Service.ConfirmEmail(t.Context(), first), "token"), "a link is for one thing")
	c.clock.Step(time.Minute)
	c.recover(t, p.Email, origin)
	second := tokenOf(t, c.lastLetter(t, "recovery"))
	c.recover(t, q.Email, origin)
	others := tokenOf(t, c.lastLetter(t, "recovery"))
	c.clock.Step(time.Hour - time.Minute)
	require.Equal(t, "expired", fieldCode(t, c.set(t, first, changed), "token"))
	require.NoError(t, c.set(t, others, changed))
	c.clock.Step(time.Minute - time.Microsecond)
	require.NoError(t, c.set(t, second, changed), "to the last moment")
	require.Equal(t, "wrong", fieldCode(t, c.set(t, first, changed), "token"), "the others of the same user are gone")
}

// A link opened in two tabs at once sets one password.
func TestRecoveryLinkWorksOnce(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	p := c.Direct.Person(t, access.Owner)
	c.recover(t, p.Email, origin)
	token := tokenOf(t, c.lastLetter(t, "recovery"))
	var wg sync.WaitGroup
	set := make(chan error, 8)
	for i := range cap(set) {
		wg.Go(func() { set <- c.set(t, token, fmt.Sprintf("%s %d", changed, i)) })
	}
	wg.Wait()
	close(set)
	done := 0
	for err := range set {
		if err == nil {
			done++
			continue
		}
		require.Equal(t, "used", fieldCode(t, err, "token"))
	}
	require.Equal(t, 1, done)
}

func TestRecoveryIsRationed(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	ask := func(login string, o account.Origin) fault.Code {
		_, err := c.Service.Recover(t.Context(), account.RecoveryRequest{Login: login, Language: "ru", Origin: o})
		return code(err)
	}
	for i := range 20 {
		require.Equal(t, fault.Code("in"), ask(fmt.Sprintf("a%d@example.com", i), from(1)))
	}
	require.Equal(t, fault.RateLimited, ask("b@example.com", from(1)))
	require.Equal(t, fault.Code("in"), ask("b@example.com", from(2)))
	require.Equal(t, fault.RateLimited, ask("B@example.com ", from(3)), "the same login")
	for _, r := range []account.RecoveryRequest{{Login: " ", Language: "ru"}, {Login: "a@example.com", Language: "xx"}} {
		_, err := c.Service.Recover(t.Context(), r)
		require.Equal(t, fault.Invalid, code(err))
	}
	// A cap of whoever sends must not show: the answer has been given.
	c.out.Refuse(fault.New(fault.RateLimited, "Too many codes today."))
	r := c.recover(t, c.Direct.Person(t, access.Owner).Phone, from(4))
	require.NotEqual(t, uuid.Nil, r.CodeID)
	require.Empty(t, c.out.Codes())
}

func TestEmailConfirmation(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	f := c.registered(t, 1)
	in, err := c.signIn(t, f.Email, f.Password)
	require.NoError(t, err)
	me := access.Actor{UserID: in.UserID}
	first := tokenOf(t, c.lastLetter(t, "email_confirmation"))
	for range 5 {
		c.clock.Step(time.Minute)
		require.NoError(t, c.Service.SendEmailConfirmation(t.Context(), me, "parley.example"))
		require.Equal(t, fault.RateLimited, code(c.Service.SendEmailConfirmation(t.Context(), me, "parley.example")))
	}
	c.clock.Step(time.Minute)
	require.Equal(t, fault.RateLimited, code(c.Service.SendEmailConfirmation(t.Context(), me, "parley.example")), "five an hour")
	last := tokenOf(t, c.lastLetter(t, "email_confirmation"))
	for _, token := range []string{"", "x", strings.Repeat("A", 43), last + "="} {
		require.Equal(t, "wrong", fieldCode(t, c.Service.ConfirmEmail(t.Context(), token), "token"))
	}
	require.Equal(t, "wrong", fieldCode(t, c.set(t, last, changed), "token"), "a link is for one thing")
	require.NoError(t, c.Service.ConfirmEmail(t.Context(), first), "an older one works too")
	require.Equal(t, "used", fieldCode(t, c.Service.ConfirmEmail(t.Context(), first), "token"))
	require.Equal(t, "wrong", fieldCode(t, c.Service.ConfirmEmail(t.Context(), last), "token"), "nothing is left to confirm")
	mine, err := c.Service.Me(t.Context(), me)
	require.NoError(t, err)
	require.True(t, mine.EmailConfirmed)
	require.Equal(t, fault.Conflict, code(c.Service.SendEmailConfirmation(t.Context(), me, "parley.example")))
}

func TestEmailConfirmationExpires(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	c.registered(t, 1)
	first := tokenOf(t, c.lastLetter(t, "email_confirmation"))
	c.registered(t, 2)
	second := tokenOf(t, c.lastLetter(t, "email_confirmation"))
	_, err := c.DB.Worker().Exec(t.Context(), "UPDATE users SET email = 'moved@example.com' WHERE email = 'anna2@example.com'")
	require.NoError(t, err)
	require.Equal(t, "expired", fieldCode(t, c.Service.ConfirmEmail(t.Context(), second), "token"), "the account has another email now")
	require.Zero(t, c.one(t, "SELECT count(*) FROM users WHERE email = 'moved@example.com' AND email_confirmed"))
	c.clock.Step(7 * 24 * time.Hour)
	require.Equal(t, "expired", fieldCode(t, c.Service.ConfirmEmail(t.Context(), first), "token"))
	c.clock.Step(24*time.Hour + time.Second)
	gone, err := c.Service.Cleanup(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 8, gone, "two codes, two links, and what was counted for them")
	require.Equal(t, "wrong", fieldCode(t, c.Service.ConfirmEmail(t.Context(), first), "token"))
}

func TestRecoveryLetterProvesTheEmail(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	f := c.registered(t, 1)
	c.recover(t, f.Email, origin)
	require.NoError(t, c.set(t, tokenOf(t, c.lastLetter(t, "recovery")), changed))
	require.Equal(t, 1, c.one(t, "SELECT count(*) FROM users WHERE email = $1 AND email_confirmed", f.Email))
}

// What is known of one login does not show under another: a code for a
// telephone that went by letter leaves the address's own allowance alone.
func TestRationsTellNothing(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	c.out.NoRoute()
	p := c.Direct.Person(t, access.Owner)
	c.recover(t, p.Phone, from(1))
	require.Equal(t, p.Email, c.lastLetter(t, "code").To)
	c.recover(t, p.Email, from(2))
	_, err := c.Service.RequestSignUpCode(t.Context(), account.CodeRequest{Phone: "+79120000001", Email: p.Email, Language: "en", Origin: from(3)})
	require.NoError(t, err)
}
