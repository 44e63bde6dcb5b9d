package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// size is how much a company has.
type size struct {
	dialogs  int
	messages bool // a message with words for each dialog, to search in
}

// fillSQL makes a company's past in bulk: what the program's services would need hours for.
// Foreign keys are not checked row by row, so the rows are made to fit. The newest dialogs
// wait in the queue, those before them are open, the rest are closed; a tenth of the closed
// were lost, every 33rd was never answered.
var fillSQL = []string{
	`SET session_replication_role = replica`,
	`CREATE TEMP TABLE past AS
	SELECT i, at, state, member, bench_id('chat', x.chat, 'epoch') AS chat, bench_id('group', x.grp, 'epoch') AS grp,
		bench_id('contact', i, at) AS contact, bench_id('address', i, at) AS address, bench_id('dialog', i, at) AS dialog,
		bench_id('session', i, at) AS session, bench_id('message', i, at) AS message
	FROM (
		SELECT i, now() - interval '360 days' * (1 - i::float8 / $n) - interval '1 second' * (i * 7919 % 3600)::int AS at,
			CASE WHEN i > $n - $n / 2000 THEN 'queued' WHEN i > $n - $n / 2000 - 20 * $operators THEN 'open' ELSE 'closed' END AS state,
			CASE WHEN i > $n - $n / 2000 OR i <= $n - $n / 2000 - 20 * $operators AND i % 10 = 0 THEN NULL ELSE 1 + i * 31 % $operators END AS member,
			1 + i * 7919 % 10 AS chat, 1 + i * 104729 % 20 AS grp
		FROM generate_series(1::bigint, $n) i
	) x`,
	`CREATE TEMP TABLE staff AS
	SELECT user_id, row_number() OVER (ORDER BY user_id) AS member FROM group_member WHERE company_id = $c`,
	`ANALYZE past, staff`,
	// Nothing shall happen by itself while the list is measured.
	`INSERT INTO chat (company_id, id, number, name, operator_idle_minutes, lifetime_hours, created_at)
	SELECT $c, bench_id('chat', i, 'epoch'), i + 100, 'Chat ' || i, 1440, 720, now() FROM generate_series(1, 10) i`,
	`INSERT INTO operator_group (company_id, id, name, created_at)
	SELECT $c, bench_id('group', i, 'epoch'), 'Group ' || i, now() FROM generate_series(1, 20) i`,
	`INSERT INTO group_member (company_id, group_id, user_id)
	SELECT DISTINCT $c, bench_id('group', 1 + (member + k * 7) % 20, 'epoch'), user_id FROM staff, generate_series(0, 1) k`,
	`INSERT INTO chat_group (company_id, chat_id, group_id, position)
	SELECT $c, bench_id('chat', i, 'epoch'), bench_id('group', 1 + (i * 2 + k) % 20, 'epoch'), k FROM generate_series(1, 10) i, generate_series(0, 2) k`,
	`INSERT INTO contact (company_id, id, number, name, tags, created_at)
	SELECT $c, contact, i, CASE i % 3 WHEN 0 THEN 'Клиент ' WHEN 1 THEN 'Анна ' ELSE 'Client ' END || i,
		CASE WHEN i % 100 = 0 THEN '{vip}' WHEN i % 10007 = 0 THEN '{rare}' WHEN i % 5 = 0 THEN '{lead}' ELSE '{}' END::text[], at FROM past`,
	`ANALYZE contact`,
	`INSERT INTO contact_tag (company_id, tag, contact_id) SELECT $c, unnest(tags), id FROM contact WHERE company_id = $c`,
	`INSERT INTO contact_address (company_id, id, contact_id, channel, address, created_at)
	SELECT $c, address, contact, 'web', i::text, at FROM past`,
	`INSERT INTO dialog (company_id, id, number, chat_id, address_id, channel, address, connection_id, session_id, last_seq, last_public_seq, created_at)
	SELECT $c, dialog, i, chat, address, 'web', i::text, bench_id('connection', 1, 'epoch'),
		CASE WHEN state <> 'closed' THEN session END, 1, 1, at FROM past`,
	`INSERT INTO session (company_id, id, number, dialog_id, chat_id, state, operator_id, started_at, queued_at, busy_told_at,
		last_operator_at, last_message_at, first_target_s, next_target_s, closed_at)
	SELECT $c, session, i, dialog, chat, state, s.user_id, at,
		CASE WHEN state = 'queued' THEN at END, now(), now(), now(), 60, 180, CASE WHEN state = 'closed' THEN at END
	FROM past LEFT JOIN staff s USING (member)`,
	`INSERT INTO dialog_head (company_id, dialog_id, number, chat_id, channel, contact_id, contact_name, state, operator_id, group_id, session_id, session_number,
		last_seq, last_at, last_author, preview, unread, waiting_since, tags, result)
	SELECT $c, dialog, i, chat, 'web', ct.id, ct.name, state, s.user_id,
		CASE WHEN state <> 'queued' THEN grp END, session, i,
		1, at, 'contact', 'Здравствуйте! Где мой заказ ' || i || '? Обещали привезти ещё вчера.',
		CASE WHEN state <> 'closed' THEN 1 ELSE 0 END,
		CASE WHEN state = 'queued' OR state = 'open' AND i % 2 = 0 OR state = 'closed' AND i % 33 = 0 THEN at END,
		ct.tags, CASE WHEN state = 'closed' AND i % 2 = 0 THEN 'solved' ELSE '' END
	FROM past LEFT JOIN staff s USING (member) JOIN contact ct ON ct.company_id = $c AND ct.number = i`,
}

