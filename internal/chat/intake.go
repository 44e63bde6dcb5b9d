package chat

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/google/uuid"

	"parley/internal/chat/internal/chatdb"
	"parley/internal/metering"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

// How messages of contacts are gathered. On a quiet server there is no waiting:
// what arrives while transactions run makes the next one, so that a message is
// stored at once where there is little to do, and where there is much a
// transaction, its wallet and the disk are paid for many.
const (
	gatherMost   = 64 // messages a transaction
	gatherRuns   = 2  // transactions of a company at a time, so that the disk is not waited for in turn
	gatherWithin = 10 * time.Second
	turnWithin   = 50 * time.Millisecond // then it is no longer waited for: somebody may be stuck behind a lock
)

// arrival is a message of a contact on its way into the database.
type arrival struct {
	in     Inbound
	thread *thread
	m      Message
	stored bool
	err    error
	done   chan struct{}
}

// intake holds what has arrived and is not being stored yet.
type intake struct {
	turns chan struct{} // of the transactions that run, whosever they are
	mu    sync.Mutex
	lines map[int64]*arrivals
}

type arrivals struct {
	waiting []*arrival
	running int
}

func newIntake() *intake {
	return &intake{turns: make(chan struct{}, runtime.GOMAXPROCS(0)+1), lines: map[int64]*arrivals{}}
}

// gather stores a message in the next transaction of its company. It is not
// stored, and no error, when there is no open session to take it or its key is
// there already.
func (s *Service) gather(ctx context.Context, in Inbound) (*arrival, error) {
	a := &arrival{in: in, done: make(chan struct{})}
	if s.intake.add(a) {
		go s.drain(in.CompanyID)
	}
	select {
	case <-a.done:
		return a, a.err
	case <-ctx.Done():
		return a, ctx.Err() // it may be stored yet: its sender comes again with the same key
	}
}

// add lines the message up and says whether another transaction shall run.
func (i *intake) add(a *arrival) (run bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	line := i.lines[a.in.CompanyID]
	if line == nil {
		line = &arrivals{}
		i.lines[a.in.CompanyID] = line
	}
	line.waiting = append(line.waiting, a)
	if line.running == gatherRuns {
		return false
	}
	line.running++
	return true
}

// more says whether anything waits; without, the run ends.
func (i *intake) more(companyID int64) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	line := i.lines[companyID]
	if len(line.waiting) > 0 {
		return true
	}
	if line.running--; line.running == 0 {
		delete(i.lines, companyID)
	}
	return false
}

// take returns what the next transaction stores, of each visitor one message.
func (i *intake) take(companyID int64) []*arrival {
	i.mu.Lock()
	defer i.mu.Unlock()
	line := i.lines[companyID]
	var batch, left []*arrival
	taken := map[uuid.UUID]bool{}
	for _, a := range line.waiting {
		if len(batch) < gatherMost && !taken[a.in.Visitor] {
			taken[a.in.Visitor] = true
			batch = append(batch, a)
		} else {
			left = append(left, a)
		}
	}
	line.waiting = left
	return batch
}

func (s *Service) drain(companyID int64) {
	for s.intake.more(companyID) { // nobody takes a turn for nothing
		end := s.intake.turn()
		// The line's other run may have stored everything meanwhile.
		if batch := s.intake.take(companyID); len(batch) > 0 {
			ctx, cancel := context.WithTimeout(context.Background(), gatherWithin)
			s.storeAll(ctx, companyID, batch)
			cancel()
		}
		end()
	}
}

// turn waits until there are few transactions of this server, and not long.
// More of them at once than can work only make each smaller and dearer.
func (i *intake) turn() (end func()) {
	patience := time.NewTimer(turnWithin)
	defer patience.Stop()
	select {
	case i.turns <- struct{}{}:
		return func() { <-i.turns }
	case <-patience.C:
		return func() {}
	}
}

// storeAll stores a batch; when that fails each message is tried alone, so that
// one cannot spoil the others.
func (s *Service) storeAll(ctx context.Context, companyID int64, batch []*arrival) {
	err := s.store(ctx, companyID, batch)
	for _, a := range batch {
		if err != nil && len(batch) > 1 {
			a.err = s.store(ctx, companyID, []*arrival{a})
		} else if err != nil {
			a.err = err
		}
		close(a.done)
	}
}

