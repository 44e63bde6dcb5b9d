package account_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
)

var noon = time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

func fieldCode(t *testing.T, err error, field string) string {
	t.Helper()
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	return f.Fields[field].Code
}

func TestCreateCompany(t *testing.T) {
	t.Parallel()
	f := accounttest.New(t, dbtest.New(t))
	good := account.NewCompany{ParentID: f.Platform.ID, Kind: access.Company, Name: "Acme", Currency: "EUR", TimeZone: "Europe/Berlin"}

	made, err := f.Service.CreateCompany(t.Context(), access.Actor{}, good)
	require.NoError(t, err)
	require.Equal(t, "Acme", made.Name)
	require.Equal(t, 300, made.MaxDialogs)
	require.Equal(t, "Europe/Berlin", made.Location.String())
	require.Equal(t, f.Platform.ID, *made.ParentID)

	for name, c := range map[string]struct {
		change      func(n *account.NewCompany)
		field, code string
	}{
		"no name":               {func(n *account.NewCompany) { n.Name = " \t " }, "name", "required"},
		"a long name":           {func(n *account.NewCompany) { n.Name = strings.Repeat("ё", 101) }, "name", "too_long"},
		"a huge name":           {func(n *account.NewCompany) { n.Name = strings.Repeat("x", 1<<20) }, "name", "too_long"},
		"a control character":   {func(n *account.NewCompany) { n.Name = "Ac\x07me" }, "name", "invalid"},
		"NUL":                   {func(n *account.NewCompany) { n.Name = "Ac\x00me" }, "name", "invalid"},
		"a line break":          {func(n *account.NewCompany) { n.Name = "Ac\nme" }, "name", "invalid"},
		"turned round":          {func(n *account.NewCompany) { n.Name = "Ac\u202eme" }, "name", "invalid"},
		"zero width":            {func(n *account.NewCompany) { n.Name = "Ac\u200bme" }, "name", "invalid"},
		"a joiner in Latin":     {func(n *account.NewCompany) { n.Name = "Ac\u200dme" }, "name", "invalid"},
		"an invisible letter":   {func(n *account.NewCompany) { n.Name = "\u3164" }, "name", "invalid"},
		"broken UTF-8":          {func(n *account.NewCompany) { n.Name = "Ac\xffme" }, "name", "invalid"},
		"an unknown zone":       {func(n *account.NewCompany) { n.TimeZone = "Europe/Parley" }, "time_zone", "unknown"},
		"the machine's zone":    {func(n *account.NewCompany) { n.TimeZone = "Local" }, "time_zone", "unknown"},
		"a zone that is a path": {func(n *account.NewCompany) { n.TimeZone = "../../etc/passwd" }, "time_zone", "unknown"},
		"an unknown currency":   {func(n *account.NewCompany) { n.Currency = "XXY" }, "currency", "unknown"},
		"a small currency":      {func(n *account.NewCompany) { n.Currency = "rub" }, "currency", "unknown"},
		"no such parent":        {func(n *account.NewCompany) { n.ParentID = 5 }, "parent", "unknown"},
		"no parent":             {func(n *account.NewCompany) { n.ParentID = 0 }, "parent", "unknown"},
		"below a company":       {func(n *account.NewCompany) { n.ParentID = f.Direct.ID }, "parent", "invalid"},
		"a reseller below one": {func(n *account.NewCompany) {
			n.ParentID, n.Kind = f.Reseller.ID, access.Reseller
		}, "parent", "invalid"},
		"a platform below one": {func(n *account.NewCompany) { n.Kind = access.Platform }, "parent", "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := good
			c.change(&n)
			_, err := f.Service.CreateCompany(t.Context(), access.Actor{}, n)
			require.Equal(t, c.code, fieldCode(t, err, c.field), "%v", err)
		})
	}
	for _, name := range []string{`<script>alert("1")</script>`, "O'Brien; DROP TABLE company;--", "Пекарня «Ромашка»", "Team 👩\u200d💻", "नमस्\u200dते"} {
		n := good
		n.Name = "  " + name + "  "
		made, err := f.Service.CreateCompany(t.Context(), access.Actor{}, n)
		require.NoError(t, err, name)
		require.Equal(t, name, made.Name, "text is text")
	}
	_, err = f.Service.CreateCompany(t.Context(), access.Actor{}, account.NewCompany{Kind: access.Platform, Name: "Two", Currency: "RUB", TimeZone: "UTC"})
	require.True(t, fault.Is(err, fault.Conflict), "one platform: %v", err)
}

