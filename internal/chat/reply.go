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
	if err := s.meter.Prepare(ctx, actor.CompanyID); err != nil {
		return Message{}, false, err
	}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		t, err := s.lockTx(ctx, tx, actor.CompanyID, o.DialogID)
		if err != nil {
			return err
		}
		m, added, err = t.reply(ctx, actor, o)
		return err
	})
	return m, added && err == nil, err
}

// reply looks for the key only where storing the message would have other
// effects first; in the usual case the statement that stores it finds out.
func (t *thread) reply(ctx context.Context, actor access.Actor, o Outbound) (m Message, added bool, err error) {
	if !t.isOf(actor.UserID) || len(o.Attachments) > 0 {
		if known, found, err := t.known(ctx, actor, o.Key); err != nil || found {
			return known, false, err
		}
	}
	if err := t.mayReply(ctx, actor, o); err != nil {
		return Message{}, false, err
	}
	if m, added, err = t.appendReply(ctx, actor, o); err != nil {
		return Message{}, false, err
	}
	if !added {
		m, _, err = t.known(ctx, actor, o.Key)
		return m, false, err
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

// known finds the message that the actor has sent with a key.
func (t *thread) known(ctx context.Context, actor access.Actor, key uuid.UUID) (Message, bool, error) {
	m, found, err := t.byKey(ctx, key)
	if err != nil || !found {
		return Message{}, false, err
	}
	if m.AuthorID == nil || *m.AuthorID != actor.UserID {
		return Message{}, false, fault.New(fault.Conflict, "Somebody else has sent a message with this key.")
	}
	return m, true, nil
}

// mayReply checks the rules for whoever sees the dialog, and takes the session
// that nobody has yet.
func (t *thread) mayReply(ctx context.Context, actor access.Actor, o Outbound) error {
	if err := t.seenBy(ctx, actor); err != nil {
		return err
	}
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

// appendReply stores the message, unless its key is there already.
func (t *thread) appendReply(ctx context.Context, actor access.Actor, o Outbound) (m Message, added bool, err error) {
	names, err := t.s.names(ctx, t.tx, actor.CompanyID, actor.UserID)
	if err != nil {
		return Message{}, false, err
	}
	m = Message{
		ID: id.New(t.now), DialogID: t.dialog.ID, SessionID: t.session.ID, Seq: t.dialog.LastSeq + 1,
		Author: ByOperator, AuthorID: &actor.UserID, AuthorName: names[actor.UserID], Kind: Text, Text: o.Text,
		At: t.now, State: "sent", ReplyTo: o.ReplyTo, Key: &o.Key, Public: !o.Note,
	}
	switch {
	case o.Note:
		m.Kind = Note
	case m.Text == "":
		m.Kind = File
	}
	if m.Attachments, err = t.bind(ctx, m.ID, o.Attachments, nil, &actor.UserID); err != nil {
		return Message{}, false, err
	}
	head, err := t.store(ctx, m)
	if db.NoRows(err) {
		return Message{}, false, nil
	} else if err != nil {
		return Message{}, false, fmt.Errorf("append reply: %w", err)
	}
	t.head = head
	if m.Public {
		t.tellRead(t.dialog.OperatorReadSeq, m.Seq)
		t.dialog.OperatorReadSeq = m.Seq
	}
	t.remember(m)
	return m, true, nil
}

// store stores an operator's answer or note; no row comes back when its key is
// there already.
func (t *thread) store(ctx context.Context, m Message) (chatdb.DialogHead, error) {
	data, err := extra{Attachments: m.Attachments, Name: m.AuthorName}.encode()
	if err != nil {
		return chatdb.DialogHead{}, err
	}
	if m.Kind == Note {
		return t.s.q.AppendNote(ctx, t.tx, chatdb.AppendNoteParams{
			CompanyID: t.dialog.CompanyID, DialogID: m.DialogID, SessionID: m.SessionID, MessageID: m.ID, Key: *m.Key, Seq: m.Seq,
			At: m.At, AuthorID: m.AuthorID, Text: m.Text, Data: data, ReplyTo: m.ReplyTo,
		})
	}
	return t.s.q.AppendAnswer(ctx, t.tx, chatdb.AppendAnswerParams{
		CompanyID: t.dialog.CompanyID, DialogID: m.DialogID, SessionID: m.SessionID, MessageID: m.ID, Key: *m.Key, Seq: m.Seq,
		At: m.At, AuthorID: m.AuthorID, Kind: string(m.Kind), Text: m.Text, Data: data, ReplyTo: m.ReplyTo,
		Preview: preview(m.Text, m.Attachments),
	})
}
