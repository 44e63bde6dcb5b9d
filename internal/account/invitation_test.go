package account_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/fault"
)

func (c *counter) invite(t *testing.T, by access.Actor, email string) error {
	t.Helper()
	return c.Service.Invite(t.Context(), by, account.NewInvitation{
		Name: "Boris", Email: email, Roles: []access.Role{access.Administrator}, Host: "parley.example",
	})
}

func (c *counter) acceptAnew(t *testing.T, token, password string) error {
	t.Helper()
	return c.Service.AcceptAnew(t.Context(), account.NewAccount{Token: token, Password: password, Language: "en", Origin: origin})
}

func TestInvitationOfSomebodyNew(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	owner := c.Direct.Person(t, access.Owner)
	require.NoError(t, c.invite(t, owner.Actor, " Boris@Example.com"))
	letter := c.lastLetter(t, "invitation")
	require.Equal(t, []any{"boris@example.com", c.Direct.Name, owner.Name, "Boris"},
		[]any{letter.To, letter.Data["Company"], letter.Data["Inviter"], letter.Data["Name"]})
	require.True(t, strings.HasPrefix(letter.Secret["Link"], "https://parley.example/invitation#"), letter.Secret["Link"])
	token := tokenOf(t, letter)
	require.Zero(t, c.one(t, "SELECT count(*) FROM users WHERE email = 'boris@example.com'"), "nobody is made before they accept")
	open, err := c.Service.Invitations(t.Context(), owner.Actor)
	require.NoError(t, err)
	require.Len(t, open, 1)
	strange, err := c.Service.Invitations(t.Context(), c.First.Actor(t, access.Owner))
	require.NoError(t, err)
	require.Empty(t, strange)

	asked, err := c.Service.AskedTo(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, account.Asked{Company: c.Direct.Name, Name: "Boris", Email: "boris@example.com"}, asked)
	require.Equal(t, "too_short", fieldCode(t, c.acceptAnew(t, token, "short"), "password"), "the link still works after that")
	require.NoError(t, c.acceptAnew(t, token, changed))
	require.Equal(t, "used", fieldCode(t, c.acceptAnew(t, token, changed), "token"))
	in, err := c.signIn(t, "boris@example.com", changed)
	require.NoError(t, err)
	actor, err := c.Service.InCompany(t.Context(), access.Actor{UserID: in.UserID}, c.Direct.ID)
	require.NoError(t, err)
	require.True(t, actor.May(access.CompanyManage))
	me, err := c.Service.Me(t.Context(), actor)
	require.NoError(t, err)
	require.True(t, me.EmailConfirmed, "the letter has proved it")
	records, _, err := c.Service.Trail(t.Context(), owner.Actor, account.TrailFilter{Action: "user.invited"})
	require.NoError(t, err)
	require.Len(t, records, 1)
	c.clock.Step(time.Minute)
	require.Equal(t, "taken", fieldCode(t, c.invite(t, owner.Actor, "boris@example.com"), "email"), "they are here now")
}

// An address with an account is answered like one without; its owner signs in
// and accepts, and nothing of theirs is set anew.
func TestInvitationOfSomebodyKnown(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	owner, known := c.Direct.Person(t, access.Owner), c.First.Person(t, access.Operator)
	require.NoError(t, c.invite(t, owner.Actor, known.Email))
	token := tokenOf(t, c.lastLetter(t, "invitation"))
	asked, err := c.Service.AskedTo(t.Context(), token)
	require.NoError(t, err)
	require.True(t, asked.Account)
	require.Equal(t, fault.Conflict, code(c.acceptAnew(t, token, changed)))
	require.Equal(t, fault.Forbidden, code(c.Service.Accept(t.Context(), access.Actor{UserID: c.Second.Person(t, access.Owner).ID}, token)), "it is not theirs")
	require.NoError(t, c.Service.Accept(t.Context(), access.Actor{UserID: known.ID}, token))
	require.Equal(t, "used", fieldCode(t, c.Service.Accept(t.Context(), access.Actor{UserID: known.ID}, token), "token"))
	actor, err := c.Service.InCompany(t.Context(), access.Actor{UserID: known.ID}, c.Direct.ID)
	require.NoError(t, err)
	require.True(t, actor.May(access.UsersManage))
	_, err = c.signIn(t, known.Email, changed)
	require.Equal(t, fault.WrongCredentials, code(err))
}

func TestInvitationsAreLimited(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	owner := c.Direct.Actor(t, access.Owner)
	require.NoError(t, c.invite(t, owner, "boris@example.com"))
	first := tokenOf(t, c.lastLetter(t, "invitation"))
	require.Equal(t, fault.RateLimited, code(c.invite(t, owner, "boris@example.com")))
	c.clock.Step(time.Minute)
	require.NoError(t, c.invite(t, owner, "boris@example.com"))
	last := tokenOf(t, c.lastLetter(t, "invitation"))
	require.Equal(t, "wrong", fieldCode(t, c.acceptAnew(t, first, changed), "token"), "the second letter takes the place of the first")
	require.Equal(t, "wrong", fieldCode(t, c.set(t, last, changed), "token"), "a link is for one thing")
	require.Equal(t, fault.Forbidden, code(c.Service.Invite(t.Context(), c.Direct.Actor(t, access.Administrator), account.NewInvitation{
		Name: "Boris", Email: "b@example.com", Roles: []access.Role{access.Owner},
	})), "only owners make owners")
	for _, wrong := range []account.NewInvitation{{Email: "b@example.com"}, {Name: "Boris", Email: "nonsense"}} {
		wrong.Roles = []access.Role{access.Administrator}
		require.Equal(t, fault.Invalid, code(c.Service.Invite(t.Context(), owner, wrong)))
	}
	c.clock.Step(7 * 24 * time.Hour)
	require.Equal(t, "expired", fieldCode(t, c.acceptAnew(t, last, changed), "token"))
	open, err := c.Service.Invitations(t.Context(), owner)
	require.NoError(t, err)
	require.Empty(t, open)
	c.clock.Step(24*time.Hour + time.Second)
	_, err = c.Service.Cleanup(t.Context())
	require.NoError(t, err)
	require.Zero(t, c.one(t, "SELECT count(*) FROM invitation"))
}
