package httpx

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"parley/internal/access"
	"parley/internal/platform/fault"
)

type requestIDKey struct{}

// RequestID names the request in logs and error documents.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// Chain wraps h in handlers, the first outermost.
func Chain(h http.Handler, with ...func(http.Handler) http.Handler) http.Handler {
	for i := len(with) - 1; i >= 0; i-- {
		h = with[i](h)
	}
	return h
}

// Identify gives each request an id and answers panics as "internal".
func Identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := uuid.NewString()
		w.Header().Set("X-Request-Id", id)
		r = r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
		defer func() {
			switch e := recover(); e {
			case nil:
			case http.ErrAbortHandler:
				panic(e)
			default:
				slog.ErrorContext(r.Context(), "panic", "route", r.Method+" "+r.URL.Path, "request_id", id, "panic", e, "stack", string(debug.Stack()))
				WriteProblem(w, r, fault.New(fault.Internal, "Something went wrong on our side."))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// Harden sets the headers that every answer carries. Pages set their own
// Content-Security-Policy on top, and what may be kept says so itself.
func Harden(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
		next.ServeHTTP(w, r)
	})
}

// StayOnTLS tells browsers to come by https only, for a year (RFC 6797). It is
// for installations whose public address is https; browsers heed it over TLS only.
func StayOnTLS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		next.ServeHTTP(w, r)
	})
}

// SameOrigin refuses requests that change something and come from a page of
// another origin. What visitors' pages call goes without cookies and is let
// through by its path.
func SameOrigin(open ...string) func(http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	for _, pattern := range open {
		protection.AddInsecureBypassPattern(pattern)
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		WriteProblem(w, r, fault.New(fault.Forbidden, "The request comes from a page of another site."))
	}))
	return protection.Handler
}

type identity struct {
	sync.Once
	actor access.Actor
	err   error
}

type identityKey struct{}

// Remember makes room to find out once per request who asks.
func Remember(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), identityKey{}, &identity{})))
	})
}

func userOf(r *http.Request, auth Authenticator) (access.Actor, error) {
	known, ok := r.Context().Value(identityKey{}).(*identity)
	if !ok {
		return auth.Authenticate(r)
	}
	known.Do(func() { known.actor, known.err = auth.Authenticate(r) })
	return known.actor, known.err
}

// User returns who asks; see [Authenticator.Authenticate].
func (a *API) User(r *http.Request) (access.Actor, error) { return userOf(r, a.auth) }

// Member returns who asks as a member of the company; for plain handlers.
func (a *API) Member(r *http.Request, companyID int64) (access.Actor, error) {
	user, err := userOf(r, a.auth)
	if err != nil {
		return access.Actor{}, err
	}
	return a.auth.InCompany(r.Context(), user, companyID)
}

// Limiter allows each key so many requests a second, with a burst of twice
// that. It forgets keys that were quiet, so its memory is bounded by traffic.
type Limiter struct {
	perSecond float64
	mu        sync.Mutex
	keys      map[string]*limit
	swept     time.Time
}

type limit struct {
	*rate.Limiter
	seen time.Time
}

// NewLimiter returns a limiter; zero perSecond means no limit.
func NewLimiter(perSecond float64) *Limiter {
	return &Limiter{perSecond: perSecond, keys: map[string]*limit{}}
}

// Allow takes one request of key at the instant; false says how long to wait.
func (l *Limiter) Allow(key string, now time.Time) (bool, time.Duration) {
	if l.perSecond <= 0 {
		return true, 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > time.Minute {
		for k, v := range l.keys {
			if now.Sub(v.seen) > time.Minute {
				delete(l.keys, k)
			}
		}
		l.swept = now
	}
	one, ok := l.keys[key]
	if !ok {
		one = &limit{Limiter: rate.NewLimiter(rate.Limit(l.perSecond), int(2*l.perSecond)+1)}
		l.keys[key] = one
	}
	one.seen = now
	reservation := one.ReserveN(now, 1)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return false, wait
	}
	return true, 0
}

// Middleware limits requests by what key makes of them.
func (l *Limiter) Middleware(key func(r *http.Request) string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if ok, wait := l.Allow(key(r), time.Now()); !ok {
				WriteProblem(w, r, fault.New(fault.RateLimited, "Too many requests. Try again in a moment.").After(wait))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
