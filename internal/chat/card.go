package chat

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/contact"
	"parley/internal/platform/db"
)

const cardSessions = 50

// Card is what the panel shows beside a dialog's messages.
type Card struct {
	Head            Head
	Contact         contact.Contact
	Page            *VisitedPage
	Session         *CardSession // the open one
	Sessions        []EarlierSession
	ContactReadSeq  int64
	OperatorReadSeq int64
	DraftAllowed    bool
	Actions         []string
}

// CardSession is a dialog's open session.
type CardSession struct {
	ID            uuid.UUID  `json:"id"`
	Number        int64      `json:"number"`
	StartedAt     time.Time  `json:"started_at"`
	AssignedAt    *time.Time `json:"assigned_at"`
	FirstAnswerAt *time.Time `json:"first_answer_at" doc:"null: no operator has answered in it"`
	FirstTargetS  int        `json:"first_target_s"`
	NextTargetS   int        `json:"next_target_s"`
}

// EarlierSession is a line in the history of a dialog's sessions, which has the open one too.
type EarlierSession struct {
	ID        uuid.UUID  `json:"id"`
	Number    int64      `json:"number"`
	StartedAt time.Time  `json:"started_at"`
	ClosedAt  *time.Time `json:"closed_at"`
	Operator  *string    `json:"operator"`
	Result    *string    `json:"result"`
}

// Card returns a dialog that the actor may see, with what they may do about it.
func (s *Service) Card(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (Card, error) {
	var out Card
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		d, err := s.seenDialogTx(ctx, tx, actor, dialogID)
		if err != nil {
			return err
		}
		head, err := s.q.HeadByID(ctx, tx, chatdb.HeadByIDParams{CompanyID: actor.CompanyID, DialogID: dialogID})
		if err != nil {
			return fmt.Errorf("read head: %w", err)
		}
		sessions, err := s.q.SessionsOfDialog(ctx, tx, chatdb.SessionsOfDialogParams{CompanyID: actor.CompanyID, DialogID: dialogID, MaxRows: cardSessions})
		if err != nil {
			return fmt.Errorf("read sessions: %w", err)
		}
		var people []int64
		for _, one := range sessions {
			if one.OperatorID != nil {
				people = append(people, *one.OperatorID)
			}
		}
		if head.OperatorID != nil {
			people = append(people, *head.OperatorID)
		}
		names, err := s.names(ctx, tx, actor.CompanyID, people...)
		if err != nil {
			return err
		}
		if out.Contact, err = s.contacts.ByIDTx(ctx, tx, actor.CompanyID, head.ContactID); err != nil {
			return err
		}
		out.fill(d, head, sessions, names)
		out.Actions = actionsOf(actor, head, len(sessions) > 0 && sessions[0].Spam)
		out.DraftAllowed = head.State != string(Closed)
		return nil
	})
	return out, err
}

func (c *Card) fill(d chatdb.Dialog, head chatdb.DialogHead, sessions []chatdb.SessionsOfDialogRow, names map[int64]string) {
	c.Head = headOf(head, names)
	c.ContactReadSeq, c.OperatorReadSeq = d.ContactReadSeq, d.OperatorReadSeq
	if d.PageUrl != "" {
		c.Page = &VisitedPage{URL: d.PageUrl, Title: d.PageTitle}
	}
	c.Sessions = make([]EarlierSession, len(sessions))
	for i, one := range sessions {
		line := EarlierSession{ID: one.ID, Number: one.Number, StartedAt: one.StartedAt, ClosedAt: one.ClosedAt}
		if one.OperatorID != nil {
			name := names[*one.OperatorID]
			line.Operator = &name
		}
		if one.Result != "" {
			line.Result = &one.Result
		}
		c.Sessions[i] = line
		if d.SessionID != nil && one.ID == *d.SessionID {
			c.Session = &CardSession{
				ID: one.ID, Number: one.Number, StartedAt: one.StartedAt, AssignedAt: one.AssignedAt, FirstAnswerAt: one.FirstAnswerAt,
				FirstTargetS: one.FirstTargetS, NextTargetS: one.NextTargetS,
			}
		}
	}
}

// The actions of a card.
const (
	ActionReply          = "reply"
	ActionNote           = "note"
	ActionTake           = "take"
	ActionHandOver       = "hand_over"
	ActionClose          = "close"
	ActionReopen         = "reopen"
	ActionNoAnswerNeeded = "no_answer_needed"
	ActionSpam           = "spam"
)

// actionsOf says what the actor may do now about a dialog that they see. The commands decide
// for themselves; this is for buttons.
func actionsOf(actor access.Actor, head chatdb.DialogHead, spam bool) []string {
	out := []string{ActionNote}
	add := func(when bool, actions ...string) {
		if when {
			out = append(out, actions...)
		}
	}
	supervises := actor.May(access.PanelSupervise)
	mine := head.State == string(Open) && head.OperatorID != nil && *head.OperatorID == actor.UserID
	others := head.State == string(Open) && !mine
	queued := head.State == string(Queued)
	closed := head.State == string(Closed)
	acts := !others || supervises
	add(!closed && acts, ActionReply)
	add(queued || others && supervises, ActionTake)
	add(mine || supervises && !closed, ActionHandOver, ActionClose)
	add(closed && !spam, ActionReopen)
	add(head.WaitingSince != nil && acts, ActionNoAnswerNeeded)
	add(!spam && acts, ActionSpam)
	return out
}
