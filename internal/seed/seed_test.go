package seed_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/app"
	"parley/internal/audit"
	"parley/internal/money"
	"parley/internal/platform/blob"
	"parley/internal/platform/clock"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/secret"
	"parley/internal/provider/smppfake"
	"parley/internal/seed"
)

// The demo is a month of the whole chain, so it is also its widest test.
func TestDemo(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	now := clock.At(time.Now().UTC().Truncate(time.Second))
	files, err := blob.Open(t.TempDir())
	require.NoError(t, err)
	keys, err := secret.Load(filepath.Join(t.TempDir(), "key"))
	require.NoError(t, err)
	a, err := app.New(app.Options{
		DB: d, Files: files, Secrets: keys, Clock: now, PublicURL: "http://127.0.0.1:8080", PlatformName: "Parley",
		WelcomeCredit: 1000 * money.Unit, PasswordCost: accounttest.Cheap,
	})
	require.NoError(t, err)
	t.Cleanup(func() { a.Leave(context.Background()) })

	smsc, err := smppfake.Listen("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = smsc.Close() })
	networks := seed.Networks{SMS: "smpp://parley:parley@" + smsc.Address() + "?window=50", Mail: "smtps://user:password@mail.example.com:465"}
	demo, err := seed.Run(t.Context(), a, now, networks)
	require.NoError(t, err)
	require.Greater(t, demo.Sessions, 300)
	require.Greater(t, demo.Messages, 1000)

	differences, err := audit.Run(t.Context(), d, func(difference audit.Difference) { t.Log(difference) })
	require.NoError(t, err)
	require.Zero(t, differences)

	delivered := smsc.List(smppfake.Filter{})
	require.Len(t, delivered, 55, "53 of 60 guests can be written to by SMS, and two messages are single")
	var gateways, drafts, finished int
	require.NoError(t, d.Worker().QueryRow(t.Context(), "SELECT count(*) FROM gateway").Scan(&gateways))
	require.Equal(t, 1, gateways, "a mail server elsewhere is no network of the demo")
	require.NoError(t, d.Worker().QueryRow(t.Context(),
		"SELECT count(*) FILTER (WHERE state = 'draft'), count(*) FILTER (WHERE state = 'finished') FROM campaign").Scan(&drafts, &finished))
	require.Equal(t, []int{1, 1}, []int{drafts, finished})

	var online int
	require.NoError(t, d.Worker().QueryRow(t.Context(), "SELECT count(*) FROM operator WHERE state <> 'offline'").Scan(&online))
	require.Zero(t, online, "nobody has the panel open yet")

	roles := map[access.Role]bool{}
	for _, l := range demo.Logins {
		roles[access.Role(l.Role)] = true
		_, err := a.Accounts.SignIn(t.Context(), account.Credentials{Login: l.Email, Password: seed.Password})
		require.NoError(t, err, "%s cannot sign in", l.Email)
	}
	for _, role := range access.Roles {
		require.True(t, roles[role], "nobody is %s", role)
	}

	_, err = seed.Run(t.Context(), a, now, networks)
	require.ErrorContains(t, err, "empty database")
}
