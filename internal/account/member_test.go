package account_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
)

func TestCreateUser(t *testing.T) {
	t.Parallel()
	f := accounttest.New(t, dbtest.New(t))
	good := account.NewUser{Name: "Anna", Email: " Anna@Example.COM ", Phone: "8 (912) 345-67-89", Password: accounttest.Password}
	_, err := f.Service.CreateUser(t.Context(), good)
	require.NoError(t, err)

	for name, c := range map[string]struct {
		change      func(n *account.NewUser)
		field, code string
	}{
		"the email is taken":        {func(n *account.NewUser) { n.Phone = "" }, "email", "taken"},
		"the phone is taken":        {func(n *account.NewUser) { n.Email, n.Phone = "b@example.com", "+79123456789" }, "phone", "taken"},
		"no email":                  {func(n *account.NewUser) { n.Email = "" }, "email", "invalid"},
		"no domain":                 {func(n *account.NewUser) { n.Email = "anna" }, "email", "invalid"},
		"half a domain":             {func(n *account.NewUser) { n.Email = "anna@example" }, "email", "invalid"},
		"a name in the email":       {func(n *account.NewUser) { n.Email = "Anna <anna@example.com>" }, "email", "invalid"},
		"two emails":                {func(n *account.NewUser) { n.Email = "a@example.com,b@example.com" }, "email", "invalid"},
		"a header in the email":     {func(n *account.NewUser) { n.Email = "a@example.com\r\nBcc: b@example.com" }, "email", "invalid"},
		"a quoted email":            {func(n *account.NewUser) { n.Email = `"a b"@example.com` }, "email", "invalid"},
		"letters that look alike":   {func(n *account.NewUser) { n.Email = "аnna@example.com" }, "email", "invalid"},
		"a long email":              {func(n *account.NewUser) { n.Email = strings.Repeat("a", 250) + "@example.com" }, "email", "invalid"},
		"no phone number":           {func(n *account.NewUser) { n.Phone = "call me" }, "phone", "invalid"},
		"a short password":          {func(n *account.NewUser) { n.Password = "пароль7" }, "password", "too_short"},
		"a huge password":           {func(n *account.NewUser) { n.Password = strings.Repeat("x1", 101) }, "password", "too_long"},
		"the name as password":      {func(n *account.NewUser) { n.Name, n.Password = "Anna Petrova", "anna petrova" }, "password", "invalid"},
		"the email in the password": {func(n *account.NewUser) { n.Password = "1anna@example.com" }, "password", "invalid"},
		"digits in a row":           {func(n *account.NewUser) { n.Password = "12345678" }, "password", "invalid"},
		"keys in a row":             {func(n *account.NewUser) { n.Password = "йцукенгш" }, "password", "invalid"},
		"one key":                   {func(n *account.NewUser) { n.Password = "aaaaaaaaaa" }, "password", "invalid"},
		"another language":          {func(n *account.NewUser) { n.Language = "de" }, "language", "unknown"},
		"a control character":       {func(n *account.NewUser) { n.Name = "An\x1bna" }, "name", "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := good
			c.change(&n)
			_, err := f.Service.CreateUser(t.Context(), n)
			require.Equal(t, c.code, fieldCode(t, err, c.field), "%v", err)
		})
	}
}

