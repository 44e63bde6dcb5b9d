package audit_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/audit"
	"parley/internal/audit/audittest"
	"parley/internal/metering"
	"parley/internal/metering/meteringtest"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

var ctx = context.Background()

// spent is an installation in which money went every way.
func spent(t *testing.T) *meteringtest.Fixture {
	t.Helper()
	f := meteringtest.New(t, dbtest.New(t))
	f.FundAll(t)
	for _, firm := range f.Firms() {
		for range 3 {
			_, err := f.Capture(ctx, f.Charge(firm.ID))
			require.NoError(t, err)
		}
	}
	c := f.Charge(f.First.ID)
	require.NoError(t, f.DB.InCompany(ctx, f.First.ID, func(tx *db.Tx) error {
		_, err := f.Metering.HoldTx(ctx, tx, c)
		return err
	}))
	c = f.Charge(f.First.ID)
	_, err := f.Capture(ctx, c)
	require.NoError(t, err)
	require.NoError(t, f.DB.InCompany(ctx, f.First.ID, func(tx *db.Tx) error {
		return f.Metering.RefundTx(ctx, tx, f.First.ID, c.Reference, c.Item)
	}))
	f.Settle(t)
	_, err = f.Capture(ctx, f.Charge(f.First.ID)) // stays unposted
	require.NoError(t, err)
	audittest.Clean(t, f.DB)
	return f
}

// tamper changes what no role of the program may.
func tamper(t *testing.T, f *meteringtest.Fixture, sql string, args ...any) {
	t.Helper()
	require.NoError(t, f.DB.AsWorker(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL ROLE NONE"); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, sql, args...)
		require.Positive(t, tag.RowsAffected(), "the test changes nothing: %v", err)
		return err
	}))
}

