package account

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"parley/internal/platform/fault"
)

// Cost is what one Argon2id hash costs.
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
}

// DefaultCost is 19 MiB and two passes on one lane, the least that OWASP's
// password storage cheat sheet recommends: about 30 ms of one core.
var DefaultCost = Cost{MemoryKiB: 19 * 1024, Passes: 2}

// hashWait is how long a sign-in waits for its turn to be hashed.
const hashWait = 5 * time.Second

// hasher hashes few passwords at once, so that a flood of sign-ins queues
// instead of taking all memory and cores.
type hasher struct {
	params   argon2id.Params
	turns    chan struct{}
	stranger string // hash of nobody's password, for logins that nobody has
	hashed   atomic.Int64
}

func newHasher(c Cost) *hasher {
	if c == (Cost{}) {
		c = DefaultCost
	}
	h := &hasher{
		params: argon2id.Params{Memory: c.MemoryKiB, Iterations: c.Passes, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		turns:  make(chan struct{}, max(2, runtime.GOMAXPROCS(0))),
	}
	// No password is known to lead to these bytes.
	salt, key := strings.Repeat("A", 22), strings.Repeat("A", 43)
	h.stranger = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", c.MemoryKiB, c.Passes, salt, key)
	return h
}

func (h *hasher) hash(ctx context.Context, password string) (hash string, err error) {
	err = h.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(norm.NFKC.String(password), &h.params)
		return err
	})
	return hash, err
}

// check says whether the password leads to the hash, and whether the hash was
// made at another cost than today's.
func (h *hasher) check(ctx context.Context, password, hash string) (right, outdated bool, err error) {
	err = h.inTurn(ctx, func() error {
		match, params, err := argon2id.CheckHash(norm.NFKC.String(password), hash)
		if err != nil {
			return fmt.Errorf("check password hash: %w", err)
		}
		right, outdated = match, *params != h.params
		return nil
	})
	return right, outdated, err
}

var errBusy = fault.New(fault.Unavailable, "Too many people are signing in. Try again in a moment.").After(hashWait)

func (h *hasher) inTurn(ctx context.Context, work func() error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, hashWait, errBusy)
	defer cancel()
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		if cause := context.Cause(ctx); errors.Is(cause, errBusy) {
			return cause
		}
		return ctx.Err()
	}
	defer func() { <-h.turns }()
	h.hashed.Add(1)
	return work()
}
