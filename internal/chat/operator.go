package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/realtime"
)

// OperatorState is whether an operator is given sessions.
type OperatorState string

// The states. On a pause the current sessions go on and no new ones come.
const (
	Online  OperatorState = "online"
	Paused  OperatorState = "pause"
	Offline OperatorState = "offline"
)

// How an operator without any tab is taken offline.
const (
	heartbeatEvery = 10 * time.Second
	unseenFor      = 60 * time.Second
)

// Operator is a member who answers dialogs.
type Operator struct {
	UserID int64         `json:"user_id"`
	Name   string        `json:"name"`
	State  OperatorState `json:"state" enum:"online,pause,offline"`
	Since  *time.Time    `json:"since" doc:"null: never been online"`
	Open   int           `json:"open" doc:"Open sessions assigned now"`
	Limit  int           `json:"limit" doc:"Up to how many are handed out; 0: none"`
}

func operatorOf(m account.Member, row *chatdb.Operator) Operator {
	o := Operator{UserID: m.UserID, Name: m.Name, State: Offline, Limit: m.Limit}
	if row != nil {
		o.State, o.Since, o.Open = OperatorState(row.State), &row.Since, row.Open
	}
	return o
}

// Operators lists everybody of the company who answers dialogs, by name.
func (s *Service) Operators(ctx context.Context, actor access.Actor) ([]Operator, error) {
	out := []Operator{}
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		members, err := s.accounts.MembersTx(ctx, tx, actor.CompanyID, nil)
		if err != nil {
			return err
		}
		var ids []int64
		for id, m := range members {
			if answers(m) && !m.Blocked {
				ids = append(ids, id)
			}
		}
		rows, err := s.q.Operators(ctx, tx, chatdb.OperatorsParams{CompanyID: actor.CompanyID, UserIds: ids})
		if err != nil {
			return fmt.Errorf("read operators: %w", err)
		}
		for _, id := range ids {
			i := slices.IndexFunc(rows, func(r chatdb.Operator) bool { return r.UserID == id })
			if i < 0 {
				out = append(out, operatorOf(members[id], nil))
			} else {
				out = append(out, operatorOf(members[id], &rows[i]))
			}
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Operator) int {
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return int(a.UserID - b.UserID)
	})
	return out, err
}

// OperatorState returns the actor as an operator.
func (s *Service) OperatorState(ctx context.Context, actor access.Actor) (Operator, error) {
	var o Operator
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		m, err := s.memberTx(ctx, tx, actor)
		if err != nil {
			return err
		}
		row, err := s.q.OperatorByID(ctx, tx, chatdb.OperatorByIDParams{CompanyID: actor.CompanyID, UserID: actor.UserID})
		switch {
		case db.NoRows(err):
			o = operatorOf(m, nil)
		case err != nil:
			return fmt.Errorf("read operator: %w", err)
		default:
			o = operatorOf(m, &row)
		}
		return nil
	})
	return o, err
}

func (s *Service) memberTx(ctx context.Context, tx *db.Tx, actor access.Actor) (account.Member, error) {
	members, err := s.accounts.MembersTx(ctx, tx, actor.CompanyID, []int64{actor.UserID})
	if err != nil {
		return account.Member{}, err
	}
	m, ok := members[actor.UserID]
	if !ok || m.Blocked {
		return m, fault.New(fault.Forbidden, "You do not answer dialogs of this company.")
	}
	return m, nil
}

// SetOperatorState changes whether the actor is given sessions. Their open
// sessions stay with them.
func (s *Service) SetOperatorState(ctx context.Context, actor access.Actor, state OperatorState) (Operator, error) {
	if !slices.Contains([]OperatorState{Online, Paused, Offline}, state) {
		return Operator{}, fault.Field("state", fault.UnknownName, "There is no such state.")
	}
	var o Operator
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		m, err := s.memberTx(ctx, tx, actor)
		if err != nil {
			return err
		}
		if m.Paused && state == Online {
			return fault.New(fault.Conflict, "The monthly fee for you is not paid, so you are given no dialogs.").With("fee_unpaid", true)
		}
		now := s.clock.Now()
		err = s.q.EnsureOperator(ctx, tx, chatdb.EnsureOperatorParams{CompanyID: actor.CompanyID, UserID: actor.UserID, At: now})
		if err != nil {
			return fmt.Errorf("ensure operator: %w", err)
		}
		row, err := s.q.SetOperatorState(ctx, tx, chatdb.SetOperatorStateParams{
			CompanyID: actor.CompanyID, UserID: actor.UserID, State: string(state), At: now,
		})
		if err != nil {
			return fmt.Errorf("set operator state: %w", err)
		}
		o = operatorOf(m, &row)
		s.tellOperatorTx(tx, row, m.Limit)
		if state == Online {
			s.wakeTx(tx, actor.CompanyID)
		}
		return nil
	})
	return o, err
}

