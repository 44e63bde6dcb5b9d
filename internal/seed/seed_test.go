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

	demo, err := seed.Run(t.Context(), a, now)
	require.NoError(t, err)
	require.Greater(t, demo.Sessions, 300)
	require.Greater(t, demo.Messages, 1000)

	differences, err := audit.Run(t.Context(), d, func(difference audit.Difference) { t.Log(difference) })
	require.NoError(t, err)
	require.Zero(t, differences)

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

	_, err = seed.Run(t.Context(), a, now)
	require.ErrorContains(t, err, "empty database")
}
