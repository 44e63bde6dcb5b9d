package chat

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"parley/internal/account"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/internal/sharing"
	"parley/internal/platform/db"
)

// shareChunk is how many sessions one transaction shares out.
const shareChunk = 50

// Distribute gives the sessions that wait in a company's queue to operators
// with a free place, first come first served in each group, and tells those
// who are left once that everybody is busy. It does nothing twice, so that
// calling it too often does no harm.
func (s *Service) Distribute(ctx context.Context, companyID int64) error {
	var after chatdb.WaitingSessionsRow
	for more := true; more; {
		err := s.db.InCompany(ctx, companyID, func(tx *db.Tx) (err error) {
			after, more, err = s.distributeTx(ctx, tx, companyID, after)
			return err
		})
		if err != nil {
			return fmt.Errorf("share out sessions of company %d: %w", companyID, err)
		}
	}
	return s.tellBusy(ctx, companyID)
}

// round is what one transaction of sharing out knows.
type round struct {
	team      *team
	operators map[int64]*sharing.Operator
	members   map[int64]account.Member
}

// distributeTx shares out the next chunk of the queue. Companies are worked
// by one transaction at a time, so that two never share out one queue in
// different orders.
func (s *Service) distributeTx(ctx context.Context, tx *db.Tx, companyID int64, after chatdb.WaitingSessionsRow) (chatdb.WaitingSessionsRow, bool, error) {
	if err := s.q.LockSharing(ctx, tx, companyID); err != nil {
		return after, false, fmt.Errorf("lock sharing: %w", err)
	}
	r, err := s.roundTx(ctx, tx, companyID)
	if err != nil {
		return after, false, err
	}
	groups, chats := r.lines(func(g sharing.Group) bool { return g.Rule != sharing.Manual && sharing.Free(g, r.operators) })
	if len(groups) == 0 {
		return after, false, nil
	}
	waiting, err := s.q.WaitingSessions(ctx, tx, chatdb.WaitingSessionsParams{
		CompanyID: companyID, AfterAt: after.QueuedAt, AfterID: after.ID, Groups: groups, Chats: chats, MaxRows: shareChunk,
	})
	if err != nil || len(waiting) == 0 {
		return after, false, wrap("read queue", err)
	}
	if err := s.shareOutTx(ctx, tx, companyID, r, waiting); err != nil {
		return after, false, err
	}
	return waiting[len(waiting)-1], len(waiting) == shareChunk, nil
}

// roundTx reads who could answer now.
func (s *Service) roundTx(ctx context.Context, tx *db.Tx, companyID int64) (*round, error) {
	t, err := s.teamTx(ctx, tx, companyID)
	if err != nil {
		return nil, err
	}
	r := &round{team: t}
	users := t.everybody()
	if len(users) == 0 {
		return r, nil
	}
	if r.members, err = s.accounts.MembersTx(ctx, tx, companyID, users); err != nil {
		return nil, err
	}
	rows, err := s.q.Operators(ctx, tx, chatdb.OperatorsParams{CompanyID: companyID, UserIds: users})
	if err != nil {
		return nil, fmt.Errorf("read operators: %w", err)
	}
	r.operators = make(map[int64]*sharing.Operator, len(r.members))
	for id, m := range r.members {
		r.operators[id] = &sharing.Operator{UserID: id, Name: m.Name, Blocked: m.Blocked || m.Paused || !answers(m), Limit: m.Limit}
	}
	r.know(rows)
	return r, nil
}