func (t *thread) tellOperator(row chatdb.Operator, limit int) { t.s.tellOperatorTx(t.tx, row, limit) }

func (s *Service) tellOperatorTx(tx *db.Tx, row chatdb.Operator, limit int) {
	s.live.PublishTx(tx, realtime.TeamChannel(row.CompanyID), operatorEvent{
		Type: "operator", UserID: row.UserID, State: OperatorState(row.State), Open: row.Open, Limit: limit,
	})
}

// Heartbeat keeps those operators in their state who have a tab open at this
// node.
func (s *Service) Heartbeat(ctx context.Context) error {
	p := chatdb.SeenParams{At: s.clock.Now()}
	for _, company := range s.live.Companies() {
		for _, user := range s.live.Connected(company) {
			p.Companies, p.Users = append(p.Companies, company), append(p.Users, user)
		}
	}
	if len(p.Users) == 0 {
		return nil
	}
	return wrap("keep operators", s.q.Seen(ctx, s.db.Worker(), p))
}

// LeaveUnseen takes those operators offline whose last tab is gone for a
// minute. What they have open stays with them until its contact has waited for
// too long.
func (s *Service) LeaveUnseen(ctx context.Context) error {
	now := s.clock.Now()
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		rows, err := s.q.LeaveUnseen(ctx, tx, chatdb.LeaveUnseenParams{At: now, UnseenSince: now.Add(-unseenFor)})
		if err != nil {
			return fmt.Errorf("take operators offline: %w", err)
		}
		for _, row := range rows {
			members, err := s.accounts.MembersTx(ctx, tx, row.CompanyID, []int64{row.UserID})
			if err != nil {
				return err
			}
			s.tellOperatorTx(tx, row, members[row.UserID].Limit)
		}
		return nil
	})
}

// leaveUnseenUnlessBlind is LeaveUnseen for a loop, which may have been blind:
// while the database was away or the machine slept nobody could be seen, and
// everybody may be there all the same.
func (s *Service) leaveUnseenUnlessBlind(ctx context.Context, v *vigil) error {
	if err := s.db.Ping(ctx); err != nil {
		return fmt.Errorf("look for operators: %w", err)
	}
	if !v.longEnough(s.clock.Now()) {
		return nil
	}
	return s.LeaveUnseen(ctx)
}

// vigil is since when there has been no longer gap between two looks.
type vigil struct{ since, last time.Time }

// longestGap still leaves the marks of a heartbeat before it younger than
// unseenFor.
const longestGap = 3 * idleEvery

// longEnough notes a look and says whether who has not been seen in the vigil
// is gone.
func (v *vigil) longEnough(now time.Time) bool {
	if now.Sub(v.last) > longestGap {
		v.since = now
	}
	v.last = now
	return now.Sub(v.since) >= unseenFor+heartbeatEvery
}

// leaveTx takes away everything from a user who may not answer any more: their
// open sessions go back into the queue.
func (s *Service) leaveTx(ctx context.Context, tx *db.Tx, companyID, userID int64) error {
	threads, err := s.lockOpenTx(ctx, tx, companyID, userID)
	if err != nil {
		return err
	}
	row, err := s.q.SetOperatorState(ctx, tx, chatdb.SetOperatorStateParams{
		CompanyID: companyID, UserID: userID, State: string(Offline), At: s.clock.Now(),
	})
	if db.NoRows(err) {
		return nil
	} else if err != nil {
		return fmt.Errorf("set operator state: %w", err)
	}
	if row.Open != len(threads) {
		return fmt.Errorf("operator %d of company %d was given a session meanwhile", userID, companyID) // the next try sees it
	}
	s.tellOperatorTx(tx, row, 0)
	for _, t := range threads {
		err := t.queue(ctx, queueing{
			how: "returned", rule: "operator_left", group: t.session.GroupID,
			line: line{code: "returned", args: map[string]any{"operator": userID, "reason": "operator_left"}},
		})
		if err != nil {
			return err
		}
		if _, err := t.tell(ctx); err != nil {
			return err
		}
	}
	return nil
}

// lockOpenTx locks the dialogs whose sessions an operator has open, in the order
// of their ids.
func (s *Service) lockOpenTx(ctx context.Context, tx *db.Tx, companyID, userID int64) ([]*thread, error) {
	dialogs, err := s.q.OpenDialogsOf(ctx, tx, chatdb.OpenDialogsOfParams{CompanyID: companyID, OperatorID: userID})
	if err != nil {
		return nil, fmt.Errorf("read dialogs of operator: %w", err)
	}
	var out []*thread
	for _, dialog := range dialogs {
		t, err := s.lockTx(ctx, tx, companyID, dialog)
		if err != nil {
			return nil, err
		}
		if t.isOf(userID) {
			out = append(out, t)
		}
	}
	return out, nil
}
