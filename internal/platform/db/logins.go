package db

import (
	"context"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
)

const (
	appRole    = "parley_app"
	workerRole = "parley_worker"
	searchRole = "parley_search"
)

// Logins are addresses of the same database, one for each role. A login that
// is a member of its role only cannot RESET itself to more than that.
type Logins struct{ App, Worker, Search string }

// OwnLogins lets the three roles log in under their own names, without a
// password, and returns their addresses. It is for a database at owner that
// only the program can reach, such as the private one behind its socket.
func OwnLogins(ctx context.Context, owner string) (Logins, error) {
	conn, err := pgx.Connect(ctx, owner)
	if err != nil {
		return Logins{}, fmt.Errorf("connect to make logins: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // its work is done
	for _, role := range []string{appRole, workerRole, searchRole} {
		var may bool
		if err := conn.QueryRow(ctx, "SELECT rolcanlogin FROM pg_roles WHERE rolname = $1", role).Scan(&may); err != nil {
			return Logins{}, fmt.Errorf("look at role %s: %w", role, err)
		}
		if may {
			continue
		}
		if _, err := conn.Exec(ctx, "ALTER ROLE "+pgx.Identifier{role}.Sanitize()+" LOGIN"); err != nil {
			return Logins{}, fmt.Errorf("let role %s log in: %w", role, err)
		}
	}
	at, err := url.Parse(owner)
	if err != nil {
		return Logins{}, fmt.Errorf("read database url: %w", err)
	}
	as := func(role string) string {
		own := *at
		own.User = url.User(role)
		return own.String()
	}
	return Logins{App: as(appRole), Worker: as(workerRole), Search: as(searchRole)}, nil
}
