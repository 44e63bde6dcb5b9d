package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/id"
)

// shared are the tables of the installation that the tenant's role may touch,
// with the reason why no wall runs through them.
var shared = map[string]string{
	"web_key":      "a visitor brings a public key before any company is known; it holds nothing else",
	"price_change": "it holds one number, which a change of any price raises so that remembered prices are read anew",
	"river_job":    "work is handed over in the transaction that makes it necessary; its arguments are ids",
}

// besides stand behind policies of their own form; each has a test of its own
// below.
var besides = map[string]func(t *testing.T, w *walls){
	"users": usersSeeTheirCompany,
	"event": eventsAreOnlyTold,
}

// walls is a database with one row for each of two companies in every tenant's
// table, whatever the table means: checks and foreign keys are off.
type walls struct {
	*db.DB
	owner  *pgx.Conn
	tables []table
}

type table struct {
	name    string
	policy  string // which rows the tenant's role sees; "" without a wall
	tenant  string // the column that names the company
	rights  map[string]bool
	columns []column
}

type column struct{ name, kind string }

const ours, theirs = int64(71_000), int64(72_000)

func newWalls(t *testing.T) *walls {
	t.Helper()
	url := dbtest.NewURL(t)
	d, err := db.Open(t.Context(), url, db.Options{AppConns: 2, WorkerConns: 2, SearchConns: 1})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	owner, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = owner.Close(context.WithoutCancel(t.Context())) })
	w := &walls{DB: d, owner: owner}
	w.read(t)
	w.fill(t)
	return w
}

// read finds all tables but the parts of partitioned ones.
func (w *walls) read(t *testing.T) {
	t.Helper()
	const all = `SELECT c.relname, coalesce((SELECT pg_get_expr(p.polqual, p.polrelid) FROM pg_policy p
				WHERE p.polrelid = c.oid AND p.polname = 'of_company' AND c.relrowsecurity AND c.relforcerowsecurity), ''),
			ARRAY(SELECT r FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) r
				WHERE has_table_privilege('parley_app', c.oid, r)
					OR r IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege('parley_app', c.oid, r)),
			ARRAY(SELECT a.attname || ' ' || format_type(a.atttypid, NULL) FROM pg_attribute a
				WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum)
		FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
		ORDER BY c.relname`
	rows, err := w.owner.Query(t.Context(), all)
	require.NoError(t, err)
	for rows.Next() {
		var one table
		var rights, columns []string
		require.NoError(t, rows.Scan(&one.name, &one.policy, &rights, &columns))
		one.rights = map[string]bool{}
		for _, r := range rights {
			one.rights[r] = true
		}
		for _, c := range columns {
			name, kind, _ := strings.Cut(c, " ")
			one.columns = append(one.columns, column{name, kind})
		}
		if column, ok := strings.CutSuffix(one.policy, " = current_company())"); ok {
			one.tenant = strings.TrimPrefix(column, "(")
		}
		w.tables = append(w.tables, one)
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, w.tables)
}

// fill writes a row of each company into every tenant's table.
func (w *walls) fill(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	_, err := w.owner.Exec(ctx, `DO $$ DECLARE c record; BEGIN
		FOR c IN SELECT conrelid::regclass t, conname FROM pg_constraint
			WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace AND conislocal LOOP
			EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname);
		END LOOP;
	END $$`)
	require.NoError(t, err)
	for _, one := range w.tables {
		if one.tenant == "" {
			continue
		}
		for _, company := range []int64{ours, theirs} {
			names, values := one.row(t, company)
			_, err := w.owner.Exec(ctx, insert(one.name, names, len(values)), values...)
			require.NoError(t, err, "fill %s", one.name)
		}
	}
}

func insert(table string, names []string, n int) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(names, ", "), strings.Join(marks, ", "))
}

// row makes values of the columns' types; what they mean does not matter.
func (o table) row(t *testing.T, company int64) (names []string, values []any) {
	t.Helper()
	now := time.Now()
	for _, c := range o.columns {
		var v any
		switch c.kind {
		case "bigint", "integer", "smallint":
			v = int64(1)
			if c.name == o.tenant {
				v = company
			}
		case "uuid":
			v = id.New(now) // fits the partition of this month
		case "text", "character varying":
			v = fmt.Sprintf("row of %d", company)
		case "boolean":
			v = false
		case "jsonb", "json":
			v = "{}"
		case "bytea":
			v = []byte{1}
		case "text[]":
			v = []string{}
		case "timestamp with time zone":
			v = now
		case "date":
			v = now
		case "xid8":
			continue // has a default
		default:
			require.Failf(t, "unknown type", "table %s, column %s: tell this test what a %s looks like", o.name, c.name, c.kind)
		}
		names, values = append(names, c.name), append(values, v)
	}
	return names, values
}

