package doctordb

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func asPostgres(err error, e **pgconn.PgError) bool { return errors.As(err, e) }

// WAL returns the size of the write-ahead log, in bytes. It takes a role that
// may look into the server's folders (pg_monitor).
func (c *Conn) WAL(ctx context.Context) (bytes int64, err error) {
	err = c.conn.QueryRow(ctx, "SELECT coalesce(sum(size), 0)::bigint FROM pg_ls_waldir()").Scan(&bytes)
	return bytes, err
}

// IdleSlots lists replication slots that nobody reads: they keep the log growing.
func (c *Conn) IdleSlots(ctx context.Context) ([]string, error) {
	return c.texts(ctx, "SELECT slot_name FROM pg_replication_slots WHERE NOT active ORDER BY slot_name")
}

// Session is a connection that something is wrong with.
type Session struct {
	PID       int
	Program   string
	For       time.Duration
	BlockedBy []int
}

// Idle lists transactions in which nothing has been done for longer than least.
func (c *Conn) Idle(ctx context.Context, least time.Duration) ([]Session, error) {
	return c.sessions(ctx, `SELECT pid, coalesce(application_name, ''), extract(epoch FROM clock_timestamp() - state_change)::float8, '{}'::int[]
		FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()
			AND clock_timestamp() - state_change > make_interval(secs => $1) ORDER BY state_change`, least)
}

// Blocked lists statements that have waited for a lock for longer than least.
func (c *Conn) Blocked(ctx context.Context, least time.Duration) ([]Session, error) {
	return c.sessions(ctx, `SELECT a.pid, coalesce(a.application_name, ''), extract(epoch FROM clock_timestamp() - l.waitstart)::float8, pg_blocking_pids(a.pid)
		FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
		WHERE NOT l.granted AND a.datname = current_database() AND clock_timestamp() - l.waitstart > make_interval(secs => $1) ORDER BY l.waitstart`, least)
}

func (c *Conn) sessions(ctx context.Context, sql string, least time.Duration) ([]Session, error) {
	rows, err := c.conn.Query(ctx, sql, least.Seconds())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Session, err error) {
		var seconds float64
		err = row.Scan(&s.PID, &s.Program, &seconds, &s.BlockedBy)
		s.For = time.Duration(seconds * float64(time.Second))
		return s, err
	})
}

// Jobs is how the job queue is.
type Jobs struct {
	Waiting   int // due for long, and nobody has taken them
	Stuck     int // at work for long
	Discarded []Discarded
}

// Discarded are jobs of a kind that were given up.
type Discarded struct {
	Kind  string
	Count int
	Error string // of the last one
}

// Jobs looks at the job queue.
func (c *Conn) Jobs(ctx context.Context, waiting, running, since time.Duration) (j Jobs, err error) {
	const counts = `SELECT count(*) FILTER (WHERE state IN ('available', 'scheduled', 'retryable') AND scheduled_at < now() - make_interval(secs => $1)),
			count(*) FILTER (WHERE state = 'running' AND attempted_at < now() - make_interval(secs => $2))
		FROM river_job WHERE state IN ('available', 'scheduled', 'retryable', 'running')`
	if err := c.conn.QueryRow(ctx, counts, waiting.Seconds(), running.Seconds()).Scan(&j.Waiting, &j.Stuck); err != nil {
		return j, err
	}
	const discarded = `SELECT kind, count(*)::int, coalesce((array_agg(errors[cardinality(errors)]->>'error' ORDER BY finalized_at DESC))[1], '')
		FROM river_job WHERE state = 'discarded' AND finalized_at > now() - make_interval(secs => $1) GROUP BY kind ORDER BY kind`
	rows, err := c.conn.Query(ctx, discarded, since.Seconds())
	if err != nil {
		return j, err
	}
	j.Discarded, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Discarded])
	return j, err
}

// Unposted returns the age of the oldest charge that no entry speaks of; 0 is
// none. The ids of batches begin with the instant of their first charge.
func (c *Conn) Unposted(ctx context.Context) (age time.Duration, batches int, err error) {
	const oldest = `SELECT count(*)::int, coalesce(extract(epoch FROM clock_timestamp()) * 1000
			- ('x' || substr(replace(min(batch_id::text), '-', ''), 1, 12))::bit(48)::bigint, 0)::float8
		FROM (SELECT batch_id FROM pending_batch UNION ALL SELECT batch_id FROM wallet WHERE batch_id IS NOT NULL) b`
	var milliseconds float64
	err = c.conn.QueryRow(ctx, oldest).Scan(&batches, &milliseconds)
	return time.Duration(milliseconds) * time.Millisecond, batches, err
}

// Subscriber is how far one who reads events is behind.
type Subscriber struct {
	Name     string
	Behind   time.Duration // age of the oldest event it has not passed
	Failures int           // of the event it stands before
	Error    string
}

// Subscribers looks at all who read events.
func (c *Conn) Subscribers(ctx context.Context) ([]Subscriber, error) {
	const behind = `SELECT c.subscriber, coalesce(extract(epoch FROM clock_timestamp() - (SELECT e.at FROM event e
			WHERE (e.xid, e.id) > (c.xid, c.id) ORDER BY e.xid, e.id LIMIT 1)), 0)::float8, c.failures, coalesce(c.error, '')
		FROM event_cursor c ORDER BY c.subscriber`
	rows, err := c.conn.Query(ctx, behind)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Subscriber, err error) {
		var seconds float64
		err = row.Scan(&s.Name, &seconds, &s.Failures, &s.Error)
		s.Behind = time.Duration(seconds * float64(time.Second))
		return s, err
	})
}

// Letters is how letters fare.
type Letters struct {
	Failed  int    // of late
	Reason  string // of the last
	Waiting int    // for long
}

// Letters looks at letters.
func (c *Conn) Letters(ctx context.Context, since, waiting time.Duration) (l Letters, err error) {
	const letters = `SELECT count(*) FILTER (WHERE state = 'failed' AND created_at > now() - make_interval(secs => $1)),
			count(*) FILTER (WHERE state = 'waiting' AND created_at < now() - make_interval(secs => $2)),
			coalesce((SELECT reason FROM letter WHERE state = 'failed' ORDER BY created_at DESC LIMIT 1), '')
		FROM letter`
	err = c.conn.QueryRow(ctx, letters, since.Seconds(), waiting.Seconds()).Scan(&l.Failed, &l.Waiting, &l.Reason)
	return l, err
}
