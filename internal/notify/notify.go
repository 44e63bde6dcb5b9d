package notify

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/internal/account"
	"parley/internal/channel"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/notify/internal/notifydb"
	"parley/internal/platform/blob"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/jobs"
	"parley/internal/platform/realtime"
	"parley/internal/platform/secret"
)

const (
	keepLetters  = 365 * 24 * time.Hour
	keepCodes    = 30 * 24 * time.Hour
	keepReceipts = 24 * time.Hour
	attempts     = 12 // over about a day
)

// Options say who writes to people and how letters and codes leave.
type Options struct {
	Platform string // its name, in subjects and texts
	Address  string // of the web app, such as https://parley.example
	Secrets  *secret.Box
	Files    *blob.Store // where attached files lie
	Log      *slog.Logger

	// Mail and SMS are the ways out by the settings; where one is empty, what
	// SaveRoutes has stored counts.
	Mail MailRoute
	SMS  SMSRoute
	// OpenMail and OpenSMS make a way out of its URL; errors never quote the
	// URL. OpenSMS also names the network without secrets.
	OpenMail func(url string) (Mailer, error)
	OpenSMS  func(url string) (a channel.Adapter, network string, err error)

	Caps Caps
	// CodePrice is about what a code costs, in the platform's currency, for
	// warnings; 0 is unknown.
	CodePrice money.Amount
	// Gather is how long refusals are counted before administrators hear of
	// them; 0 is a minute.
	Gather time.Duration
}

// Mailer hands letters to a mail server.
type Mailer interface {
	Send(ctx context.Context, l channel.Letter) error
}

// Service tells people. It implements account.Outbox.
type Service struct {
	db       *db.DB
	q        *notifydb.Queries
	clock    clock.Clock
	accounts *account.Service
	ledger   *ledger.Service
	queue    *jobs.Queue
	live     *realtime.Hub // nil tells nobody
	letters  *renderer
	options  Options
	log      *slog.Logger

	codes    chan struct{} // a code may be due
	refusals chan refused  // for the alarm

	mu     sync.Mutex
	routes routes
	sender *sender // of codes; nil without a route or before Run
}

var _ account.Outbox = (*Service)(nil)

// Deps are what a service works with. Without Ledger it has no notices to
// show, without Live it tells open pages nothing.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Accounts *account.Service
	Ledger   *ledger.Service
	Queue    *jobs.Queue
	Live     *realtime.Hub
}

// New returns a service; Subscribe, Work and Run connect it.
func New(d Deps, o Options) (*Service, error) {
	letters, err := newRenderer()
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Caps = o.Caps.orDefaults()
	o.Gather = cmp.Or(o.Gather, time.Minute)
	return &Service{
		db: d.DB, q: notifydb.New(d.DB.Worker()), clock: d.Clock, accounts: d.Accounts, ledger: d.Ledger, queue: d.Queue, live: d.Live,
		letters: letters, options: o, log: o.Log,
		codes: make(chan struct{}, 1), refusals: make(chan refused, 64),
	}, nil
}

// Subscribe names the facts that users hear of.
func (s *Service) Subscribe(bus *events.Bus) {
	bus.Subscribe("notify", events.On(s.signInLocked), events.On(s.balanceLow), events.On(s.exhausted), events.On(s.restored))
}

// Work names the jobs.
func (s *Service) Work() {
	jobs.Handle(s.queue, func(ctx context.Context, a sendLetter) error { return s.send(ctx, a.LetterID) })
	jobs.Handle(s.queue, s.forget)
	jobs.Periodic(s.queue, 24*time.Hour, forgetOld{})
}

type forgetOld struct{}

func (forgetOld) Kind() string { return "notify.forget_letters" }

func (s *Service) forget(ctx context.Context, _ forgetOld) error {
	now := s.clock.Now()
	if _, err := s.q.DeleteOldLetters(ctx, now.Add(-keepLetters)); err != nil {
		return err
	}
	if err := s.q.ForgetCodes(ctx, now.Add(-keepCodes)); err != nil {
		return err
	}
	if err := s.q.ForgetReceipts(ctx, now.Add(-keepReceipts)); err != nil {
		return err
	}
	if err := s.q.ForgetNotices(ctx, now.Add(-keepNotices)); err != nil {
		return err
	}
	return s.q.ForgetCounts(ctx, now.Add(-2*longestSpan))
}
