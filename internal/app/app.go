package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/account"
	"parley/internal/billing"
	"parley/internal/chat"
	"parley/internal/chat/pass"
	"parley/internal/connection"
	"parley/internal/contact"
	"parley/internal/fee"
	"parley/internal/ledger"
	"parley/internal/messaging"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/blob"
	"parley/internal/platform/clientip"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/httpx"
	"parley/internal/platform/idempotency"
	"parley/internal/platform/jobs"
	"parley/internal/platform/realtime"
	"parley/internal/platform/secret"
	"parley/internal/pricing"
)

// Options are what the program is made of on this machine. DB, Files and
// Secrets are required.
type Options struct {
	DB      *db.DB
	Files   *blob.Store
	Secrets *secret.Box
	Clock   clock.Clock // nil is the machine's
	Metrics *prometheus.Registry
	Log     *slog.Logger
	// PostgresHealth is what the supervisor of a private Postgres knows to be
	// wrong; nil when there is none.
	PostgresHealth func() error

	PublicURL     string
	PlatformName  string
	Proxies       clientip.Proxies
	ManyNodes     bool
	MailURL       string // where letters go; empty leaves it to what is stored
	MailFrom      string
	SMSURL        string // where codes go; empty as above
	CodeCaps      notify.Caps
	CodePrice     money.Amount // of a code by SMS, about
	WelcomeCredit money.Amount
	LowBalance    int // as ledger.Options.LowAt
	Uploads       chat.UploadLimits
	TopUps        []string // as billing.ParseTopUps reads them
	ImportSize    int64    // bytes of a file of contacts; 0 is contact.DefaultImportSize
	DaysOff       []string // as billing.ParseDaysOff reads them
	PasswordCost  account.Cost
	RequestRate   float64 // requests a second that one user or address may make; 0 is no limit
}

// App is the program put together. Its services are for commands, the seed and
// tests; browsers and programs come through Handler.
type App struct {
	DB          *db.DB
	Clock       clock.Clock
	Bus         *events.Bus
	Queue       *jobs.Queue
	Live        *realtime.Hub
	Accounts    *account.Service
	Contacts    *contact.Service
	Importer    *contact.Importer
	Pricing     *pricing.Service
	Ledger      *ledger.Service
	Metering    *metering.Service
	Billing     *billing.Service
	Fees        *fee.Service
	Connections *connection.Service
	Gateways    *connection.Gateways
	Messaging   *messaging.Service
	Chats       *chat.Service
	Notify      *notify.Service
	API         *httpx.API
	Handler     http.Handler

	options Options
	keys    *idempotency.Store
	passes  *pass.Keys
	loops   sync.WaitGroup
	stop    context.CancelFunc
}