// Every table stands behind the wall between companies, is out of the tenant's
// reach, or is listed with a reason.
func TestEveryTableHasAWall(t *testing.T) {
	t.Parallel()
	w := newWalls(t)
	there := map[string]bool{}
	for _, one := range w.tables {
		there[one.name] = true
		_, special := besides[one.name]
		switch reason := shared[one.name]; {
		case one.tenant != "":
			require.Empty(t, reason, "table %s has a wall; take it off the list of shared ones", one.name)
		case special, len(one.rights) == 0:
		default:
			require.NotEmpty(t, reason, "table %s: parley_app may %v without a wall; CALL secure_tenant after it, grant it to parley_worker alone, or list it here with a reason", one.name, one.rights)
		}
		for _, right := range []string{"TRUNCATE", "TRIGGER", "REFERENCES"} {
			require.False(t, one.rights[right], "parley_app may %s %s", right, one.name)
		}
	}
	for name := range shared {
		require.True(t, there[name], "table %s is listed but gone", name)
	}
	for name := range besides {
		require.True(t, there[name], "table %s is listed but gone", name)
	}
}

// A session of one company sees and changes nothing of another's, whatever its
// statements forget or intend.
func TestWallBetweenCompanies(t *testing.T) {
	t.Parallel()
	w := newWalls(t)
	for _, one := range w.tables {
		if one.tenant == "" {
			continue
		}
		w.sees(t, one)
		w.changes(t, one)
		w.seesNothingWithoutCompany(t, one)
	}
	for _, test := range besides {
		test(t, w)
	}
}

// as runs statements in a company's session and rolls them back.
func (w *walls) as(t *testing.T, company int64, fn func(tx *db.Tx)) {
	t.Helper()
	err := w.InCompany(t.Context(), company, func(tx *db.Tx) error {
		fn(tx)
		return errRollback
	})
	require.ErrorIs(t, err, errRollback)
}

var errRollback = fmt.Errorf("roll back")

func count(t *testing.T, tx *db.Tx, sql string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, tx.QueryRow(t.Context(), sql, args...).Scan(&n), sql)
	return n
}

func (w *walls) sees(t *testing.T, one table) {
	t.Helper()
	if !one.rights["SELECT"] {
		return
	}
	w.as(t, ours, func(tx *db.Tx) {
		require.Equal(t, 1, count(t, tx, fmt.Sprintf("SELECT count(%s) FROM %s", one.tenant, one.name)), "%s without a WHERE", one.name)
		require.Zero(t, count(t, tx, fmt.Sprintf("SELECT count(%s) FROM %s WHERE %[1]s = $1 OR true AND %[1]s <> $2", one.tenant, one.name), theirs, ours), "%s with the wrong WHERE", one.name)
	})
	require.NoError(t, w.ViewCompany(t.Context(), theirs, func(tx *db.Tx) error {
		require.Equal(t, 1, count(t, tx, fmt.Sprintf("SELECT count(%s) FROM %s", one.tenant, one.name)), one.name)
		return nil
	}))
}

func (w *walls) changes(t *testing.T, one table) {
	t.Helper()
	ctx := t.Context()
	refused := func(sql string, args ...any) {
		w.as(t, ours, func(tx *db.Tx) {
			_, err := tx.Exec(ctx, sql, args...)
			require.ErrorContains(t, err, "row-level security", sql)
		})
	}
	touches := func(sql string, rows int64, args ...any) {
		w.as(t, ours, func(tx *db.Tx) {
			tag, err := tx.Exec(ctx, sql, args...)
			require.NoError(t, err, sql)
			require.Equal(t, rows, tag.RowsAffected(), sql)
		})
	}
	if one.rights["UPDATE"] {
		touches(fmt.Sprintf("UPDATE %s SET %s = %[2]s", one.name, one.tenant), 1)
		touches(fmt.Sprintf("UPDATE %s SET %s = %[2]s WHERE %[2]s = $1", one.name, one.tenant), 0, theirs)
		refused(fmt.Sprintf("UPDATE %s SET %s = $1", one.name, one.tenant), theirs)
	}
	if one.rights["DELETE"] {
		touches("DELETE FROM "+one.name, 1)
		touches(fmt.Sprintf("DELETE FROM %s WHERE %s = $1", one.name, one.tenant), 0, theirs)
	}
	if one.rights["INSERT"] {
		names, values := one.row(t, theirs)
		refused(insert(one.name, names, len(values)), values...)
		refused(insert(one.name, names, len(values))+" ON CONFLICT DO NOTHING", values...)
	}
}

