package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/realtime"
)

// thread is a dialog whose row the transaction has locked, in the state to
// which the transaction has brought it.
type thread struct {
	s       *Service
	tx      *db.Tx
	now     time.Time // taken after the lock, so that times ascend with seq
	rules   *rules
	dialog  chatdb.Dialog
	session chatdb.Session // the open one, else the last
	head    chatdb.DialogHead
	opened  bool // by a contact who has not written: nobody waits
	created bool // in this transaction: nothing was said before

	was  chatdb.DialogHead // when the lock was got
	said []said
}

// said is a message that the transaction added.
type said struct {
	message    Message
	prevPublic int64 // seq of the message before it that the contact may see
}

var errNoDialog = fault.New(fault.NotFound, "There is no such dialog.")

// lockTx locks a dialog of the company and reads what its rules need.
func (s *Service) lockTx(ctx context.Context, tx *db.Tx, companyID int64, dialogID uuid.UUID) (*thread, error) {
	d, err := s.q.LockDialog(ctx, tx, chatdb.LockDialogParams{CompanyID: companyID, ID: dialogID})
	if db.NoRows(err) {
		return nil, errNoDialog
	} else if err != nil {
		return nil, fmt.Errorf("lock dialog: %w", err)
	}
	t := &thread{s: s, tx: tx, now: s.clock.Now(), dialog: d}
	if t.rules, err = s.rulesTx(ctx, tx, companyID, d.ChatID); err != nil {
		return nil, err
	}
	return t, t.read(ctx)
}

// read reads session and head, which the dialog's lock protects.
func (t *thread) read(ctx context.Context) error {
	row, err := t.s.q.Standing(ctx, t.tx, chatdb.StandingParams{CompanyID: t.dialog.CompanyID, DialogID: t.dialog.ID})
	if err != nil {
		return fmt.Errorf("read head and session: %w", err)
	}
	t.head, t.session = row.DialogHead, row.Session
	t.was = t.head
	return nil
}

func (t *thread) state() State { return State(t.head.State) }

// isOf says whether the dialog's session is assigned to the user.
func (t *thread) isOf(userID int64) bool {
	return t.state() == Open && t.head.OperatorID != nil && *t.head.OperatorID == userID
}

// seenBy refuses who may not see the dialog. The system itself, which has no
// user, may see all.
func (t *thread) seenBy(ctx context.Context, actor access.Actor) error {
	switch {
	case actor.UserID == 0, actor.May(access.PanelSupervise), t.isOf(actor.UserID):
		return nil
	case t.state() == Open: // a moment ago it may have been theirs, or nobody's
		return t.takenByOther()
	}
	sees, err := chatdb.MaySee(ctx, t.tx, chatdb.Seeker{CompanyID: actor.CompanyID, UserID: actor.UserID}, t.dialog.ID)
	if err == nil && !sees {
		return errNoDialog
	}
	return wrap("see dialog", err)
}

// line is what the system says in a dialog.
type line struct {
	code string
	args map[string]any
	text string // for the contact, who sees only lines with a text
}

// next is the message of a line, and what its body holds beside the text.
func (t *thread) next(l line) (Message, json.RawMessage, error) {
	system := &SystemLine{Code: l.code, Args: l.args}
	data, err := extra{System: system}.encode()
	return Message{
		ID: id.New(t.now), DialogID: t.dialog.ID, SessionID: t.session.ID, Seq: t.dialog.LastSeq + 1, Author: BySystem,
		Kind: System, Text: l.text, Attachments: []Attachment{}, At: t.now, State: "sent", System: system, Public: l.text != "",
	}, data, err
}

// add stores a line of the system.
func (t *thread) add(ctx context.Context, l line) error {
	m, data, err := t.next(l)
	if err != nil {
		return err
	}
	t.head, err = t.s.q.AppendLine(ctx, t.tx, chatdb.AppendLineParams{
		CompanyID: t.dialog.CompanyID, MessageID: m.ID, DialogID: m.DialogID, SessionID: m.SessionID, Seq: m.Seq,
		Public: m.Public, At: m.At, Text: m.Text, Data: data,
	})
	if err != nil {
		return fmt.Errorf("append line: %w", err)
	}
	t.remember(m)
	return nil
}

// remember moves the dialog on over a message that was stored.
func (t *thread) remember(m Message) {
	t.said = append(t.said, said{m, t.dialog.LastPublicSeq})
	t.dialog.LastSeq = m.Seq
	if m.Public {
		t.dialog.LastPublicSeq = m.Seq
	}
}

