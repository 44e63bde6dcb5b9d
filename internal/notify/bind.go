package notify

import (
	"context"
	"time"

	"parley/internal/channel"
	"parley/internal/notify/internal/notifydb"
	"parley/internal/platform/lease"
)

// smsLease is held by the node that has the connection to the SMS network: most
// networks allow a login one.
const smsLease = "notify.sms"

// Run sends codes and takes receipts until ctx ends. Any number of nodes may
// run it: one of them has the connection, and another takes over when it dies.
func (s *Service) Run(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.keepSwept(ctx)
	}()
	lease.New(s.db, s.log).Hold(ctx, smsLease, s.sendWhileConnected)
	<-done
}

// sendWhileConnected keeps the connection to the SMS network and sends codes
// over it until ctx ends.
func (s *Service) sendWhileConnected(ctx context.Context) {
	loops := make(chan struct{}, senders)
	for range senders {
		go func() {
			s.loop(ctx)
			loops <- struct{}{}
		}()
	}
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for ctx.Err() == nil {
		if err := s.connect(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "SMS route cannot be used", "error", err)
		}
		s.noteBind(ctx)
		select {
		case <-ctx.Done():
		case <-t.C:
		}
	}
	s.use(nil)
	for range senders {
		<-loops
	}
}

// keepSwept ends what is over, also on nodes without the connection.
func (s *Service) keepSwept(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for ctx.Err() == nil {
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "codes could not be swept", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-t.C:
		}
	}
}

// connect follows the route: a new one gets a connection of its own.
func (s *Service) connect(ctx context.Context) error {
	r, err := s.current(ctx, s.q)
	if err != nil {
		return err
	}
	was := s.codeSender()
	if was == nil && r.sms.URL == "" || was != nil && was.route == r.sms {
		return nil
	}
	if r.sms.URL == "" {
		s.use(nil)
		return s.q.ForgetWay(ctx, "sms")
	}
	adapter, network, err := s.options.OpenSMS(r.sms.URL)
	if err != nil {
		return err
	}
	// The old connection is gone before there is a new one, for both may have
	// the same login.
	s.use(nil)
	running, stop := context.WithCancel(ctx)
	next := &sender{adapter, network, r.sms, stop, make(chan struct{})}
	go func() {
		defer close(next.done)
		adapter.Run(running, func(ctx context.Context, list []channel.Receipt) error { return s.receive(ctx, network, list) })
	}()
	s.use(next)
	s.wake()
	return nil
}

// use makes a connection the one that codes take and ends the one before.
func (s *Service) use(next *sender) {
	s.mu.Lock()
	was := s.sender
	s.sender = next
	s.mu.Unlock()
	if was != nil {
		was.stop()
		<-was.done
	}
}

func (s *Service) codeSender() *sender {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sender
}

// connected is implemented by adapters that know whether their connection
// stands.
type connected interface {
	State() (up bool, reason error)
}

// noteBind writes down how the connection fares, for the page of routes.
func (s *Service) noteBind(ctx context.Context) {
	to := s.codeSender()
	if to == nil {
		return
	}
	c, ok := to.adapter.(connected)
	if !ok {
		return
	}
	up, reason := c.State()
	if !up && reason == nil {
		return // it is being opened for the first time
	}
	s.noteWay(ctx, "sms", reason)
}

// noteWay writes down whether a way out works; nil is that it does. The
// statement writes only what is news.
func (s *Service) noteWay(ctx context.Context, kind string, reason error) {
	p := notifydb.NoteWayParams{Kind: kind, Up: reason == nil, Node: node(), Now: s.clock.Now()}
	if reason != nil {
		p.Error = reason.Error()
	}
	if err := s.q.NoteWay(ctx, p); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "state of a route could not be noted", "route", kind, "error", err)
	}
}
