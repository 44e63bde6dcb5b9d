package backupdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// places gives each event a new place that keeps its order among those that
// some subscriber has not read; the others share the first place. In between
// a new place begins wherever ids, which break ties, run against the order.
const places = `CREATE TEMP TABLE event_place ON COMMIT DROP AS
	WITH behind AS (SELECT xid, id FROM event_cursor ORDER BY xid, id LIMIT 1),
	known AS (SELECT e.xid, e.id, NOT EXISTS (SELECT FROM behind b WHERE (b.xid, b.id) < (e.xid, e.id)) AS read FROM event e),
	turns AS (SELECT k.*, NOT read AND id < lag(id) OVER (PARTITION BY read ORDER BY xid, id) AS turn FROM known k)
	SELECT xid AS was, id, CASE WHEN read THEN 1 ELSE 2 + count(*) FILTER (WHERE turn) OVER (PARTITION BY read ORDER BY xid, id) END AS place
	FROM turns`

// moveCursors puts each subscriber behind the last event it had read.
const moveCursors = `UPDATE event_cursor c SET xid = coalesce(p.place, 1)::text::xid8, id = coalesce(p.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
	FROM event_cursor o LEFT JOIN LATERAL (SELECT place, id FROM event_place
		WHERE place > 1 AND (was, id) <= (o.xid, o.id) ORDER BY was DESC, id DESC LIMIT 1) p ON true
	WHERE c.subscriber = o.subscriber`

const moveEvents = `UPDATE event e SET xid = p.place::text::xid8 FROM event_place p WHERE p.id = e.id`

// PlaceEvents makes the events readable in this Postgres. Their order is that
// of transactions, counted from its beginning, and a subscriber waits for
// numbers that are not given out yet: those of another Postgres may lie years
// ahead, and what is told from now on would lie behind them.
func (l *Load) PlaceEvents(ctx context.Context) error {
	for _, sql := range []string{places, moveCursors, moveEvents} {
		if err := l.exec(ctx, "order events", sql); err != nil {
			return err
		}
	}
	var last int64
	if err := l.conn.QueryRow(ctx, "SELECT coalesce(max(place), 1) FROM event_place").Scan(&last); err != nil {
		return fmt.Errorf("order events: %w", err)
	}
	return l.passTransactions(ctx, last)
}

// passTransactions uses up numbers of transactions up to one, which takes a
// connection that is in none.
func (l *Load) passTransactions(ctx context.Context, last int64) error {
	conn, err := pgx.Connect(ctx, l.url)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, fmt.Sprintf("DO $$ BEGIN WHILE pg_current_xact_id() <= '%d'::xid8 LOOP COMMIT; END LOOP; END $$", last))
	if err != nil {
		return fmt.Errorf("pass transactions: %w", err)
	}
	return nil
}
