package main

import (
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
)

func TestAdminCreate(t *testing.T) {
	t.Parallel()
	url := dbtest.NewURL(t)
	create := func(args ...string) []string {
		return append([]string{"admin", "create", "--database-url", url, "--data", t.TempDir()}, args...)
	}
	for says, args := range map[string][]string{
		"--email":     {"--name", "Ada", "--email", "nonsense"},
		"--time-zone": {"--name", "Ada", "--email", "ada@example.com", "--time-zone", "Mars"},
		"--currency":  {"--name", "Ada", "--email", "ada@example.com", "--currency", "shells"},
		"--name":      {"--email", "ada@example.com"},
	} {
		require.ErrorContains(t, run(t.Context(), create(args...), io.Discard, io.Discard), says)
	}
	said := printed(t, create("--name", "Ada", "--email", "Ada@Example.com", "--phone", "8 912 345-67-89", "--company", "Acme", "--time-zone", "Europe/Moscow")...)
	require.Contains(t, said, "Acme is company 1")
	password := regexp.MustCompile(`Password: (\S{26})\n`).FindStringSubmatch(said)
	require.NotNil(t, password, said)

	d, err := db.Open(t.Context(), url, db.Options{})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	s := account.New(d, clock.Real{}, account.Options{})
	in, err := s.SignIn(t.Context(), account.Credentials{Login: "+79123456789", Password: password[1], Address: netip.MustParseAddr("127.0.0.1")})
	require.NoError(t, err)
	actor, err := s.InPlatform(t.Context(), access.Actor{UserID: in.UserID})
	require.NoError(t, err)
	require.True(t, actor.May(access.PlatformCompanies))

	err = run(t.Context(), create("--name", "Eve", "--email", "eve@example.com"), io.Discard, io.Discard)
	require.ErrorContains(t, err, "platform company already")
}

func TestAdminCreateWithPasswordFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	args := []string{"admin", "create", "--database-url", dbtest.NewURL(t), "--data", t.TempDir(), "--name", "Ada", "--email", "ada@example.com", "--password-file", file}
	require.ErrorContains(t, run(t.Context(), args, io.Discard, io.Discard), "read password")
	require.NoError(t, os.WriteFile(file, []byte("short\n"), 0o600))
	require.ErrorContains(t, run(t.Context(), args, io.Discard, io.Discard), "--password")
	require.NoError(t, os.WriteFile(file, []byte("correct horse battery\r\nanything else"), 0o600))
	require.NotContains(t, printed(t, args...), "correct horse")
}
