package chatdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/platform/id"
)

// Seeker says whose search it is and how much it may bring.
type Seeker struct {
	CompanyID int64
	UserID    int64
	Supervise bool
	Most      int
}

const mostHits = 2000

// SearchMessages returns the dialogs, newest hit first, with messages of a span of time that
// have all the words, and that the seeker may see. The index brings all of a
// month's hits, so a span bounds how many of them are looked at.
func SearchMessages(ctx context.Context, db DBTX, who Seeker, typed string, from, to time.Time) ([]uuid.UUID, error) {
	s := &statement{}
	company := s.arg(who.CompanyID)
	first, last := s.arg(id.First(from)), s.arg(id.First(to))
	fmt.Fprintf(s, `WITH hit AS MATERIALIZED (
		SELECT b.id FROM message_body b
		WHERE b.company_id = %s AND b.text <> '' AND words_of_message(b.company_id, b.text) @@ words_asked(%s, %s)
			AND b.id >= %s AND b.id < %s
		ORDER BY b.id DESC LIMIT %d
	)
	SELECT m.dialog_id FROM hit
	JOIN message m ON m.company_id = %s AND m.id = hit.id
	JOIN dialog_head h ON h.company_id = m.company_id AND h.dialog_id = m.dialog_id
	WHERE true%s
	GROUP BY m.dialog_id ORDER BY max(m.id::text) DESC LIMIT %s`,
		company, company, s.arg(typed), first, last, mostHits, company, who.sees(s, company), s.arg(who.Most))
	return s.ids(ctx, db)
}

// mostWalked is how many of the newest messages are looked at one by one.
const mostWalked = 1000

// WalkMessages returns the dialogs, newest hit first, of those of the newest messages that have
// all the words, and that the seeker may see. A word that stands in many messages is met there
// soon, while the index would bring each of its months' hits.
func WalkMessages(ctx context.Context, db DBTX, who Seeker, typed string, from, to time.Time) ([]uuid.UUID, error) {
	s := &statement{}
	company := s.arg(who.CompanyID)
	fmt.Fprintf(s, `WITH newest AS MATERIALIZED (
		SELECT b.company_id, b.id, b.text FROM message_body b
		WHERE b.company_id = %s AND b.text <> '' AND b.id >= %s AND b.id < %s
		ORDER BY b.id DESC LIMIT %d
	), hit AS MATERIALIZED (
		SELECT n.id FROM newest n WHERE words_of_message(n.company_id, n.text) @@ words_asked(%s, %s)
	)
	SELECT m.dialog_id FROM hit
	JOIN message m ON m.company_id = %s AND m.id = hit.id
	JOIN dialog_head h ON h.company_id = m.company_id AND h.dialog_id = m.dialog_id
	WHERE true%s
	GROUP BY m.dialog_id ORDER BY max(m.id::text) DESC LIMIT %s`,
		company, s.arg(id.First(from)), s.arg(id.First(to)), mostWalked, company, s.arg(typed), company, who.sees(s, company), s.arg(who.Most))
	return s.ids(ctx, db)
}

// DialogsOf returns the dialogs of contacts that the seeker may see.
func DialogsOf(ctx context.Context, db DBTX, who Seeker, contacts []uuid.UUID) ([]uuid.UUID, error) {
	s := &statement{}
	company := s.arg(who.CompanyID)
	fmt.Fprintf(s, `SELECT h.dialog_id FROM dialog_head h WHERE h.company_id = %s AND h.contact_id = ANY (%s)%s LIMIT %s`,
		company, s.arg(contacts), who.sees(s, company), s.arg(who.Most))
	return s.ids(ctx, db)
}

// DialogsNumbered returns the dialog that has the number and the one whose session has it.
func DialogsNumbered(ctx context.Context, db DBTX, companyID, number int64) ([]uuid.UUID, error) {
	s := &statement{}
	company, n := s.arg(companyID), s.arg(number)
	fmt.Fprintf(s, `SELECT id FROM dialog WHERE company_id = %[1]s AND number = %[2]s
		UNION SELECT dialog_id FROM session WHERE company_id = %[1]s AND number = %[2]s`, company, n)
	return s.ids(ctx, db)
}

// sees is the condition of the list's view of everything, on one head.
func (w Seeker) sees(s *statement, company string) string {
	if w.Supervise {
		return ""
	}
	user := s.arg(w.UserID)
	return " AND (h.operator_id = " + user + " OR h.operator_id IS NULL AND h.state <> 'closed'" + Served("h", company, user) + ")"
}

func (s *statement) ids(ctx context.Context, db DBTX) ([]uuid.UUID, error) {
	rows, err := db.Query(ctx, s.String(), s.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []uuid.UUID
	for rows.Next() {
		var one uuid.UUID
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// MaySee says whether the user sees the dialog: in one of the list's views, or because a
// session of it was theirs once.
func MaySee(ctx context.Context, db DBTX, who Seeker, dialogID uuid.UUID) (bool, error) {
	if who.Supervise {
		return true, nil
	}
	s := &statement{}
	company, dialog := s.arg(who.CompanyID), s.arg(dialogID)
	sees := who.sees(s, company)
	fmt.Fprintf(s, `SELECT EXISTS (SELECT FROM dialog_head h WHERE h.company_id = %[1]s AND h.dialog_id = %[2]s%[3]s)
		OR EXISTS (SELECT FROM session WHERE company_id = %[1]s AND dialog_id = %[2]s AND state = 'closed' AND operator_id = %[4]s
			AND EXISTS (SELECT FROM dialog_head h WHERE h.company_id = %[1]s AND h.dialog_id = %[2]s AND h.state = 'closed'))`,
		company, dialog, sees, s.arg(who.UserID))
	var yes bool
	err := db.QueryRow(ctx, s.String(), s.args...).Scan(&yes)
	return yes, err
}

// TimedOut says that the database stopped a statement that took too long.
func TimedOut(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "57014"
}