func TestAddMember(t *testing.T) {
	t.Parallel()
	f := accounttest.New(t, dbtest.New(t))
	p := f.Direct.Person(t, access.Owner)
	for name, c := range map[string]struct {
		n    account.NewMember
		code fault.Code
	}{
		"again":             {account.NewMember{CompanyID: f.Direct.ID, UserID: p.ID, Roles: []access.Role{access.Owner}}, fault.Conflict},
		"no roles":          {account.NewMember{CompanyID: f.First.ID, UserID: p.ID}, fault.Invalid},
		"an invented role":  {account.NewMember{CompanyID: f.First.ID, UserID: p.ID, Roles: []access.Role{"root"}}, fault.Invalid},
		"a limit too small": {account.NewMember{CompanyID: f.First.ID, UserID: p.ID, Roles: []access.Role{access.Operator}, DialogLimit: ptr(-1)}, fault.Invalid},
		"no such company":   {account.NewMember{CompanyID: 5, UserID: p.ID, Roles: []access.Role{access.Owner}}, fault.NotFound},
		"no such user":      {account.NewMember{CompanyID: f.First.ID, UserID: 1 << 40, Roles: []access.Role{access.Owner}}, fault.NotFound},
	} {
		require.Equal(t, c.code, code(f.Service.AddMember(t.Context(), access.Actor{}, c.n)), name)
	}
	require.NoError(t, f.Service.AddMember(t.Context(), access.Actor{}, account.NewMember{
		CompanyID: f.First.ID, UserID: p.ID, Roles: []access.Role{access.Analyst, access.Operator, access.Analyst},
	}))
	me, err := f.Service.Me(t.Context(), p.Actor)
	require.NoError(t, err)
	require.Len(t, me.Memberships, 2)
	require.Equal(t, "Blue Bakery", me.Memberships[0].Name)
	require.Equal(t, []access.Role{access.Operator, access.Analyst}, me.Memberships[0].Roles)
}

func TestMembersTx(t *testing.T) {
	t.Parallel()
	f := accounttest.New(t, dbtest.New(t))
	owner, operator, stranger := f.Direct.Person(t, access.Owner), f.Direct.Person(t, access.Operator), f.First.Person(t, access.Owner)
	_, err := f.Service.ChangeMember(t.Context(), owner.Actor, operator.ID, account.MemberChange{SetDialogLimit: true, DialogLimit: ptr(0), Blocked: ptr(true)})
	require.NoError(t, err)
	require.NoError(t, f.DB.InCompany(t.Context(), f.Direct.ID, func(tx *db.Tx) error {
		members, err := f.Service.MembersTx(t.Context(), tx, f.Direct.ID, nil)
		require.NoError(t, err)
		require.Equal(t, map[int64]account.Member{
			owner.ID:    {UserID: owner.ID, Name: owner.Name, Email: owner.Email, Roles: []access.Role{access.Owner}, Limit: 300},
			operator.ID: {UserID: operator.ID, Name: operator.Name, Email: operator.Email, Roles: []access.Role{access.Operator}, Limit: 0, LimitOwn: ptr(0), Blocked: true},
		}, members)
		members, err = f.Service.MembersTx(t.Context(), tx, f.Direct.ID, []int64{owner.ID, stranger.ID, 77})
		require.NoError(t, err)
		require.Len(t, members, 1)
		members, err = f.Service.MembersTx(t.Context(), tx, f.Direct.ID, []int64{})
		require.NoError(t, err)
		require.Empty(t, members, "nobody named is nobody")
		members, err = f.Service.MembersTx(t.Context(), tx, f.First.ID, nil)
		require.NoError(t, err)
		require.Empty(t, members, "another company's are out of sight")
		return nil
	}))
}

func TestListMembers(t *testing.T) {
	t.Parallel()
	f := accounttest.New(t, dbtest.New(t))
	owner := f.Direct.Person(t, access.Owner)
	for range 6 {
		f.Direct.Another(t, access.Operator)
	}
	f.First.Person(t, access.Owner)
	list := func(filter account.MemberFilter) (names []string) {
		for {
			page, more, err := f.Service.Members(t.Context(), owner.Actor, filter)
			require.NoError(t, err)
			for _, m := range page {
				names = append(names, m.Name)
				filter.After = m.UserID
			}
			if !more {
				return names
			}
		}
	}
	all := list(account.MemberFilter{})
	require.Len(t, all, 7)
	require.IsIncreasing(t, all)
	require.Equal(t, all, list(account.MemberFilter{Limit: 3}))
	require.Equal(t, []string{owner.Name}, list(account.MemberFilter{Text: "OWNER1@red"}))
	require.Equal(t, []string{"Red operator 3"}, list(account.MemberFilter{Text: "ator 3"}))
	require.Equal(t, []string{owner.Name}, list(account.MemberFilter{Text: itoa(owner.ID)}))
	require.Empty(t, list(account.MemberFilter{Text: "_"}), "a wildcard is only text")
	require.Empty(t, list(account.MemberFilter{Text: "bakery"}))
	require.Empty(t, list(account.MemberFilter{Text: "x'; DROP TABLE users; --\x00"}))
}

