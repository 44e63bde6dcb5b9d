package chatdb

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The views of the operator panel's list.
const (
	ViewMine       = "mine"
	ViewQueue      = "queue"
	ViewUnassigned = "unassigned"
	ViewAll        = "all"
	ViewClosed     = "closed"
)

const headColumns = `h.dialog_id, h.number, h.chat_id, h.channel, h.contact_id, h.contact_name, h.state, h.operator_id, h.group_id,
	h.session_id, h.session_number, h.last_seq, h.last_at, h.last_author, h.preview, h.unread, h.waiting_since, h.answered, h.tags, h.result`

func (r *DialogHead) columns() []any {
	return []any{
		&r.DialogID, &r.Number, &r.ChatID, &r.Channel, &r.ContactID, &r.ContactName, &r.State, &r.OperatorID, &r.GroupID,
		&r.SessionID, &r.SessionNumber, &r.LastSeq, &r.LastAt, &r.LastAuthor, &r.Preview, &r.Unread, &r.WaitingSince, &r.Answered, &r.Tags, &r.Result,
	}
}

// HeadKey is the place of a line in its order.
type HeadKey struct {
	At       time.Time // of the last message, or since when the contact waits
	DialogID uuid.UUID
}

// Part says which lines of a list are asked for.
type Part int

// The parts. A list by waiting time is those that wait, longest first, and then the rest,
// newest first.
const (
	Newest Part = iota
	Waiting
	Answered
)

// HeadFilter says which lines of the list are wanted. Nil and empty members do not narrow.
type HeadFilter struct {
	CompanyID int64
	UserID    int64
	Supervise bool // sees what is not theirs
	View      string
	ChatID    *uuid.UUID
	Channel   string
	Operator  *int64
	GroupID   *uuid.UUID
	Tag       string
	Contacts  []uuid.UUID // all who have the tag, when they are few
	Dialogs   []uuid.UUID // found by a search
	Waiting   bool
	From, To  *time.Time
	Part      Part
	After     *HeadKey
	Limit     int
}

// statement collects a query's text and its arguments.
type statement struct {
	strings.Builder
	args []any
}

