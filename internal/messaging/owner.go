package messaging

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"parley/internal/channel"
	"parley/internal/connection"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/platform/lease"
)

const (
	lookForGateways = 2 * time.Second
	inFlight        = 1000 // messages at a gateway that wait for the network
	claimAtOnce     = 500
	lookForWork     = 250 * time.Millisecond
	answerWithin    = time.Minute
	keepTrying      = 20 * time.Second // to store answers when we end
	noteHealth      = 5 * time.Second
)

// Run keeps the gateways that this node owns until ctx ends. Any number of
// nodes may run it: a lease keeps them apart.
func (s *Service) Run(ctx context.Context) {
	leases := lease.New(s.DB, s.Log)
	kept := map[uuid.UUID]*keeper{}
	for ctx.Err() == nil {
		if err := s.follow(ctx, leases, kept); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "gateways cannot be read", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookForGateways):
		}
	}
	for _, k := range kept {
		k.end()
	}
}

// keeper keeps one version of one gateway.
type keeper struct {
	version int
	stop    context.CancelFunc
	done    chan struct{}
}

func (k *keeper) end() {
	k.stop()
	<-k.done
}

// follow begins what is new and ends what has changed or gone.
func (s *Service) follow(ctx context.Context, leases *lease.Leases, kept map[uuid.UUID]*keeper) error {
	ways, err := s.Gateways.Active(ctx)
	if err != nil {
		return err
	}
	current := map[uuid.UUID]int{}
	for _, w := range ways {
		current[w.ID] = w.Version
	}
	for id, k := range kept {
		if version, ok := current[id]; !ok || version != k.version {
			k.end()
			delete(kept, id)
		}
	}
	for _, w := range ways {
		if kept[w.ID] != nil {
			continue
		}
		running, stop := context.WithCancel(ctx)
		k := &keeper{version: w.Version, stop: stop, done: make(chan struct{})}
		kept[w.ID] = k
		go func() {
			defer close(k.done)
			leases.Hold(running, "gateway:"+w.ID.String(), func(ctx context.Context) { s.own(ctx, w) })
		}()
	}
	return nil
}

// owner works one gateway while its node holds the lease.
type owner struct {
	*Service
	way     connection.Way
	wire    Wire
	bell    <-chan struct{}
	flying  atomic.Int64
	sends   sync.WaitGroup
	results chan result
	settled chan chan struct{} // who waits until all results so far are stored
	freed   chan struct{}
}

// result is what became of handing a message over.
type result struct {
	row  messagingdb.ClaimRow
	sent channel.Sent
	err  error
}

func (s *Service) own(ctx context.Context, w connection.Way) {
	wire, err := s.Open(w)
	if err != nil {
		s.Log.ErrorContext(ctx, "gateway cannot be opened", "gateway", w.ID, "error", err)
		_ = s.Gateways.NoteHealth(ctx, w, false, err.Error())
		<-ctx.Done()
		return
	}
	bell, quiet := s.bells.listen(w.ID)
	defer quiet()
	o := &owner{
		Service: s, way: w, wire: wire, bell: bell, results: make(chan result, inFlight),
		settled: make(chan chan struct{}), freed: make(chan struct{}, 1),
	}
	if !o.recovered(ctx) {
		return
	}
	var loops sync.WaitGroup
	ended := make(chan struct{})
	loops.Go(func() { wire.Run(ctx, o.receive) })
	loops.Go(func() { o.health(ctx) })
	loops.Go(func() { o.applyEarly(ctx) })
	collected := make(chan struct{})
	go func() {
		defer close(collected)
		o.collect(ctx, ended)
	}()
	o.feed(ctx)
	o.sends.Wait()
	loops.Wait()
	close(ended)
	<-collected
}

