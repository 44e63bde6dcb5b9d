package chat

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/pass"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

const (
	visitMessages = 50
	maxHistory    = 100
	toldAfter     = 15 * time.Second // of waiting, a place in the queue is told
)

// VisitorChat is what a widget knows of its chat.
type VisitorChat struct {
	Name              string   `json:"name"`
	Look              Look     `json:"look"`
	Languages         []string `json:"languages"`
	OperatorNameShown bool     `json:"operator_name_shown"`
	GreetOnOpen       bool     `json:"greet_on_open" doc:"Say so when the visitor opens the widget: the greeting begins the dialog"`
}

// Visit is what a visitor finds on coming back.
type Visit struct {
	Chat     VisitorChat
	Dialog   *VisitorDialog // none before the first message
	Messages []VisitorMessage
}

// Visit returns the chat that a visitor's connection leads to and what they
// have written there before. It stores nothing.
func (s *Service) Visit(ctx context.Context, v pass.Visitor) (Visit, error) {
	out := Visit{Messages: []VisitorMessage{}}
	err := s.asVisitor(ctx, v, func(tx *db.Tx, r *rules, d *chatdb.Dialog) error {
		out.Chat = VisitorChat{Name: r.name, Look: r.look, Languages: r.languages, OperatorNameShown: r.nameShown, GreetOnOpen: r.greetOnOpen}
		if d == nil {
			return nil
		}
		dialog, err := s.visitorDialogTx(ctx, tx, *d, r)
		if err != nil {
			return err
		}
		out.Dialog = &dialog
		out.Messages, err = s.publicBeforeTx(ctx, tx, *d, r, d.LastSeq+1, visitMessages)
		return err
	})
	return out, err
}

// VisitorHistory returns a visitor's messages before seq, oldest first.
func (s *Service) VisitorHistory(ctx context.Context, v pass.Visitor, beforeSeq int64, limit int) ([]VisitorMessage, error) {
	out := []VisitorMessage{}
	err := s.asVisitor(ctx, v, func(tx *db.Tx, r *rules, d *chatdb.Dialog) (err error) {
		if d != nil {
			out, err = s.publicBeforeTx(ctx, tx, *d, r, beforeSeq, limit)
		}
		return err
	})
	return out, err
}

// VisitorSync returns a visitor's messages after seq, oldest first, and where the
// dialog stands.
func (s *Service) VisitorSync(ctx context.Context, v pass.Visitor, afterSeq int64) ([]VisitorMessage, *VisitorDialog, error) {
	out := []VisitorMessage{}
	var dialog *VisitorDialog
	err := s.asVisitor(ctx, v, func(tx *db.Tx, r *rules, d *chatdb.Dialog) error {
		if d == nil {
			return nil
		}
		stands, err := s.visitorDialogTx(ctx, tx, *d, r)
		if err != nil {
			return err
		}
		dialog = &stands
		rows, err := s.q.PublicAfter(ctx, tx, chatdb.PublicAfterParams{
			CompanyID: d.CompanyID, DialogID: d.ID, AfterSeq: afterSeq, Since: dialogBegan(*d), MaxRows: maxHistory,
		})
		if err != nil {
			return fmt.Errorf("read messages: %w", err)
		}
		out, err = s.visitorMessages(rows, *d, r)
		return err
	})
	return out, dialog, err
}

// VisitorRead marks messages up to seq as read by the contact.
func (s *Service) VisitorRead(ctx context.Context, v pass.Visitor, seq int64) error {
	return s.db.InCompany(ctx, v.CompanyID, func(tx *db.Tx) error {
		d, err := s.visitorDialogRowTx(ctx, tx, v)
		if err != nil || d == nil {
			return err
		}
		n, err := s.q.ReadByContact(ctx, tx, chatdb.ReadByContactParams{CompanyID: d.CompanyID, ID: d.ID, Seq: seq})
		if err != nil || n == 0 {
			return wrap("mark read", err)
		}
		return s.toOperatorsTx(ctx, tx, *d, readEvent{"read", d.ID, ByContact, min(seq, d.LastPublicSeq)})
	})
}

// VisitorTyping tells operators that the contact writes. It is not stored.
func (s *Service) VisitorTyping(ctx context.Context, v pass.Visitor) error {
	return s.asVisitor(ctx, v, func(tx *db.Tx, _ *rules, d *chatdb.Dialog) error {
		if d == nil {
			return nil
		}
		return s.toOperatorsTx(ctx, tx, *d, typingEvent{"typing", d.ID, ByContact, ""})
	})
}

