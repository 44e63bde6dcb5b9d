package backupdb

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Table is a table whose rows are copied.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Parts   []Part   `json:"parts,omitempty"`
}

// Part is a partition of a table.
type Part struct {
	Name   string `json:"name"`
	Bounds string `json:"bounds"` // FOR VALUES …
}

// Left out are the histories of the schema, which migrating writes, and who
// among running nodes leads: nobody who held that will come back.
var leftOut = []string{"goose_db_version", "river_migration", "river_leader", "lease"}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

func (t Table) columns() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quoted(c)
	}
	return strings.Join(names, ", ")
}

// Tables lists the tables by name; unlogged ones hold nothing to keep.
func (c *Conn) Tables(ctx context.Context) ([]Table, error) {
	const tables = `SELECT c.relname, ARRAY(SELECT a.attname::text FROM pg_attribute a
			WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum)
		FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
			AND NOT c.relispartition AND NOT c.relname = ANY ($1)
		ORDER BY c.relname COLLATE "C"`
	rows, err := c.conn.Query(ctx, tables, leftOut)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (t Table, err error) {
		return t, r.Scan(&t.Name, &t.Columns)
	})
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	return list, c.addParts(ctx, list)
}

func (c *Conn) addParts(ctx context.Context, tables []Table) error {
	const parts = `SELECT p.relname, c.relname, pg_get_expr(c.relpartbound, c.oid)
		FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid
		WHERE c.relispartition AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname`
	rows, err := c.conn.Query(ctx, parts)
	if err != nil {
		return fmt.Errorf("list partitions: %w", err)
	}
	var table string
	var part Part
	_, err = pgx.ForEachRow(rows, []any{&table, &part.Name, &part.Bounds}, func() error {
		i := slices.IndexFunc(tables, func(t Table) bool { return t.Name == table })
		if i < 0 {
			return fmt.Errorf("%s is a part of %s, which is not copied", part.Name, table)
		}
		tables[i].Parts = append(tables[i].Parts, part)
		return nil
	})
	if err != nil {
		return fmt.Errorf("list partitions: %w", err)
	}
	return nil
}

// Hidden lists the tables whose policies may hide rows from us. Postgres would
// leave those rows out of a copy without a word.
func (c *Conn) Hidden(ctx context.Context) ([]string, error) {
	const hidden = `SELECT c.relname FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND row_security_active(c.oid)
			AND (NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('*', 'r')
					AND pg_get_expr(p.polqual, p.polrelid) = 'true'
					AND EXISTS (SELECT FROM unnest(p.polroles) r WHERE r = 0 OR pg_has_role(r, 'USAGE')))
				OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive))
		ORDER BY c.relname`
	rows, err := c.conn.Query(ctx, hidden)
	if err != nil {
		return nil, fmt.Errorf("look for hidden rows: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("look for hidden rows: %w", err)
	}
	return names, nil
}