func TestFindsEachKindOfDifference(t *testing.T) {
	t.Parallel()
	const first = "company_id = $1"
	for name, x := range map[string]struct {
		sql    string
		checks []string // that must find it
	}{
		"a changed wallet":        {"UPDATE wallet SET available = available + 1 WHERE " + first, []string{"wallet"}},
		"forgotten held money":    {"UPDATE wallet SET held = 0, available = available + held WHERE " + first, []string{"held"}},
		"a lifted suspension":     {"UPDATE wallet SET seller_suspended = NOT seller_suspended WHERE " + first, []string{"stripes"}},
		"a missing stripe":        {"UPDATE wallet SET stripes = 2 WHERE " + first, []string{"stripes"}},
		"a changed book":          {"UPDATE book SET balance = balance + 1 WHERE " + first, []string{"wallet", "book"}},
		"a missing entry":         {"DELETE FROM entry WHERE " + first + " AND kind = 'charge'", []string{"book", "usage_entries", "mirror", "running_balance"}},
		"a changed entry":         {"UPDATE entry SET amount = amount + 1 WHERE " + first + " AND kind = 'charge'", []string{"book", "usage_entries", "mirror"}},
		"a changed balance after": {"UPDATE entry SET balance_after = balance_after + 1 WHERE " + first + " AND kind = 'charge'", []string{"running_balance"}},
		"a missing mirror":        {"DELETE FROM entry WHERE counterparty_id = $1 AND number IS NULL", []string{"mirror"}},
		"a drifted mirror":        {"UPDATE entry SET amount = amount + 1 WHERE counterparty_id = $1 AND number IS NULL", []string{"mirror"}},
		"a missing wholesale leg": {"DELETE FROM entry WHERE origin_id = $1 AND company_id <> $1 AND number IS NOT NULL", []string{"wholesale_entries", "book", "mirror"}},
		"missing usage":           {"DELETE FROM usage WHERE " + first + " AND phase = 'refunded'", []string{"usage_entries", "wholesale_entries", "rollup"}},
		"usage out of nothing":    {"UPDATE usage SET amount = amount + 1 WHERE " + first + " AND phase = 'captured'", []string{"usage_entries", "rollup", "prices"}},
		"a changed unit price":    {"UPDATE usage SET unit_price = unit_price + 1 WHERE " + first, []string{"prices"}},
		"a price not yet valid":   {"UPDATE usage SET at = at - interval '1 year' WHERE " + first, []string{"prices", "rollup"}},
		"a forgotten batch":       {"UPDATE wallet SET batch_id = NULL WHERE " + first, []string{"wallet", "usage_entries", "rollup"}},
		"a drifted rollup":        {"UPDATE usage_rollup SET amount = amount + 1 WHERE " + first + " AND grain = 1", []string{"rollup"}},
		"a missing rollup":        {"DELETE FROM usage_rollup WHERE " + first + " AND grain = 2", []string{"rollup"}},
		"a drifted month":         {"UPDATE usage_month SET amount = amount + 1 WHERE " + first, []string{"months"}},
		"a counter of nothing":    {"INSERT INTO usage_counter VALUES ($1, 'sms.sent_part', '2026-11-01', 5)", []string{"counters"}},
		"another place in it":     {"UPDATE usage SET position = 0, counted_in = period WHERE " + first, []string{"counters"}},
		"a drifted wholesale sum": {"UPDATE usage_rollup SET wholesale_amount = wholesale_amount + 1 WHERE " + first, []string{"rollup"}},
		"released and refunded":   {"UPDATE usage SET phase = 'released', batch_id = NULL WHERE " + first + " AND phase = 'refunded'", []string{"phases"}},
		"another seller":          {"UPDATE usage SET seller_id = $1 WHERE " + first, []string{"parties"}},
		"another currency":        {"UPDATE usage SET currency = 'EUR' WHERE " + first, []string{"parties"}},
		"a month never reached":   {"UPDATE usage SET period = period + interval '1 month' WHERE " + first, []string{"parties"}},
		"a raised credit limit":   {"UPDATE wallet SET credit = credit + 1 WHERE " + first, []string{"credit_limits"}},
		"a deposit by nobody":     {"DELETE FROM audit_record WHERE action = 'deposit.posted' AND subject = 'company:' || $1::bigint", []string{"deposits"}},
		"a deposit by another":    {"UPDATE entry SET created_by = created_by + 1 WHERE " + first + " AND kind = 'deposit'", []string{"deposits"}},
		"a deposit's reason":      {"UPDATE entry SET reason = 'Gift' WHERE " + first + " AND kind = 'deposit'", []string{"deposits"}},
		"a deposit that is lost":  {"DELETE FROM entry WHERE " + first + " AND kind = 'deposit'", []string{"deposits", "mirror"}},
		"a reseller's credit":     {"UPDATE book SET wholesale_bonus = wholesale_bonus + 1 WHERE company_id = (SELECT parent_id FROM company WHERE id = $1)", []string{"book"}},
		"a reseller suspended":    {"UPDATE book SET suspended = true WHERE company_id = (SELECT parent_id FROM company WHERE id = $1)", []string{"suspensions", "stripes"}},
		"a hidden rollup":         {"UPDATE usage_rollup SET reseller_id = NULL WHERE " + first, []string{"rollup_sellers"}},
		"other money in entries":  {"UPDATE entry SET currency = 'EUR' WHERE company_id = $1 OR counterparty_id = $1", []string{"currencies"}},
		"other money altogether":  {"UPDATE company SET currency = 'EUR' WHERE id = $1", []string{"currencies"}},
		"more than was used":      {"UPDATE entry SET quantity = quantity + 1 WHERE kind = 'charge' AND (company_id = $1 OR counterparty_id = $1)", []string{"usage_entries"}},
		"a month too early":       {"UPDATE usage SET period = period - interval '1 month' WHERE " + first, []string{"parties"}},
		"a stripe out of nothing": {"UPDATE usage SET stripe = 1 WHERE " + first, []string{"parties"}},
		"usage for nothing": {
			"UPDATE usage SET price_version = NULL, unit_price = 0, amount = 0, bonus = 0, at = at + interval '1 minute' WHERE " + first, []string{"prices"},
		},
		"half a month": {"UPDATE usage SET period = period + 1 WHERE " + first, []string{"parties"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := spent(t)
			tamper(t, f, x.sql, f.First.ID)
			found := map[string]bool{}
			for _, d := range audittest.Differences(t, f.DB) {
				found[d.Check] = true
				require.NotEmpty(t, d.Subject)
				require.NotEqual(t, "", d.String())
			}
			for _, check := range x.checks {
				require.True(t, found[check], "%s was not found by %s but by %v", name, check, found)
			}
		})
	}
}

