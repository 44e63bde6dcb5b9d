package chat

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// place is an operator who has got a place for one more session.
type place struct {
	userID int64
	name   string
}

// takePlaceByHand gets the actor a place: up to their limit, or with a limit of
// zero, which only stops the handing out, up to the company's.
func (t *thread) takePlaceByHand(ctx context.Context, actor access.Actor) (place, error) {
	members, err := t.s.accounts.MembersTx(ctx, t.tx, t.dialog.CompanyID, []int64{actor.UserID})
	if err != nil {
		return place{}, err
	}
	m, ok := members[actor.UserID]
	if !ok || m.Blocked {
		return place{}, fault.New(fault.Forbidden, "You do not answer dialogs of this company.")
	}
	most, err := t.s.limitByHand(ctx, t.dialog.CompanyID, m)
	if err != nil {
		return place{}, err
	}
	err = t.s.q.EnsureOperator(ctx, t.tx, chatdb.EnsureOperatorParams{CompanyID: t.dialog.CompanyID, UserID: m.UserID, At: t.now})
	if err != nil {
		return place{}, fmt.Errorf("ensure operator: %w", err)
	}
	row, err := t.s.q.TakePlace(ctx, t.tx, chatdb.TakePlaceParams{
		CompanyID: t.dialog.CompanyID, UserID: m.UserID, At: t.now, MaxOpen: most,
	})
	if db.NoRows(err) {
		return place{}, fault.New(fault.Conflict, "You have as many open dialogs as you may have.").With("limit", most)
	} else if err != nil {
		return place{}, fmt.Errorf("take place: %w", err)
	}
	t.tellOperator(row, m.Limit)
	return place{m.UserID, m.Name}, nil
}

func (s *Service) limitByHand(ctx context.Context, companyID int64, m account.Member) (int, error) {
	if m.Limit > 0 {
		return m.Limit, nil
	}
	c, err := s.accounts.Company(ctx, companyID)
	return c.MaxDialogs, err
}

// freePlace gives an operator's place back, so that the queue can move.
func (t *thread) freePlace(ctx context.Context, userID int64) error {
	row, err := t.s.q.FreePlace(ctx, t.tx, chatdb.FreePlaceParams{CompanyID: t.dialog.CompanyID, UserID: userID})
	if err != nil {
		return fmt.Errorf("free place: %w", err)
	}
	members, err := t.s.accounts.MembersTx(ctx, t.tx, t.dialog.CompanyID, []int64{userID})
	if err != nil {
		return err
	}
	t.tellOperator(row, members[userID].Limit)
	t.wakeQueue()
	return nil
}

// lockPlaces locks operators in the order of their ids before a session moves
// from one to another.
func (t *thread) lockPlaces(ctx context.Context, userIDs ...int64) error {
	_, err := t.s.q.LockOperators(ctx, t.tx, chatdb.LockOperatorsParams{CompanyID: t.dialog.CompanyID, UserIds: userIDs})
	return wrap("lock operators", err)
}

// assignment is who gets a session and why.
type assignment struct {
	to      place // who has taken a place
	how     string
	by      *int64 // who decided, when a person did
	group   *uuid.UUID
	comment string
	reason  why
	code    string // of the line in the dialog
	targets teamGroup
}

// assign gives the session to an operator who has a place for it.
func (t *thread) assign(ctx context.Context, a assignment) error {
	first, next := t.rules.firstTarget, t.rules.nextTarget
	if a.targets.firstTarget != nil {
		first = *a.targets.firstTarget
	}
	if a.targets.nextTarget != nil {
		next = *a.targets.nextTarget
	}
	args := map[string]any{"operator": a.to.userID, "operator_name": a.to.name}
	if a.by != nil && *a.by != a.to.userID {
		args["user_id"] = *a.by
	}
	if a.comment != "" {
		args["comment"] = a.comment
	}
	m, data, err := t.next(line{code: a.code, args: args})
	if err != nil {
		return err
	}
	reason, err := a.reason.encode()
	if err != nil {
		return err
	}
	t.head, err = t.s.q.AssignSession(ctx, t.tx, chatdb.AssignSessionParams{
		CompanyID: t.dialog.CompanyID, ID: t.session.ID, DialogID: t.dialog.ID, OperatorID: a.to.userID, GroupID: a.group,
		At: t.now, FirstTargetS: first, NextTargetS: next, MessageID: m.ID, Seq: m.Seq, Data: data,
		AssignmentID: id.New(t.now), How: a.how, ByUserID: a.by, Comment: a.comment, Reason: reason,
	})
	if err != nil {
		return fmt.Errorf("assign session: %w", err)
	}
	t.remember(m)
	t.session.State, t.session.OperatorID = string(Open), &a.to.userID
	return nil
}

