package chat

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/metering"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

// Outbound is what an operator writes in a dialog.
type Outbound struct {
	DialogID    uuid.UUID
	Key         uuid.UUID // made by the client; the same key is stored once
	Note        bool      // for operators only, and free
	Text        string
	Attachments []uuid.UUID
	ReplyTo     *uuid.UUID
}

// Reply stores an operator's answer or note. An answer needs the session to be
// the actor's; one from the queue is taken with it, and supervisors may answer
// in everybody's. Without money nothing is stored and nothing is taken. The
// same key again returns the same message; added says whether it is new.
func (s *Service) Reply(ctx context.Context, actor access.Actor, o Outbound) (m Message, added bool, err error) {
	if o.Text, err = cleanMessage(o.Key, o.Text, o.Attachments); err != nil {
		return Message{}, false, err
	}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		t, err := s.lockTx(ctx, tx, actor.CompanyID, o.DialogID)
		if err != nil {
			return err
		}
		known, found, err := t.byKey(ctx, o.Key)
		if err != nil {
			return err
		}
		if found && known.AuthorID != nil && *known.AuthorID == actor.UserID {
			m = known
			return nil
		}
		if err := t.seenBy(ctx, actor); err != nil {
			return err
		}
		if found {
			return fault.New(fault.Conflict, "Somebody else has sent a message with this key.")
		}
		m, added, err = t.reply(ctx, actor, o)
		return err
	})
	return m, added && err == nil, err
}

func (t *thread) reply(ctx context.Context, actor access.Actor, o Outbound) (m Message, added bool, err error) {
	if err := t.mayReply(ctx, actor, o); err != nil {
		return Message{}, false, err
	}
	if m, err = t.appendReply(ctx, actor, o); err != nil {
		return Message{}, false, err
	}
	if !o.Note {
		// The wallet is locked last and shortest.
		_, err = t.s.meter.CaptureTx(ctx, t.tx, metering.Charge{
			CompanyID: actor.CompanyID, Reference: m.ID, Item: pricing.ChatOperatorMessage, Quantity: 1, At: t.now, Refusable: true, By: actor,
		})
		if err != nil {
			return Message{}, false, err
		}
	}
	_, err = t.tell(ctx)
	return m, true, err
}

// mayReply checks the rules for whoever sees the dialog, and takes the session
// that nobody has yet.
func (t *thread) mayReply(ctx context.Context, actor access.Actor, o Outbound) error {
	if o.ReplyTo != nil {
		public, err := t.s.q.MessageInDialog(ctx, t.tx, chatdb.MessageInDialogParams{
			CompanyID: t.dialog.CompanyID, ID: *o.ReplyTo, DialogID: t.dialog.ID,
		})
		if db.NoRows(err) || err == nil && !public && !o.Note {
			return fault.Field("reply_to", fault.UnknownName, "There is no such message in this dialog.")
		} else if err != nil {
			return fmt.Errorf("read message: %w", err)
		}
	}
	switch {
	case o.Note:
		return nil
	case t.state() == Closed:
		return errClosed
	case t.state() == Queued:
		return t.take(ctx, actor)
	}
	return nil // it is theirs, or they supervise
}

func (t *thread) appendReply(ctx context.Context, actor access.Actor, o Outbound) (Message, error) {
	names, err := t.s.names(ctx, t.tx, actor.CompanyID, actor.UserID)
	if err != nil {
		return Message{}, err
	}
	m := Message{
		ID: id.New(t.now), DialogID: t.dialog.ID, SessionID: t.session.ID, Seq: t.dialog.LastSeq + 1,
		Author: ByOperator, AuthorID: &actor.UserID, AuthorName: names[actor.UserID], Kind: Text, Text: o.Text,
		At: t.now, State: "sent", ReplyTo: o.ReplyTo, Key: &o.Key, Public: !o.Note,
	}
	if m.Attachments, err = t.bind(ctx, m.ID, o.Attachments, nil, &actor.UserID); err != nil {
		return Message{}, err
	}
	data, err := extra{Attachments: m.Attachments, Name: m.AuthorName}.encode()
	if err != nil {
		return Message{}, err
	}
	switch {
	case o.Note:
		m.Kind = Note
		t.head, err = t.s.q.AppendNote(ctx, t.tx, chatdb.AppendNoteParams{
			CompanyID: actor.CompanyID, DialogID: m.DialogID, SessionID: m.SessionID, MessageID: m.ID, Key: o.Key, Seq: m.Seq,
			At: m.At, AuthorID: m.AuthorID, Text: m.Text, Data: data, ReplyTo: m.ReplyTo,
		})
	default:
		if m.Text == "" {
			m.Kind = File
		}
		t.head, err = t.s.q.AppendAnswer(ctx, t.tx, chatdb.AppendAnswerParams{
			CompanyID: actor.CompanyID, DialogID: m.DialogID, SessionID: m.SessionID, MessageID: m.ID, Key: o.Key, Seq: m.Seq,
			At: m.At, AuthorID: m.AuthorID, Kind: string(m.Kind), Text: m.Text, Data: data, ReplyTo: m.ReplyTo,
			Preview: preview(m.Text, m.Attachments),
		})
		t.tellRead(t.dialog.OperatorReadSeq, m.Seq)
		t.dialog.OperatorReadSeq = m.Seq
	}
	if err != nil {
		return Message{}, fmt.Errorf("append reply: %w", err)
	}
	t.remember(m)
	return m, nil
}