func TestFindsMessagesThatWereNotBilled(t *testing.T) {
	t.Parallel()
	f := spent(t)
	chat, now := pretendDialog(t, f)
	billed, free, note := id.New(now), id.New(now), id.New(now)
	for i, m := range []struct {
		id     any
		author string
		kind   string
	}{{billed, "contact", "text"}, {free, "operator", "file"}, {note, "operator", "note"}, {id.New(now), "system", "system"}} {
		tamper(t, f, `INSERT INTO message (company_id, id, dialog_id, session_id, seq, author, kind, public, at)
			VALUES ($1, $2, $3, $3, $4, $5, $6, true, $7)`, f.Second.ID, m.id, chat, i+1, m.author, m.kind, now)
	}
	recount(t, f)
	c := metering.Charge{CompanyID: f.Second.ID, Reference: billed, Item: pricing.ChatContactMessage, Quantity: 1, At: now}
	_, err := f.Capture(ctx, c)
	require.NoError(t, err)

	found := audittest.Differences(t, f.DB)
	require.Len(t, found, 1, found)
	require.Equal(t, audit.Difference{
		Check: "messages", CompanyID: f.Second.ID, Subject: "message " + free.String() + ", chat.operator_message", Expected: "1", Found: "0",
	}, found[0])

	_, err = f.Capture(ctx, f.Charge(f.Second.ID)) // billed for nothing
	require.NoError(t, err)
	require.Len(t, audittest.Differences(t, f.DB), 2)
}

func TestFindsMessagesBilledAsSomethingElse(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"as two":          "UPDATE usage SET quantity = 2 WHERE company_id = $1 AND reference = $2",
		"earlier":         "UPDATE usage SET at = at - interval '1 second' WHERE company_id = $1 AND reference = $2",
		"and not at last": "INSERT INTO usage SELECT (u).* FROM (SELECT jsonb_populate_record(u, '{\"phase\": \"released\", \"batch_id\": null}') AS u FROM usage u WHERE company_id = $1 AND reference = $2) AS x",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := spent(t)
			id := sayInSession(t, f)
			audittest.Clean(t, f.DB)
			tamper(t, f, sql, f.Second.ID, id)
			require.Contains(t, checksThatFind(t, f), "messages")
		})
	}
}

func TestFindsRefundsThatDoNotFit(t *testing.T) {
	t.Parallel()
	f := spent(t)
	id := sayInSession(t, f)
	require.NoError(t, f.DB.InCompany(ctx, f.Second.ID, func(tx *db.Tx) error {
		_, err := f.Metering.RefundAllTx(ctx, tx, f.Second.ID, []uuid.UUID{id})
		return err
	}))
	f.Settle(t)
	require.Equal(t, []string{"spam"}, checksThatFind(t, f), "given back for no reason")
	markSpam(t, f)
	audittest.Clean(t, f.DB)

	f = spent(t)
	sayInSession(t, f)
	markSpam(t, f)
	audittest.Clean(t, f.DB) // marked too late, as far as one can see
	tamper(t, f, "UPDATE dialog SET spam_at = $2 WHERE company_id = $1", f.Second.ID, f.Clock.Now())
	require.Equal(t, []string{"spam"}, checksThatFind(t, f), "not given back")
	tamper(t, f, "UPDATE session SET refund_after = '00000000-0000-0000-0000-000000000000' WHERE company_id = $1", f.Second.ID)
	audittest.Clean(t, f.DB) // it is under way
}

