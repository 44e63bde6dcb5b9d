package chat

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
)

const (
	maxComment   = 1000
	spamRefundIn = 24 * time.Hour // of the close
	refundChunk  = 500            // messages a transaction
)

// closing says how a session ends; without By it ends by its lifetime.
type closing struct {
	by      *int64
	result  string
	comment string
	spam    bool
}

// close ends the open session and gives its operator a free place.
func (t *thread) close(ctx context.Context, c closing) error {
	if t.state() == Open {
		if err := t.freePlace(ctx, *t.head.OperatorID); err != nil {
			return err
		}
	}
	args := map[string]any{}
	if c.by != nil {
		args["user_id"] = *c.by
	}
	for name, value := range map[string]string{"result": c.result, "comment": c.comment} {
		if value != "" {
			args[name] = value
		}
	}
	l := line{code: "closed", args: args}
	if c.spam {
		l.code = "spam"
	}
	if err := t.add(ctx, l); err != nil {
		return err
	}
	p := chatdb.CloseSessionParams{
		CompanyID: t.dialog.CompanyID, ID: t.session.ID, DialogID: t.dialog.ID, At: t.now, ClosedBy: c.by,
		Result: c.result, Spam: c.spam, Answered: c.by != nil,
	}
	if c.spam {
		p.RefundAfter = &uuid.Nil
	}
	head, err := t.s.q.CloseSession(ctx, t.tx, p)
	if err != nil {
		return fmt.Errorf("close session: %w", err)
	}
	t.head, t.dialog.SessionID = head, nil
	if c.by != nil {
		t.dialog.OperatorReadSeq = t.dialog.LastSeq
	}
	t.session.State = string(Closed)
	t.wakeQueue()
	return nil
}

// Close ends the session of a dialog with a result.
func (s *Service) Close(ctx context.Context, actor access.Actor, dialogID uuid.UUID, result, comment string) (Head, error) {
	comment, err := cleanComment(comment)
	if err != nil {
		return Head{}, err
	}
	return s.inDialog(ctx, actor, dialogID, func(ctx context.Context, t *thread) error {
		if t.state() == Closed {
			return fault.New(fault.Conflict, "The session is closed already.")
		}
		if err := t.needTaken(actor); err != nil {
			return err
		}
		if err := t.rules.checkResult(result); err != nil {
			return err
		}
		return t.close(ctx, closing{by: &actor.UserID, result: result, comment: comment})
	})
}

func (r *rules) checkResult(result string) error {
	switch {
	case result == "" && r.resultRequired && len(r.results) > 0:
		return fault.Field("result", fault.Required, "Choose a result.")
	case result != "" && !slices.Contains(r.results, result):
		return fault.Field("result", fault.UnknownName, "The chat has no such result.")
	}
	return nil
}

// needTaken refuses what only the assignee may do with a session in the queue:
// it has to be taken first, unless one supervises.
func (t *thread) needTaken(actor access.Actor) error {
	if t.state() == Queued && !actor.May(access.PanelSupervise) {
		return fault.New(fault.Conflict, "Nobody has this dialog yet. Take it first.").With("state", Queued)
	}
	return nil
}

func (t *thread) takenByOther() error {
	return fault.New(fault.Conflict, "Another operator has this dialog.").With("operator", t.head.OperatorID)
}

