package backupdb

import (
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
)

// Conn is a connection to the database as the owner of its tables.
type Conn struct {
	conn *pgx.Conn
	url  string
}

// Connect opens one.
func Connect(ctx context.Context, url string) (*Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read database url: %w", err)
	}
	// Times and numbers are written as text: in the one form that every setting reads.
	for name, value := range map[string]string{
		"application_name": "parley_backup", "timezone": "UTC", "datestyle": "ISO, YMD", "intervalstyle": "postgres",
		"extra_float_digits": "3", "client_encoding": "UTF8", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0",
		"search_path": "public",
	} {
		config.RuntimeParams[name] = value
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return &Conn{conn, url}, nil
}

// Close ends the connection and what it has not committed.
func (c *Conn) Close(ctx context.Context) { _ = c.conn.Close(context.WithoutCancel(ctx)) }

// exec runs a statement that has no result.
func (c *Conn) exec(ctx context.Context, what, sql string, args ...any) error {
	if _, err := c.conn.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// View begins to read one state of the database.
func (c *Conn) View(ctx context.Context) error {
	return c.exec(ctx, "begin", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
}

// EndView lets go of that state.
func (c *Conn) EndView(ctx context.Context) error { return c.exec(ctx, "end", "COMMIT") }

// CopyOut writes a table's rows as text, one row with each Write, and returns
// how many.
func (c *Conn) CopyOut(ctx context.Context, t Table, to io.Writer) (int64, error) {
	sql := fmt.Sprintf("COPY (SELECT %s FROM %s) TO STDOUT", t.columns(), quoted(t.Name))
	tag, err := c.conn.PgConn().CopyTo(ctx, to, sql)
	if err != nil {
		return 0, fmt.Errorf("copy table %s: %w", t.Name, err)
	}
	return tag.RowsAffected(), nil
}

// Sequence is where a counter stands.
type Sequence struct {
	Name   string `json:"name"`
	Last   int64  `json:"last"`
	Called bool   `json:"called"` // whether last was given out
}

// Sequences reads the counters. They stand outside of transactions, so they
// are read after the rows: ahead of them at worst.
func (c *Conn) Sequences(ctx context.Context) ([]Sequence, error) {
	rows, err := c.conn.Query(ctx, `SELECT relname FROM pg_class
		WHERE relkind = 'S' AND relpersistence = 'p' AND relnamespace = 'public'::regnamespace
			AND relname NOT LIKE 'goose%' ORDER BY relname`)
	if err != nil {
		return nil, fmt.Errorf("list sequences: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list sequences: %w", err)
	}
	list := make([]Sequence, len(names))
	for i, name := range names {
		list[i].Name = name
		row := c.conn.QueryRow(ctx, "SELECT last_value, is_called FROM "+quoted(name))
		if err := row.Scan(&list[i].Last, &list[i].Called); err != nil {
			return nil, fmt.Errorf("read sequence %s: %w", name, err)
		}
	}
	return list, nil
}
