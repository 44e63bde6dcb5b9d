package idempotency

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Header names the client's key; Replayed marks an answer that was stored.
const (
	Header   = "Idempotency-Key"
	Replayed = "Idempotent-Replayed"
)

const (
	longestKey  = 255
	defaultBody = 1 << 20
	firstLook   = 20 * time.Millisecond
	slowestLook = 320 * time.Millisecond
	storeWithin = 5 * time.Second
)

// Options tune a store; zero values fit.
type Options struct {
	Keep  time.Duration // how long answers are told again; 0 is 24 hours
	Stale time.Duration // after which a claim's node is taken for dead; 0 is 2 minutes, more than any request lasts
	Wait  time.Duration // how long to wait for a request at work; 0 is 10 s
	Log   *slog.Logger
}

// Store keeps keys and answers.
type Store struct {
	db      *db.DB
	clock   clock.Clock
	options Options
	log     *slog.Logger
}

// New returns a store on the database.
func New(d *db.DB, c clock.Clock, o Options) *Store {
	o.Keep = cmp.Or(o.Keep, 24*time.Hour)
	o.Stale = cmp.Or(o.Stale, 2*time.Minute)
	o.Wait = cmp.Or(o.Wait, 10*time.Second)
	log := o.Log
	if log == nil {
		log = slog.Default()
	}
	return &Store{db: d, clock: c, options: o, log: log}
}

// Scope says within what a key means the same.
type Scope struct {
	CompanyID int64  // 0 outside a company
	Principal string // "user:7"
	Route     string // "POST /api/v1/companies/{company}/chats"
	MaxBody   int64  // bytes; 0 is 1 MiB
}

type keyOf struct{}

// Key returns the Idempotency-Key of the request at work, or "".
func Key(ctx context.Context) string {
	key, _ := ctx.Value(keyOf{}).(string)
	return key
}

// Serve answers r by next, or by what next has answered before. Call it when
// the actor and their permission are known. An error means that nothing was
// written yet.
//
// Requests without a key go straight to next, and so do uploads: hashing one
// means holding it in memory, and a file that was sent twice does no harm.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request, scope Scope, next http.Handler) error {
	key := r.Header.Get(Header)
	if key == "" || r.Method != http.MethodPost || strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		next.ServeHTTP(w, r)
		return nil
	}
	if !usable(key) {
		return fault.Field(Header, fault.BadFormat, "Use 1 to 255 printable ASCII characters, such as a UUID.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, cmp.Or(scope.MaxBody, defaultBody)))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.New(fault.TooLarge, "The request is larger than %d bytes.", large.Limit)
	}
	if err != nil {
		return fault.New(fault.Invalid, "The request broke off.")
	}
	c := claim{Scope: scope, key: key, hash: hash(r, body)}
	stored, err := s.claim(r.Context(), &c)
	if err != nil {
		return err
	}
	if stored != nil {
		stored.replay(w)
		return nil
	}
	r = r.WithContext(context.WithValue(r.Context(), keyOf{}, key))
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.work(w, r, c, next)
	return nil
}

// work runs next and settles the claim, also when next panics.
func (s *Store) work(w http.ResponseWriter, r *http.Request, c claim, next http.Handler) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), storeWithin+s.options.Stale)
	defer cancel()
	answered := false
	defer func() {
		if !answered {
			s.settled(ctx, s.release(ctx, c))
		}
	}()
	rec := &recorder{header: http.Header{}}
	next.ServeHTTP(rec, r)
	answered = true
	if a := rec.answer(); a.status >= 200 && a.status < 300 {
		s.settled(ctx, s.keep(ctx, c, a))
	} else {
		s.settled(ctx, s.release(ctx, c))
	}
	rec.copyTo(w)
}

// settled only logs: the work is done, and the client must hear of it.
func (s *Store) settled(ctx context.Context, err error) {
	if err != nil {
		s.log.ErrorContext(ctx, "idempotency key was not settled", "error", err)
	}
}

func usable(key string) bool {
	if len(key) > longestKey {
		return false
	}
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return false
		}
	}
	return true
}

// hash is of all that makes a request what it is: a route's path may name
// different things.
func hash(r *http.Request, body []byte) []byte {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(r.URL.EscapedPath()), []byte(r.URL.RawQuery), []byte(r.Header.Get("Content-Type")), []byte(r.Header.Get("If-Match")), body} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	return h.Sum(nil)
}