func (s *statement) arg(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

// Heads reads a page of the list in one round trip: it is the query that operators' browsers
// ask most, and it is not worth a transaction's three.
func Heads(ctx context.Context, pool *pgxpool.Pool, f HeadFilter) ([]DialogHead, error) {
	s := f.statement()
	var out []DialogHead
	err := one(ctx, pool, f.CompanyID, s.String(), s.args, func(rows pgx.Rows) error {
		out = make([]DialogHead, 0, f.Limit)
		for rows.Next() {
			out = append(out, DialogHead{CompanyID: f.CompanyID})
			if err := rows.Scan(out[len(out)-1].columns()...); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return out, err
}

// one runs a single reading statement for the company in one round trip. The company is
// formatted from an integer, as wherever it is named. Each of our statements has one good plan
// whatever its arguments are, and making it anew takes longer than carrying it out. Filters
// that have next to nothing in common can make it walk far: then it is stopped.
func one(ctx context.Context, pool *pgxpool.Pool, companyID int64, sql string, args []any, read func(rows pgx.Rows) error) error {
	var batch pgx.Batch
	batch.Queue("begin read only")
	batch.Queue("set local app.company = '" + strconv.FormatInt(companyID, 10) + "'")
	batch.Queue("select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('statement_timeout', '5000', true)")
	batch.Queue(sql, args...).Query(read)
	batch.Queue("commit")
	if err := pool.SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("read list: %w", err)
	}
	return nil
}

// statement unites the ranges that make up the view. Each range is one of one index and read
// no further than the page; see the indexes of dialog_head.
func (f HeadFilter) statement() *statement {
	s := &statement{}
	company := s.arg(f.CompanyID)
	limit := s.arg(f.Limit)
	from, common := f.from(s, company), f.narrow(s)
	ranges := f.ranges(s, company)
	for i, where := range ranges {
		if i > 0 {
			s.WriteString(" UNION ALL ")
		}
		if len(ranges) > 1 {
			s.WriteString("(")
		}
		fmt.Fprintf(s, "SELECT %s FROM %s WHERE h.company_id = %s%s%s ORDER BY %s LIMIT %s", headColumns, from, company, where, common, f.order("h."), limit)
		if len(ranges) > 1 {
			s.WriteString(")")
		}
	}
	if len(ranges) > 1 {
		fmt.Fprintf(s, " ORDER BY %s LIMIT %s", f.order(""), limit)
	}
	return s
}

// from is the whole list, or the lines that are known already. Those are looked up first: a
// plan that does not know how few they are would walk the list until it has met them.
func (f HeadFilter) from(s *statement, company string) string {
	var known string
	switch {
	case f.Dialogs != nil:
		known = "k.dialog_id = ANY (" + s.arg(f.Dialogs) + ")"
	case f.Contacts != nil:
		known = "k.contact_id = ANY (" + s.arg(f.Contacts) + ")"
	default:
		return "dialog_head h"
	}
	return "(SELECT * FROM dialog_head k WHERE k.company_id = " + company + " AND " + known + " OFFSET 0) h"
}

func (f HeadFilter) order(table string) string {
	if f.Part == Waiting {
		return table + "waiting_since, " + table + "dialog_id"
	}
	return table + "last_at DESC, " + table + "dialog_id DESC"
}

// ranges returns the conditions of the view, one for each range. Whoever does not supervise
// sees their own dialogs, and those without an operator in chats that their groups serve.
func (f HeadFilter) ranges(s *statement, company string) []string {
	own := func(state string) string {
		return " AND h.operator_id = " + s.arg(f.UserID) + " AND h.state = '" + state + "'"
	}
	const queued, unassigned = " AND h.state IN ('queued', 'bot') AND h.state = 'queued'", " AND h.state IN ('queued', 'bot') AND h.operator_id IS NULL"
	switch {
	case f.View == ViewMine:
		return []string{own("open")}
	case f.View == ViewQueue:
		return []string{queued + f.served(s, company)}
	case f.View == ViewUnassigned:
		return []string{unassigned + f.served(s, company)}
	case f.View == ViewClosed && f.Supervise:
		if f.Operator != nil {
			return []string{" AND h.operator_id = " + s.arg(*f.Operator) + " AND h.state = 'closed'"}
		}
		return []string{" AND h.state = 'closed'"}
	case f.View == ViewClosed:
		return []string{own("closed")}
	case f.Supervise && f.Operator != nil:
		operator := " AND h.operator_id = " + s.arg(*f.Operator)
		return []string{operator + " AND h.state = 'open'", operator + " AND h.state = 'closed'"}
	case f.Supervise:
		return []string{""}
	}
	return []string{own("open"), own("closed"), unassigned + f.served(s, company)}
}

func (f HeadFilter) served(s *statement, company string) string {
	if f.Supervise {
		return ""
	}
	user := s.arg(f.UserID)
	return Served("h", company, user)
}

// Served is the condition that the user's groups serve a dialog without an operator: it was
// handed to one of them, or to none and one serves its chat.
func Served(head, company, user string) string {
	return fmt.Sprintf(` AND (%[1]s.group_id = ANY (ARRAY(
		SELECT gm.group_id FROM group_member gm WHERE gm.company_id = %[2]s AND gm.user_id = %[3]s))
	OR %[1]s.group_id IS NULL AND %[1]s.chat_id = ANY (ARRAY(
		SELECT cg.chat_id FROM group_member gm
		JOIN chat_group cg ON cg.company_id = gm.company_id AND cg.group_id = gm.group_id
		WHERE gm.company_id = %[2]s AND gm.user_id = %[3]s)))`, head, company, user)
}

// narrow returns the conditions of filters and cursor, which hold for every range.
func (f HeadFilter) narrow(s *statement) string {
	var b strings.Builder
	and := func(format string, v any) { fmt.Fprintf(&b, " AND "+format, s.arg(v)) }
	if f.ChatID != nil {
		and("h.chat_id = %s", *f.ChatID)
	}
	if f.Channel != "" {
		and("h.channel = %s", f.Channel)
	}
	if f.GroupID != nil {
		and("h.group_id = %s", *f.GroupID)
	}
	if f.Operator != nil && !(f.Supervise && (f.View == ViewAll || f.View == ViewClosed)) {
		and("h.operator_id = %s", *f.Operator)
	}
	if f.Tag != "" {
		and("h.tags @> ARRAY[%s::text]", f.Tag)
	}
	if f.Contacts != nil && f.Dialogs != nil {
		and("h.contact_id = ANY (%s)", f.Contacts)
	}
	if f.Waiting || f.Part == Waiting {
		b.WriteString(" AND h.waiting_since IS NOT NULL")
	}
	if f.Part == Answered {
		b.WriteString(" AND h.waiting_since IS NULL")
	}
	if f.From != nil {
		and("h.last_at >= %s", *f.From)
	}
	if f.To != nil {
		and("h.last_at < %s", *f.To)
	}
	if k := f.After; k != nil && f.Part == Waiting {
		fmt.Fprintf(&b, " AND (h.waiting_since, h.dialog_id) > (%s, %s)", s.arg(k.At), s.arg(k.DialogID))
	} else if k != nil {
		fmt.Fprintf(&b, " AND (h.last_at, h.dialog_id) < (%s, %s)", s.arg(k.At), s.arg(k.DialogID))
	}
	return b.String()
}

// CountRow is what the tabs of the list say. No count goes beyond its limit.
type CountRow struct{ Mine, Queue, Unassigned, All, Unread int64 }

// Counts counts the views in one round trip.
func Counts(ctx context.Context, pool *pgxpool.Pool, f HeadFilter) (CountRow, error) {
	s := &statement{}
	company, limit := s.arg(f.CompanyID), s.arg(f.Limit)
	views := map[string]string{}
	for _, view := range []string{ViewMine, ViewQueue, ViewUnassigned, ViewAll} {
		f.View = view
		var parts []string
		for _, where := range f.ranges(s, company) {
			parts = append(parts, fmt.Sprintf("(SELECT FROM dialog_head h WHERE h.company_id = %s%s LIMIT %s)", company, where, limit))
		}
		views[view] = fmt.Sprintf("(SELECT count(*) FROM (SELECT FROM (%s) ranges LIMIT %s) counted)", strings.Join(parts, " UNION ALL "), limit)
	}
	fmt.Fprintf(s, `SELECT %s, %s, %s, %s,
		(SELECT coalesce(sum(h.unread), 0) FROM dialog_head h WHERE h.company_id = %s AND h.operator_id = %s AND h.state = 'open')`,
		views[ViewMine], views[ViewQueue], views[ViewUnassigned], views[ViewAll], company, s.arg(f.UserID))
	var out CountRow
	err := one(ctx, pool, f.CompanyID, s.String(), s.args, func(rows pgx.Rows) error {
		for rows.Next() {
			if err := rows.Scan(&out.Mine, &out.Queue, &out.Unassigned, &out.All, &out.Unread); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return out, err
}
