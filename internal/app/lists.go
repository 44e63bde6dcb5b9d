package app

import (
	"context"
	"errors"
	"time"

	"parley/internal/account"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/jobs"
)

const (
	sealEvery  = 5 * time.Second
	keepEvents = 7 * 24 * time.Hour
)

// subscribe lists who reads which facts. Names are stored: do not change them.
func (a *App) subscribe() {
	a.Bus.Subscribe("account", events.On(a.Accounts.OnRecoveryAsked), events.On(a.Accounts.OnTextPublished))
	a.Bus.Subscribe("ledger", events.On(a.Ledger.OnCompanyCreated))
	a.Bus.Subscribe("billing", events.On(a.Billing.OnCompanyCreated), events.On(a.Billing.OnDeposited))
	a.Bus.Subscribe("chat", a.Chats.Handlers()...)
	a.Notify.Subscribe(a.Bus)
	a.Bus.Subscribe("papers", events.On(a.writeInvoice), events.On(a.writePayment))
	a.Bus.Subscribe("realtime", events.On(a.endSockets), events.On(a.endSignedOut))
}

// endSockets makes sockets be opened anew after a change of access that
// another node made.
func (a *App) endSockets(_ context.Context, tx *db.Tx, e events.Of[account.MembershipChanged]) error {
	if e.Event.AccessChanged || e.Event.Removed {
		tx.AfterCommit(func() { a.Live.DisconnectUser(e.Event.UserID) })
	}
	return nil
}

func (a *App) endSignedOut(_ context.Context, tx *db.Tx, e events.Of[account.SignedOut]) error {
	tx.AfterCommit(func() { a.Live.DisconnectUser(e.Event.UserID) })
	return nil
}

// everywhere lists the loops that each node runs for its own browsers.
func (a *App) everywhere() []func(context.Context) {
	return []func(context.Context){
		a.Ledger.TellBalances,
		a.Notify.Alarm,
		a.Chats.Run,
		a.watchDatabase,
	}
}

// watchDatabase keeps sockets only as long as the database answers.
func (a *App) watchDatabase(ctx context.Context) {
	a.DB.Watch(ctx, func(answers bool) {
		if answers {
			a.options.Log.Info("the database answers again")
			a.Live.Resume()
			return
		}
		a.options.Log.Error("the database does not answer: browsers are told to wait")
		a.Live.Pause()
	})
}

// workers lists the loops that any number of nodes may run.
func (a *App) workers() []func(context.Context) {
	return []func(context.Context){
		a.Metering.Run,
		a.Notify.Run,
		a.Messaging.Run,
		a.Messaging.Feed,
		a.Messaging.Sweep,
		a.Billing.Run,
		a.Fees.Run,
		a.Importer.Run,
		func(ctx context.Context) { a.Accounts.RunSealer(ctx, sealEvery) },
	}
}

type makePartitions struct{}

func (makePartitions) Kind() string { return "app.make_partitions" }

type forgetEvents struct{}

func (forgetEvents) Kind() string { return "app.forget_events" }

// work lists the jobs.
func (a *App) work() {
	a.Accounts.Jobs(a.Queue)
	a.Notify.Work()
	a.keys.Jobs(a.Queue)
	jobs.Handle(a.Queue, func(ctx context.Context, _ makePartitions) error {
		return errors.Join(a.Metering.MakePartitions(ctx), a.Chats.MakePartitions(ctx), a.Messaging.MakePartitions(ctx))
	})
	jobs.Periodic(a.Queue, 12*time.Hour, makePartitions{})
	jobs.Handle(a.Queue, func(ctx context.Context, _ forgetEvents) error {
		_, err := a.Bus.Sweep(ctx, a.Clock.Now().Add(-keepEvents))
		return err
	})
	jobs.Periodic(a.Queue, time.Hour, forgetEvents{})
}