// recovered settles what a former owner had claimed: it was perhaps sent.
func (o *owner) recovered(ctx context.Context) bool {
	for ctx.Err() == nil {
		n, err := o.recoverSome(ctx)
		switch {
		case err != nil:
			o.Log.ErrorContext(ctx, "claimed messages cannot be recovered", "gateway", o.way.ID, "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		case n == 0:
			return true
		}
	}
	return false
}

func (o *owner) recoverSome(ctx context.Context) (int, error) {
	rows, err := o.q.Unfinished(ctx, o.DB.Worker(), messagingdb.UnfinishedParams{GatewayID: o.way.ID, Most: claimAtOnce})
	if err != nil {
		return 0, fmt.Errorf("read unfinished messages: %w", err)
	}
	list := make([]result, 0, len(rows))
	for _, r := range rows {
		failure := &channel.SendError{Reason: channel.InDoubt, Fault: channel.OurFault, Detail: "the program stopped before the answer came"}
		list = append(list, result{row: claimOf(r), err: failure})
	}
	return len(rows), o.finish(ctx, list)
}

func claimOf(r messagingdb.UnfinishedRow) messagingdb.ClaimRow {
	return messagingdb.ClaimRow{
		CompanyID: r.CompanyID, ID: r.ID, Channel: r.Channel, CampaignID: r.CampaignID, Step: r.Step, Item: r.Item,
		Parts: r.Parts, Tries: r.Tries, Resend: r.Resend, ExpiresAt: r.ExpiresAt,
	}
}

// feed claims what is due and hands it to the network, as long as there is room.
func (o *owner) feed(ctx context.Context) {
	for ctx.Err() == nil {
		room := min(inFlight-int(o.flying.Load()), claimAtOnce)
		if up, _ := o.wire.State(); up && room >= claimAtOnce/2 {
			n, err := o.claim(ctx, room)
			if err != nil && ctx.Err() == nil {
				o.Log.ErrorContext(ctx, "messages cannot be claimed", "gateway", o.way.ID, "error", err)
			}
			if n == room {
				continue
			}
		}
		select {
		case <-ctx.Done():
		case <-o.bell:
		case <-o.freed:
		case <-time.After(lookForWork):
		}
	}
}

func (o *owner) claim(ctx context.Context, most int) (int, error) {
	rows, err := o.q.Claim(ctx, o.DB.Worker(), messagingdb.ClaimParams{GatewayID: o.way.ID, Now: o.Clock.Now(), Most: int32(most)})
	if err != nil {
		return 0, fmt.Errorf("claim messages: %w", err)
	}
	for _, row := range rows {
		o.flying.Add(1)
		o.sends.Go(func() { o.send(ctx, row) })
	}
	return len(rows), nil
}

// send hands one message over. The answer is waited for even when ctx ends.
func (o *owner) send(ctx context.Context, row messagingdb.ClaimRow) {
	r := result{row: row}
	defer func() { o.results <- r }()
	left := row.ExpiresAt.Sub(o.Clock.Now())
	if left <= 0 {
		r.err = errTooLate
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
	defer cancel()
	p := Packet{ID: row.ID, From: row.Sender, To: row.Recipient, Subject: row.Subject, Text: row.Body, HTML: row.Html, Lifetime: left}
	if row.CampaignID != nil {
		if p, r.err = o.render(ctx, row, p); r.err != nil {
			return
		}
	}
	r.sent, r.err = o.wire.Send(ctx, p)
}

// collect stores results, as many at once as have come meanwhile, until all
// that was sent has been answered.
func (o *owner) collect(ctx context.Context, ended <-chan struct{}) {
	for {
		var batch []result
		select {
		case r := <-o.results:
			batch = o.drain(append(batch, r))
		case who := <-o.settled:
			o.store(ctx, o.drain(nil))
			close(who)
			continue
		case <-ended:
			o.store(ctx, o.drain(nil))
			return
		}
		o.store(ctx, batch)
	}
}

func (o *owner) drain(batch []result) []result {
	for len(batch) < claimAtOnce {
		select {
		case r := <-o.results:
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

// store tries until results are stored. What cannot be stored stays claimed,
// and the gateway's next owner finds it in doubt.
func (o *owner) store(ctx context.Context, batch []result) {
	if len(batch) == 0 {
		return
	}
	storing, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(keepTrying, cancel) })
	defer stop()
	for pause := 100 * time.Millisecond; storing.Err() == nil; pause = min(2*pause, 5*time.Second) {
		err := o.finish(storing, batch)
		if err == nil {
			break
		}
		o.Log.ErrorContext(ctx, "answers of a network cannot be stored and are tried again", "gateway", o.way.ID, "messages", len(batch), "error", err)
		select {
		case <-storing.Done():
		case <-time.After(pause):
		}
	}
	o.flying.Add(-int64(len(batch)))
	select {
	case o.freed <- struct{}{}:
	default:
	}
}

// settle waits until the answers that have come so far are stored.
func (o *owner) settle(ctx context.Context) {
	done := make(chan struct{})
	select {
	case o.settled <- done:
		<-done
	case <-ctx.Done():
	}
}

// health writes down whether the connection stands.
func (o *owner) health(ctx context.Context) {
	for {
		up, reason := o.wire.State()
		problem := ""
		if !up && reason != nil {
			problem = reason.Error()
		}
		if err := o.Gateways.NoteHealth(ctx, o.way, up, problem); err != nil && ctx.Err() == nil {
			o.Log.WarnContext(ctx, "health of gateway cannot be stored", "gateway", o.way.ID, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(noteHealth):
		}
	}
}