func (t *team) everybody() []int64 {
	var out []int64
	for _, g := range t.groups {
		out = append(out, g.members...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// know takes in operators as they are now; members without a row have never
// been online.
func (r *round) know(rows []chatdb.Operator) {
	for _, row := range rows {
		if o := r.operators[row.UserID]; o != nil {
			o.Online, o.Paused = row.State == string(Online), row.State == string(Paused)
			o.Open, o.LastAssigned = row.Open, row.LastAssignedAt
		}
	}
}

func (r *round) free() []int64 {
	var out []int64
	for id := range r.operators {
		if sharing.Free(sharing.Group{Members: []int64{id}}, r.operators) {
			out = append(out, id)
		}
	}
	return out
}

// lines lists the groups that satisfy a condition, and the chats with such a
// group: who waits for one of them may be in luck.
func (r *round) lines(which func(g sharing.Group) bool) (groups, chats []uuid.UUID) {
	for chat := range r.team.chats {
		found := false
		for _, g := range r.team.groupsFor(chat, nil) {
			if which(g) {
				found = true
				groups = append(groups, g.ID)
			}
		}
		if found {
			chats = append(chats, chat)
		}
	}
	// A session may be handed to a group of no chat; the rule is then its own.
	for id, g := range r.team.groups {
		if which(sharing.Group{ID: id, Rule: g.rule, Members: g.members}) {
			groups = append(groups, id)
		}
	}
	return groups, chats
}

// shareOutTx decides about sessions in the order of their waiting. It locks
// dialogs, then operators, each in the order of ids.
func (s *Service) shareOutTx(ctx context.Context, tx *db.Tx, companyID int64, r *round, waiting []chatdb.WaitingSessionsRow) error {
	threads, sessions, err := s.lockWaitingTx(ctx, tx, companyID, waiting)
	if err != nil {
		return err
	}
	last, err := s.lastOperatorsTx(ctx, tx, companyID, r.team, sessions)
	if err != nil {
		return err
	}
	// Who was not free a moment ago is not locked: their own change moves the
	// queue again.
	rows, err := s.q.LockOperators(ctx, tx, chatdb.LockOperatorsParams{CompanyID: companyID, UserIds: r.free()})
	if err != nil {
		return fmt.Errorf("lock operators: %w", err)
	}
	r.know(rows)
	taken := map[int64]int{}
	for _, session := range sessions {
		t := threads[session.DialogID]
		t.session = session
		ask := sharing.Session{Groups: r.team.groupsFor(session.ChatID, session.GroupID), Sticky: last[session.DialogID]}
		if session.PassedBy != nil {
			ask.PassedBy = *session.PassedBy
		}
		d := sharing.Choose(ask, r.operators)
		if d.UserID == 0 {
			continue
		}
		taken[d.UserID]++
		if err := t.carryOut(ctx, r, d); err != nil {
			return err
		}
	}
	return s.takePlacesTx(ctx, tx, companyID, r, taken)
}

// takePlacesTx takes the places of what was given away. Their operators are
// locked, so that it cannot be refused unless the plan was wrong.
func (s *Service) takePlacesTx(ctx context.Context, tx *db.Tx, companyID int64, r *round, taken map[int64]int) error {
	if len(taken) == 0 {
		return nil
	}
	tx.AfterCommit(func() { s.told.changed(companyID, s.clock.Now()) })
	p := chatdb.TakePlacesParams{CompanyID: companyID, At: s.clock.Now()}
	for user, places := range taken {
		p.Users, p.Places, p.MaxOpen = append(p.Users, user), append(p.Places, places), append(p.MaxOpen, r.operators[user].Limit)
	}
	rows, err := s.q.TakePlaces(ctx, tx, p)
	if err != nil {
		return fmt.Errorf("take places: %w", err)
	}
	if len(rows) != len(taken) {
		return fmt.Errorf("take places: %d operators of %d have them", len(rows), len(taken))
	}
	for _, row := range rows {
		s.tellOperatorTx(tx, row, r.operators[row.UserID].Limit)
	}
	return nil
}

// lockWaitingTx locks the dialogs and returns those sessions that still wait,
// in the order of their waiting.
func (s *Service) lockWaitingTx(ctx context.Context, tx *db.Tx, companyID int64, waiting []chatdb.WaitingSessionsRow) (map[uuid.UUID]*thread, []chatdb.Session, error) {
	var dialogIDs, sessionIDs []uuid.UUID
	for _, w := range waiting {
		dialogIDs, sessionIDs = append(dialogIDs, w.DialogID), append(sessionIDs, w.ID)
	}
	dialogs, err := s.q.LockDialogs(ctx, tx, chatdb.LockDialogsParams{CompanyID: companyID, Ids: dialogIDs})
	if err != nil {
		return nil, nil, fmt.Errorf("lock dialogs: %w", err)
	}
	now := s.clock.Now()
	threads := make(map[uuid.UUID]*thread, len(dialogs))
	for _, d := range dialogs {
		t := &thread{s: s, tx: tx, now: now, dialog: d}
		if t.rules, err = s.rulesTx(ctx, tx, companyID, d.ChatID); err != nil {
			return nil, nil, err
		}
		threads[d.ID] = t
	}
	sessions, err := s.q.QueuedSessions(ctx, tx, chatdb.QueuedSessionsParams{CompanyID: companyID, Ids: sessionIDs})
	return threads, sessions, wrap("read sessions", err)
}

// lastOperatorsTx returns who had the contacts of new sessions before, for the
// chats that ask for it. A session that was handed on or returned has had its
// chance.
func (s *Service) lastOperatorsTx(ctx context.Context, tx *db.Tx, companyID int64, t *team, sessions []chatdb.Session) (map[uuid.UUID]int64, error) {
	var ids []uuid.UUID
	for _, one := range sessions {
		if t.chats[one.ChatID].sticky && one.PassedBy == nil && one.GroupID == nil {
			ids = append(ids, one.DialogID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.q.LastOperators(ctx, tx, chatdb.LastOperatorsParams{CompanyID: companyID, DialogIds: ids})
	if err != nil {
		return nil, fmt.Errorf("read last operators: %w", err)
	}
	out := make(map[uuid.UUID]int64, len(rows))
	for _, r := range rows {
		out[r.DialogID] = r.OperatorID
	}
	return out, nil
}

// carryOut gives the session to the chosen operator, whose place is counted
// and taken with the others of the round.
func (t *thread) carryOut(ctx context.Context, r *round, d sharing.Decision) error {
	o := r.operators[d.UserID]
	o.Open, o.LastAssigned = o.Open+1, &t.now
	how := "rule"
	if d.Sticky {
		how = "sticky"
	}
	// What the list shows of the dialog is written over whole.
	t.was = chatdb.DialogHead{State: string(Queued)}
	err := t.assign(ctx, assignment{
		to: place{o.UserID, o.Name}, how: how, group: &d.GroupID, reason: why(d.Reason), code: "assigned", targets: r.team.groups[d.GroupID],
	})
	if err != nil {
		return err
	}
	_, err = t.tell(ctx)
	return err
}

// tellBusy tells those who wait, once in a session, that nobody is free, and
// keeps why.
func (s *Service) tellBusy(ctx context.Context, companyID int64) error {
	var after uuid.UUID
	for more := true; more; {
		err := s.db.InCompany(ctx, companyID, func(tx *db.Tx) (err error) {
			after, more, err = s.tellBusyTx(ctx, tx, companyID, after)
			return err
		})
		if err != nil {
			return fmt.Errorf("tell that everybody is busy: %w", err)
		}
	}
	return nil
}

func (s *Service) tellBusyTx(ctx context.Context, tx *db.Tx, companyID int64, after uuid.UUID) (last uuid.UUID, more bool, err error) {
	untold, err := s.q.UntoldSessions(ctx, tx, chatdb.UntoldSessionsParams{CompanyID: companyID, AfterID: after, MaxRows: shareChunk})
	if err != nil || len(untold) == 0 {
		return after, false, wrap("read who waits", err)
	}
	last, more = untold[len(untold)-1].ID, len(untold) == shareChunk
	r, err := s.roundTx(ctx, tx, companyID)
	if err != nil {
		return last, false, err
	}
	var waiting []chatdb.WaitingSessionsRow
	for _, u := range untold {
		free := slices.ContainsFunc(r.team.groupsFor(u.ChatID, u.GroupID), func(g sharing.Group) bool { return sharing.Free(g, r.operators) })
		if !free {
			waiting = append(waiting, chatdb.WaitingSessionsRow{ID: u.ID, DialogID: u.DialogID})
		}
	}
	if len(waiting) == 0 {
		return last, more, nil
	}
	threads, sessions, err := s.lockWaitingTx(ctx, tx, companyID, waiting)
	if err != nil {
		return last, false, err
	}
	for _, session := range sessions {
		if session.BusyToldAt != nil {
			continue
		}
		t := threads[session.DialogID]
		t.session = session
		if err := t.tellBusy(ctx, r); err != nil {
			return last, false, err
		}
	}
	return last, more, nil
}

func (t *thread) tellBusy(ctx context.Context, r *round) error {
	err := t.s.q.MarkBusyTold(ctx, t.tx, chatdb.MarkBusyToldParams{CompanyID: t.dialog.CompanyID, ID: t.session.ID, At: t.now})
	if err != nil {
		return fmt.Errorf("mark busy: %w", err)
	}
	d := sharing.Choose(sharing.Session{Groups: r.team.groupsFor(t.session.ChatID, t.session.GroupID)}, r.operators)
	err = t.explain(ctx, assignment{how: "rule", reason: why(d.Reason)})
	if err != nil {
		return err
	}
	text := t.rules.busy(t.dialog.Language)
	if text == "" {
		return nil
	}
	if err := t.add(ctx, line{code: "busy", text: text}); err != nil {
		return err
	}
	t.was = t.head
	_, err = t.tell(ctx)
	return err
}

// busy returns the text for when everybody is busy in the contact's language,
// or in the first one of the chat.
func (r *rules) busy(language string) string {
	if len(language) >= 2 {
		if text := r.busyText[language[:2]]; text != "" {
			return text
		}
	}
	for _, language := range r.languages {
		if text := r.busyText[language]; text != "" {
			return text
		}
	}
	return ""
}