// A connection that was told no company, or told nonsense, sees nothing.
func (w *walls) seesNothingWithoutCompany(t *testing.T, one table) {
	t.Helper()
	ctx := t.Context()
	if one.rights["SELECT"] {
		var n int
		require.NoError(t, w.AppPool().QueryRow(ctx, fmt.Sprintf("SELECT count(%s) FROM %s", one.tenant, one.name)).Scan(&n))
		require.Zero(t, n, one.name)
	}
	if one.rights["INSERT"] {
		names, values := one.row(t, ours)
		_, err := w.AppPool().Exec(ctx, insert(one.name, names, len(values)), values...)
		require.ErrorContains(t, err, "row-level security", one.name)
	}
}

// The parts of a partitioned table have no policies, so nobody but the owner
// reads them by their own names.
func TestPartsOfTablesAreOutOfReach(t *testing.T) {
	t.Parallel()
	w := newWalls(t)
	rows, err := w.owner.Query(t.Context(), `SELECT relname FROM pg_class
		WHERE relispartition AND relkind = 'r' AND (has_any_column_privilege('parley_app', oid, 'SELECT, INSERT, UPDATE')
			OR has_table_privilege('parley_app', oid, 'DELETE, TRUNCATE') OR has_any_column_privilege('parley_search', oid, 'SELECT'))`)
	require.NoError(t, err)
	reachable, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Empty(t, reachable)
	var parts int
	require.NoError(t, w.owner.QueryRow(t.Context(), "SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'").Scan(&parts))
	require.NotZero(t, parts)
}

// The program's roles cannot become more than they are.
func TestRolesAreSmall(t *testing.T) {
	t.Parallel()
	w := newWalls(t)
	for _, role := range []string{"parley_app", "parley_worker", "parley_search"} {
		var super, bypass, create, login, owns bool
		require.NoError(t, w.owner.QueryRow(t.Context(), `SELECT rolsuper, rolbypassrls, rolcreaterole OR rolcreatedb, rolcanlogin,
			EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)
			FROM pg_roles r WHERE rolname = $1`, role).Scan(&super, &bypass, &create, &login, &owns))
		require.False(t, super || bypass || create || login || owns, role)
	}
	var writes int
	require.NoError(t, w.owner.QueryRow(t.Context(), `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace
		AND relkind IN ('r', 'p') AND (has_any_column_privilege('parley_search', oid, 'INSERT, UPDATE') OR has_table_privilege('parley_search', oid, 'DELETE, TRUNCATE'))`).Scan(&writes))
	require.Zero(t, writes, "parley_search only reads")
	for _, statement := range []string{"CREATE TABLE loot (x int)", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql RETURN 1"} {
		w.as(t, ours, func(tx *db.Tx) {
			_, err := tx.Exec(t.Context(), statement)
			require.ErrorContains(t, err, "permission denied", statement)
		})
	}
}

func usersSeeTheirCompany(t *testing.T, w *walls) {
	ctx := t.Context()
	for i, company := range []int64{ours, theirs} {
		_, err := w.owner.Exec(ctx, `INSERT INTO users (id, name, email, password_hash, created_at) VALUES ($1, 'x', $2, 'secret', now())`, 900+i, fmt.Sprintf("%d@example.com", i))
		require.NoError(t, err)
		_, err = w.owner.Exec(ctx, `INSERT INTO membership (company_id, user_id, roles, created_at) VALUES ($1, $2, '{owner}', now())`, company, 900+i)
		require.NoError(t, err)
	}
	w.as(t, ours, func(tx *db.Tx) {
		require.Equal(t, 1, count(t, tx, "SELECT count(id) FROM users WHERE id >= 900"))
		require.Equal(t, 900, count(t, tx, "SELECT id FROM users WHERE id >= 900"))
	})
	for _, statement := range []string{"SELECT password_hash FROM users", "SELECT * FROM users", "UPDATE users SET name = 'x'", "DELETE FROM users"} {
		w.as(t, ours, func(tx *db.Tx) {
			_, err := tx.Exec(ctx, statement)
			require.ErrorContains(t, err, "permission denied", statement)
		})
	}
}

func eventsAreOnlyTold(t *testing.T, w *walls) {
	ctx := t.Context()
	const tell = "INSERT INTO event (id, company_id, name, payload) VALUES (gen_random_uuid(), $1, 'x', '{}')"
	w.as(t, ours, func(tx *db.Tx) {
		_, err := tx.Exec(ctx, tell, ours)
		require.NoError(t, err)
		_, err = tx.Exec(ctx, "SELECT 1 FROM event")
		require.ErrorContains(t, err, "permission denied")
	})
	for _, company := range []any{theirs, nil} {
		w.as(t, ours, func(tx *db.Tx) {
			_, err := tx.Exec(ctx, tell, company)
			require.ErrorContains(t, err, "row-level security")
		})
	}
}
