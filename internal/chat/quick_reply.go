package chat

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/internal/cursor"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
)

const (
	maxFolder       = 100
	maxQuickReplies = 1000 // personal ones of a user, and common ones of a company
)

// QuickReply is a text kept ready: for everybody in the company, or for one operator.
type QuickReply struct {
	ID       uuid.UUID `json:"id"`
	Personal bool      `json:"personal"`
	Folder   string    `json:"folder"`
	Title    string    `json:"title"`
	Text     string    `json:"text"`
}

// QuickReplyChange names what shall be different about a quick reply.
type QuickReplyChange struct {
	Personal *bool   `json:"personal,omitempty"`
	Folder   *string `json:"folder,omitempty"`
	Title    *string `json:"title,omitempty"`
	Text     *string `json:"text,omitempty"`
}

func (c QuickReplyChange) apply(to QuickReply) QuickReply {
	set(&to.Personal, c.Personal)
	set(&to.Folder, c.Folder)
	set(&to.Title, c.Title)
	set(&to.Text, c.Text)
	return to
}

func (r QuickReply) checked() (QuickReply, error) {
	var p problems
	r.Folder, r.Title, r.Text = plain.Line(r.Folder), plain.Line(r.Title), plain.Text(r.Text)
	p.length("folder", r.Folder, false, maxFolder)
	p.length("title", r.Title, true, maxName)
	p.length("text", r.Text, true, MaxText)
	return r, p.err()
}

// owner is whom a reply belongs to: nil is the company.
func (r QuickReply) owner(actor access.Actor) *int64 {
	if r.Personal {
		return &actor.UserID
	}
	return nil
}

// mayKeep says whether the actor may make, change or delete such a reply.
func (r QuickReply) mayKeep(actor access.Actor) error {
	if r.Personal || actor.May(access.QuickRepliesManage) {
		return nil
	}
	return fault.New(fault.Forbidden, "Your role does not allow changing the company's quick replies.").With("permission", string(access.QuickRepliesManage))
}

func quickReplyOf(r chatdb.QuickReply) QuickReply {
	return QuickReply{ID: r.ID, Personal: r.UserID != nil, Folder: r.Folder, Title: r.Title, Text: r.Text}
}

// CreateQuickReply keeps a text ready.
func (s *Service) CreateQuickReply(ctx context.Context, actor access.Actor, change QuickReplyChange) (QuickReply, error) {
	r, err := change.apply(QuickReply{}).checked()
	if err != nil {
		return QuickReply{}, err
	}
	if err := r.mayKeep(actor); err != nil {
		return QuickReply{}, err
	}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		if err := s.roomForReplyTx(ctx, tx, actor, r); err != nil {
			return err
		}
		now := s.clock.Now()
		r.ID = id.New(now)
		if err := s.q.InsertQuickReply(ctx, tx, chatdb.InsertQuickReplyParams{
			CompanyID: actor.CompanyID, ID: r.ID, UserID: r.owner(actor), Folder: r.Folder, Title: r.Title, Text: r.Text, CreatedAt: now,
		}); err != nil {
			return fmt.Errorf("insert quick reply: %w", err)
		}
		return s.recordReplyTx(ctx, tx, actor, "quick_reply.created", QuickReply{}, r)
	})
	return r, err
}

// ChangeQuickReply changes what is named. Another operator's personal reply is not there.
func (s *Service) ChangeQuickReply(ctx context.Context, actor access.Actor, replyID uuid.UUID, change QuickReplyChange) (QuickReply, error) {
	var after QuickReply
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		before, err := s.lockReplyTx(ctx, tx, actor, replyID)
		if err != nil {
			return err
		}
		if after, err = change.apply(before).checked(); err != nil {
			return err
		}
		if err := after.mayKeep(actor); err != nil {
			return err
		}
		if after.Personal != before.Personal {
			if err := s.roomForReplyTx(ctx, tx, actor, after); err != nil {
				return err
			}
		}
		if err := s.q.UpdateQuickReply(ctx, tx, chatdb.UpdateQuickReplyParams{
			CompanyID: actor.CompanyID, ID: replyID, UserID: after.owner(actor), Folder: after.Folder, Title: after.Title, Text: after.Text,
		}); err != nil {
			return fmt.Errorf("update quick reply: %w", err)
		}
		return s.recordReplyTx(ctx, tx, actor, "quick_reply.changed", before, after)
	})
	return after, err
}