func (s *Service) store(ctx context.Context, companyID int64, batch []*arrival) error {
	return s.db.InCompany(ctx, companyID, func(tx *db.Tx) error {
		byMessage, p, err := s.prepareTx(ctx, tx, companyID, batch)
		if err != nil || len(byMessage) == 0 {
			return err
		}
		rows, err := s.q.AppendContact(ctx, tx, p)
		if err != nil {
			return fmt.Errorf("append messages: %w", err)
		}
		charges := make([]metering.Charge, 0, len(rows))
		for _, row := range rows {
			a := byMessage[row.MessageID]
			a.m, a.stored = a.thread.appended(a.m, row), true
			charges = append(charges, inboundCharge(companyID, a.m))
		}
		// The wallet is locked last and shortest.
		if _, err := s.meter.CaptureChunkTx(ctx, tx, companyID, charges); err != nil {
			return err
		}
		for _, row := range rows {
			if _, err := byMessage[row.MessageID].thread.tell(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func inboundCharge(companyID int64, m Message) metering.Charge {
	return metering.Charge{CompanyID: companyID, Reference: m.ID, Item: pricing.ChatContactMessage, Quantity: 1, At: m.At}
}

// prepareTx makes the messages, and what the statement needs to store those
// whose chats are there.
func (s *Service) prepareTx(ctx context.Context, tx *db.Tx, companyID int64, batch []*arrival) (map[uuid.UUID]*arrival, chatdb.AppendContactParams, error) {
	now := s.clock.Now()
	p := chatdb.AppendContactParams{CompanyID: companyID, Channel: web, At: now}
	byMessage := make(map[uuid.UUID]*arrival, len(batch))
	for _, a := range batch {
		a.stored, a.err = false, nil
		r, err := s.rulesOfConnectionTx(ctx, tx, companyID, a.in.ConnectionID)
		switch {
		case fault.Is(err, fault.NotFound):
			a.err = err
			continue
		case err != nil:
			return nil, p, err
		case !r.active:
			a.err = errNoWidget
			continue
		}
		a.thread = &thread{s: s, tx: tx, rules: r, now: now}
		a.thread.dialog.Channel, a.thread.dialog.Address = web, a.in.Visitor.String()
		a.m = a.in.message(now)
		byMessage[a.m.ID] = a
		if err := addAppend(&p, a.in, a.m, r, now.Add(-r.lifetime)); err != nil {
			return nil, p, err
		}
	}
	return byMessage, p, nil
}

// message is the message that is going to be stored.
func (in Inbound) message(now time.Time) Message {
	m := Message{
		ID: id.New(now), Author: ByContact, Kind: Text, Text: in.Text, At: now, Key: &in.Key, Public: true, Attachments: []Attachment{},
	}
	if m.Text == "" {
		m.Kind = File
	}
	return m
}

// addAppend adds a message to those that one statement stores.
func addAppend(p *chatdb.AppendContactParams, in Inbound, m Message, r *rules, aliveAfter time.Time) error {
	data, err := extra{Attachments: m.Attachments}.encode()
	if err != nil {
		return err
	}
	p.Addresses, p.ChatIds = append(p.Addresses, in.Visitor.String()), append(p.ChatIds, r.id)
	p.Keys, p.MessageIds = append(p.Keys, in.Key), append(p.MessageIds, m.ID)
	p.AliveAfters, p.Kinds = append(p.AliveAfters, aliveAfter), append(p.Kinds, string(m.Kind))
	p.Texts, p.Data = append(p.Texts, m.Text), append(p.Data, string(data))
	p.Previews, p.Languages = append(p.Previews, preview(m.Text, m.Attachments)), append(p.Languages, in.Language)
	p.PageUrls, p.PageTitles = append(p.PageUrls, in.Page.URL), append(p.PageTitles, in.Page.Title)
	return nil
}

// appended moves the thread on over a contact's message that was stored, and
// returns it with where it stands.
func (t *thread) appended(m Message, row chatdb.AppendContactRow) Message {
	t.head = row.DialogHead
	if t.was.DialogID == uuid.Nil { // nothing but this message changes
		t.was = t.head
	}
	t.dialog.CompanyID, t.dialog.ID, t.dialog.ChatID = t.head.CompanyID, t.head.DialogID, t.head.ChatID
	t.dialog.LastPublicSeq, t.dialog.ContactReadSeq, t.dialog.OperatorReadSeq = row.PrevPublicSeq, row.ContactReadSeq, row.OperatorReadSeq
	m.DialogID, m.SessionID, m.Seq = t.head.DialogID, t.head.SessionID, t.head.LastSeq
	if since := t.head.WaitingSince; t.state() == Queued && since != nil && since.Equal(m.At.Truncate(time.Microsecond)) {
		t.wakeQueue() // they begin to wait; the session may have begun with a greeting
	}
	m = m.seenIn(aroundOf(t.dialog, t.head.ContactName))
	t.remember(m)
	return m
}