func TestChangeMember(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner, admin, operator := d.Direct.Person(t, access.Owner), d.Direct.Person(t, access.Administrator), d.Direct.Person(t, access.Operator)
	second := d.Direct.Another(t, access.Owner)
	stranger := d.First.Person(t, access.Operator)
	roles := func(r ...access.Role) account.MemberChange { return account.MemberChange{Roles: r} }
	block := account.MemberChange{Blocked: ptr(true), Comment: "left"}

	for name, c := range map[string]struct {
		actor  access.Actor
		user   int64
		change account.MemberChange
		code   fault.Code
	}{
		"another company's user":           {owner.Actor, stranger.ID, block, fault.NotFound},
		"nobody":                           {owner.Actor, 1 << 40, block, fault.NotFound},
		"an administrator makes an owner":  {admin.Actor, operator.ID, roles(access.Owner), fault.Forbidden},
		"an administrator makes themself":  {admin.Actor, admin.ID, roles(access.Owner, access.Administrator), fault.Forbidden},
		"an administrator blocks an owner": {admin.Actor, owner.ID, block, fault.Forbidden},
		"an owner blocks themself":         {owner.Actor, owner.ID, block, fault.Conflict},
		"no roles":                         {owner.Actor, operator.ID, account.MemberChange{Roles: []access.Role{}}, fault.Invalid},
		"an invented role":                 {owner.Actor, operator.ID, roles("root"), fault.Invalid},
		"a limit too large":                {owner.Actor, operator.ID, account.MemberChange{SetDialogLimit: true, DialogLimit: ptr(10_001)}, fault.Invalid},
		"a comment that hides":             {owner.Actor, operator.ID, account.MemberChange{Blocked: ptr(true), Comment: "a\x00b"}, fault.Invalid},
	} {
		_, err := d.Service.ChangeMember(t.Context(), c.actor, c.user, c.change)
		require.Equal(t, c.code, code(err), "%s: %v", name, err)
	}
	require.Empty(t, d.ended)

	m, err := d.Service.ChangeMember(t.Context(), admin.Actor, operator.ID, account.MemberChange{SetDialogLimit: true, DialogLimit: ptr(7)})
	require.NoError(t, err)
	require.Equal(t, 7, *m.DialogLimit)
	require.Empty(t, d.ended, "a limit is no matter of access")
	m, err = d.Service.ChangeMember(t.Context(), admin.Actor, operator.ID, account.MemberChange{SetDialogLimit: true})
	require.NoError(t, err)
	require.Nil(t, m.DialogLimit, "as the company says again")

	m, err = d.Service.ChangeMember(t.Context(), admin.Actor, operator.ID, roles(access.Analyst, access.Operator))
	require.NoError(t, err)
	require.Equal(t, []access.Role{access.Operator, access.Analyst}, m.Roles)
	require.Equal(t, account.AccessEnded{UserID: operator.ID, CompanyID: d.Direct.ID}, d.ended[0])

	_, err = d.Service.ChangeMember(t.Context(), owner.Actor, second.ID, roles(access.Analyst))
	require.NoError(t, err)
	_, err = d.Service.ChangeMember(t.Context(), owner.Actor, owner.ID, roles(access.Analyst))
	require.Equal(t, fault.Conflict, code(err), "the last owner stays")
}

