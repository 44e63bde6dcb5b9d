// Package ledgerdb is the SQL of the ledger.
package ledgerdb

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Lane is a number that is the same for all statements of a transaction and
// spreads transactions evenly.
func Lane(tx pgx.Tx) uint32 { return tx.Conn().PgConn().PID() }

// TakeSafely is Take that keeps no lock when the stripe cannot bear it: a row
// that an UPDATE waited for stays locked even when it no longer matches, and
// those who then lock all stripes in order would wait for each other.
func (q *Queries) TakeSafely(ctx context.Context, tx pgx.Tx, arg TakeParams) (TakeRow, error) {
	r, err := q.Take(ctx, savepointed{tx}, arg)
	if errors.Is(err, pgx.ErrNoRows) {
		if _, back := tx.Exec(ctx, "ROLLBACK TO SAVEPOINT take"); back != nil {
			return r, back
		}
	}
	return r, err
}

// savepointed sets a savepoint before a query, in the query's round trip.
type savepointed struct{ pgx.Tx }

func (s savepointed) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	b := &pgx.Batch{}
	b.Queue("SAVEPOINT take")
	b.Queue(sql, args...)
	return batchRow{s.SendBatch(ctx, b)}
}

type batchRow struct{ results pgx.BatchResults }

func (r batchRow) Scan(dest ...any) error {
	_, err := r.results.Exec()
	if err == nil {
		err = r.results.QueryRow().Scan(dest...)
	}
	if closing := r.results.Close(); err == nil {
		err = closing
	}
	return err
}

// CloseQuickly prepares a transaction that closes batches: it need not wait for
// the disk, because the next charge's commit carries it along (the log is
// written in order), and it gives up on a row that somebody holds for long.
func (q *Queries) CloseQuickly(ctx context.Context, db DBTX) error {
	_, err := db.Exec(ctx, "SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '1000', true)")
	return err
}

// GaveUp says that a lock could not be had in time.
func GaveUp(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "55P03"
}
