package account

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
)

// What is remembered in memory, and for how long at most. Access must follow
// a change within a second, the reading of the clock included.
const (
	accessTTL  = 800 * time.Millisecond
	companyTTL = 2 * time.Second
)

// Options tune a service; zero values fit.
type Options struct {
	// PasswordCost is what a new password hash costs; see [DefaultCost].
	PasswordCost Cost
	// AccessEnded is called after commit on the node where access ended, to
	// end live sockets at once.
	AccessEnded func(AccessEnded)
	// ChangeCurrencyTx lets the owner of the money agree to another currency
	// of a company, or refuse with a fault. Without it a currency is fixed.
	ChangeCurrencyTx func(ctx context.Context, tx *db.Tx, companyID int64, currency string) error
	// Outbox takes codes and letters; without it there is no way to people.
	Outbox Outbox
	// Routes keeps the ways out that the set-up page sets; nil: none can be set.
	Routes Routes
	// Address is where people reach the installation, such as
	// https://parley.example, for links in letters.
	Address string
	// CodeKey keys the hashes of codes, which are too short for plain ones.
	CodeKey []byte
	// Pause slows down doubtful sign-ins; nil waits by the machine's clock.
	Pause func(ctx context.Context, d time.Duration) error
	Log   *slog.Logger
}

// AccessEnded says whose live connections must end: those of the named
// sign-ins or, without any, all of the user's in the company.
type AccessEnded struct {
	UserID    int64
	CompanyID int64 // 0: in every company
	SignInIDs []uuid.UUID
}

// Service does what the package is for.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	log       *slog.Logger
	options   Options
	passwords *hasher
	pause     func(ctx context.Context, d time.Duration) error

	installed atomic.Bool // once it is, it stays so

	companies *cache[int64, Company]
	signIns   *cache[tokenHash, signIn]
	members   *cache[memberKey, membership]
}

// New returns a service on the database.
func New(d *db.DB, c clock.Clock, o Options) *Service {
	log := o.Log
	if log == nil {
		log = slog.Default()
	}
	if o.Pause == nil {
		o.Pause = pause
	}
	if o.Outbox == nil {
		o.Outbox = nowhere{}
	}
	o.Address = strings.TrimRight(o.Address, "/")
	return &Service{
		db: d, clock: c, log: log, options: o,
		passwords: newHasher(o.PasswordCost),
		pause:     o.Pause,
		companies: newCache[int64, Company](c, companyTTL),
		signIns:   newCache[tokenHash, signIn](c, accessTTL),
		members:   newCache[memberKey, membership](c, accessTTL),
	}
}

func (s *Service) now() time.Time { return s.clock.Now().Truncate(time.Microsecond) }

// trusted is for statements over companies.
func (s *Service) trusted() *accountdb.Queries { return accountdb.New(s.db.Worker()) }

func (s *Service) accessEnded(e AccessEnded) {
	if s.options.AccessEnded != nil {
		s.options.AccessEnded(e)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