var wordsSQL = []string{
	`INSERT INTO message (company_id, id, dialog_id, session_id, seq, author, kind, public, at)
	SELECT $c, message, dialog, session, 1, 'contact', 'text', true, at FROM past`,
	`INSERT INTO message_body (company_id, id, text)
	SELECT $c, message, 'Здравствуйте! Где мой заказ ' || i || '? ' ||
		(ARRAY['Обещали привезти ещё вчера.', 'Деньги списаны дважды.', 'Нужен счёт для бухгалтерии.', 'Спасибо, всё пришло!', 'Как вернуть товар?'])[1 + i % 5] ||
		CASE WHEN i % 1000 = 0 THEN ' Жирафик сломан.' ELSE '' END || ' ' || substr(md5((i / 50)::text), 1, 8) FROM past`,
}

var cleanSQL = []string{`DROP TABLE past`, `DROP TABLE staff`, `SET session_replication_role = origin`}

// fill makes the past of each company. sizes belong to the firms in their order.
func (s *stand) fill(ctx context.Context, firms []*firmUnderLoad, sizes []size, progress func(string, ...any)) error {
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the work is done
	if err := run(ctx, conn, 0, 0, 0, []string{
		// Stable, because what it calls is: only then it is put into the statement and not called.
		`CREATE FUNCTION bench_id(kind text, i bigint, at timestamptz) RETURNS uuid LANGUAGE sql STABLE
			RETURN overlay(overlay(overlay(md5(kind || i::text) PLACING lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') FROM 1) PLACING '7' FROM 13) PLACING '8' FROM 17)::uuid`,
		`CALL ensure_partitions('message', (now() - interval '13 months')::date, 11)`,
		`CALL ensure_partitions('message_body', (now() - interval '13 months')::date, 11)`,
	}); err != nil {
		return err
	}
	indexes, err := dropIndexes(ctx, conn)
	if err != nil {
		return err
	}
	for i, f := range firms {
		progress("company %d gets %d dialogs", f.id, sizes[i].dialogs)
		statements := append([]string{}, fillSQL...)
		if sizes[i].messages {
			statements = append(statements, wordsSQL...)
		}
		if err := run(ctx, conn, f.id, sizes[i].dialogs, len(f.logins), append(statements, cleanSQL...)); err != nil {
			return fmt.Errorf("fill company %d: %w", f.id, err)
		}
	}
	progress("indexing, and tidying up as autovacuum would")
	return run(ctx, conn, 0, 0, 0, append(indexes, `VACUUM ANALYZE`, `CHECKPOINT`))
}

// dropIndexes drops the indexes of the filled tables that no constraint needs, because they
// are made faster afterwards, and returns how.
func dropIndexes(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	rows, err := conn.Query(ctx, `SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE i.indrelid::regclass::text IN ('contact', 'dialog', 'session', 'dialog_head', 'message', 'message_body')
			AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)`)
	if err != nil {
		return nil, err
	}
	var drops, indexes []string
	var name, definition string
	_, err = pgx.ForEachRow(rows, []any{&name, &definition}, func() error {
		// Of a partitioned table Postgres tells the parent's index alone, with which no
		// partition would have one.
		definition = strings.Replace(definition, " ON ONLY ", " ON ", 1)
		drops, indexes = append(drops, "DROP INDEX "+name), append(indexes, definition)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return indexes, run(ctx, conn, 0, 0, 0, drops)
}

func run(ctx context.Context, conn *pgx.Conn, company int64, dialogs, operators int, statements []string) error {
	values := strings.NewReplacer("$c", fmt.Sprint(company), "$n", fmt.Sprint(dialogs)+"::bigint", "$operators", fmt.Sprint(operators))
	for _, sql := range statements {
		// Only numbers of ours are put in.
		if _, err := conn.Exec(ctx, values.Replace(sql)); err != nil {
			return fmt.Errorf("%.60s…: %w", sql, err)
		}
	}
	return nil
}