// The publications of dialogs.
type (
	messageEvent struct {
		Type     string         `json:"type"`
		DialogID uuid.UUID      `json:"dialog_id"`
		Message  any            `json:"message"`
		Head     *Head          `json:"head,omitempty"`
		Dialog   *VisitorDialog `json:"dialog,omitempty"`
		PrevSeq  int64          `json:"prev_seq"`
	}
	headEvent struct {
		Type string `json:"type"`
		Head Head   `json:"head"`
	}
	dialogEvent struct {
		Type   string        `json:"type"`
		Dialog VisitorDialog `json:"dialog"`
	}
	removedEvent struct {
		Type     string    `json:"type"`
		DialogID uuid.UUID `json:"dialog_id"`
	}
	readEvent struct {
		Type     string    `json:"type"`
		DialogID uuid.UUID `json:"dialog_id"`
		By       Author    `json:"by"`
		Seq      int64     `json:"seq"`
	}
	typingEvent struct {
		Type     string    `json:"type"`
		DialogID uuid.UUID `json:"dialog_id"`
		Author   Author    `json:"author"`
		Name     string    `json:"name"`
	}
	operatorEvent struct {
		Type   string        `json:"type"`
		UserID int64         `json:"user_id"`
		State  OperatorState `json:"state"`
		Open   int           `json:"open"`
		Limit  int           `json:"limit"`
	}
	queueEvent struct {
		Type     string `json:"type"`
		Position *int   `json:"position"`
	}
)

// tell publishes, once the transaction has been committed, what it has added
// and changed: to whom the dialog is assigned or else to the team, to whoever
// has it open, to supervisors, and to the visitor.
func (t *thread) tell(ctx context.Context) (Head, error) {
	var ids []int64
	if t.head.OperatorID != nil {
		ids = append(ids, *t.head.OperatorID)
	}
	names, err := t.s.names(ctx, t.tx, t.dialog.CompanyID, ids...)
	if err != nil {
		return Head{}, err
	}
	head := headOf(t.head, names)
	for _, one := range t.said {
		event := messageEvent{Type: "message", DialogID: t.dialog.ID, Message: one.message, Head: &head, PrevSeq: one.message.Seq - 1}
		t.publish(event, t.audience()...)
	}
	if len(t.said) == 0 {
		t.publish(headEvent{"head", head}, t.audience()...)
	}
	if before := t.was.OperatorID; before != nil && !same(before, t.head.OperatorID) {
		t.publish(removedEvent{"removed", t.dialog.ID}, realtime.UserChannel(t.dialog.CompanyID, *before))
	}
	t.tellVisitor(head)
	if t.moved() {
		t.s.live.RecheckTx(t.tx, realtime.DialogChannel(t.dialog.CompanyID, t.dialog.ID))
	}
	return head, nil
}

// moved says whether others than before may see the dialog now.
func (t *thread) moved() bool {
	return t.was.State != t.head.State || !same(t.was.OperatorID, t.head.OperatorID) || !same(t.was.GroupID, t.head.GroupID)
}

// audience lists the channels of operators. The team hears when a dialog
// enters or leaves the queue, too.
func (t *thread) audience() []string {
	company := t.dialog.CompanyID
	out := []string{realtime.DialogChannel(company, t.dialog.ID), realtime.AllChannel(company)}
	if t.head.OperatorID != nil {
		out = append(out, realtime.UserChannel(company, *t.head.OperatorID))
	}
	if t.head.OperatorID == nil || t.was.State != t.head.State || !same(t.was.OperatorID, t.head.OperatorID) {
		out = append(out, realtime.TeamChannel(company))
	}
	return out
}

func (t *thread) tellVisitor(head Head) {
	channel, ok := t.visitorChannel()
	if !ok {
		return
	}
	dialog := visitorDialog(t.dialog, head, t.rules)
	told := false
	for _, one := range t.said {
		if !one.message.Public {
			continue
		}
		told = true
		t.publish(messageEvent{
			Type: "message", DialogID: t.dialog.ID, Message: t.s.forVisitor(t.dialog.CompanyID, one.message, t.rules),
			Dialog: &dialog, PrevSeq: one.prevPublic,
		}, channel)
	}
	if !told && (t.was.State != t.head.State || !same(t.was.OperatorID, t.head.OperatorID)) {
		t.publish(dialogEvent{"dialog", dialog}, channel)
	}
}

// visitorChannel returns where the contact of a web dialog listens.
func (t *thread) visitorChannel() (string, bool) { return visitorChannel(t.dialog) }

func visitorChannel(d chatdb.Dialog) (string, bool) {
	visitor, err := uuid.Parse(d.Address)
	if d.Channel != web || err != nil {
		return "", false
	}
	return realtime.VisitorChannel(d.CompanyID, visitor), true
}

// publish encodes once for all channels.
func (t *thread) publish(event any, channels ...string) {
	data, err := json.Marshal(event)
	if err != nil {
		return // our own types always have a form
	}
	for _, channel := range channels {
		t.s.live.PublishTx(t.tx, channel, json.RawMessage(data))
	}
}

func same[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// inDialog runs change on a locked dialog of the actor's company and publishes
// what came of it.
func (s *Service) inDialog(ctx context.Context, actor access.Actor, dialogID uuid.UUID, change func(ctx context.Context, t *thread) error) (Head, error) {
	var head Head
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		t, err := s.lockTx(ctx, tx, actor.CompanyID, dialogID)
		if err != nil {
			return err
		}
		if err := t.seenBy(ctx, actor); err != nil {
			return err
		}
		if err := change(ctx, t); err != nil {
			return err
		}
		head, err = t.tell(ctx)
		return err
	})
	return head, err
}
