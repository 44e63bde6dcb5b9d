package chat

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/realtime"
)

// Read marks a dialog's messages up to seq as read by operators. Only the
// assignee's reading counts, or that of whoever may see it while the dialog is
// nobody's: supervisors read along unseen.
func (s *Service) Read(ctx context.Context, actor access.Actor, dialogID uuid.UUID, seq int64) (Head, error) {
	if seq < 0 {
		return Head{}, fault.Field("seq", fault.OutOfRange, "There is no such message.")
	}
	return s.inDialog(ctx, actor, dialogID, func(ctx context.Context, t *thread) error {
		if t.state() == Open && !t.isOf(actor.UserID) {
			return nil
		}
		read, err := s.q.ReadByOperator(ctx, t.tx, chatdb.ReadByOperatorParams{CompanyID: t.dialog.CompanyID, ID: t.dialog.ID, Seq: seq})
		if db.NoRows(err) {
			return nil // it was read already
		} else if err != nil {
			return fmt.Errorf("mark read: %w", err)
		}
		t.head, err = s.q.CountUnread(ctx, t.tx, chatdb.CountUnreadParams{
			CompanyID: t.dialog.CompanyID, DialogID: t.dialog.ID, AfterSeq: read,
		})
		if err != nil {
			return fmt.Errorf("count unread: %w", err)
		}
		t.tellRead(t.dialog.OperatorReadSeq, read)
		t.dialog.OperatorReadSeq = read
		return nil
	})
}

// tellRead publishes that operators have read on.
func (t *thread) tellRead(before, seq int64) {
	channel, ok := t.visitorChannel()
	if !ok || seq <= before {
		return
	}
	t.publish(readEvent{"read", t.dialog.ID, ByOperator, seq}, channel, realtime.DialogChannel(t.dialog.CompanyID, t.dialog.ID))
}

// Typing tells a contact that their operator writes. It is not stored.
func (s *Service) Typing(ctx context.Context, actor access.Actor, dialogID uuid.UUID) error {
	return s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		d, err := s.seenDialogTx(ctx, tx, actor, dialogID)
		if err != nil {
			return err
		}
		head, err := s.q.HeadByID(ctx, tx, chatdb.HeadByIDParams{CompanyID: actor.CompanyID, DialogID: dialogID})
		if err != nil {
			return fmt.Errorf("read head: %w", err)
		}
		r, err := s.rulesTx(ctx, tx, actor.CompanyID, d.ChatID)
		if err != nil {
			return err
		}
		names, err := s.names(ctx, tx, actor.CompanyID, actor.UserID)
		if err != nil {
			return err
		}
		event := typingEvent{"typing", d.ID, ByOperator, names[actor.UserID]}
		s.live.PublishTx(tx, realtime.DialogChannel(actor.CompanyID, d.ID), event)
		if channel, ok := visitorChannel(d); ok && head.State != string(Closed) {
			if !r.nameShown {
				event.Name = ""
			}
			s.live.PublishTx(tx, channel, event)
		}
		return nil
	})
}
