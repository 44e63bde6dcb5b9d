package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/internal/doctor/internal/doctordb"
	"parley/internal/platform/db"
	"parley/internal/platform/pgserver"
	"parley/internal/platform/secret"
	"parley/internal/platform/secret/keycheck"
)

// database makes the checks that need one, as far as it lets them.
func (e *examination) database(ctx context.Context) {
	e.make(ctx, check{"database", e.reach})
	if e.db == nil {
		return
	}
	for _, c := range []check{
		{"postgres", e.postgres}, {"clock", e.clock}, {"connections", e.connections}, {"logins", e.logins}, {"roles", e.roles},
		{"wal", e.wal}, {"transactions", e.transactions}, {"locks", e.locks}, {"schema", e.schema},
	} {
		e.make(ctx, c)
	}
	if state, err := db.SchemaState(ctx, e.Database); err != nil || !state.AtHead() {
		return // what follows reads our tables
	}
	e.tables = true
	for _, c := range []check{
		{"walls", e.walls}, {"keys", e.keys}, {"time_zones", e.zones}, {"jobs", e.jobs}, {"settler", e.settler},
		{"events", e.events}, {"letters", e.letters},
	} {
		e.make(ctx, c)
	}
	if e.Books {
		e.books(ctx)
	}
}

func (e *examination) reach(ctx context.Context) Finding {
	if e.Database == "" {
		if e.Trouble == nil {
			return warning("There is no database yet; the first start makes it.", "If the server has run before, see whether PARLEY_DATA or DATABASE_URL is the same as then.")
		}
		return problem(fmt.Sprintf("The private Postgres does not start: %v.", e.Trouble), "See postgres.log in the folder postgres of the data folder.")
	}
	conn, err := doctordb.Connect(ctx, e.Database, e.Limits.Answer)
	if err != nil {
		return unreachable(err)
	}
	e.db = conn
	return ok("The database answers.")
}

