// Package doctordb reads the facts that package doctor judges, as the owner of
// the tables, and changes nothing.
package doctordb

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/platform/secret"
	"parley/internal/platform/secret/keycheck"
)

// Conn is a connection to the database.
type Conn struct{ conn *pgx.Conn }

// Connect opens one. A statement that takes longer than answer ends.
func Connect(ctx context.Context, url string, answer time.Duration) (*Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read database url: %w", err)
	}
	config.ConnectTimeout = answer
	config.RuntimeParams["application_name"] = "parley_doctor"
	config.RuntimeParams["statement_timeout"] = fmt.Sprint(answer.Milliseconds())
	config.RuntimeParams["default_transaction_read_only"] = "on"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return &Conn{conn}, nil
}

// Close ends the connection.
func (c *Conn) Close(ctx context.Context) { _ = c.conn.Close(context.WithoutCancel(ctx)) }

// Server is what a Postgres and a database in it are.
type Server struct {
	Version    int // such as 170002
	Encoding   string
	FoldsCase  bool // of every alphabet
	Durable    bool // fsync, full_page_writes and synchronous_commit are on
	MaxConns   int
	Conns      int
	Clock      time.Time
	AskedAt    time.Time // by our clock: in the middle between question and answer
	Uncertain  time.Duration
	ServerSize int64 // bytes of the database
}

// Server asks for it.
func (c *Conn) Server(ctx context.Context) (s Server, err error) {
	const facts = `SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), lower('ПРИВЕТ Ä') = 'привет ä',
		current_setting('fsync')::bool AND current_setting('full_page_writes')::bool AND current_setting('synchronous_commit') <> 'off',
		current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
		(SELECT sum(numbackends) FROM pg_stat_database)::int, pg_database_size(current_database()), clock_timestamp()`
	began := time.Now()
	err = c.conn.QueryRow(ctx, facts).Scan(&s.Version, &s.Encoding, &s.FoldsCase, &s.Durable, &s.MaxConns, &s.Conns, &s.ServerSize, &s.Clock)
	took := time.Since(began)
	s.AskedAt, s.Uncertain = began.Add(took/2), took/2
	return s, err
}

// Role is one of the program's roles.
type Role struct {
	Name                    string
	There, Member           bool // whether we may take it
	Super, Bypass, Creating bool // more than it should be
}

// Roles looks for the program's roles.
func (c *Conn) Roles(ctx context.Context) ([]Role, error) {
	const roles = `SELECT n, r.oid IS NOT NULL, coalesce(pg_has_role(current_user, r.oid, 'MEMBER'), false),
			coalesce(r.rolsuper, false), coalesce(r.rolbypassrls, false), coalesce(r.rolcreaterole OR r.rolcreatedb, false)
		FROM unnest(ARRAY['parley_app', 'parley_worker', 'parley_search']) n LEFT JOIN pg_roles r ON r.rolname = n`
	rows, err := c.conn.Query(ctx, roles)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Role, err error) {
		return r, row.Scan(&r.Name, &r.There, &r.Member, &r.Super, &r.Bypass, &r.Creating)
	})
}

// OpenWalls lists tables with policies that do not hold for everybody.
func (c *Conn) OpenWalls(ctx context.Context) ([]string, error) {
	return c.texts(ctx, `SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
		AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid) AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname`)
}

// ZonesUnknown lists time zones of companies that this Postgres does not know.
func (c *Conn) ZonesUnknown(ctx context.Context) ([]string, error) {
	return c.texts(ctx, `SELECT DISTINCT time_zone FROM company WHERE time_zone NOT IN (SELECT name FROM pg_timezone_names) ORDER BY 1`)
}

// Zones lists the time zones of companies.
func (c *Conn) Zones(ctx context.Context) ([]string, error) {
	return c.texts(ctx, "SELECT DISTINCT time_zone FROM company ORDER BY 1")
}

func (c *Conn) texts(ctx context.Context, sql string, args ...any) ([]string, error) {
	rows, err := c.conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Route returns a sealed way out of the installation; nil is none.
func (c *Conn) Route(ctx context.Context, kind string) (sealed []byte, err error) {
	err = c.conn.QueryRow(ctx, "SELECT (SELECT sealed FROM delivery_route WHERE kind = $1)", kind).Scan(&sealed)
	return sealed, err
}

// VerifyKeys tries to open what the installation's keys have sealed.
func (c *Conn) VerifyKeys(ctx context.Context, b *secret.Box) error {
	return keycheck.Verify(ctx, c.conn, b)
}

// NothingSealed reports whether no key has sealed anything yet.
func (c *Conn) NothingSealed(ctx context.Context) (nothing bool, err error) {
	err = c.conn.QueryRow(ctx, "SELECT NOT EXISTS (SELECT FROM key_check)").Scan(&nothing)
	return nothing, err
}

// Code returns the SQLSTATE of an error; "" is none of Postgres's.
func Code(err error) string {
	var e *pgconn.PgError
	if asPostgres(err, &e) {
		return e.Code
	}
	return ""
}