// New puts the program together. Nothing runs before Start.
func New(o Options) (*App, error) {
	if o.Clock == nil {
		o.Clock = clock.Real{}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	a := &App{DB: o.DB, Clock: o.Clock, options: o, stop: func() {}}
	var err error
	if a.Live, err = realtime.New(realtime.Options{Cluster: cluster(o), Metrics: o.Metrics}); err != nil {
		return nil, err
	}
	if a.Queue, err = jobs.New(o.DB, jobs.Options{Log: o.Log, Metrics: registerer(o)}); err != nil {
		return nil, err
	}
	a.Bus = events.New(o.DB, events.Options{Log: o.Log, Metrics: registerer(o)})
	if err := a.features(); err != nil {
		return nil, err
	}
	a.subscribe()
	a.work()
	return a, a.routes()
}

func cluster(o Options) *db.DB {
	if o.ManyNodes {
		return o.DB
	}
	return nil
}

// registerer avoids an interface that holds a nil pointer.
func registerer(o Options) prometheus.Registerer {
	if o.Metrics == nil {
		return nil
	}
	return o.Metrics
}

// features makes the services in their order: each knows those before it.
func (a *App) features() (err error) {
	o := a.options
	a.Accounts = account.New(o.DB, o.Clock, account.Options{
		PasswordCost: o.PasswordCost, Log: o.Log, Outbox: outbox{a}, Routes: routes{a},
		Address: o.PublicURL, CodeKey: o.Secrets.Derive("codes")[0],
		AccessEnded: func(e account.AccessEnded) { a.Live.DisconnectUser(e.UserID) },
		ChangeCurrencyTx: func(ctx context.Context, tx *db.Tx, companyID int64, currency string) error {
			return a.Ledger.ChangeCurrencyTx(ctx, tx, companyID, currency)
		},
	})
	a.Contacts = contact.New(o.DB, o.Clock, a.Accounts)
	a.Importer = contact.NewImporter(a.Contacts, o.Files, contact.ImportOptions{MaxSize: o.ImportSize, Log: o.Log})
	a.Pricing = pricing.New(o.DB, o.Clock, a.Accounts)
	a.Ledger = ledger.New(o.DB, o.Clock, a.Accounts, ledger.Options{
		WelcomeCredit: o.WelcomeCredit,
		LowAt:         o.LowBalance,
		TopUpURL:      o.PublicURL,
		Publish: func(companyID int64, b ledger.BalanceChanged) {
			a.Live.Publish(realtime.MoneyChannel(companyID), b)
		},
	})
	a.Metering = metering.New(o.DB, o.Clock, a.Accounts, a.Pricing, a.Ledger)
	topUps, err := billing.ParseTopUps(o.TopUps)
	if err != nil {
		return fmt.Errorf("PARLEY_TOP_UPS: %w", err)
	}
	daysOff, err := billing.ParseDaysOff(o.DaysOff)
	if err != nil {
		return fmt.Errorf("PARLEY_DAYS_OFF: %w", err)
	}
	a.Billing = billing.New(billing.Deps{
		DB: o.DB, Clock: o.Clock, Accounts: a.Accounts, Ledger: a.Ledger, Metering: a.Metering, Files: o.Files,
	}, billing.Options{Log: o.Log, TopUps: topUps, DaysOff: daysOff})
	a.Connections = connection.New(o.DB, o.Clock)
	a.Gateways = connection.NewGateways(o.DB, o.Clock, a.Accounts, o.Secrets, checkGateway)
	a.Messaging = messaging.New(messaging.Deps{
		DB: o.DB, Clock: o.Clock, Accounts: a.Accounts, Contacts: a.Contacts, Gateways: a.Gateways, Prices: a.Pricing,
		Metering: a.Metering, Open: a.openGateway, Log: o.Log,
	})
	a.passes = pass.New(o.Secrets.Derive("visitor passes")...)
	a.Chats = chat.New(chat.Deps{
		DB: o.DB, Clock: o.Clock, Accounts: a.Accounts, Contacts: a.Contacts, Connections: a.Connections,
		Metering: a.Metering, Files: o.Files, Live: a.Live, Passes: a.passes, PublicURL: o.PublicURL, Uploads: o.Uploads,
	})
	a.Notify, err = notify.New(notify.Deps{
		DB: o.DB, Clock: o.Clock, Accounts: a.Accounts, Ledger: a.Ledger, Queue: a.Queue, Live: a.Live,
	}, a.outgoing())
	a.Fees = fee.New(fee.Deps{
		DB: o.DB, Clock: o.Clock, Accounts: a.Accounts, Connections: a.Connections, Prices: a.Pricing, Metering: a.Metering, Notify: a.Notify, Log: o.Log,
	})
	a.keys = idempotency.New(o.DB, o.Clock, idempotency.Options{Log: o.Log})
	return err
}

// Start begins the background work of a node that does it, and what every node
// needs to serve browsers.
func (a *App) Start(ctx context.Context, worker bool) error {
	ctx, a.stop = context.WithCancel(context.WithoutCancel(ctx))
	for _, run := range a.everywhere() {
		a.loop(ctx, run)
	}
	if !worker {
		return nil
	}
	for _, run := range a.workers() {
		a.loop(ctx, run)
	}
	if err := a.Bus.Start(ctx); err != nil {
		return fmt.Errorf("start events: %w", err)
	}
	return a.Queue.Start(ctx)
}

func (a *App) loop(ctx context.Context, run func(context.Context)) {
	a.loops.Add(1)
	go func() {
		defer a.loops.Done()
		run(ctx)
	}()
}

// Leave ends the sockets, so that a web server can stop.
func (a *App) Leave(ctx context.Context) { _ = a.Live.Close(ctx) }

// Stop ends the background work: what runs is finished within ctx.
func (a *App) Stop(ctx context.Context) error {
	a.Bus.Stop()
	err := a.Queue.Stop(ctx)
	a.stop()
	done := make(chan struct{})
	go func() {
		a.loops.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		err = errors.Join(err, fmt.Errorf("background work did not end: %w", ctx.Err()))
	}
	return err
}
