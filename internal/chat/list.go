package chat

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/internal/cursor"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// The orders of the panel's list. Both by waiting time begin with those who wait for an
// answer, the longest first, and go on with the rest, newest first.
const (
	OrderNewest           = "newest"
	OrderUnansweredOldest = "unanswered_oldest"
	OrderWaitingLongest   = "waiting_longest"
)

// fewTagged is how many contacts with a tag are looked up one by one. A tag that more have is
// so frequent that walking the list meets enough of them.
const fewTagged = 2000

// DialogFilter says which lines of the panel's list are asked for. Empty members do not narrow.
type DialogFilter struct {
	Paging
	View       string // mine, queue, unassigned, all, closed; empty is all
	Order      string // empty is newest
	ChatID     *uuid.UUID
	Channel    string
	Operator   *int64
	GroupID    *uuid.UUID
	Tag        string
	Unanswered bool
	From, To   *time.Time // of the last message; To is not included
	Words      string
}

// Dialogs lists what the actor may see: own dialogs, those without an operator that their
// groups serve, closed ones that they had last; who supervises sees all.
func (s *Service) Dialogs(ctx context.Context, actor access.Actor, f DialogFilter) (List[Head], error) {
	query := chatdb.HeadFilter{
		CompanyID: actor.CompanyID, UserID: actor.UserID, Supervise: actor.May(access.PanelSupervise),
		View: f.View, ChatID: f.ChatID, Channel: f.Channel, Operator: f.Operator, GroupID: f.GroupID, Tag: f.Tag,
		Waiting: f.Unanswered, From: f.From, To: f.To, Limit: f.limit() + 1,
	}
	if query.View == "" {
		query.View = chatdb.ViewAll
	}
	if err := f.begin(&query); err != nil {
		return List[Head]{}, err
	}
	for _, narrow := range []func(context.Context, access.Actor, DialogFilter, *chatdb.HeadFilter) (bool, error){s.tagged, s.found} {
		if some, err := narrow(ctx, actor, f, &query); err != nil || !some {
			return List[Head]{Items: []Head{}}, err
		}
	}
	rows, part, err := s.headRows(ctx, query)
	if chatdb.TimedOut(err) && ctx.Err() == nil {
		return List[Head]{}, fault.New(fault.Unavailable, "This takes too long. Choose a shorter period or fewer filters.")
	} else if err != nil {
		return List[Head]{}, err
	}
	more := len(rows) > f.limit()
	rows = rows[:min(len(rows), f.limit())]
	heads, err := s.headsOf(ctx, actor.CompanyID, rows)
	if err != nil || !more {
		return List[Head]{Items: heads}, err
	}
	next := f.after(rows[len(rows)-1], part)
	return List[Head]{heads, &next}, nil
}

// list names the list for its cursors.
func (f DialogFilter) list() string {
	var chat, group, operator string
	if f.ChatID != nil {
		chat = f.ChatID.String()
	}
	if f.GroupID != nil {
		group = f.GroupID.String()
	}
	if f.Operator != nil {
		operator = strconv.FormatInt(*f.Operator, 10)
	}
	period := make([]string, 2)
	for i, t := range []*time.Time{f.From, f.To} {
		if t != nil {
			period[i] = cursor.Time(*t)
		}
	}
	return fmt.Sprintf("%q", []string{"dialogs", f.View, f.Order, chat, f.Channel, operator, group, f.Tag, strconv.FormatBool(f.Unanswered), period[0], period[1], f.Words})
}

// begin sets where the page begins: at the cursor, or at the top.
func (f DialogFilter) begin(query *chatdb.HeadFilter) error {
	if f.Order == OrderUnansweredOldest || f.Order == OrderWaitingLongest {
		query.Part = chatdb.Waiting
	}
	if f.Cursor == "" {
		return nil
	}
	keys, err := cursor.Decode(f.list(), f.Cursor, 3)
	if err != nil {
		return err
	}
	part := slices.Index(parts, keys[0])
	if part < 0 || (part == int(chatdb.Newest)) != (query.Part == chatdb.Newest) {
		return cursor.Invalid()
	}
	query.Part = chatdb.Part(part)
	query.After = &chatdb.HeadKey{}
	if query.After.At, err = cursor.ParseTime(keys[1]); err != nil {
		return err
	}
	query.After.DialogID, err = cursor.ParseID(keys[2])
	return err
}

