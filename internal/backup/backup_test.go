package backup_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/audit/audittest"
	"parley/internal/backup"
	"parley/internal/metering/meteringtest"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
	"parley/internal/platform/secret"
)

// installation is a database with its files and keys.
type installation struct {
	url   string
	db    *db.DB
	files *blob.Store
	keys  []string
}

func empty(t *testing.T, url string) installation {
	t.Helper()
	files, err := blob.Open(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, files.Close()) })
	return installation{url: url, files: files}
}

func (i *installation) open(t *testing.T) {
	t.Helper()
	var err error
	i.db, err = db.Open(t.Context(), i.url, db.Options{AppConns: 4, WorkerConns: 4, SearchConns: 1})
	require.NoError(t, err)
	t.Cleanup(i.db.Close)
}

// living has companies, money in every state, events, jobs and files.
func living(t *testing.T, contacts int) (installation, *meteringtest.Fixture) {
	t.Helper()
	i := empty(t, dbtest.NewURL(t))
	i.open(t)
	i.keys = fingerprints(t, 1, 2)
	f := meteringtest.New(t, i.db)
	f.FundAll(t)
	for range 5 {
		for _, firm := range f.Firms() {
			_, err := f.Capture(t.Context(), f.Charge(firm.ID))
			require.NoError(t, err)
		}
		f.Settle(t)
	}
	_, err := f.Capture(t.Context(), f.Charge(f.First.ID)) // charged and not posted
	require.NoError(t, err)
	_, err = f.DB.Worker().Exec(t.Context(), `INSERT INTO contact (company_id, id, number, name, created_at)
		SELECT $1, gen_random_uuid(), n, E'\\N' || repeat(E'tab\t line\n ё "\\', 150) || n, now() FROM generate_series(1, $2) n`, f.First.ID, contacts)
	require.NoError(t, err)
	for n := range 50 {
		_, err := i.files.Put(t.Context(), blob.Key{CompanyID: f.First.ID, ID: uuid.New()}, strings.NewReader(strings.Repeat("file ", n*1000)), 1<<20)
		require.NoError(t, err)
	}
	return i, f
}

func fingerprints(t *testing.T, ids ...uint32) []string {
	t.Helper()
	var keys []secret.Key
	for _, id := range ids {
		keys = append(keys, secret.NewKey(id))
	}
	box, err := secret.New(keys...)
	require.NoError(t, err)
	return box.Fingerprints()
}

func (i installation) backup(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	made, err := backup.Write(t.Context(), &out, i.source())
	require.NoError(t, err)
	require.Positive(t, made.Rows)
	return out.Bytes()
}

func (i installation) source() backup.Source {
	return backup.Source{URL: i.url, Files: i.files, Keys: i.keys, Program: "1.2.3", Now: time.Now()}
}

func (i installation) restore(ctx context.Context, from []byte) (backup.Summary, error) {
	_, restored, err := backup.Restore(ctx, bytes.NewReader(from), backup.Target{URL: i.url, Files: i.files, Keys: i.keys})
	return restored, err
}

// hashes returns a hash over the rows of each table. Where events stand is
// another matter in another Postgres.
func hashes(t *testing.T, url string) map[string]string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // only read
	rows, err := conn.Query(t.Context(), `SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'S') AND NOT relispartition
		AND relnamespace = 'public'::regnamespace AND relname NOT IN ('goose_db_version', 'goose_db_version_id_seq', 'river_migration', 'lease')`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	out := map[string]string{}
	for _, table := range tables {
		row := "t::text"
		switch {
		case table == "event", table == "event_cursor":
			row = "(to_jsonb(t) - 'xid' - CASE WHEN to_jsonb(t) ? 'subscriber' THEN 'id' ELSE '' END)::text"
		case strings.HasSuffix(table, "_seq"):
			row = "(t.last_value, t.is_called)::text"
		}
		var hash string
		sql := fmt.Sprintf("SELECT count(*) || ' ' || coalesce(md5(string_agg(%s, '|' ORDER BY %[1]s)), '') FROM %s t", row, pgx.Identifier{table}.Sanitize())
		require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&hash), table)
		out[table] = hash
	}
	return out
}

