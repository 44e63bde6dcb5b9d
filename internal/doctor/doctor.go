package doctor

import (
	"context"
	"time"

	"parley/internal/doctor/internal/doctordb"
	"parley/internal/platform/config"
)

// State says how a check ended.
type State string

// The states.
const (
	OK      State = "ok"
	Warning State = "warning"
	Problem State = "problem"
	Unknown State = "unknown"
)

// Finding is what one check has found.
type Finding struct {
	Check string `json:"check"`
	State State  `json:"state"`
	Says  string `json:"says"`         // one line
	Do    string `json:"do,omitempty"` // what helps
}

// Limits say from where on something is worth a word. New installations use Usual.
type Limits struct {
	FreeLow, FreeOut   int64 // bytes of disk that are a warning and a problem
	WAL                int64 // bytes of write-ahead log
	Skew               time.Duration
	Idle, Lock         time.Duration // of open transactions that do nothing, of waiting for a lock
	Running, Waiting   time.Duration // of jobs at work, and of due jobs that nobody takes
	Settler            time.Duration // from a charge to its entry
	Events             time.Duration
	Letters            time.Duration // a letter that waits
	SpareConnections   int
	Answer             time.Duration // what anything outside gets to answer
	DiscardedLookBack  time.Duration
	FailedLettersSince time.Duration
}

// Usual returns the limits for installations of any size.
func Usual() Limits {
	return Limits{
		FreeLow: 2 << 30, FreeOut: 200 << 20, WAL: 8 << 30, Skew: 2 * time.Second,
		Idle: 2 * time.Minute, Lock: 10 * time.Second, Running: 15 * time.Minute, Waiting: 5 * time.Minute,
		Settler: 30 * time.Second, Events: 2 * time.Minute, Letters: 15 * time.Minute,
		SpareConnections: 10, Answer: 10 * time.Second, DiscardedLookBack: 7 * 24 * time.Hour, FailedLettersSince: 24 * time.Hour,
	}
}

// Patient is the installation.
type Patient struct {
	Config *config.Config
	Limits Limits
	// Database is the address of the database as the owner of its tables; when
	// it is empty Trouble says why.
	Database string
	Trouble  error
	Bind     bool // try a bind with the SMSC, which may end the server's own
	Books    bool // recompute all money
}

// Examine makes all checks in their order and tells each finding. It reports
// whether none is a problem.
func Examine(ctx context.Context, p Patient, tell func(Finding)) bool {
	e := &examination{Patient: p, healthy: true, tell: tell}
	for _, c := range []check{
		{"address", e.address}, {"public_url", e.publicURL}, {"proxies", e.proxies},
		{"key_file", e.keyFile}, {"data_folder", e.dataFolder}, {"files", e.files}, {"disk", e.disk},
	} {
		e.make(ctx, c)
	}
	e.database(ctx)
	if e.db != nil {
		defer e.db.Close(ctx)
	}
	for _, c := range []check{{"mail", e.mail}, {"sms", e.sms}} {
		e.make(ctx, c)
	}
	return e.healthy
}

type check struct {
	name string
	make func(ctx context.Context) Finding
}

// examination is one run of all checks.
type examination struct {
	Patient
	db      *doctordb.Conn // nil when the database does not answer
	tables  bool           // the database has our tables as they are now
	tell    func(Finding)
	healthy bool
}

func (e *examination) make(ctx context.Context, c check) {
	ctx, cancel := context.WithTimeout(ctx, 3*e.Limits.Answer)
	defer cancel()
	f := c.make(ctx)
	f.Check = c.name
	if f.State == Problem {
		e.healthy = false
	}
	e.tell(f)
}

// The four ways to end a check.

func ok(says string) Finding { return Finding{State: OK, Says: says} }

func warning(says, do string) Finding { return Finding{State: Warning, Says: says, Do: do} }

func problem(says, do string) Finding { return Finding{State: Problem, Says: says, Do: do} }

func unknown(err error) Finding {
	return Finding{State: Unknown, Says: "It could not be looked at: " + err.Error() + "."}
}
