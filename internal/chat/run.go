package chat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/contact"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/realtime"
)

// How often what follows from time alone is looked for.
const (
	queueEvery = time.Second
	idleEvery  = 5 * time.Second
	lifeEvery  = time.Minute // lifetimes are hours
	keysEvery  = time.Hour
	keepKeys   = 30 * 24 * time.Hour
	sweepChunk = 200
	sharers    = 4 // companies whose queues move at the same time
)

// Run moves queues as soon as they can move, and does what follows from time:
// it ends sessions, returns neglected ones, takes operators offline. It works
// until ctx ends. Every node may run it.
func (s *Service) Run(ctx context.Context) {
	var running sync.WaitGroup
	for range sharers {
		running.Go(func() {
			for ctx.Err() == nil {
				s.shareNext(ctx)
			}
		})
	}
	var watch vigil
	for _, one := range []struct {
		what  string
		every time.Duration
		do    func(ctx context.Context) error
	}{
		{"move queues", queueEvery, s.moveQueues},
		{"return neglected sessions", idleEvery, func(ctx context.Context) error {
			return errors.Join(s.leaveUnseenUnlessBlind(ctx, &watch), s.returnNeglected(ctx))
		}},
		{"end outlived sessions", lifeEvery, func(ctx context.Context) error { return errors.Join(s.endOutlived(ctx), s.goOnRefunding(ctx)) }},
		{"keep operators", heartbeatEvery, s.Heartbeat},
		{"forget keys", keysEvery, s.forgetKeys},
		{"clean uploads", cleanEvery, s.CleanUploads},
	} {
		running.Go(func() { repeat(ctx, one.what, one.every, one.do) })
	}
	running.Wait()
}

func repeat(ctx context.Context, what string, every time.Duration, do func(ctx context.Context) error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := do(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "chat: "+what, "error", err)
		}
	}
}

// wakes is the set of companies whose queue may move.
type wakes struct {
	mu      sync.Mutex
	waiting map[int64]bool
	busy    map[int64]bool // a goroutine is at work for it
	bell    chan struct{}
}

func newWakes() *wakes {
	return &wakes{waiting: map[int64]bool{}, busy: map[int64]bool{}, bell: make(chan struct{}, 1)}
}

func (w *wakes) add(companyID int64) {
	w.mu.Lock()
	w.waiting[companyID] = true
	w.mu.Unlock()
	w.ring()
}

func (w *wakes) ring() {
	select {
	case w.bell <- struct{}{}:
	default:
	}
}

// take returns a company that nobody works for yet.
func (w *wakes) take() (int64, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id := range w.waiting {
		if !w.busy[id] {
			delete(w.waiting, id)
			w.busy[id] = true
			return id, true
		}
	}
	return 0, false
}

// done ends the work for a company; it may have been woken again meanwhile.
func (w *wakes) done(companyID int64) {
	w.mu.Lock()
	delete(w.busy, companyID)
	more := len(w.waiting) > 0
	w.mu.Unlock()
	if more {
		w.ring()
	}
}

// wakeQueue makes the company's queue move once the transaction is committed.
func (t *thread) wakeQueue() { t.s.wakeTx(t.tx, t.dialog.CompanyID) }

func (s *Service) wakeTx(tx *db.Tx, companyID int64) {
	tx.AfterCommit(func() {
		s.told.changed(companyID, s.clock.Now())
		s.wake.add(companyID)
	})
}

// shareNext shares out the queue of the next company that was woken.
func (s *Service) shareNext(ctx context.Context) {
	company, ok := s.wake.take()
	if !ok {
		select {
		case <-ctx.Done():
		case <-s.wake.bell:
		}
		return
	}
	s.wake.ring() // there may be others for the others
	defer s.wake.done(company)
	if err := s.Distribute(ctx, company); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "chat: share out sessions", "company", company, "error", err)
	}
}

// moveQueues wakes the companies whose queue may move, in case that nobody did,
// and tells those who wait their places.
func (s *Service) moveQueues(ctx context.Context) error {
	companies, err := s.q.QueuesThatMayMove(ctx, s.db.Worker())
	failures := []error{wrap("find queues", err)}
	for _, company := range companies {
		s.wake.add(company)
	}
	for _, company := range s.told.due(s.clock.Now()) {
		failures = append(failures, s.TellPositions(ctx, company)) // one that fails does not keep the others waiting
	}
	return errors.Join(failures...)
}

