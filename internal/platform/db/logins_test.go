package db_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/id"
)

func TestLoginOfTheAppIsNothingElse(t *testing.T) {
	t.Parallel()
	owner := dbtest.NewURL(t)
	login := "login_" + strings.ReplaceAll(id.New(time.Now()).String(), "-", "")
	conn, err := pgx.Connect(t.Context(), owner)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := conn.Exec(context.Background(), "DROP ROLE "+login)
		require.NoError(t, err)
		require.NoError(t, conn.Close(context.Background()))
	})
	_, err = conn.Exec(t.Context(), "CREATE ROLE "+login+" LOGIN PASSWORD 'x' IN ROLE parley_app")
	require.NoError(t, err)
	at, err := url.Parse(owner)
	require.NoError(t, err)
	at.User = url.UserPassword(login, "x")

	d, err := db.Open(t.Context(), owner, db.Options{Logins: db.Logins{App: at.String()}})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	_, err = d.AppPool().Exec(t.Context(), "SELECT count(*) FROM company")
	require.NoError(t, err)
	for _, escape := range []string{"SET ROLE parley_worker", "SET ROLE postgres", "SET SESSION AUTHORIZATION postgres"} {
		_, err := d.AppPool().Exec(t.Context(), escape)
		require.ErrorContains(t, err, "permission denied", escape)
	}
	_, err = d.WorkerPool().Exec(t.Context(), "SELECT count(*) FROM company")
	require.NoError(t, err, "the others go on by taking their role")
}