// parts are the names of the parts in cursors, in the order of their numbers.
var parts = []string{"newest", "waiting", "answered"}

func (f DialogFilter) after(last chatdb.DialogHead, part chatdb.Part) string {
	at := last.LastAt
	if part == chatdb.Waiting {
		at = *last.WaitingSince
	}
	return cursor.Encode(f.list(), parts[part], cursor.Time(at), last.DialogID.String())
}

// headRows reads a page, and says in which part of the list it ends.
func (s *Service) headRows(ctx context.Context, query chatdb.HeadFilter) ([]chatdb.DialogHead, chatdb.Part, error) {
	rows, err := chatdb.Heads(ctx, s.db.AppPool(), query)
	if err != nil || query.Part != chatdb.Waiting || query.Waiting || len(rows) == query.Limit {
		return rows, query.Part, err
	}
	query.Part, query.After = chatdb.Answered, nil
	query.Limit -= len(rows)
	rest, err := chatdb.Heads(ctx, s.db.AppPool(), query)
	if err != nil {
		return nil, 0, err
	}
	part := chatdb.Answered
	if len(rest) < 2 && len(rest) == query.Limit {
		part = chatdb.Waiting // the only line of the rest is the one that says there is more
	}
	return append(rows, rest...), part, nil
}

// tagged narrows to a tag: to its contacts where they are few, else by what the heads say.
func (s *Service) tagged(ctx context.Context, actor access.Actor, f DialogFilter, query *chatdb.HeadFilter) (bool, error) {
	if f.Tag == "" {
		return true, nil
	}
	var contacts []uuid.UUID
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
		contacts, err = s.contacts.TaggedTx(ctx, tx, actor.CompanyID, f.Tag, fewTagged+1)
		return err
	})
	if len(contacts) <= fewTagged {
		query.Tag, query.Contacts = "", contacts
	}
	return len(contacts) > 0, err
}

func (s *Service) found(ctx context.Context, actor access.Actor, f DialogFilter, query *chatdb.HeadFilter) (bool, error) {
	if f.Words == "" {
		return true, nil
	}
	dialogs, err := s.search(ctx, actor, f.Words)
	query.Dialogs = dialogs
	return len(dialogs) > 0, err
}

func (s *Service) headsOf(ctx context.Context, companyID int64, rows []chatdb.DialogHead) ([]Head, error) {
	names, err := s.assignees(ctx, companyID, rows)
	if err != nil {
		return nil, err
	}
	out := make([]Head, len(rows))
	for i, r := range rows {
		out[i] = headOf(r, names)
	}
	return out, nil
}

// assignees returns the names of those who have the dialogs. They are almost always known, so
// that the list stays at its one round trip.
func (s *Service) assignees(ctx context.Context, companyID int64, rows []chatdb.DialogHead) (map[int64]string, error) {
	out := map[int64]string{}
	var missing []int64
	now := s.clock.Now()
	for _, r := range rows {
		if r.OperatorID == nil {
			continue
		}
		if name, ok := s.people.peek(personKey{companyID, *r.OperatorID}, now); ok {
			out[*r.OperatorID] = name
		} else if !slices.Contains(missing, *r.OperatorID) {
			missing = append(missing, *r.OperatorID)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	err := s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) error {
		read, err := s.names(ctx, tx, companyID, missing...)
		for id, name := range read {
			out[id] = name
		}
		return err
	})
	return out, err
}

// mostCounted is where counting stops: a count of so many means that many or more.
const mostCounted = 1000

// DialogCounts say how many dialogs the views of the panel's list hold, and how many messages
// in the actor's own are unread. No count of dialogs goes beyond 1000.
type DialogCounts struct {
	Mine       int64 `json:"mine"`
	Queue      int64 `json:"queue"`
	Unassigned int64 `json:"unassigned"`
	All        int64 `json:"all"`
	Unread     int64 `json:"unread"`
}

// Counts counts the actor's views.
func (s *Service) Counts(ctx context.Context, actor access.Actor) (DialogCounts, error) {
	row, err := chatdb.Counts(ctx, s.db.AppPool(), chatdb.HeadFilter{
		CompanyID: actor.CompanyID, UserID: actor.UserID, Supervise: actor.May(access.PanelSupervise), Limit: mostCounted,
	})
	return DialogCounts(row), err
}
