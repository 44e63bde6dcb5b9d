package account_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
)

// ways remembers which ways out were stored and tried.
type ways struct {
	saved []account.RouteSettings
	tried []string
}

func (w *ways) SaveRoutesTx(_ context.Context, tx *db.Tx, r account.RouteSettings) error {
	if r.Mail != nil && !strings.HasPrefix(r.Mail.URL, "smtp") {
		return fault.Field("mail_url", fault.BadFormat, "This is no mail server.")
	}
	tx.AfterCommit(func() { w.saved = append(w.saved, r) })
	return nil
}

func (w *ways) TryMail(_ context.Context, r account.MailRoute, to, language string) error {
	w.tried = append(w.tried, r.URL+" "+to+" "+language)
	return nil
}

func (w *ways) TrySMS(_ context.Context, r account.SMSRoute, to, language string) error {
	w.tried = append(w.tried, r.URL+" "+to+" "+language)
	return nil
}

// fresh is an installation with nothing in it.
type fresh struct {
	*account.Service
	db    *db.DB
	clock *clock.Fixed
	ways  *ways
}

func newFresh(t *testing.T) *fresh {
	t.Helper()
	f := &fresh{db: dbtest.New(t), clock: clock.At(noon), ways: &ways{}}
	f.Service = account.New(f.db, f.clock, account.Options{PasswordCost: accounttest.Cheap, Address: "https://parley.example", Routes: f.ways})
	return f
}

func (f *fresh) link(t *testing.T) string {
	t.Helper()
	link, err := f.SetupLink(t.Context())
	require.NoError(t, err)
	token, ok := strings.CutPrefix(link, "https://parley.example/setup#")
	require.True(t, ok, link)
	return token
}

func setup() account.Setup {
	return account.Setup{
		Installation: account.Installation{
			PlatformName: "Chat", Currency: "RUB", TimeZone: "Europe/Moscow", Language: "ru",
			Owner: account.NewUser{Name: "Paula", Email: "paula@example.com", EmailConfirmed: true, Password: "four yellow whales", Language: "en"},
		},
		Requisites: russian(), Email: "office@example.com", Origin: origin,
		Routes: account.RouteSettings{Mail: &account.MailRoute{URL: "smtp://mail.example", From: "chat@example.com"}},
	}
}

func TestSetUp(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	installed, err := f.Installed(t.Context())
	require.NoError(t, err)
	require.False(t, installed)
	older, token := f.link(t), f.link(t)
	require.NoError(t, f.MaySetUp(t.Context(), older), "a second start does not end the first link")
	require.NoError(t, f.SetUp(t.Context(), token, setup()))

	installed, err = f.Installed(t.Context())
	require.NoError(t, err)
	require.True(t, installed)
	for _, used := range []string{older, token} {
		require.Equal(t, fault.Conflict, code(f.SetUp(t.Context(), used, setup())))
		require.Equal(t, fault.Conflict, code(f.TrySetupMail(t.Context(), used, account.MailRoute{}, "a@example.com", "en")), "no letters from here any more")
	}
	link, err := f.SetupLink(t.Context())
	require.NoError(t, err)
	require.Empty(t, link)
	site, err := f.Site(t.Context(), "parley.example")
	require.NoError(t, err)
	require.Equal(t, account.Site{SellerID: site.SellerID, Name: "Chat", Currency: "RUB", Language: "ru"}, site)
	seller, err := f.Requisites(t.Context(), site.SellerID)
	require.NoError(t, err)
	require.Equal(t, russian(), seller)
	in, err := f.SignIn(t.Context(), account.Credentials{Login: "paula@example.com", Password: "four yellow whales", Address: home})
	require.NoError(t, err)
	actor, err := f.BySignIn(t.Context(), in.Token)
	require.NoError(t, err)
	me, err := f.Me(t.Context(), actor)
	require.NoError(t, err)
	require.True(t, me.EmailConfirmed)
	require.Empty(t, me.ConsentRequired, "whoever makes the texts is not asked")
	require.Equal(t, "platform", string(me.Memberships[0].Kind))
	require.Len(t, f.ways.saved, 1)
	require.Equal(t, "smtp://mail.example", f.ways.saved[0].Mail.URL)
}