// Reopen goes on with the last, closed session of a dialog, which the actor
// then has.
func (s *Service) Reopen(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (Head, error) {
	return s.inDialog(ctx, actor, dialogID, func(ctx context.Context, t *thread) error {
		if t.state() != Closed {
			return fault.New(fault.Conflict, "The dialog has an open session.")
		}
		if t.session.Spam {
			return fault.New(fault.Conflict, "The session was marked as spam.")
		}
		place, err := t.takePlaceByHand(ctx, actor)
		if err != nil {
			return err
		}
		err = s.q.ReopenSession(ctx, t.tx, chatdb.ReopenSessionParams{
			CompanyID: t.dialog.CompanyID, ID: t.session.ID, DialogID: t.dialog.ID, At: t.now,
		})
		if err != nil {
			return fmt.Errorf("reopen session: %w", err)
		}
		t.dialog.SessionID = &t.session.ID
		return t.assign(ctx, assignment{to: place, how: "taken", by: &actor.UserID, group: t.session.GroupID, code: "reopened"})
	})
}

// NoAnswerNeeded takes the dialog from the unanswered ones.
func (s *Service) NoAnswerNeeded(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (Head, error) {
	return s.inDialog(ctx, actor, dialogID, func(ctx context.Context, t *thread) error {
		if t.head.WaitingSince == nil {
			return nil
		}
		if err := t.add(ctx, line{code: "no_answer_needed", args: map[string]any{"user_id": actor.UserID}}); err != nil {
			return err
		}
		var err error
		t.head, err = s.q.MarkAnswered(ctx, t.tx, chatdb.MarkAnsweredParams{CompanyID: t.dialog.CompanyID, DialogID: t.dialog.ID})
		return wrap("mark answered", err)
	})
}

// Spam closes the session, if it is open, as unwanted. What it has cost is
// given back when it is marked within a day of its close.
func (s *Service) Spam(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (Head, error) {
	var session uuid.UUID
	head, err := s.inDialog(ctx, actor, dialogID, func(ctx context.Context, t *thread) error {
		session = t.session.ID
		if t.session.Spam {
			return nil
		}
		err := s.accounts.RecordTx(ctx, t.tx, actor, account.Change{
			CompanyID: t.dialog.CompanyID, Action: "session.marked_spam", Subject: "session:" + t.session.ID.String(),
			New: map[string]any{"number": t.session.Number},
		})
		if err != nil {
			return err
		}
		if t.state() != Closed {
			return t.close(ctx, closing{by: &actor.UserID, spam: true})
		}
		p := chatdb.MarkSpamParams{CompanyID: t.dialog.CompanyID, ID: session, DialogID: t.dialog.ID, At: &t.now}
		if t.now.Sub(*t.session.ClosedAt) <= spamRefundIn {
			p.RefundAfter = &uuid.Nil
		}
		if err := s.q.MarkSpam(ctx, t.tx, p); err != nil {
			return fmt.Errorf("mark spam: %w", err)
		}
		return t.add(ctx, line{code: "spam", args: map[string]any{"user_id": actor.UserID}})
	})
	if err != nil {
		return head, err
	}
	// The mark stands; a failure here is made good by the sweeper.
	_ = s.refund(context.WithoutCancel(ctx), actor.CompanyID, session)
	return head, nil
}

// refund gives back what a session's messages have cost, in chunks, and keeps
// in the session's row how far it has come.
func (s *Service) refund(ctx context.Context, companyID int64, sessionID uuid.UUID) error {
	if err := s.meter.Prepare(ctx, companyID); err != nil {
		return err
	}
	for more := true; more; {
		err := s.db.InCompany(ctx, companyID, func(tx *db.Tx) (err error) {
			more, err = s.refundChunkTx(ctx, tx, companyID, sessionID)
			return err
		})
		if err != nil {
			return fmt.Errorf("refund session %s: %w", sessionID, err)
		}
	}
	return nil
}

func (s *Service) refundChunkTx(ctx context.Context, tx *db.Tx, companyID int64, sessionID uuid.UUID) (more bool, err error) {
	after, err := s.q.LockRefund(ctx, tx, chatdb.LockRefundParams{CompanyID: companyID, ID: sessionID})
	if db.NoRows(err) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("lock session: %w", err)
	}
	ids, err := s.q.BillableMessages(ctx, tx, chatdb.BillableMessagesParams{
		CompanyID: companyID, SessionID: sessionID, AfterID: after, MaxRows: refundChunk,
	})
	if err != nil {
		return false, fmt.Errorf("read messages: %w", err)
	}
	var next *uuid.UUID // none: all is given back
	if len(ids) == refundChunk {
		next = &ids[len(ids)-1]
	}
	if err := s.q.MoveRefund(ctx, tx, chatdb.MoveRefundParams{CompanyID: companyID, ID: sessionID, RefundAfter: next}); err != nil {
		return false, fmt.Errorf("move refund: %w", err)
	}
	_, err = s.meter.RefundAllTx(ctx, tx, companyID, ids)
	return next != nil, err
}

func cleanComment(comment string) (string, error) {
	comment = plain.Text(comment)
	if plain.Length(comment) > maxComment {
		return "", fault.Field("comment", fault.TooLong, fmt.Sprintf("No more than %d characters.", maxComment)).With("max", maxComment)
	}
	return comment, nil
}