// DeleteQuickReply removes a reply.
func (s *Service) DeleteQuickReply(ctx context.Context, actor access.Actor, replyID uuid.UUID) error {
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		before, err := s.lockReplyTx(ctx, tx, actor, replyID)
		if err != nil {
			return err
		}
		if err := s.q.DeleteQuickReply(ctx, tx, chatdb.DeleteQuickReplyParams{CompanyID: actor.CompanyID, ID: replyID}); err != nil {
			return fmt.Errorf("delete quick reply: %w", err)
		}
		return s.recordReplyTx(ctx, tx, actor, "quick_reply.deleted", before, QuickReply{ID: replyID, Personal: before.Personal})
	})
}

// QuickReplySearch narrows the list of quick replies.
type QuickReplySearch struct {
	Paging
	Words  string  // anywhere in title or text
	Folder *string // nil: all
}

// QuickReplies lists the actor's own and the company's replies by folder and title.
func (s *Service) QuickReplies(ctx context.Context, actor access.Actor, search QuickReplySearch) (List[QuickReply], error) {
	list := "quick replies " + search.Words
	p := chatdb.ListQuickRepliesParams{
		CompanyID: actor.CompanyID, UserID: actor.UserID, Words: plain.Line(search.Words), Folder: search.Folder,
		MaxRows: int32(search.limit() + 1),
	}
	if search.Cursor != "" {
		keys, err := cursor.Decode(list, search.Cursor, 3)
		if err != nil {
			return List[QuickReply]{}, err
		}
		p.AfterFolder, p.AfterTitle = keys[0], keys[1]
		if p.AfterID, err = cursor.ParseID(keys[2]); err != nil {
			return List[QuickReply]{}, err
		}
	}
	var out List[QuickReply]
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.ListQuickReplies(ctx, tx, p)
		if err != nil {
			return fmt.Errorf("list quick replies: %w", err)
		}
		items := make([]QuickReply, len(rows))
		for i, r := range rows {
			items[i] = quickReplyOf(r)
		}
		out = listOf(items, search.limit(), func(r QuickReply) string {
			return cursor.Encode(list, r.Folder, r.Title, r.ID.String())
		})
		return nil
	})
	return out, err
}

func (s *Service) lockReplyTx(ctx context.Context, tx *db.Tx, actor access.Actor, replyID uuid.UUID) (QuickReply, error) {
	row, err := s.q.LockQuickReply(ctx, tx, chatdb.LockQuickReplyParams{CompanyID: actor.CompanyID, ID: replyID, UserID: actor.UserID})
	if db.NoRows(err) {
		return QuickReply{}, fault.New(fault.NotFound, "There is no such quick reply.")
	} else if err != nil {
		return QuickReply{}, fmt.Errorf("lock quick reply: %w", err)
	}
	r := quickReplyOf(row)
	return r, r.mayKeep(actor)
}

func (s *Service) roomForReplyTx(ctx context.Context, tx *db.Tx, actor access.Actor, r QuickReply) error {
	n, err := s.q.CountQuickReplies(ctx, tx, chatdb.CountQuickRepliesParams{CompanyID: actor.CompanyID, UserID: r.owner(actor)})
	if err != nil {
		return fmt.Errorf("count quick replies: %w", err)
	}
	if n >= maxQuickReplies {
		return fault.New(fault.Conflict, "There is room for %d quick replies.", maxQuickReplies).With("limit", maxQuickReplies)
	}
	return nil
}

// recordReplyTx records what was done to a common reply; personal ones are their owner's
// business.
func (s *Service) recordReplyTx(ctx context.Context, tx *db.Tx, actor access.Actor, action string, before, after QuickReply) error {
	if before.Personal && after.Personal || before.ID == uuid.Nil && after.Personal {
		return nil
	}
	return s.accounts.RecordTx(ctx, tx, actor, account.Change{
		Action: action, Subject: "quick_reply:" + after.ID.String(), Old: before, New: after,
	})
}