func TestBlock(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner, operator := d.Direct.Person(t, access.Owner), d.Direct.Person(t, access.Operator)
	require.NoError(t, d.Service.AddMember(t.Context(), access.Actor{}, account.NewMember{CompanyID: d.First.ID, UserID: operator.ID, Roles: []access.Role{access.Operator}}))
	in := d.mustSignIn(t, operator.Email)
	enter := func(companyID int64) fault.Code {
		user, err := d.Service.BySignIn(t.Context(), in.Token)
		if err == nil {
			_, err = d.Service.InCompany(t.Context(), user, companyID)
		}
		return code(err)
	}
	require.EqualValues(t, "in", enter(d.Direct.ID))

	m, err := d.Service.ChangeMember(t.Context(), owner.Actor, operator.ID, account.MemberChange{Blocked: ptr(true), Comment: "left us"})
	require.NoError(t, err)
	require.True(t, m.Blocked)
	require.Equal(t, "left us", m.BlockReason)
	require.Equal(t, fault.Forbidden, enter(d.Direct.ID), "at once, on this node")
	require.EqualValues(t, "in", enter(d.First.ID), "the other company has its own mind")
	require.Equal(t, []account.AccessEnded{{UserID: operator.ID, CompanyID: d.Direct.ID}}, d.ended)

	firstOwner := d.First.Person(t, access.Owner)
	_, err = d.Service.ChangeMember(t.Context(), firstOwner.Actor, operator.ID, account.MemberChange{Blocked: ptr(true)})
	require.NoError(t, err)
	require.Equal(t, fault.Unauthenticated, enter(d.First.ID), "blocked everywhere is signed out")
	_, err = d.signIn(t, operator.Email, accounttest.Password)
	require.Equal(t, fault.Forbidden, code(err), "%v", err)
	_, err = d.signIn(t, operator.Email, "wrong")
	require.Equal(t, fault.WrongCredentials, code(err), "only who knows the password learns of the block")

	_, err = d.Service.ChangeMember(t.Context(), owner.Actor, operator.ID, account.MemberChange{Blocked: ptr(false)})
	require.NoError(t, err)
	in = d.mustSignIn(t, operator.Email)
	require.EqualValues(t, "in", enter(d.Direct.ID))
}

// Two owners who unmake each other at the same moment: one stays.
func TestLastOwnerRace(t *testing.T) {
	t.Parallel()
	f := accounttest.New(t, dbtest.New(t))
	for range 5 {
		one, two := f.Direct.Another(t, access.Owner), f.Direct.Another(t, access.Owner)
		var wait sync.WaitGroup
		var errs [2]error
		for i, pair := range [][2]accounttest.Person{{one, two}, {two, one}} {
			wait.Go(func() {
				_, errs[i] = f.Service.ChangeMember(t.Context(), pair[0].Actor, pair[1].ID, account.MemberChange{Roles: []access.Role{access.Analyst}})
			})
		}
		wait.Wait()
		require.True(t, (errs[0] == nil) != (errs[1] == nil), "%v", errs)
		for _, p := range []accounttest.Person{one, two} {
			_, _ = f.Service.ChangeMember(t.Context(), access.Actor{CompanyID: f.Direct.ID}, p.ID, account.MemberChange{Roles: []access.Role{access.Analyst}})
		}
		// The next round starts with two new owners; one of the old is still there.
		_, err := f.DB.Worker().Exec(t.Context(), "UPDATE membership SET roles = '{analyst}' WHERE company_id = $1", f.Direct.ID)
		require.NoError(t, err)
	}
}

func TestMembershipEvents(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner, operator := d.Direct.Person(t, access.Owner), d.Direct.Person(t, access.Operator)
	var told []account.MembershipChanged
	bus := events.New(d.DB, events.Options{})
	bus.Subscribe("chat", events.On(func(_ context.Context, _ *db.Tx, e events.Of[account.MembershipChanged]) error {
		require.Equal(t, e.CompanyID, e.Event.CompanyID)
		told = append(told, e.Event)
		return nil
	}))
	for _, c := range []account.MemberChange{{Roles: []access.Role{access.Analyst}}, {Blocked: ptr(true)}} {
		_, err := d.Service.ChangeMember(t.Context(), owner.Actor, operator.ID, c)
		require.NoError(t, err)
	}
	require.NoError(t, bus.Drain(t.Context()))
	id := d.Direct.ID
	require.Equal(t, []account.MembershipChanged{
		{CompanyID: id, UserID: owner.ID, Added: true, Operator: true, AccessChanged: true},
		{CompanyID: id, UserID: operator.ID, Added: true, Operator: true, AccessChanged: true},
		{CompanyID: id, UserID: operator.ID, AccessChanged: true},
		{CompanyID: id, UserID: operator.ID, Blocked: true, AccessChanged: true},
	}, told)
}