func TestInstall(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	s := account.New(d, clock.Real{}, account.Options{PasswordCost: accounttest.Cheap})
	owner := account.NewUser{Name: "Ada", Email: "ada@example.com", Password: "correct horse battery"}
	in := account.Installation{PlatformName: "Parley", Currency: "RUB", TimeZone: "UTC", Owner: owner}

	bad := in
	bad.Owner.Password = "short"
	_, _, err := s.Install(t.Context(), bad)
	require.Equal(t, "too_short", fieldCode(t, err, "password"))
	bad = in
	bad.Currency = "?"
	_, _, err = s.Install(t.Context(), bad)
	require.Equal(t, "unknown", fieldCode(t, err, "currency"))

	company, userID, err := s.Install(t.Context(), in)
	require.NoError(t, err, "what failed before has left nothing")
	actor, err := s.InPlatform(t.Context(), access.Actor{UserID: userID})
	require.NoError(t, err)
	require.Equal(t, company.ID, actor.CompanyID)
	require.True(t, actor.May(access.PlatformDeposits))

	in.Owner.Email = "eve@example.com"
	_, _, err = s.Install(t.Context(), in)
	require.True(t, fault.Is(err, fault.Conflict))
}

func TestChangeCompany(t *testing.T) {
	t.Parallel()
	c := clock.At(noon)
	f := accounttest.NewAt(t, dbtest.New(t), c, account.Options{})
	owner := f.Direct.Actor(t, access.Owner)

	c.Step(time.Hour)
	after, err := f.Service.ChangeCompany(t.Context(), owner, account.CompanyChange{Version: 1, Name: ptr(" Red  Robots "), TimeZone: ptr("Asia/Omsk"), MaxDialogs: ptr(0)})
	require.NoError(t, err)
	require.Equal(t, 2, after.Version)
	require.Equal(t, "Red  Robots", after.Name)
	require.Zero(t, after.MaxDialogs)

	_, err = f.Service.ChangeCompany(t.Context(), owner, account.CompanyChange{Version: 1, Name: ptr("Old")})
	require.True(t, fault.Is(err, fault.VersionConflict))
	same, err := f.Service.ChangeCompany(t.Context(), owner, account.CompanyChange{Name: ptr("Red  Robots")})
	require.NoError(t, err)
	require.Equal(t, 2, same.Version, "nothing changed")
	_, err = f.Service.ChangeCompany(t.Context(), owner, account.CompanyChange{Currency: ptr("EUR")})
	require.Equal(t, "invalid", fieldCode(t, err, "currency"), "nobody has agreed to another currency")
	_, err = f.Service.ChangeCompany(t.Context(), owner, account.CompanyChange{MaxDialogs: ptr(-1), Name: ptr("")})
	require.Equal(t, "out_of_range", fieldCode(t, err, "max_dialogs"))
	require.Equal(t, "required", fieldCode(t, err, "name"))

	before, err := f.Service.At(t.Context(), f.Direct.ID, noon.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, "Europe/Moscow", before.TimeZone, "the past keeps its zone")
	now, err := f.Service.At(t.Context(), f.Direct.ID, c.Now())
	require.NoError(t, err)
	require.Equal(t, "Asia/Omsk", now.TimeZone)
	require.Equal(t, f.Platform.ID, *now.ParentID)
	early, err := f.Service.At(t.Context(), f.Direct.ID, noon.AddDate(-1, 0, 0))
	require.NoError(t, err)
	require.Equal(t, "Europe/Moscow", early.TimeZone)
	_, err = f.Service.At(t.Context(), 5, noon)
	require.True(t, fault.Is(err, fault.NotFound))

	records, _, err := f.Service.Trail(t.Context(), owner, account.TrailFilter{Action: "company.changed"})
	require.NoError(t, err)
	require.Len(t, records, 1)
	require.JSONEq(t, `{"name":"Red Robot","time_zone":"Europe/Moscow","max_dialogs":300}`, string(records[0].Old))
	require.JSONEq(t, `{"name":"Red  Robots","time_zone":"Asia/Omsk","max_dialogs":0}`, string(records[0].New))
}