// told remembers which queues have changed and which place in it a session was
// told last.
type told struct {
	mu     sync.Mutex
	queues map[int64]toldQueue
}

type toldQueue struct {
	until     time.Time // when all who wait have waited for long enough to be told
	positions map[uuid.UUID]int
}

func newTold() *told { return &told{queues: map[int64]toldQueue{}} }

// changed notes that a queue has changed, so that places are told until
// whoever came last has waited for long enough.
func (t *told) changed(companyID int64, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.queues[companyID]
	q.until = now.Add(toldAfter + 2*queueEvery)
	t.queues[companyID] = q
}

// due lists the companies whose queues have changed, and forgets the others.
func (t *told) due(now time.Time) []int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []int64
	for id, q := range t.queues {
		if q.until.Before(now) {
			delete(t.queues, id)
		} else {
			out = append(out, id)
		}
	}
	return out
}

// swap keeps a company's places and returns those before.
func (t *told) swap(companyID int64, now map[uuid.UUID]int) map[uuid.UUID]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.queues[companyID]
	before := q.positions
	q.positions = now
	t.queues[companyID] = q
	return before
}

// TellPositions tells contacts who have waited for a while their place in the
// queue, and again when it has changed. It is a hint and not stored.
func (s *Service) TellPositions(ctx context.Context, companyID int64) error {
	rows, err := s.q.Queue(ctx, s.db.Worker(), companyID)
	if err != nil {
		return fmt.Errorf("read queue of company %d: %w", companyID, err)
	}
	now := s.clock.Now()
	places := make(map[uuid.UUID]int, len(rows))
	for _, r := range rows {
		if now.Sub(r.QueuedAt) >= toldAfter {
			places[r.ID] = r.Position
		}
	}
	before := s.told.swap(companyID, places)
	for _, r := range rows {
		place, tell := places[r.ID]
		visitor, err := uuid.Parse(r.Address)
		if tell && before[r.ID] != place && r.Channel == web && err == nil {
			s.live.Publish(realtime.VisitorChannel(companyID, visitor), queueEvent{"queue", &place})
		}
	}
	return nil
}

// Sweep does once what follows from time: sessions that outlived their chat's
// lifetime end, neglected ones return to the queue, operators without a tab go
// offline, refunds that were cut off go on.
func (s *Service) Sweep(ctx context.Context) error {
	var failures []error
	for _, step := range []func(ctx context.Context) error{s.LeaveUnseen, s.endOutlived, s.returnNeglected, s.goOnRefunding} {
		failures = append(failures, step(ctx))
	}
	return errors.Join(failures...)
}

func (s *Service) endOutlived(ctx context.Context) error {
	find := func() ([]chatdb.OutlivedSessionsRow, error) {
		now := s.clock.Now()
		return s.q.OutlivedSessions(ctx, s.db.Worker(), chatdb.OutlivedSessionsParams{Now: now, HourAgo: now.Add(-time.Hour), MaxRows: sweepChunk})
	}
	return s.sweep(ctx, "end session", find, func(ctx context.Context, t *thread) (bool, error) {
		if t.state() == Closed || t.session.LastMessageAt.After(t.now.Add(-t.rules.lifetime)) {
			return false, nil // it went on meanwhile
		}
		return true, t.close(ctx, closing{})
	})
}

func (s *Service) returnNeglected(ctx context.Context) error {
	find := func() ([]chatdb.OutlivedSessionsRow, error) {
		rows, err := s.q.NeglectedSessions(ctx, s.db.Worker(), chatdb.NeglectedSessionsParams{Now: s.clock.Now(), MaxRows: sweepChunk})
		out := make([]chatdb.OutlivedSessionsRow, 0, len(rows))
		for _, r := range rows {
			out = append(out, chatdb.OutlivedSessionsRow(r))
		}
		return out, err
	}
	return s.sweep(ctx, "return session", find, func(ctx context.Context, t *thread) (bool, error) {
		if t.state() != Open || !t.neglected() {
			return false, nil // somebody has come back meanwhile
		}
		return true, t.queue(ctx, queueing{
			how: "returned", rule: "operator_idle", group: t.session.GroupID,
			line: line{code: "returned", args: map[string]any{"operator": *t.head.OperatorID, "reason": "operator_idle"}},
		})
	})
}