func contents(t *testing.T, s *blob.Store) map[blob.Key]string {
	t.Helper()
	out := map[blob.Key]string{}
	require.NoError(t, s.Each(t.Context(), func(k blob.Key) error {
		f, err := s.Get(t.Context(), k)
		require.NoError(t, err)
		defer f.Close() //nolint:errcheck // only read
		text, err := io.ReadAll(f)
		out[k] = string(text)
		return err
	}))
	return out
}

func TestDrill(t *testing.T) {
	t.Parallel()
	was, f := living(t, 3000) // more than one part
	file := was.backup(t)

	is := empty(t, dbtest.NewURL(t))
	is.keys = was.keys
	restored, err := is.restore(t.Context(), file)
	require.NoError(t, err)
	require.Equal(t, int64(50), restored.Files)
	before, after := hashes(t, was.url), hashes(t, is.url)
	require.Greater(t, len(before), 40)
	require.True(t, strings.HasPrefix(before["contact"], "3000 "), "%s", before["contact"])
	require.Equal(t, before, after)
	require.Equal(t, contents(t, was.files), contents(t, is.files))

	is.open(t)
	audittest.Clean(t, is.db)
	again := is.backup(t)
	require.Equal(t, listed(t, file), listed(t, again), "a copy of the copy is the copy")

	_, err = is.db.Worker().Exec(t.Context(), "INSERT INTO membership (company_id, user_id, roles, created_at) VALUES (-5, 1, '{owner}', now())")
	require.ErrorContains(t, err, "foreign key", "foreign keys are back")
	require.NoError(t, is.db.InCompany(t.Context(), f.Second.ID, func(tx *db.Tx) error {
		var seen int
		require.NoError(t, tx.QueryRow(t.Context(), "SELECT count(*) FROM contact").Scan(&seen))
		require.Zero(t, seen, "the walls are back")
		return nil
	}))
	var open int
	require.NoError(t, is.db.Worker().QueryRow(t.Context(), "SELECT count(*) FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity").Scan(&open))
	require.Zero(t, open, "for the owner too")
}

// listed returns the names of the entries that do not depend on the order in
// which Postgres reads a table.
func listed(t *testing.T, file []byte) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	z, err := gzip.NewReader(bytes.NewReader(file))
	require.NoError(t, err)
	require.NoError(t, eachEntry(z, func(name string) { names[name] = true }))
	return names
}

func TestWhoOwnsTheTablesNeedsNoMore(t *testing.T) {
	t.Parallel()
	was, _ := living(t, 9)
	owner := restrictedDatabase(t)
	is := empty(t, owner)
	is.keys = was.keys
	_, err := is.restore(t.Context(), was.backup(t))
	require.NoError(t, err)
	require.Equal(t, hashes(t, was.url), hashes(t, owner))
	require.NotEmpty(t, is.backup(t))
}

// restrictedDatabase is an empty database whose owner is no superuser.
func restrictedDatabase(t *testing.T) string {
	t.Helper()
	super := dbtest.NewURL(t)
	conn, err := pgx.Connect(t.Context(), super)
	require.NoError(t, err)
	name := "o_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	exec := func(ctx context.Context, sql string) {
		_, err := conn.Exec(ctx, fmt.Sprintf(sql, name))
		require.NoError(t, err, sql)
	}
	exec(t.Context(), "CREATE ROLE %s LOGIN CREATEROLE IN ROLE parley_app, parley_worker, parley_search")
	exec(t.Context(), "CREATE DATABASE %[1]s OWNER %[1]s")
	t.Cleanup(func() {
		exec(context.Background(), "DROP DATABASE %s WITH (FORCE)")
		exec(context.Background(), "DROP ROLE %s")
		_ = conn.Close(context.Background())
	})
	u, err := url.Parse(super)
	require.NoError(t, err)
	u.User, u.Path = url.User(name), "/"+name
	return u.String()
}

