package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/notify/internal/notifydb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/realtime"
)

// NoticeKind says what a notice speaks of. A kind that is also told by letter
// bears the letter's name.
type NoticeKind string

// The kinds of notices, with the names of their args. Amounts are decimal
// numbers in the currency that stands beside them.
const (
	LowBalance       NoticeKind = "low_balance"        // balance, currency, percent
	CreditEnding     NoticeKind = "credit_ending"      // left, currency, percent
	ServiceSuspended NoticeKind = "service_suspended"  // balance, currency
	ServiceRestored  NoticeKind = "service_restored"   // balance, currency
	InvoiceIssued    NoticeKind = "invoice"            // invoice, number, total, currency, due_on
	MonthDocumented  NoticeKind = "documents_of_month" // invoice, number, month, to_pay, currency
	PaymentReceived  NoticeKind = "payment_received"   // amount, currency, number (of the only invoice it was for)
	FeeUnpaid        NoticeKind = "fee_unpaid"         // amount, currency, count, pause_on
	FeePaused        NoticeKind = "fee_paused"         // count
)

// audience says who sees a kind: whoever may see the same on its own page.
var audience = map[NoticeKind]access.Permission{
	LowBalance: access.BalanceView, CreditEnding: access.BalanceView,
	ServiceSuspended: access.BalanceView, ServiceRestored: access.BalanceView,
	InvoiceIssued: access.InvoicesView, MonthDocumented: access.InvoicesView,
	PaymentReceived: access.ChargesView, FeeUnpaid: access.BalanceView, FeePaused: access.BalanceView,
}

const (
	keepNotices = 180 * 24 * time.Hour
	// news is how long a notice may stay unread: who comes new, or back after
	// months, does not begin with what is long past.
	news       = 30 * 24 * time.Hour
	mostUnread = 100
)

// Notice is a fact of a company as one of its people sees it.
type Notice struct {
	ID   uuid.UUID
	Kind NoticeKind
	At   time.Time
	Args map[string]string
	Read bool
}

// NewNotice is a notice to be made.
type NewNotice struct {
	CompanyID int64
	Kind      NoticeKind
	Fact      uuid.UUID // the same again changes nothing
	Args      map[string]string
	By        *int64 // who has done it: to them it is no news
}

// NoticeChanged is what open pages are told: notices are to be read again.
type NoticeChanged struct {
	Type string `json:"type"` // "notice"
}

var noticeChanged = NoticeChanged{Type: "notice"}

// NoticeTx tells the people of a company a fact, in a transaction of trusted
// work.
func (s *Service) NoticeTx(ctx context.Context, tx *db.Tx, n NewNotice) error {
	if _, known := audience[n.Kind]; !known {
		return fmt.Errorf("no notice is of kind %q", n.Kind)
	}
	args, err := json.Marshal(n.Args)
	if err != nil {
		return fmt.Errorf("notice %s: %w", n.Kind, err)
	}
	now := s.clock.Now()
	q := notifydb.New(tx)
	row := notifydb.InsertNoticeParams{CompanyID: n.CompanyID, ID: id.New(now), Kind: string(n.Kind), Fact: n.Fact, Args: args, At: now}
	made, err := q.InsertNotice(ctx, row)
	if err != nil {
		return fmt.Errorf("insert notice: %w", err)
	}
	if made == 0 {
		return nil
	}
	if n.By != nil {
		_, err := q.ReadNotices(ctx, notifydb.ReadNoticesParams{CompanyID: n.CompanyID, UserID: *n.By, Ids: []uuid.UUID{row.ID}})
		if err != nil {
			return fmt.Errorf("mark notice: %w", err)
		}
	}
	// All kinds so far are about money, and whoever may see one hears of money.
	s.publishTx(tx, realtime.MoneyChannel(n.CompanyID))
	return nil
}

func (s *Service) publishTx(tx *db.Tx, channel string) {
	if s.live != nil {
		s.live.PublishTx(tx, channel, noticeChanged)
	}
}

// kindsFor lists what an actor may see.
func kindsFor(actor access.Actor) []string {
	kinds := []string{}
	for kind, permission := range audience {
		if actor.May(permission) {
			kinds = append(kinds, string(kind))
		}
	}
	slices.Sort(kinds)
	return kinds
}

// Notices is a page of an actor's notices.
type Notices struct {
	Items  []Notice // newest first
	Unread int      // of all; 100 stands for more
}

// Notices returns at most limit notices of the actor's company that the actor
// may see, newest first, after the one that the page before ended with.
func (s *Service) Notices(ctx context.Context, actor access.Actor, after *uuid.UUID, limit int) (Notices, error) {
	kinds, since := kindsFor(actor), s.clock.Now().Add(-news)
	out := Notices{Items: []Notice{}}
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		q := notifydb.New(tx)
		rows, err := q.Notices(ctx, notifydb.NoticesParams{
			CompanyID: actor.CompanyID, UserID: actor.UserID, Kinds: kinds, News: since, After: after, MaxRows: int32(limit),
		})
		if err != nil {
			return fmt.Errorf("read notices: %w", err)
		}
		for _, r := range rows {
			n := Notice{ID: r.ID, Kind: NoticeKind(r.Kind), At: r.At, Read: r.Read}
			if err := json.Unmarshal(r.Args, &n.Args); err != nil {
				return fmt.Errorf("read notice: %w", err)
			}
			out.Items = append(out.Items, n)
		}
		unread, err := q.CountUnread(ctx, notifydb.CountUnreadParams{
			CompanyID: actor.CompanyID, UserID: actor.UserID, Kinds: kinds, News: since, Most: mostUnread,
		})
		if err != nil {
			return fmt.Errorf("count notices: %w", err)
		}
		out.Unread = int(unread)
		return nil
	})
	return out, err
}

// ReadNotices marks notices as read by the actor: all, or none when one of them
// is not there for the actor.
func (s *Service) ReadNotices(ctx context.Context, actor access.Actor, ids []uuid.UUID) error {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	ids = slices.Compact(ids)
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		q := notifydb.New(tx)
		visible, err := q.VisibleNotices(ctx, notifydb.VisibleNoticesParams{CompanyID: actor.CompanyID, Ids: ids, Kinds: kindsFor(actor)})
		if err != nil {
			return fmt.Errorf("look up notices: %w", err)
		}
		if len(visible) < len(ids) {
			return fault.New(fault.NotFound, "There is no such notice.")
		}
		marked, err := q.ReadNotices(ctx, notifydb.ReadNoticesParams{CompanyID: actor.CompanyID, UserID: actor.UserID, Ids: ids})
		return s.markedTx(tx, actor, marked, err)
	})
}

// ReadAllNotices marks every notice that the actor may see as read.
func (s *Service) ReadAllNotices(ctx context.Context, actor access.Actor) error {
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		marked, err := notifydb.New(tx).ReadAllNotices(ctx, notifydb.ReadAllNoticesParams{
			CompanyID: actor.CompanyID, UserID: actor.UserID, Kinds: kindsFor(actor), News: s.clock.Now().Add(-news),
		})
		return s.markedTx(tx, actor, marked, err)
	})
}

// markedTx tells the reader's other tabs.
func (s *Service) markedTx(tx *db.Tx, actor access.Actor, marked int64, err error) error {
	if err != nil {
		return fmt.Errorf("mark notices: %w", err)
	}
	if marked > 0 {
		s.publishTx(tx, realtime.UserChannel(actor.CompanyID, actor.UserID))
	}
	return nil
}