// toOperatorsTx publishes to whoever works on a dialog.
func (s *Service) toOperatorsTx(ctx context.Context, tx *db.Tx, d chatdb.Dialog, event any) error {
	head, err := s.q.HeadByID(ctx, tx, chatdb.HeadByIDParams{CompanyID: d.CompanyID, DialogID: d.ID})
	if err != nil {
		return fmt.Errorf("read head: %w", err)
	}
	t := &thread{s: s, tx: tx, dialog: d, head: head, was: head}
	if e, ok := event.(typingEvent); ok {
		e.Name = head.ContactName
		event = e
	}
	t.publish(event, t.audience()...)
	return nil
}

// asVisitor runs read with the rules of the visitor's chat and their dialog
// there, which is nil before their first message.
func (s *Service) asVisitor(ctx context.Context, v pass.Visitor, read func(tx *db.Tx, r *rules, d *chatdb.Dialog) error) error {
	return s.db.ViewCompany(ctx, v.CompanyID, func(tx *db.Tx) error {
		r, err := s.rulesOfConnectionTx(ctx, tx, v.CompanyID, v.ConnectionID)
		if err != nil {
			return err
		}
		if !r.active {
			return fault.New(fault.NotFound, "There is no such widget.")
		}
		d, err := s.visitorDialogRowTx(ctx, tx, v)
		if err != nil {
			return err
		}
		return read(tx, r, d)
	})
}

func (s *Service) visitorDialogRowTx(ctx context.Context, tx *db.Tx, v pass.Visitor) (*chatdb.Dialog, error) {
	r, err := s.rulesOfConnectionTx(ctx, tx, v.CompanyID, v.ConnectionID)
	if err != nil {
		return nil, err
	}
	d, err := s.q.AddressDialog(ctx, tx, chatdb.AddressDialogParams{
		CompanyID: v.CompanyID, Channel: web, Address: v.ID.String(), ChatID: r.id,
	})
	if db.NoRows(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read dialog: %w", err)
	}
	return &d, nil
}

func (s *Service) visitorDialogTx(ctx context.Context, tx *db.Tx, d chatdb.Dialog, r *rules) (VisitorDialog, error) {
	row, err := s.q.HeadByID(ctx, tx, chatdb.HeadByIDParams{CompanyID: d.CompanyID, DialogID: d.ID})
	if err != nil {
		return VisitorDialog{}, fmt.Errorf("read head: %w", err)
	}
	names := map[int64]string{}
	if row.OperatorID != nil && r.nameShown {
		if names, err = s.names(ctx, tx, d.CompanyID, *row.OperatorID); err != nil {
			return VisitorDialog{}, err
		}
	}
	v := visitorDialog(d, headOf(row, names), r)
	if row.State == string(Queued) {
		v.QueuePosition, err = s.positionTx(ctx, tx, d)
	}
	return v, err
}

// positionTx returns the place of a dialog's session in its queue, once it has
// waited for long enough to be told.
func (s *Service) positionTx(ctx context.Context, tx *db.Tx, d chatdb.Dialog) (*int, error) {
	session, err := s.q.SessionByID(ctx, tx, chatdb.SessionByIDParams{CompanyID: d.CompanyID, ID: *d.SessionID})
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	if session.QueuedAt == nil || s.clock.Now().Sub(*session.QueuedAt) < toldAfter {
		return nil, nil
	}
	line := session.ChatID
	if session.GroupID != nil {
		line = *session.GroupID
	}
	n, err := s.q.QueuePosition(ctx, tx, chatdb.QueuePositionParams{CompanyID: d.CompanyID, Line: line, QueuedAt: *session.QueuedAt, ID: session.ID})
	if err != nil {
		return nil, fmt.Errorf("count queue: %w", err)
	}
	position := int(n)
	return &position, nil
}

func (s *Service) publicBeforeTx(ctx context.Context, tx *db.Tx, d chatdb.Dialog, r *rules, beforeSeq int64, limit int) ([]VisitorMessage, error) {
	if limit <= 0 || limit > maxHistory {
		limit = visitMessages
	}
	rows, err := s.q.PublicBefore(ctx, tx, chatdb.PublicBeforeParams{
		CompanyID: d.CompanyID, DialogID: d.ID, BeforeSeq: beforeSeq, Since: dialogBegan(d), MaxRows: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	slices.Reverse(rows)
	after := make([]messageRow, len(rows))
	for i, row := range rows {
		after[i] = messageRow(row)
	}
	return s.visitorMessages(after, d, r)
}

func (s *Service) visitorMessages(rows []messageRow, d chatdb.Dialog, r *rules) ([]VisitorMessage, error) {
	out := make([]VisitorMessage, 0, len(rows))
	for _, row := range rows {
		m, err := messageOf(row, aroundOf(d, ""))
		if err != nil {
			return nil, err
		}
		out = append(out, s.forVisitor(d.CompanyID, m, r))
	}
	return out, nil
}

// dialogBegan is below the ids of a dialog's messages, also when the clocks of
// nodes differ.
func dialogBegan(d chatdb.Dialog) uuid.UUID { return id.First(d.CreatedAt.Add(-24 * time.Hour)) }