func TestSetUpLinks(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	token := f.link(t)
	for _, wrong := range []string{"", "x", strings.Repeat("A", 43), token + "A", "\x00"} {
		require.Equal(t, "wrong", fieldCode(t, f.SetUp(t.Context(), wrong, setup()), "token"))
		require.Equal(t, "wrong", fieldCode(t, f.TrySetupSMS(t.Context(), wrong, account.SMSRoute{}, "+79120000001", "en"), "token"))
	}
	f.clock.Step(24 * time.Hour)
	require.Equal(t, "expired", fieldCode(t, f.SetUp(t.Context(), token, setup()), "token"))
	require.NoError(t, f.SetUp(t.Context(), f.link(t), setup()), "another start prints another link")
}

func TestSetUpInput(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	token := f.link(t)
	for field, wrong := range map[string]func(s *account.Setup){
		"company.name":      func(s *account.Setup) { s.PlatformName = "" },
		"company.currency":  func(s *account.Setup) { s.Currency = "GOLD" },
		"company.time_zone": func(s *account.Setup) { s.TimeZone = "Mars" },
		"company.email":     func(s *account.Setup) { s.Email = "x" },
		"company.phone":     func(s *account.Setup) { s.Phone = "x" },
		"requisites.inn":    func(s *account.Setup) { s.Requisites.INN = "1" },
		"admin.name":        func(s *account.Setup) { s.Owner.Name = "\x07" },
		"admin.email":       func(s *account.Setup) { s.Owner.Email = "x" },
		"admin.password":    func(s *account.Setup) { s.Owner.Password = "12345678" },
		"admin.phone":       func(s *account.Setup) { s.Owner.Phone = "x" },
		"mail_url":          func(s *account.Setup) { s.Routes.Mail = &account.MailRoute{URL: "http://x"} },
	} {
		s := setup()
		wrong(&s)
		require.NotEmpty(t, fieldCode(t, f.SetUp(t.Context(), token, s), field), field)
	}
	require.Empty(t, f.ways.saved)
	require.NoError(t, f.TrySetupMail(t.Context(), token, account.MailRoute{URL: "smtp://a"}, " Paula@Example.com", "ru"))
	require.NoError(t, f.TrySetupSMS(t.Context(), token, account.SMSRoute{URL: "smpp://a"}, "8 912 000-00-01", "en"))
	require.Equal(t, []string{"smtp://a paula@example.com ru", "smpp://a +79120000001 en"}, f.ways.tried)
	require.NotEmpty(t, fieldCode(t, f.TrySetupMail(t.Context(), token, account.MailRoute{}, "nobody", "ru"), "to"))
	require.NotEmpty(t, fieldCode(t, f.TrySetupSMS(t.Context(), token, account.SMSRoute{}, "", "ru"), "to"))
	require.NoError(t, f.SetUp(t.Context(), token, setup()), "the link still works after all that")
}

// Of two who set up at once one does.
func TestSetUpOnce(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	tokens := []string{f.link(t), f.link(t)}
	var wg sync.WaitGroup
	done := make(chan error, 8)
	for i := range cap(done) {
		wg.Go(func() {
			s := setup()
			s.Routes = account.RouteSettings{}
			done <- f.SetUp(t.Context(), tokens[i%2], s)
		})
	}
	wg.Wait()
	close(done)
	made := 0
	for err := range done {
		if err == nil {
			made++
			continue
		}
		require.Contains(t, []fault.Code{fault.Conflict, fault.Invalid}, code(err))
	}
	require.Equal(t, 1, made)
	var companies, users int
	require.NoError(t, f.db.Worker().QueryRow(t.Context(), "SELECT (SELECT count(*) FROM company), (SELECT count(*) FROM users)").Scan(&companies, &users))
	require.Equal(t, []int{1, 1}, []int{companies, users})
}

func TestNoRoutesNoTest(t *testing.T) {
	t.Parallel()
	f := newFresh(t)
	bare := account.New(f.db, f.clock, account.Options{PasswordCost: accounttest.Cheap})
	token := f.link(t)
	require.Equal(t, fault.Unavailable, code(bare.TrySetupMail(t.Context(), token, account.MailRoute{}, "a@example.com", "en")))
	require.Equal(t, fault.Unavailable, code(bare.SetUp(t.Context(), token, setup())))
}
