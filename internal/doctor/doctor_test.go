package doctor_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/doctor"
	"parley/internal/metering/meteringtest"
	"parley/internal/platform/config"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/secret"
	"parley/internal/platform/secret/keycheck"
	"parley/internal/provider/smppfake"
	"parley/internal/provider/smtpfake"
)

// patient is a healthy installation until a test breaks it.
type patient struct {
	doctor.Patient
	keys *secret.Box
	conn *pgx.Conn // as the owner
}

func healthy(t *testing.T) *patient {
	t.Helper()
	data := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(data, "files"), 0o700))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"status":"ok"}`) }))
	t.Cleanup(server.Close)
	mail, err := smtpfake.Listen("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = mail.Close() })
	sms, err := smppfake.Listen("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = sms.Close() })
	p := &patient{Patient: doctor.Patient{Database: dbtest.NewURL(t), Limits: doctor.Usual(), Bind: true, Config: &config.Config{
		Address: strings.TrimPrefix(server.URL, "http://"), PublicURL: "https://chat.example.com", TrustedProxies: []string{"127.0.0.1/32"},
		Data: data, KeyFile: filepath.Join(data, "secret.key"), DatabaseConns: 24,
		SMTPURL: "smtp+plain://" + mail.Address(), MailFrom: "Parley <no-reply@example.com>", SMSURL: "smpp://parley:secret@" + sms.Address(),
	}}}
	// The shared test server is neither durable nor small.
	p.Limits.FreeLow, p.Limits.FreeOut, p.Limits.SpareConnections = 1, 1, 0
	p.keys, err = secret.Load(p.Config.KeyFile)
	require.NoError(t, err)
	p.conn, err = pgx.Connect(t.Context(), p.Database)
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.conn.Close(context.Background()) })
	d := p.open(t)
	require.NoError(t, keycheck.Note(t.Context(), d, p.keys))
	return p
}

func (p *patient) open(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), p.Database, db.Options{AppConns: 4, WorkerConns: 4, SearchConns: 1})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	return d
}

func (p *patient) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := p.conn.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

func (p *patient) examine(t *testing.T) (map[string]doctor.Finding, bool) {
	t.Helper()
	found := map[string]doctor.Finding{}
	well := doctor.Examine(t.Context(), p.Patient, func(f doctor.Finding) {
		require.NotContains(t, found, f.Check, "told twice")
		require.NotEmpty(t, f.Says)
		require.NotContains(t, f.Says, "\n")
		if f.State == doctor.Problem || f.State == doctor.Warning {
			require.NotEmpty(t, f.Do, "%s: what shall one do?", f.Check)
		}
		found[f.Check] = f
	})
	return found, well
}

func TestHealthy(t *testing.T) {
	t.Parallel()
	p := healthy(t)
	meteringtest.New(t, p.open(t)).FundAll(t)
	p.Books = true
	found, _ := p.examine(t)
	for name, f := range found {
		if name == "postgres" {
			continue // tests run without fsync
		}
		require.Equal(t, doctor.OK, f.State, "%s: %s", name, f.Says)
	}
	require.Len(t, found, 27)
}

// Each check finds what it is for, and only a problem makes the examination fail.
func TestBroken(t *testing.T) {
	t.Parallel()
	const problem, warning, unknown = doctor.Problem, doctor.Warning, doctor.Unknown
	for name, x := range map[string]struct {
		harm  func(t *testing.T, p *patient)
		check string
		state doctor.State
		says  string
	}{
		"nobody serves":     {func(t *testing.T, p *patient) { p.Config.Address = freeAddress(t) }, "address", warning, "Nobody serves"},
		"another machine's": {func(_ *testing.T, p *patient) { p.Config.Address = "203.0.113.7:8080" }, "address", problem, "cannot listen"},
		"another program":   {func(t *testing.T, p *patient) { p.Config.Address = answering(t, "welcome to nginx") }, "address", problem, "not Parley"},
		"a server without disk": {func(t *testing.T, p *patient) {
			p.Config.Address = answering(t, `{"status":"unavailable","reason":"the disk is full"}`)
		}, "address", problem, "the disk is full"},
		"a local public address":   {func(_ *testing.T, p *patient) { p.Config.PublicURL = "http://127.0.0.1:8080" }, "public_url", warning, "this machine only"},
		"no TLS":                   {func(_ *testing.T, p *patient) { p.Config.PublicURL = "http://chat.example.com" }, "public_url", problem, "without TLS"},
		"nonsense for an address":  {func(_ *testing.T, p *patient) { p.Config.PublicURL = "https://%zz" }, "public_url", problem, "no address"},
		"no proxy":                 {func(_ *testing.T, p *patient) { p.Config.TrustedProxies = nil }, "proxies", warning, "No proxy is trusted"},
		"everybody a proxy":        {func(_ *testing.T, p *patient) { p.Config.TrustedProxies = []string{"0.0.0.0/0"} }, "proxies", problem, "Everybody"},
		"no network":               {func(_ *testing.T, p *patient) { p.Config.TrustedProxies = []string{"here"} }, "proxies", problem, "here"},
		"no key file":              {func(t *testing.T, p *patient) { require.NoError(t, os.Remove(p.Config.KeyFile)) }, "key_file", warning, "no key file"},
		"no key for what is there": {func(t *testing.T, p *patient) { require.NoError(t, os.Remove(p.Config.KeyFile)) }, "keys", problem, "no key to open"},
		"an open key file":         {func(t *testing.T, p *patient) { require.NoError(t, os.Chmod(p.Config.KeyFile, 0o644)) }, "key_file", problem, "chmod 600"},
		"a damaged key file": {func(t *testing.T, p *patient) {
			require.NoError(t, os.WriteFile(p.Config.KeyFile, []byte("1 x\n"), 0o600))
		}, "key_file", problem, "base64"},
		"another key":    {otherKey, "keys", problem, "do not open"},
		"no data folder": {func(_ *testing.T, p *patient) { p.Config.Data += "/elsewhere" }, "data_folder", warning, "no data folder"},
		"a file for a folder": {func(t *testing.T, p *patient) {
			require.NoError(t, os.Remove(p.Config.Folder("files")))
			require.NoError(t, os.WriteFile(p.Config.Folder("files"), nil, 0o600))
		}, "files", problem, "not a folder"},
		"little disk":        {func(_ *testing.T, p *patient) { p.Limits.FreeLow = 1 << 62 }, "disk", warning, "free"},
		"no disk":            {func(_ *testing.T, p *patient) { p.Limits.FreeOut = 1 << 62 }, "disk", problem, "free"},
		"no mail server":     {func(_ *testing.T, p *patient) { p.Config.SMTPURL = "" }, "mail", warning, "No mail server"},
		"a wrong mail URL":   {func(_ *testing.T, p *patient) { p.Config.SMTPURL = "mail.example.com" }, "mail", problem, "not understood"},
		"a silent mail port": {func(t *testing.T, p *patient) { p.Config.SMTPURL = "smtp+plain://" + freeAddress(t) }, "mail", problem, "takes no letters"},
		"no STARTTLS": {func(_ *testing.T, p *patient) {
			p.Config.SMTPURL = strings.Replace(p.Config.SMTPURL, "smtp+plain", "smtp", 1)
		}, "mail", problem, "STARTTLS"},
		"letters from here": {func(_ *testing.T, p *patient) { p.Config.MailFrom = "Parley <parley@localhost>" }, "mail", warning, "refuse"},
		"letters of nobody": {func(_ *testing.T, p *patient) { p.Config.MailFrom = "Parley" }, "mail", problem, "no address"},
		"no SMS":            {func(_ *testing.T, p *patient) { p.Config.SMSURL = "" }, "sms", warning, "no route"},
		"a wrong SMS URL":   {func(_ *testing.T, p *patient) { p.Config.SMSURL = "smpp://x?window=0" }, "sms", problem, "window"},
		"a silent SMSC":     {func(t *testing.T, p *patient) { p.Config.SMSURL = "smpp://a:b@" + freeAddress(t) }, "sms", problem, "not bind"},
		"a sealed route":    {sealedRoute, "mail", problem, "takes no letters"},
		"a route of another key": {func(t *testing.T, p *patient) {
			sealedRoute(t, p)
			otherKey(t, p)
		}, "mail", unknown, "does not open"},
		"no database yet":      {func(_ *testing.T, p *patient) { p.Database = "" }, "database", warning, "no database yet"},
		"a broken private one": {func(_ *testing.T, p *patient) { p.Database, p.Trouble = "", os.ErrPermission }, "database", problem, "permission denied"},
		"no Postgres":          {func(t *testing.T, p *patient) { p.Database = "postgres://parley@" + freeAddress(t) + "/parley" }, "database", problem, "does not answer"},
		"another database":     {func(t *testing.T, p *patient) { p.Database = changed(t, p.Database, "", "/nowhere") }, "database", problem, "does not exist"},
		"another user":         {func(t *testing.T, p *patient) { p.Database = changed(t, p.Database, "nobody_of_ours", "") }, "database", problem, "does not exist"},
		"many connections":     {func(_ *testing.T, p *patient) { p.Config.DatabaseConns = 4000 }, "connections", problem, "allows"},
		"few connections":      {func(_ *testing.T, p *patient) { p.Limits.SpareConnections = 1 << 20 }, "connections", warning, "are taken"},
		"one login":            {func(_ *testing.T, p *patient) { p.Config.DatabaseURL = p.Database }, "logins", warning, "login of their own"},
		"a wrong login":        {func(t *testing.T, p *patient) { p.Config.DatabaseURLApp = changed(t, p.Database, "nobody_of_ours", "") }, "logins", problem, "DATABASE_URL_APP"},
		"a stranger":           {stranger, "roles", problem, "no member of"},
		"a wall down":          {func(t *testing.T, p *patient) { p.exec(t, "ALTER TABLE wallet DISABLE ROW LEVEL SECURITY") }, "walls", problem, "wallet"},
		"a wall not forced":    {func(t *testing.T, p *patient) { p.exec(t, "ALTER TABLE message NO FORCE ROW LEVEL SECURITY") }, "walls", problem, "message"},
		"an empty database":    {func(t *testing.T, p *patient) { p.exec(t, "DROP SCHEMA public CASCADE; CREATE SCHEMA public") }, "schema", warning, "is empty"},
		"an old schema":        {func(t *testing.T, p *patient) { p.exec(t, "DELETE FROM goose_db_version WHERE version_id > 3") }, "schema", problem, "older"},
		"a new schema": {func(t *testing.T, p *patient) {
			p.exec(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
		}, "schema", problem, "newer Parley"},
		"old tables of jobs":  {func(t *testing.T, p *patient) { p.exec(t, "DELETE FROM river_migration WHERE version > 3") }, "schema", problem, "older"},
		"a zone on Mars":      {zoneOnMars, "time_zones", problem, "Mars/Base"},
		"a log that grows":    {func(_ *testing.T, p *patient) { p.Limits.WAL = 1 }, "wal", warning, "write-ahead log"},
		"no look at the log":  {restricted, "wal", unknown, "may not see"},
		"an idle transaction": {idle, "transactions", warning, "stand open idly"},
		"a lock":              {locked, "locks", warning, "wait for locks"},
		"jobs nobody works":   {job("available", "scheduled_at = now() - interval '1 hour'"), "jobs", problem, "nobody works them"},
		"a job that hangs":    {job("running", "attempted_at = now() - interval '1 hour'"), "jobs", warning, "at work"},
		"a job given up":      {job("discarded", `finalized_at = now() - interval '1 hour', errors = ARRAY['{"error":"no such\nhost"}'::jsonb]`), "jobs", warning, "1 test.kind (no such host)"},
		"charges not posted":  {unposted, "settler", problem, "1 batches"},
		"an event that fails": {subscriber("failures = 3, error = 'bad payload'"), "events", problem, "bad payload"},
		"events not read":     {subscriber("failures = 0"), "events", problem, "behind"},
		"letters that fail":   {letter("failed", "10 hours"), "letters", warning, "no such mailbox"},
		"letters that wait":   {letter("waiting", "1 hour"), "letters", problem, "have waited"},
		"books with a hole": {func(t *testing.T, p *patient) {
			f := meteringtest.New(t, p.open(t))
			f.FundAll(t)
			p.Books = true
			p.exec(t, "UPDATE wallet SET available = available + 1 WHERE company_id = $1", f.First.ID)
		}, "books", problem, "do not add up"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := healthy(t)
			x.harm(t, p)
			found, well := p.examine(t)
			f, ok := found[x.check]
			require.True(t, ok, "%v", found)
			require.Equal(t, x.state, f.State, "%+v", f)
			require.Contains(t, f.Says, x.says)
			if x.state == problem {
				require.False(t, well)
			}
		})
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

func answering(t *testing.T, text string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// changed returns the address for another user or database.
func changed(t *testing.T, address, user, path string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	if user != "" {
		u.User = url.User(user)
	}
	if path != "" {
		u.Path = path
	}
	return u.String()
}

func otherKey(t *testing.T, p *patient) {
	t.Helper()
	require.NoError(t, os.Remove(p.Config.KeyFile))
	_, err := secret.Load(p.Config.KeyFile)
	require.NoError(t, err)
}

func sealedRoute(t *testing.T, p *patient) {
	t.Helper()
	p.Config.SMTPURL = ""
	sealed, err := p.keys.Seal([]byte(`{"url":"smtp+plain://`+freeAddress(t)+`","from":"a@example.com"}`), secret.Place{Table: "delivery_route", Row: "mail"})
	require.NoError(t, err)
	p.exec(t, "INSERT INTO delivery_route (kind, sealed, updated_at) VALUES ('mail', $1, now())", sealed)
}

// login makes a user of this test's own and returns the address for it.
func login(t *testing.T, p *patient, terms string) string {
	t.Helper()
	name := "d_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	p.exec(t, "CREATE ROLE "+name+" LOGIN "+terms)
	t.Cleanup(func() {
		_, err := p.conn.Exec(context.Background(), "DROP OWNED BY "+name+"; DROP ROLE "+name)
		require.NoError(t, err)
	})
	return changed(t, p.Database, name, "")
}

func stranger(t *testing.T, p *patient) { p.Database = login(t, p, "") }

func restricted(t *testing.T, p *patient) {
	p.Database = login(t, p, "IN ROLE parley_app, parley_worker, parley_search")
}

// begun opens a transaction that ends with the test.
func begun(t *testing.T, p *patient, sql string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), p.Database)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	_, err = conn.Exec(t.Context(), "BEGIN; "+sql)
	require.NoError(t, err)
	return conn
}

func idle(t *testing.T, p *patient) {
	t.Helper()
	p.Limits.Idle = 0
	begun(t, p, "SELECT 1")
}

func locked(t *testing.T, p *patient) {
	t.Helper()
	p.Limits.Lock = 0
	begun(t, p, "LOCK TABLE lease")
	waiting, err := pgx.Connect(t.Context(), p.Database)
	require.NoError(t, err)
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(ended)
		_, _ = waiting.Exec(ctx, "DELETE FROM lease")
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		_ = waiting.Close(context.Background())
	})
	require.Eventually(t, func() bool {
		var n int
		err := p.conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted AND waitstart IS NOT NULL AND pid = $1", waiting.PgConn().PID()).Scan(&n)
		return err == nil && n == 1
	}, 20*time.Second, 10*time.Millisecond)
}

func zoneOnMars(t *testing.T, p *patient) {
	t.Helper()
	p.exec(t, "INSERT INTO company (id, kind, name, currency, time_zone, created_at) VALUES (1, 'platform', 'x', 'RUB', 'Mars/Base', now())")
}

func job(state, set string) func(*testing.T, *patient) {
	return func(t *testing.T, p *patient) {
		t.Helper()
		p.exec(t, "INSERT INTO river_job (kind, max_attempts, args, state, finalized_at) VALUES ('test.kind', 3, '{}', $1::text::river_job_state, CASE WHEN $1 = 'discarded' THEN now() END)", state)
		p.exec(t, "UPDATE river_job SET "+set)
	}
}

func unposted(t *testing.T, p *patient) {
	t.Helper()
	p.exec(t, "INSERT INTO pending_batch (company_id, batch_id) VALUES (1, first_id(now() - interval '5 minutes'))")
}

func subscriber(set string) func(*testing.T, *patient) {
	return func(t *testing.T, p *patient) {
		t.Helper()
		p.exec(t, "INSERT INTO event (id, name, payload, at) VALUES (gen_random_uuid(), 'x', '{}', now() - interval '1 hour')")
		p.exec(t, "INSERT INTO event_cursor (subscriber) VALUES ('ledger')")
		p.exec(t, "UPDATE event_cursor SET "+set)
	}
}

func letter(state, age string) func(*testing.T, *patient) {
	return func(t *testing.T, p *patient) {
		t.Helper()
		p.exec(t, "INSERT INTO users (id, name, email, password_hash, created_at) VALUES (1, 'x', 'x@example.com', '', now())")
		p.exec(t, `INSERT INTO letter (id, user_id, kind, fact, recipient, language, data, state, reason, created_at)
			VALUES (gen_random_uuid(), 1, 'recovery', gen_random_uuid(), 'x@example.com', 'ru', '{}', $1, 'no such mailbox', now() - $2::interval)`, state, age)
	}
}