// explain keeps why a session went into the queue.
func (t *thread) explain(ctx context.Context, a assignment) error {
	reason, err := a.reason.encode()
	if err != nil {
		return err
	}
	err = t.s.q.InsertAssignment(ctx, t.tx, chatdb.InsertAssignmentParams{
		CompanyID: t.dialog.CompanyID, ID: id.New(t.now), SessionID: t.session.ID, At: t.now, GroupID: a.group,
		How: a.how, ByUserID: a.by, Comment: a.comment, Reason: reason,
	})
	return wrap("insert assignment", err)
}

// Take gives the actor a session from the queue, or as a supervisor one that
// another operator has.
func (s *Service) Take(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (Head, error) {
	return s.inDialog(ctx, actor, dialogID, func(ctx context.Context, t *thread) error { return t.take(ctx, actor) })
}

func (t *thread) take(ctx context.Context, actor access.Actor) error {
	switch {
	case t.isOf(actor.UserID):
		return nil
	case t.state() == Closed:
		return errClosed
	}
	if before := t.head.OperatorID; before != nil {
		if err := t.lockPlaces(ctx, *before, actor.UserID); err != nil {
			return err
		}
		if err := t.freePlace(ctx, *before); err != nil {
			return err
		}
	}
	to, err := t.takePlaceByHand(ctx, actor)
	if err != nil {
		return err
	}
	return t.assign(ctx, assignment{
		to: to, how: "taken", by: &actor.UserID, group: t.head.GroupID, code: "taken", reason: why{Rule: "taken"},
	})
}

var errClosed = fault.New(fault.Conflict, "The session is closed. Reopen it first.")

// HandOver is where a session shall go: to an operator or to a group.
type HandOver struct {
	Operator int64
	Group    uuid.UUID
	Comment  string
}

// HandOver moves a session from its operator, or out of the queue, to another
// operator or into a group's queue.
func (s *Service) HandOver(ctx context.Context, actor access.Actor, dialogID uuid.UUID, h HandOver) (Head, error) {
	var err error
	if h.Comment, err = cleanComment(h.Comment); err != nil {
		return Head{}, err
	}
	if (h.Operator == 0) == (h.Group == uuid.Nil) {
		return Head{}, fault.Field("operator", fault.Required, "Choose an operator or a group.")
	}
	return s.inDialog(ctx, actor, dialogID, func(ctx context.Context, t *thread) error {
		if t.state() == Closed {
			return errClosed
		}
		if err := t.needTaken(actor); err != nil {
			return err
		}
		if h.Group != uuid.Nil {
			return t.handToGroup(ctx, actor, h)
		}
		return t.handToOperator(ctx, actor, h)
	})
}

func (t *thread) handToOperator(ctx context.Context, actor access.Actor, h HandOver) error {
	if t.isOf(h.Operator) {
		return fault.New(fault.Conflict, "They have this dialog already.")
	}
	m, err := t.s.answering(ctx, t.tx, t.dialog.CompanyID, h.Operator)
	if err != nil {
		return err
	}
	locked := []int64{h.Operator}
	if t.head.OperatorID != nil {
		locked = append(locked, *t.head.OperatorID)
	}
	if err := t.lockPlaces(ctx, locked...); err != nil {
		return err
	}
	row, err := t.s.q.OperatorByID(ctx, t.tx, chatdb.OperatorByIDParams{CompanyID: t.dialog.CompanyID, UserID: h.Operator})
	if db.NoRows(err) || err == nil && row.State != string(Online) {
		return fault.Field("operator", fault.OutOfRange, "They are not online.")
	} else if err != nil {
		return fmt.Errorf("read operator: %w", err)
	}
	most, err := t.s.limitByHand(ctx, t.dialog.CompanyID, m)
	if err != nil {
		return err
	}
	if t.head.OperatorID != nil {
		if err := t.freePlace(ctx, *t.head.OperatorID); err != nil {
			return err
		}
	}
	row, err = t.s.q.TakePlace(ctx, t.tx, chatdb.TakePlaceParams{CompanyID: t.dialog.CompanyID, UserID: h.Operator, At: t.now, MaxOpen: most})
	if db.NoRows(err) {
		return fault.Field("operator", fault.OutOfRange, "They have as many open dialogs as they may have.")
	} else if err != nil {
		return fmt.Errorf("take place: %w", err)
	}
	t.tellOperator(row, m.Limit)
	return t.assign(ctx, assignment{
		to: place{m.UserID, m.Name}, how: "handed", by: &actor.UserID, group: t.head.GroupID, comment: h.Comment,
		code: "handed_over", reason: why{Rule: "handed"},
	})
}

func (t *thread) handToGroup(ctx context.Context, actor access.Actor, h HandOver) error {
	team, err := t.s.teamTx(ctx, t.tx, t.dialog.CompanyID)
	if err != nil {
		return err
	}
	group, ok := team.groups[h.Group]
	if !ok {
		return fault.Field("group", fault.UnknownName, "There is no such group.")
	}
	if len(group.members) == 0 {
		return fault.Field("group", fault.OutOfRange, "The group has no members.")
	}
	args := map[string]any{"user_id": actor.UserID, "group": h.Group, "group_name": group.name}
	if h.Comment != "" {
		args["comment"] = h.Comment
	}
	return t.queue(ctx, queueing{
		how: "handed", by: &actor.UserID, group: &h.Group, comment: h.Comment, rule: "handed_to_group",
		line: line{code: "handed_over", args: args},
	})
}

// queueing puts a session back into the queue.
type queueing struct {
	how     string
	by      *int64
	group   *uuid.UUID // nil: any of the chat's
	comment string
	rule    string // why
	line    line
}

// queue puts the session into the queue, at the place that its contact has
// waited for. Who had it does not get it again by the rule.
func (t *thread) queue(ctx context.Context, q queueing) error {
	before := t.head.OperatorID
	if before != nil {
		if err := t.freePlace(ctx, *before); err != nil {
			return err
		}
	}
	if err := t.add(ctx, q.line); err != nil {
		return err
	}
	since := t.now
	if t.head.WaitingSince != nil {
		since = *t.head.WaitingSince
	}
	head, err := t.s.q.QueueSession(ctx, t.tx, chatdb.QueueSessionParams{
		CompanyID: t.dialog.CompanyID, ID: t.session.ID, DialogID: t.dialog.ID, GroupID: q.group, QueuedAt: since, PassedBy: before,
	})
	if err != nil {
		return fmt.Errorf("queue session: %w", err)
	}
	t.head, t.session.State, t.session.OperatorID = head, string(Queued), nil
	t.wakeQueue()
	return t.explain(ctx, assignment{
		how: q.how, by: q.by, group: q.group, comment: q.comment, reason: why{Rule: q.rule},
	})
}

// answering returns a member who may answer dialogs.
func (s *Service) answering(ctx context.Context, tx *db.Tx, companyID, userID int64) (account.Member, error) {
	members, err := s.accounts.MembersTx(ctx, tx, companyID, []int64{userID})
	if err != nil {
		return account.Member{}, err
	}
	m, ok := members[userID]
	if !ok || m.Blocked || !answers(m) {
		return m, fault.Field("operator", fault.UnknownName, "There is no such operator.")
	}
	return m, nil
}

// answers says whether a member's roles let them use the operator panel.
func answers(m account.Member) bool {
	return access.Actor{Permissions: access.Grant(access.Company, m.Roles, false)}.May(access.PanelUse)
}