// unreachable explains why a connection was refused, by SQLSTATE.
func unreachable(err error) Finding {
	says := "The database does not answer: " + oneLine(err) + "."
	switch doctordb.Code(err) {
	case "28P01", "28000":
		return problem(says, "See user and password of DATABASE_URL, and pg_hba.conf of the server.")
	case "3D000":
		return problem(says, "Make the database (createdb), or see its name in DATABASE_URL.")
	case "53300":
		return problem(says, "All connections are taken: raise max_connections, or lower PARLEY_DATABASE_CONNECTIONS.")
	case "57P03":
		return problem(says, "It is starting or recovering; try again in a while.")
	}
	return problem(says, "See whether Postgres runs, whether host and port of DATABASE_URL are right, and whether a firewall is in between.")
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func (e *examination) postgres(ctx context.Context) Finding {
	s, err := e.db.Server(ctx)
	if err != nil {
		return unknown(err)
	}
	return judgeServer(s)
}

func judgeServer(s doctordb.Server) Finding {
	major := s.Version / 10_000
	switch {
	case major < pgserver.OldestVersion:
		return problem(fmt.Sprintf("Postgres is version %d.", major), fmt.Sprintf("Use %d or newer.", pgserver.OldestVersion))
	case s.Encoding != "UTF8":
		return problem(fmt.Sprintf("The database's encoding is %s.", s.Encoding), "Make it anew with ENCODING 'UTF8' and restore a backup into it.")
	case !s.FoldsCase:
		return problem("The database does not know small and capital letters beyond English: search and sign-in by such names fail.",
			"Make it anew with LOCALE_PROVIDER icu ICU_LOCALE 'und' (from 17 on: builtin, C.UTF-8) TEMPLATE template0 and restore a backup into it.")
	case !s.Durable:
		return problem("Postgres does not wait for the disk (fsync, full_page_writes or synchronous_commit is off): a crash loses messages and money.", "Set all three to on.")
	}
	return ok(fmt.Sprintf("Postgres %d, database of %s.", major, size(s.ServerSize)))
}

func (e *examination) clock(ctx context.Context) Finding {
	s, err := e.db.Server(ctx)
	if err != nil {
		return unknown(err)
	}
	return judgeClock(s, e.Limits.Skew)
}

func judgeClock(s doctordb.Server, most time.Duration) Finding {
	skew := s.Clock.Sub(s.AskedAt)
	if skew.Abs() > most+s.Uncertain {
		return problem(fmt.Sprintf("The clock of Postgres is %s off ours.", skew.Abs().Round(time.Millisecond)), "Let both machines follow a time server (chrony or systemd-timesyncd).")
	}
	return ok("The clocks of Postgres and of this machine agree.")
}

func (e *examination) connections(ctx context.Context) Finding {
	s, err := e.db.Server(ctx)
	if err != nil {
		return unknown(err)
	}
	wanted := int(e.Config.DatabaseConns) + int(e.Config.DatabaseConns)*2/3
	switch {
	case s.MaxConns < wanted:
		return problem(fmt.Sprintf("Postgres allows %d connections; this node may want %d.", s.MaxConns, wanted), "Raise max_connections, or lower PARLEY_DATABASE_CONNECTIONS.")
	case s.MaxConns-s.Conns < e.Limits.SpareConnections:
		return warning(fmt.Sprintf("%d of %d connections are taken.", s.Conns, s.MaxConns), "Raise max_connections, or lower PARLEY_DATABASE_CONNECTIONS of all nodes.")
	}
	return ok(fmt.Sprintf("%d of %d connections are taken.", s.Conns, s.MaxConns))
}

// logins tries the addresses of the roles' own logins.
func (e *examination) logins(ctx context.Context) Finding {
	set := 0
	for name, url := range map[string]string{
		"DATABASE_URL_APP": e.Config.DatabaseURLApp, "DATABASE_URL_WORKER": e.Config.DatabaseURLWorker, "DATABASE_URL_SEARCH": e.Config.DatabaseURLSearch,
	} {
		if url == "" {
			continue
		}
		set++
		conn, err := doctordb.Connect(ctx, url, e.Limits.Answer)
		if err != nil {
			f := unreachable(err)
			f.Says, f.Do = name+": "+f.Says, strings.ReplaceAll(f.Do, "DATABASE_URL", name)
			return f
		}
		conn.Close(ctx)
	}
	if set < 3 && e.Config.DatabaseURL != "" {
		return warning("Requests, background work and search do not all have a login of their own: a statement that somebody smuggled in could take the owner's rights.",
			"Set DATABASE_URL_APP, DATABASE_URL_WORKER and DATABASE_URL_SEARCH (docs/security.md).")
	}
	return ok("Each role has a login of its own.")
}

func (e *examination) roles(ctx context.Context) Finding {
	roles, err := e.db.Roles(ctx)
	if err != nil {
		return unknown(err)
	}
	return judgeRoles(roles)
}

func judgeRoles(roles []doctordb.Role) Finding {
	for _, r := range roles {
		switch {
		case !r.There:
			return problem(fmt.Sprintf("The role %s is missing.", r.Name), "Run parley migrate with a user that may create roles.")
		case !r.Member:
			return problem(fmt.Sprintf("The user of DATABASE_URL is no member of %s.", r.Name), fmt.Sprintf("As a superuser: GRANT %s TO that user.", r.Name))
		case r.Super || r.Bypass:
			return problem(fmt.Sprintf("The role %s walks through the walls between companies.", r.Name), fmt.Sprintf("As a superuser: ALTER ROLE %s NOSUPERUSER NOBYPASSRLS.", r.Name))
		case r.Creating:
			return problem(fmt.Sprintf("The role %s may make roles or databases.", r.Name), fmt.Sprintf("As a superuser: ALTER ROLE %s NOCREATEROLE NOCREATEDB.", r.Name))
		}
	}
	return ok("The three roles are there and small.")
}

func (e *examination) walls(ctx context.Context) Finding {
	open, err := e.db.OpenWalls(ctx)
	if err != nil {
		return unknown(err)
	}
	if len(open) > 0 {
		return problem(fmt.Sprintf("The walls between companies are open at %s.", strings.Join(open, ", ")), "As the owner, for each: ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY.")
	}
	return ok("Row-level security is forced on every table that has policies.")
}

func (e *examination) schema(ctx context.Context) Finding {
	state, err := db.SchemaState(ctx, e.Database)
	switch {
	case err != nil:
		return unknown(err)
	case state.Have == 0:
		return warning("The database is empty; the first start makes the schema.", "If it should not be empty, see the name in DATABASE_URL.")
	case state.Newer():
		return problem(fmt.Sprintf("A newer Parley has changed the schema: %s.", state), "Use that version, or restore the backup that was made before.")
	case !state.AtHead():
		return problem(fmt.Sprintf("The schema is older than the program: %s.", state), "Start the server, or run parley migrate.")
	}
	return ok("The schema is that of this program.")
}

// keys tries to open what the installation has sealed.
func (e *examination) keys(ctx context.Context) Finding {
	nothing, err := e.db.NothingSealed(ctx)
	if err != nil {
		return unknown(err)
	}
	if nothing {
		return ok("Nothing is sealed yet.")
	}
	const putBack = "Put back the key file that was kept apart from the backups. If it is lost for ever: parley admin accept-keys, and enter all credentials anew."
	box, err := secret.Read(e.Config.KeyFile)
	if err != nil {
		return problem("Credentials are sealed in the database and there is no key to open them.", putBack)
	}
	if err := e.db.VerifyKeys(ctx, box); errors.Is(err, keycheck.ErrOtherKeys) {
		return problem(fmt.Sprintf("The keys in %s do not open what is sealed in this database.", e.Config.KeyFile), putBack)
	} else if err != nil {
		return unknown(err)
	}
	return ok("The keys open what is sealed.")
}

// zones sees that the zones of companies are known here and to Postgres.
func (e *examination) zones(ctx context.Context) Finding {
	missing, err := e.db.ZonesUnknown(ctx)
	if err != nil {
		return unknown(err)
	}
	zones, err := e.db.Zones(ctx)
	if err != nil {
		return unknown(err)
	}
	for _, name := range zones {
		if _, err := time.LoadLocation(name); err != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return problem(fmt.Sprintf("Companies have time zones that are not known here or to Postgres: %s.", strings.Join(missing, ", ")), "Upgrade tzdata of the machine that Postgres runs on, or correct the companies.")
	}
	return ok("The time zones of all companies are known.")
}