// sweep changes the sessions that are found, chunk by chunk, until there are no
// more of them. One that fails does not keep the others waiting.
func (s *Service) sweep(
	ctx context.Context, what string, find func() ([]chatdb.OutlivedSessionsRow, error), change func(ctx context.Context, t *thread) (done bool, err error),
) error {
	for {
		rows, err := find()
		if err != nil {
			return fmt.Errorf("%s: find: %w", what, err)
		}
		changed := 0
		var failures []error
		for _, r := range rows {
			_, err := s.inDialog(ctx, access.Actor{CompanyID: r.CompanyID}, r.DialogID, func(ctx context.Context, t *thread) error {
				if t.session.ID != r.ID {
					return nil
				}
				done, err := change(ctx, t)
				if done && err == nil {
					changed++
				}
				return err
			})
			if err != nil {
				failures = append(failures, fmt.Errorf("%s %s: %w", what, r.ID, err))
			}
		}
		if len(rows) < sweepChunk || changed == 0 || ctx.Err() != nil {
			return errors.Join(failures...)
		}
	}
}

// neglected says whether the contact waits while the operator has shown no
// sign of life for longer than the chat allows.
func (t *thread) neglected() bool {
	if t.head.WaitingSince == nil {
		return false
	}
	latest := *t.head.WaitingSince
	for _, at := range []*time.Time{t.session.AssignedAt, t.session.LastOperatorAt} {
		if at != nil && at.After(latest) {
			latest = *at
		}
	}
	return t.now.Sub(latest) >= t.rules.operatorIdle
}

func (s *Service) goOnRefunding(ctx context.Context) error {
	rows, err := s.q.PendingRefunds(ctx, s.db.Worker())
	if err != nil {
		return fmt.Errorf("find refunds: %w", err)
	}
	var failures []error
	for _, r := range rows {
		failures = append(failures, s.refund(ctx, r.CompanyID, r.ID))
	}
	return errors.Join(failures...)
}

func (s *Service) forgetKeys(ctx context.Context) error {
	for {
		n, err := s.q.ForgetKeys(ctx, s.db.Worker(), s.clock.Now().Add(-keepKeys))
		if err != nil || n == 0 {
			return wrap("forget keys", err)
		}
	}
}

// Handlers are what chats do when something happens elsewhere.
func (s *Service) Handlers() []events.Handler {
	return []events.Handler{
		events.On(func(ctx context.Context, tx *db.Tx, e events.Of[account.MembershipChanged]) error {
			s.people.drop(func(k personKey) bool { return k.companyID == e.CompanyID && k.userID == e.Event.UserID })
			s.wakeTx(tx, e.CompanyID) // a limit may have been raised
			if e.Event.Blocked || e.Event.Removed || !e.Event.Operator {
				return s.leaveTx(ctx, tx, e.CompanyID, e.Event.UserID)
			}
			return nil
		}),
		events.On(func(ctx context.Context, tx *db.Tx, e events.Of[contact.Changed]) error {
			return s.renameTx(ctx, tx, e.CompanyID, e.Event)
		}),
	}
}

// renameTx keeps name and tags of a contact in the lines of its dialogs.
func (s *Service) renameTx(ctx context.Context, tx *db.Tx, companyID int64, c contact.Changed) error {
	rows, err := s.q.RenameContact(ctx, tx, chatdb.RenameContactParams{
		CompanyID: companyID, ContactID: c.ContactID, Name: c.Name, Tags: c.Tags,
	})
	if err != nil {
		return fmt.Errorf("rename contact in its dialogs: %w", err)
	}
	for _, row := range rows {
		t := &thread{s: s, tx: tx, dialog: chatdb.Dialog{CompanyID: companyID, ID: row.DialogID}, head: row, was: row}
		if _, err := t.tell(ctx); err != nil {
			return err
		}
	}
	return nil
}
