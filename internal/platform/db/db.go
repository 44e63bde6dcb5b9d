package db

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DBTX is what a single statement needs; pools and transactions have it.
type DBTX interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// DB holds a pool for each role.
type DB struct {
	app, worker, search, lookup *pgxpool.Pool
}

// Options sizes the pools; zero values get defaults for a small machine.
type Options struct {
	AppConns, WorkerConns, SearchConns int32
	// Logins are the addresses of logins that can be nothing but their role; an
	// empty one means that the login of the database's own url takes the role.
	Logins Logins
	// Alone gives all roles one connection of the worker's role to share: whoever
	// asks for a second one while holding it waits forever. Only for tests, which
	// show by it that nobody does.
	Alone bool
	// Hasty does not wait for the disk at each commit: a crash loses the last
	// moments, in order. Only for work that can be done again from the start.
	Hasty bool
}

// Open connects to the database at url, whose user must be a member of the
// three roles (see the first migration). The schema must be there already.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	d := &DB{}
	for _, p := range []struct {
		pool **pgxpool.Pool
		url  string
		role string
		size int32
	}{
		{&d.app, o.Logins.App, appRole, max(o.AppConns, 0)},
		{&d.worker, o.Logins.Worker, workerRole, max(o.WorkerConns, 0)},
		{&d.search, o.Logins.Search, searchRole, max(o.SearchConns, 0)},
		{&d.lookup, o.Logins.Worker, workerRole, lookupConns},
	} {
		if o.Alone {
			p.size = 1
		}
		if o.Alone && d.app != nil && p.pool != &d.lookup {
			*p.pool = d.app
			continue
		}
		if o.Alone {
			p.role = workerRole
		}
		pool, err := openPool(ctx, cmp.Or(p.url, url), p.role, p.size, o.Hasty)
		if err != nil {
			d.Close()
			return nil, err
		}
		*p.pool = pool
	}
	return d, nil
}

// lookupConns are enough for lookups, which are short and mostly remembered.
const lookupConns = 4

func openPool(ctx context.Context, url, role string, size int32, hasty bool) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read database url: %w", err)
	}
	if size == 0 {
		size = map[string]int32{appRole: 24, workerRole: 12, searchRole: 4}[role]
	}
	c.MaxConns = size
	c.MaxConnIdleTime = 5 * time.Minute
	c.ConnConfig.RuntimeParams["role"] = role
	c.ConnConfig.RuntimeParams["application_name"] = role
	c.ConnConfig.RuntimeParams["timezone"] = "UTC"
	c.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	c.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		// Times are read as UTC whatever zone the machine is in, for that is how they are shown.
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		teachUUID(conn.TypeMap())
		return nil
	}
	if hasty {
		c.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	}
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return pool, nil
}

// Close closes the pools; it waits for connections in use.
func (d *DB) Close() {
	for _, p := range []*pgxpool.Pool{d.app, d.worker, d.search, d.lookup} {
		if p != nil {
			p.Close()
		}
	}
}

// Ping says whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.app.Ping(ctx) }

// Worker is for single statements over companies.
func (d *DB) Worker() DBTX { return d.worker }

// Lookup is for reading a row or two over companies in the middle of a
// transaction, such as a price that is not remembered. Nothing else may ask for a
// connection while it holds one: where all are held by those who ask for another,
// nobody goes on. Lookups have connections of their own and wait for no lock, so
// that whoever waits for one gets it.
func (d *DB) Lookup() DBTX { return d.lookup }

// WorkerPool is for libraries that need a pool of their own kind.
func (d *DB) WorkerPool() *pgxpool.Pool { return d.worker }

// AppPool is for libraries that need a pool of their own kind.
func (d *DB) AppPool() *pgxpool.Pool { return d.app }

// Tx is a transaction in progress.
type Tx struct {
	pgx.Tx
	after []func()
	once  map[any]bool
	outer *Tx // of a savepoint
}

// AfterCommit runs fn once the transaction has been committed. Only for what
// may be lost in a crash, such as a realtime hint; all else is a row.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Once says whether this is the first time that the transaction does what key
// stands for, of what it may do once only.
func (tx *Tx) Once(key any) bool {
	for t := tx; t != nil; t = t.outer {
		if t.once[key] {
			return false
		}
	}
	if tx.once == nil {
		tx.once = map[any]bool{}
	}
	tx.once[key] = true
	return true
}

