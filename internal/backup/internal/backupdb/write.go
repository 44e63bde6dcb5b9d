package backupdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/internal/platform/db"
)

// ErrUsed says that there is something in the database already.
var ErrUsed = errors.New("the database is not empty")

// ErrBusy says that a server works in the database.
var ErrBusy = errors.New("a server is at work in the database; stop it first")

// Prepare makes the schema, unless something lives in the database already.
func (c *Conn) Prepare(ctx context.Context) error {
	var tables, ours int
	err := c.conn.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE relname IN ('company', 'users')) FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`).Scan(&tables, &ours)
	if err != nil {
		return fmt.Errorf("look at the database: %w", err)
	}
	if tables > 0 && ours < 2 {
		return fmt.Errorf("%w: it has tables that are not Parley's", ErrUsed)
	}
	if tables > 0 {
		var used bool
		err := c.conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM company) OR EXISTS (SELECT FROM users)").Scan(&used)
		if err != nil {
			return fmt.Errorf("look at the database: %w", err)
		}
		if used {
			return fmt.Errorf("%w: it has companies or users", ErrUsed)
		}
	}
	var busy bool
	err = c.conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_stat_activity
		WHERE datname = current_database() AND application_name IN ('parley_app', 'parley_worker', 'parley_search'))`).Scan(&busy)
	if err != nil {
		return fmt.Errorf("look who uses the database: %w", err)
	}
	if busy {
		return ErrBusy
	}
	return db.Migrate(ctx, c.url)
}

// Load is the transaction that fills the tables.
type Load struct {
	*Conn
	forced      []string // tables whose walls hold for their owner too
	constraints []constraint
}

type constraint struct{ table, name, definition string }

// Begin empties the tables and puts aside what would check each row: foreign
// keys, which are checked at the end at once, and the walls between companies,
// for Postgres copies nothing into a table behind them.
func (c *Conn) Begin(ctx context.Context, tables []Table) (*Load, error) {
	if err := c.exec(ctx, "begin", "BEGIN"); err != nil {
		return nil, err
	}
	l := &Load{Conn: c}
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = quoted(t.Name)
	}
	if err := l.putAside(ctx); err != nil {
		return nil, err
	}
	// Migrating has written a few rows of its own.
	if err := l.exec(ctx, "empty tables", "TRUNCATE "+strings.Join(names, ", ")); err != nil {
		return nil, err
	}
	for _, t := range tables {
		for _, p := range t.Parts {
			sql := fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s PARTITION OF %s %s", quoted(p.Name), quoted(t.Name), p.Bounds)
			if err := l.exec(ctx, "make partition "+p.Name, sql); err != nil {
				return nil, err
			}
		}
	}
	return l, nil
}

func (l *Load) putAside(ctx context.Context) error {
	rows, err := l.conn.Query(ctx, "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relnamespace = 'public'::regnamespace")
	if err != nil {
		return fmt.Errorf("list walls: %w", err)
	}
	if l.forced, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return fmt.Errorf("list walls: %w", err)
	}
	rows, err = l.conn.Query(ctx, `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
		WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'public'::regnamespace ORDER BY conrelid, conname`)
	if err != nil {
		return fmt.Errorf("list foreign keys: %w", err)
	}
	l.constraints, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (c constraint, err error) {
		return c, r.Scan(&c.table, &c.name, &c.definition)
	})
	if err != nil {
		return fmt.Errorf("list foreign keys: %w", err)
	}
	for _, name := range l.forced {
		if err := l.exec(ctx, "open "+name, "ALTER TABLE "+quoted(name)+" NO FORCE ROW LEVEL SECURITY"); err != nil {
			return err
		}
	}
	for _, c := range l.constraints {
		if err := l.exec(ctx, "put aside "+c.name, fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT %s", c.table, quoted(c.name))); err != nil {
			return err
		}
	}
	return nil
}

// CopyIn adds rows in the text form of COPY and returns how many.
func (l *Load) CopyIn(ctx context.Context, t Table, from io.Reader) (int64, error) {
	source := &failing{Reader: from}
	tag, err := l.conn.PgConn().CopyFrom(ctx, source, fmt.Sprintf("COPY %s (%s) FROM STDIN", quoted(t.Name), t.columns()))
	if source.err != nil {
		return 0, source.err // Postgres was told its text only
	}
	if err != nil {
		return 0, fmt.Errorf("fill table %s: %w", t.Name, err)
	}
	return tag.RowsAffected(), nil
}

// failing remembers why it could not be read.
type failing struct {
	io.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// Count sets a counter.
func (l *Load) Count(ctx context.Context, s Sequence) error {
	return l.exec(ctx, "set sequence "+s.Name, "SELECT setval($1::text::regclass, $2, $3)", quoted(s.Name), s.Last, s.Called)
}

// Commit puts back what Begin put aside and makes all of it true.
func (l *Load) Commit(ctx context.Context) error {
	for _, c := range l.constraints {
		sql := fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s %s", c.table, quoted(c.name), c.definition)
		if err := l.exec(ctx, "check "+c.name, sql); err != nil {
			return err
		}
	}
	for _, name := range l.forced {
		if err := l.exec(ctx, "close "+name, "ALTER TABLE "+quoted(name)+" FORCE ROW LEVEL SECURITY"); err != nil {
			return err
		}
	}
	if err := l.exec(ctx, "commit", "COMMIT"); err != nil {
		return err
	}
	return l.exec(ctx, "count rows for the planner", "ANALYZE")
}