// markSpam closes the session, which was not wanted.
func markSpam(t *testing.T, f *meteringtest.Fixture) {
	t.Helper()
	tamper(t, f, "UPDATE session SET spam = true, state = 'closed', closed_at = $2 WHERE company_id = $1", f.Second.ID, f.Clock.Now())
	tamper(t, f, "UPDATE dialog SET session_id = NULL WHERE company_id = $1", f.Second.ID)
	tamper(t, f, "UPDATE dialog_head SET state = 'closed' WHERE company_id = $1", f.Second.ID)
}

// checksThatFind names the checks that find a difference, each once.
func checksThatFind(t *testing.T, f *meteringtest.Fixture) []string {
	t.Helper()
	var out []string
	for _, d := range audittest.Differences(t, f.DB) {
		out = append(out, d.Check)
	}
	return slices.Compact(out)
}

// sayInSession makes a session with one message that was billed.
func sayInSession(t *testing.T, f *meteringtest.Fixture) uuid.UUID {
	t.Helper()
	chat, _ := pretendDialog(t, f)
	c := f.Charge(f.Second.ID)
	tamper(t, f, `INSERT INTO message (company_id, id, dialog_id, session_id, seq, author, kind, public, at)
		VALUES ($1, $2, $3, $3, 1, 'operator', 'text', true, $4)`, f.Second.ID, c.Reference, chat, c.At)
	recount(t, f)
	_, err := f.Capture(ctx, c)
	require.NoError(t, err)
	return c.Reference
}

// pretendDialog makes the rows that a message needs.
func pretendDialog(t *testing.T, f *meteringtest.Fixture) (any, time.Time) {
	t.Helper()
	now := f.Clock.Now()
	some := id.New(now)
	for _, sql := range []string{
		`INSERT INTO contact (company_id, id, number, created_at) VALUES ($1, $2, 1, $3)`,
		`INSERT INTO contact_address (company_id, id, contact_id, channel, address, created_at) VALUES ($1, $2, $2, 'web', 'x', $3)`,
		`INSERT INTO chat (company_id, id, number, name, created_at) VALUES ($1, $2, 1, 'Shop', $3)`,
		`INSERT INTO dialog (company_id, id, number, chat_id, address_id, channel, address, connection_id, session_id, created_at)
			VALUES ($1, $2, 1, $2, $2, 'web', 'x', $2, $2, $3)`,
		`INSERT INTO session (company_id, id, number, dialog_id, chat_id, state, started_at, last_message_at, first_target_s, next_target_s)
			VALUES ($1, $2, 1, $2, $2, 'queued', $3, $3, 60, 60)`,
		`INSERT INTO dialog_head (company_id, dialog_id, number, chat_id, channel, contact_id, contact_name, state, session_id, session_number, last_seq, last_at, last_author, preview)
			VALUES ($1, $2, 1, $2, 'web', $2, '', 'queued', $2, 1, 0, $3, 'contact', '')`,
	} {
		tamper(t, f, sql, f.Second.ID, some, now)
	}
	return some, now
}

// recount makes the pretended dialog agree with its messages, of which an
// operator has written the last.
func recount(t *testing.T, f *meteringtest.Fixture) {
	t.Helper()
	tamper(t, f, `UPDATE dialog d SET last_seq = x.last, last_public_seq = x.last, operator_read_seq = x.last
		FROM (SELECT max(seq) AS last FROM message WHERE company_id = $1) x WHERE d.company_id = $1`, f.Second.ID)
	tamper(t, f, `UPDATE session s SET contact_messages = x.contact, operator_messages = x.operator
		FROM (SELECT count(*) FILTER (WHERE author = 'contact') AS contact, count(*) FILTER (WHERE author = 'operator' AND kind <> 'note') AS operator
			FROM message WHERE company_id = $1) x WHERE s.company_id = $1`, f.Second.ID)
	tamper(t, f, `UPDATE dialog_head h SET last_seq = d.last_seq, last_author = 'operator', last_at = m.at, answered = true
		FROM dialog d, message m WHERE h.company_id = $1 AND d.company_id = $1 AND m.company_id = $1 AND m.author = 'operator' AND m.kind <> 'note'`, f.Second.ID)
}