// Try runs fn within a savepoint: when fn fails, what it did is undone and the
// transaction goes on.
func (tx *Tx) Try(ctx context.Context, fn func(tx *Tx) error) error {
	ptx, err := tx.Begin(ctx)
	if err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	inner := &Tx{Tx: ptx, outer: tx}
	if err := fn(inner); err != nil {
		if undo := ptx.Rollback(context.WithoutCancel(ctx)); undo != nil {
			return errors.Join(err, fmt.Errorf("roll back to savepoint: %w", undo))
		}
		return err
	}
	if err := ptx.Commit(ctx); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	tx.after = append(tx.after, inner.after...)
	for key := range inner.once {
		tx.Once(key)
	}
	return nil
}

// InCompany runs fn in a transaction that sees and writes one company only.
// It commits when fn returns nil and rolls back otherwise.
func (d *DB) InCompany(ctx context.Context, companyID int64, fn func(tx *Tx) error) error {
	return run(ctx, d.app, "begin; "+setCompany(companyID), fn)
}

// ViewCompany is InCompany for reading one consistent state.
func (d *DB) ViewCompany(ctx context.Context, companyID int64, fn func(tx *Tx) error) error {
	return run(ctx, d.app, "begin isolation level repeatable read read only; "+setCompany(companyID), fn)
}

// AsWorker runs fn in a transaction of trusted work over companies.
func (d *DB) AsWorker(ctx context.Context, fn func(tx *Tx) error) error {
	return run(ctx, d.worker, "begin", fn)
}

// ViewAll runs fn on one consistent state of all companies.
func (d *DB) ViewAll(ctx context.Context, fn func(tx *Tx) error) error {
	return run(ctx, d.worker, "begin isolation level repeatable read read only", fn)
}

// SearchAs runs fn with the role that reads without policies; its statements
// must state the company. A search that takes longer than 2 s is cancelled.
func (d *DB) SearchAs(ctx context.Context, fn func(tx *Tx) error) error {
	return run(ctx, d.search, "begin read only; set local statement_timeout = 2000", fn)
}

// setCompany is formatted from an integer, never from input. It rides on BEGIN
// so that naming the company costs no round trip.
func setCompany(id int64) string {
	return "set local app.company = '" + strconv.FormatInt(id, 10) + "'"
}

func run(ctx context.Context, pool *pgxpool.Pool, begin string, fn func(tx *Tx) error) error {
	ptx, err := pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: begin})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	// A cancelled request must not keep its transaction open.
	defer func() { _ = ptx.Rollback(context.WithoutCancel(ctx)) }()

	tx := &Tx{Tx: ptx}
	if err := fn(tx); err != nil {
		return err
	}
	if err := ptx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, fn := range tx.after {
		fn()
	}
	return nil
}

// NoRows says that a query found nothing.
func NoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// Unique says that err is a violation of the named unique constraint or index.
func Unique(err error, constraint string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23505" && e.ConstraintName == constraint
}

// Unavailable says that the database could not be reached, is going down, went
// away in the middle of a statement or has no room, so that trying again makes
// sense. Whether a commit that was under way took place is not known.
func Unavailable(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code[:2] == "57" || e.Code[:2] == "53" || e.Code[:2] == "08"
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || pgconn.SafeToRetry(err) || errors.Is(err, context.DeadlineExceeded) || broken(err)
}

// broken says that the connection ended while its answer was waited for.
func broken(err error) bool {
	var network *net.OpError
	return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// DiskFull says that the database has no room to write (SQLSTATE 53100).
func DiskFull(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "53100"
}

// Listen calls fn for each notification on the topic, in order, until ctx ends
// or the connection breaks; it then returns why. It takes a connection of its
// own, not one of the pools'.
func (d *DB) Listen(ctx context.Context, topic string, fn func(payload string)) error {
	conn, err := pgx.ConnectConfig(ctx, d.worker.Config().ConnConfig.Copy())
	if err != nil {
		return fmt.Errorf("connect to listen: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{topic}.Sanitize()); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("wait for notification: %w", err)
		}
		fn(n.Payload)
	}
}
