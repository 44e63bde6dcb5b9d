package account_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/fault"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestInCompany(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Direct.Person(t, access.Operator)
	user := access.Actor{UserID: p.ID, IP: "192.0.2.9"}

	actor, err := d.Service.InCompany(t.Context(), user, d.Direct.ID)
	require.NoError(t, err)
	require.Equal(t, access.Actor{
		UserID: p.ID, CompanyID: d.Direct.ID, Kind: access.Company, Roles: []access.Role{access.Operator},
		Permissions: access.Grant(access.Company, []access.Role{access.Operator}, false), IP: "192.0.2.9",
	}, actor)
	for _, companyID := range []int64{d.First.ID, d.Platform.ID, 0, -1, 1 << 60} {
		_, err := d.Service.InCompany(t.Context(), user, companyID)
		require.Equal(t, fault.NotFound, code(err), "company %d", companyID)
	}
	_, err = d.Service.InCompany(t.Context(), access.Actor{}, d.Direct.ID)
	require.Equal(t, fault.NotFound, code(err))

	_, err = d.Service.InPlatform(t.Context(), user)
	require.Equal(t, fault.Forbidden, code(err))
	admin, err := d.Service.InPlatform(t.Context(), access.Actor{UserID: d.Platform.Person(t, access.Administrator).ID})
	require.NoError(t, err)
	require.True(t, admin.May(access.PlatformDeposits))
}

func TestStatusOfTheCompanyCounts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	user := access.Actor{UserID: d.Direct.Person(t, access.Owner).ID}
	for status, want := range map[string]fault.Code{"blocked": fault.Forbidden, "closed": fault.NotFound, "active": "in"} {
		_, err := d.DB.Worker().Exec(t.Context(), "UPDATE company SET status = $1 WHERE id = $2", status, d.Direct.ID)
		require.NoError(t, err)
		d.clock.Step(time.Second)
		_, err = d.Service.InCompany(t.Context(), user, d.Direct.ID)
		require.Equal(t, want, code(err), status)
	}
}

// Another node knows within a second of what happened here.
func TestOtherNodesFollowWithinASecond(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	other := account.New(d.DB, d.clock, account.Options{})
	owner, operator := d.Direct.Person(t, access.Owner), d.Direct.Person(t, access.Operator)
	in := d.mustSignIn(t, operator.Email)
	enter := func() (access.Actor, error) {
		user, err := other.BySignIn(t.Context(), in.Token)
		if err != nil {
			return user, err
		}
		return other.InCompany(t.Context(), user, d.Direct.ID)
	}
	change := func(c account.MemberChange) {
		_, err := d.Service.ChangeMember(t.Context(), owner.Actor, operator.ID, c)
		require.NoError(t, err)
	}
	actor, err := enter()
	require.NoError(t, err)
	require.True(t, actor.May(access.PanelUse))

	change(account.MemberChange{Roles: []access.Role{access.Analyst}})
	d.clock.Step(time.Second)
	actor, err = enter()
	require.NoError(t, err)
	require.False(t, actor.May(access.PanelUse), "a role that was taken")

	_, err = d.Service.ChangeCompany(t.Context(), owner.Actor, account.CompanyChange{OperatorsSeePrices: ptr(true)})
	require.NoError(t, err)
	change(account.MemberChange{Roles: []access.Role{access.Operator}})
	d.clock.Step(time.Second)
	actor, err = enter()
	require.NoError(t, err)
	require.True(t, actor.May(access.PricesView), "a switch of the company")

	change(account.MemberChange{Blocked: ptr(true)})
	d.clock.Step(time.Second)
	_, err = enter()
	require.Error(t, err, "a block")
	change(account.MemberChange{Blocked: ptr(false)})

	in = d.mustSignIn(t, operator.Email)
	_, err = enter()
	require.NoError(t, err)
	require.NoError(t, d.Service.SignOut(t.Context(), in.SignInID))
	d.clock.Step(time.Second)
	_, err = enter()
	require.Equal(t, fault.Unauthenticated, code(err), "a sign-out")
}

func TestMe(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.Reseller.Person(t, access.Owner)
	me, err := d.Service.Me(t.Context(), p.Actor)
	require.NoError(t, err)
	require.Equal(t, account.Me{
		ID: p.ID, Name: p.Name, Email: p.Email, EmailConfirmed: true, Phone: &p.Phone, RefToken: me.RefToken, Language: "en",
		Theme: "system", DialogOrder: "newest",
		Memberships: []account.Membership{{
			CompanyID: d.Reseller.ID, Name: "Northwind Resale", Kind: access.Reseller, Currency: "RUB", TimeZone: "Europe/Moscow",
			Roles: []access.Role{access.Owner}, Permissions: p.Actor.Permissions,
		}},
	}, me)
	require.Len(t, me.RefToken, 20)
	me, err = d.Service.ChangeMe(t.Context(), p.Actor, account.MyChange{Theme: ptr("dark")})
	require.NoError(t, err)
	require.Equal(t, "dark", me.Theme)
	require.Equal(t, "en", me.Language)

	require.NoError(t, d.Service.RememberCompany(t.Context(), p.Actor, d.Reseller.ID))
	me, err = d.Service.Me(t.Context(), p.Actor)
	require.NoError(t, err)
	require.Equal(t, d.Reseller.ID, *me.LastCompany)
	require.Equal(t, fault.NotFound, code(d.Service.RememberCompany(t.Context(), p.Actor, d.Direct.ID)))
	_, err = d.Service.Me(t.Context(), access.Actor{})
	require.Equal(t, fault.Unauthenticated, code(err))

	blocked := d.Direct.Person(t, access.Operator)
	_, err = d.Service.ChangeMember(t.Context(), d.Direct.Actor(t, access.Owner), blocked.ID, account.MemberChange{Blocked: ptr(true)})
	require.NoError(t, err)
	me, err = d.Service.Me(t.Context(), blocked.Actor)
	require.NoError(t, err)
	require.Empty(t, me.Memberships)
	require.NotEmpty(t, accounttest.Password)
}