func TestHiddenRowsAreNotLeftOut(t *testing.T) {
	t.Parallel()
	was, _ := living(t, 9)
	owner := restrictedDatabase(t)
	is := empty(t, owner)
	is.keys = was.keys
	_, err := is.restore(t.Context(), was.backup(t))
	require.NoError(t, err)
	conn, err := pgx.Connect(t.Context(), owner)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	_, err = conn.Exec(t.Context(), `DROP POLICY of_owner ON wallet; DROP POLICY of_worker ON wallet; DROP POLICY of_search ON wallet;
		CREATE POLICY positive ON book AS RESTRICTIVE USING (balance > 0)`)
	require.NoError(t, err)
	_, err = backup.Write(t.Context(), io.Discard, is.source())
	require.ErrorContains(t, err, "hide rows of book, wallet")
}

func TestRestoreIsRefused(t *testing.T) {
	t.Parallel()
	was, _ := living(t, 9)
	file := was.backup(t)

	_, err := was.restore(t.Context(), file)
	require.ErrorIs(t, err, backup.ErrUsed, "there are files")
	bare := empty(t, was.url)
	bare.keys = was.keys
	_, err = bare.restore(t.Context(), file)
	require.ErrorIs(t, err, backup.ErrUsed, "there are companies")

	is := empty(t, dbtest.NewURL(t))
	_, err = is.restore(t.Context(), file)
	require.ErrorIs(t, err, backup.ErrNoKeys)
	is.keys = append(fingerprints(t, 3), was.keys[0])
	_, err = is.restore(t.Context(), file)
	require.ErrorIs(t, err, backup.ErrNoKeys, "one key is missing")
	is.keys = was.keys

	foreign := empty(t, dbtest.NewURL(t))
	foreign.keys = was.keys
	conn, err := pgx.Connect(t.Context(), foreign.url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	_, err = conn.Exec(t.Context(), "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE blog (x int)")
	require.NoError(t, err)
	_, err = foreign.restore(t.Context(), file)
	require.ErrorIs(t, err, backup.ErrUsed)

	is.open(t)
	require.NoError(t, is.db.Ping(t.Context()))
	_, err = is.restore(t.Context(), file)
	require.ErrorIs(t, err, backup.ErrBusy)
	is.db.Close()

	_, err = is.restore(t.Context(), rewritten(t, file, "about.json", `"schema":"`, `"schema":"0`))
	require.ErrorIs(t, err, backup.ErrNotOurs)
	require.ErrorContains(t, err, "parley 1.2.3")
	_, err = is.restore(t.Context(), rewritten(t, file, "about.json", `"form":1`, `"form":2`))
	require.ErrorContains(t, err, "newer program")

	require.NoError(t, waitUntilAlone(t, is.url))
	_, err = is.restore(t.Context(), file)
	require.NoError(t, err, "none of these has left anything behind")
}

// waitUntilAlone waits for closed connections to be gone.
func waitUntilAlone(t *testing.T, url string) error {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // only read
	require.Eventually(t, func() bool {
		var n int
		err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Scan(&n)
		return err == nil && n == 0
	}, 20*time.Second, 10*time.Millisecond)
	return nil
}

func TestDamageIsNoticed(t *testing.T) {
	t.Parallel()
	was, _ := living(t, 9)
	file := was.backup(t)
	is := empty(t, dbtest.NewURL(t))
	is.keys = was.keys
	for name, damaged := range map[string][]byte{
		"nothing":          {},
		"something else":   []byte("-- PostgreSQL database dump"),
		"half of it":       file[:len(file)/2],
		"a changed byte":   changed(file, len(file)/3),
		"a changed amount": rewritten(t, file, "tables/wallet/000001.copy", "\t0\t", "\t1\t"),
		"a missing row":    rewritten(t, file, "tables/company/000001.copy", "\n", ""),
		"a changed file":   rewritten(t, file, "files/", "file ", "FILE "),
		"another size":     rewritten(t, file, "files/", "file file", "file"),
		"no sequences":     without(t, file, "sequences.json"),
		"no end":           without(t, file, "end.json"),
		"no beginning":     without(t, file, "about.json"),
		"one file less":    without(t, file, "files/"),
	} {
		_, err := is.restore(t.Context(), damaged)
		require.Error(t, err, name)
		require.Empty(t, contents(t, is.files), name)
		require.True(t, strings.HasPrefix(hashes(t, is.url)["company"], "0 "), name)
	}
	for _, cut := range []int{10, len(file) / 2, len(file) - 30} {
		_, err := is.restore(t.Context(), file[:cut])
		require.ErrorIs(t, err, backup.ErrDamaged, "cut at %d", cut)
	}
	_, _, err := backup.Restore(t.Context(), iotest.TimeoutReader(bytes.NewReader(file)), backup.Target{URL: is.url, Files: is.files, Keys: is.keys})
	require.ErrorIs(t, err, iotest.ErrTimeout)
	_, err = is.restore(t.Context(), file)
	require.NoError(t, err)
	require.Equal(t, hashes(t, was.url), hashes(t, is.url))
}

type told struct {
	N int `json:"n"`
}

func (told) EventName() string { return "test.told" }

// Where events stand counts in transactions of a Postgres that is gone.
func TestSubscribersReadOnWhereTheyStood(t *testing.T) {
	t.Parallel()
	was, f := living(t, 9)
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, was.url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	_, err = conn.Exec(ctx, "TRUNCATE event, event_cursor")
	require.NoError(t, err)
	// Transactions far ahead of any new Postgres, and ids that run against their order.
	_, err = conn.Exec(ctx, `INSERT INTO event (xid, id, company_id, name, payload)
		SELECT (9000000000 + n / 3)::text::xid8, ('00000000-0000-7000-8000-' || lpad(to_hex(100000 - n + 2 * (n % 3)), 12, '0'))::uuid, $1, 'test.told', jsonb_build_object('n', n)
		FROM generate_series(0, 2999) n`, f.First.ID)
	require.NoError(t, err)
	for subscriber, n := range map[string]int{"ahead": 2990, "behind": 1000, "at the end": 2999} {
		_, err = conn.Exec(ctx, "INSERT INTO event_cursor (subscriber, xid, id) SELECT $1, xid, id FROM event WHERE payload->>'n' = $2::text", subscriber, fmt.Sprint(n))
		require.NoError(t, err)
	}
	is := empty(t, dbtest.NewURL(t))
	is.keys = was.keys
	_, err = is.restore(ctx, was.backup(t))
	require.NoError(t, err)
	is.open(t)
	require.NoError(t, is.db.InCompany(ctx, f.First.ID, func(tx *db.Tx) error { return events.PublishTx(ctx, tx, f.First.ID, told{3000}) }))

	got := map[string][]int{}
	bus := events.New(is.db, events.Options{})
	for _, subscriber := range []string{"ahead", "behind", "at the end"} {
		bus.Subscribe(subscriber, events.On(func(_ context.Context, _ *db.Tx, e events.Of[told]) error {
			got[subscriber] = append(got[subscriber], e.Event.N)
			return nil
		}))
	}
	require.NoError(t, bus.Drain(ctx))
	require.Equal(t, counted(2991, 3000), got["ahead"])
	require.Equal(t, counted(1001, 3000), got["behind"])
	require.Equal(t, counted(3000, 3000), got["at the end"])
}

func counted(from, to int) (out []int) {
	for n := from; n <= to; n++ {
		out = append(out, n)
	}
	return out
}