func TestCompanyIsRememberedForTwoSeconds(t *testing.T) {
	t.Parallel()
	d, c := dbtest.New(t), clock.At(noon)
	f := accounttest.NewAt(t, d, c, account.Options{})
	other := account.New(d, c, account.Options{})
	name := func() string {
		company, err := other.Company(t.Context(), f.Direct.ID)
		require.NoError(t, err)
		return company.Name
	}
	require.Equal(t, "Red Robot", name())
	_, err := f.Service.ChangeCompany(t.Context(), f.Direct.Actor(t, access.Owner), account.CompanyChange{Name: ptr("New")})
	require.NoError(t, err)
	require.Equal(t, "Red Robot", name(), "another node")
	c.Step(2 * time.Second)
	require.Equal(t, "New", name())
	c.Step(-time.Hour)
	_, err = f.Service.ChangeCompany(t.Context(), f.Direct.Actor(t, access.Owner), account.CompanyChange{Name: ptr("Newer")})
	require.NoError(t, err)
	require.Equal(t, "Newer", name(), "a clock set back does not keep the old for an hour")
	_, err = other.Company(t.Context(), 5)
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestNextNumber(t *testing.T) {
	t.Parallel()
	f := accounttest.New(t, dbtest.New(t))
	var mu sync.Mutex
	seen := map[int64]bool{}
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			_ = f.DB.InCompany(t.Context(), f.Direct.ID, func(tx *db.Tx) error {
				n, err := f.Service.NextNumberTx(t.Context(), tx, f.Direct.ID, "dialog")
				mu.Lock()
				defer mu.Unlock()
				seen[n] = true
				return err
			})
		})
	}
	wait.Wait()
	require.Len(t, seen, 20)
	require.True(t, seen[1] && seen[20], "no gaps")
	require.NoError(t, f.DB.InCompany(t.Context(), f.First.ID, func(tx *db.Tx) error {
		n, err := f.Service.NextNumberTx(t.Context(), tx, f.First.ID, "dialog")
		require.EqualValues(t, 1, n, "counted per company")
		return err
	}))
}

func TestListCompanies(t *testing.T) {
	t.Parallel()
	f := accounttest.New(t, dbtest.New(t))
	names := func(actor access.Actor, filter account.CompanyFilter) (names []string) {
		t.Helper()
		for {
			page, more, err := f.Service.ListCompanies(t.Context(), actor, filter)
			require.NoError(t, err)
			for _, c := range page {
				names = append(names, c.Name)
				filter.After = c.ID
			}
			if !more {
				return names
			}
		}
	}
	platform, reseller := f.Platform.Actor(t, access.Administrator), f.Reseller.Actor(t, access.Owner)
	all := []string{"Parley", "Northwind Resale", "Blue Bakery", "Green Garage", "Red Robot"}
	require.Equal(t, all, names(platform, account.CompanyFilter{}))
	require.Equal(t, all, names(platform, account.CompanyFilter{Limit: 2}), "page by page")
	require.Equal(t, all[1:4], names(reseller, account.CompanyFilter{}), "no more than their own")
	require.Equal(t, []string{"Blue Bakery"}, names(reseller, account.CompanyFilter{Text: "ue ba"}))
	require.Empty(t, names(reseller, account.CompanyFilter{Text: "robot"}))
	require.Empty(t, names(platform, account.CompanyFilter{Text: "%"}), "a wildcard is only text")
	require.Empty(t, names(platform, account.CompanyFilter{Text: "a\x00b' OR 1=1"}))
	for _, actor := range []access.Actor{{}, f.Direct.Actor(t, access.Owner), f.Platform.Actor(t, access.Operator)} {
		_, _, err := f.Service.ListCompanies(t.Context(), actor, account.CompanyFilter{})
		require.True(t, fault.Is(err, fault.Forbidden))
	}
}
