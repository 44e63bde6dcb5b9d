package idempotency_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/clock"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/platform/idempotency"
)

// shop counts its sales; each test has its own.
type shop struct {
	*idempotency.Store
	clock *clock.Fixed
	sales atomic.Int64
	serve func(w http.ResponseWriter, r *http.Request) // instead of selling
}

func newShop(t *testing.T, o idempotency.Options) *shop {
	t.Helper()
	s := &shop{clock: clock.At(time.Date(2026, 5, 31, 23, 59, 0, 0, time.UTC))}
	s.Store = idempotency.New(dbtest.New(t), s.clock, o)
	return s
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.serve != nil {
		s.serve(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Location", "/sales/1")
	w.Header().Set("X-Private", "of this request only")
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"sale":%d,"key":%q}`, s.sales.Add(1), idempotency.Key(r.Context()))
}

var scope = idempotency.Scope{CompanyID: 7, Principal: "user:1", Route: "POST /sales"}

func (s *shop) post(t *testing.T, scope idempotency.Scope, key, body string) (*httptest.ResponseRecorder, error) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/sales", strings.NewReader(body))
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	err := s.Serve(w, r, scope, s)
	return w, err
}

func TestReplay(t *testing.T) {
	t.Parallel()
	s := newShop(t, idempotency.Options{})
	first, err := s.post(t, scope, "k", "{}")
	require.NoError(t, err)
	require.Equal(t, 201, first.Code)
	require.JSONEq(t, `{"sale":1,"key":"k"}`, first.Body.String())
	require.Empty(t, first.Header().Get("Idempotent-Replayed"))
	require.NotEmpty(t, first.Header().Get("X-Private"))

	again, err := s.post(t, scope, "k", "{}")
	require.NoError(t, err)
	require.Equal(t, 201, again.Code)
	require.Equal(t, first.Body.String(), again.Body.String())
	require.Equal(t, "true", again.Header().Get("Idempotent-Replayed"))
	require.Equal(t, "application/json", again.Header().Get("Content-Type"))
	require.Equal(t, "/sales/1", again.Header().Get("Location"))
	require.Empty(t, again.Header().Get("X-Private"))

	_, err = s.post(t, scope, "k", `{"other":1}`)
	require.True(t, fault.Is(err, fault.KeyReused), "%v", err)
	require.EqualValues(t, 1, s.sales.Load())

	for _, other := range []idempotency.Scope{
		{CompanyID: 8, Principal: "user:1", Route: "POST /sales"},
		{CompanyID: 7, Principal: "user:2", Route: "POST /sales"},
		{CompanyID: 7, Principal: "user:1", Route: "POST /gifts"},
	} {
		w, err := s.post(t, other, "k", "{}")
		require.NoError(t, err)
		require.Empty(t, w.Header().Get("Idempotent-Replayed"), "a stranger's key is their own")
	}
	for range 2 {
		_, err := s.post(t, scope, "", "{}")
		require.NoError(t, err)
	}
	require.EqualValues(t, 6, s.sales.Load(), "without a key each is done")
}

func TestTheSameKeyForAnotherThing(t *testing.T) {
	t.Parallel()
	s := newShop(t, idempotency.Options{})
	ask := func(path, ifMatch string) error {
		r := httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader("{}"))
		r.Header.Set("Idempotency-Key", "k")
		r.Header.Set("If-Match", ifMatch)
		return s.Serve(httptest.NewRecorder(), r, scope, s)
	}
	require.NoError(t, ask("/dialogs/1/close", ""))
	require.True(t, fault.Is(ask("/dialogs/2/close", ""), fault.KeyReused))
	require.True(t, fault.Is(ask("/dialogs/1/close?force=1", ""), fault.KeyReused))
	require.True(t, fault.Is(ask("/dialogs/1/close", "3"), fault.KeyReused))
}

func TestParallelReplays(t *testing.T) {
	t.Parallel()
	s := newShop(t, idempotency.Options{})
	for round := range 10 {
		var wait sync.WaitGroup
		var replayed atomic.Int64
		start := make(chan struct{})
		for range 10 {
			wait.Go(func() {
				<-start
				w, err := s.post(t, scope, fmt.Sprint("k", round), "{}")
				require.NoError(t, err)
				require.Equal(t, 201, w.Code)
				require.JSONEq(t, fmt.Sprintf(`{"sale":%d,"key":"k%d"}`, round+1, round), w.Body.String())
				if w.Header().Get("Idempotent-Replayed") == "true" {
					replayed.Add(1)
				}
			})
		}
		close(start)
		wait.Wait()
		require.EqualValues(t, round+1, s.sales.Load(), "one effect")
		require.EqualValues(t, 9, replayed.Load())
	}
}

func TestRefusalsAreNotKept(t *testing.T) {
	t.Parallel()
	s := newShop(t, idempotency.Options{})
	for _, status := range []int{302, 400, 401, 402, 403, 404, 409, 412, 422, 429, 500, 503} {
		s.serve = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
		w, err := s.post(t, scope, "k", fmt.Sprint(status))
		require.NoError(t, err)
		require.Equal(t, status, w.Code)
	}
	s.serve = nil
	w, err := s.post(t, scope, "k", "a field put right")
	require.NoError(t, err)
	require.Equal(t, 201, w.Code)
}

func TestPanicReleasesTheKey(t *testing.T) {
	t.Parallel()
	s := newShop(t, idempotency.Options{})
	s.serve = func(http.ResponseWriter, *http.Request) { panic("bug") }
	require.PanicsWithValue(t, "bug", func() { _, _ = s.post(t, scope, "k", "{}") })
	s.serve = nil
	w, err := s.post(t, scope, "k", "{}")
	require.NoError(t, err)
	require.Equal(t, 201, w.Code)
}

// A client that hangs up does not undo what was done: the answer is kept.
func TestClientHangsUp(t *testing.T) {
	t.Parallel()
	s := newShop(t, idempotency.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	r := httptest.NewRequestWithContext(ctx, "POST", "/sales", strings.NewReader("{}"))
	r.Header.Set("Idempotency-Key", "k")
	sell := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(w, r)
		cancel()
	})
	require.NoError(t, s.Serve(httptest.NewRecorder(), r, scope, sell))
	w, err := s.post(t, scope, "k", "{}")
	require.NoError(t, err)
	require.Equal(t, "true", w.Header().Get("Idempotent-Replayed"))
	require.EqualValues(t, 1, s.sales.Load())
}

func TestAtWork(t *testing.T) {
	t.Parallel()
	s := newShop(t, idempotency.Options{Wait: time.Millisecond})
	working, finish := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	s.serve = func(w http.ResponseWriter, _ *http.Request) {
		close(working)
		<-finish
		w.WriteHeader(http.StatusCreated)
	}
	go func() {
		_, err := s.post(t, scope, "k", "{}")
		done <- err
	}()
	<-working
	_, err := s.post(t, scope, "k", "{}")
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, fault.Conflict, f.Code)
	require.Equal(t, time.Second, f.RetryAfter)
	_, err = s.post(t, scope, "k", "other")
	require.True(t, fault.Is(err, fault.KeyReused))

	// Two minutes later the first counts as dead; the second does the work, and
	// what the first says when it wakes up is not kept.
	s.clock.Step(2 * time.Minute)
	_, err = s.post(t, scope, "k", "other")
	require.True(t, fault.Is(err, fault.KeyReused), "the dead may have done their work")
	s.serve = nil
	w, err := s.post(t, scope, "k", "{}")
	require.NoError(t, err)
	require.JSONEq(t, `{"sale":1,"key":"k"}`, w.Body.String())
	close(finish)
	require.NoError(t, <-done)
	w, err = s.post(t, scope, "k", "{}")
	require.NoError(t, err)
	require.JSONEq(t, `{"sale":1,"key":"k"}`, w.Body.String())
}

func TestKeysAreKeptADay(t *testing.T) {
	t.Parallel()
	s := newShop(t, idempotency.Options{})
	_, err := s.post(t, scope, "k", "{}")
	require.NoError(t, err)
	s.clock.Step(24*time.Hour - time.Second)
	n, err := s.Cleanup(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	w, err := s.post(t, scope, "k", "{}")
	require.NoError(t, err)
	require.Equal(t, "true", w.Header().Get("Idempotent-Replayed"))
	s.clock.Step(time.Second)
	w, err = s.post(t, scope, "k", "something new")
	require.NoError(t, err, "old keys are free even before they are swept")
	require.Empty(t, w.Header().Get("Idempotent-Replayed"))
	s.clock.Step(24 * time.Hour)
	n, err = s.Cleanup(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

func TestBadKeysAndBodies(t *testing.T) {
	t.Parallel()
	s := newShop(t, idempotency.Options{})
	for _, key := range []string{strings.Repeat("k", 256), "ключ", "a\x00b", "a\tb"} {
		_, err := s.post(t, scope, key, "{}")
		require.True(t, fault.Is(err, fault.Invalid), "%.20q: %v", key, err)
	}
	_, err := s.post(t, scope, "k", strings.Repeat("x", 1<<20+1))
	require.True(t, fault.Is(err, fault.TooLarge), "%v", err)
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/sales", broken{})
	r.Header.Set("Idempotency-Key", "k")
	require.True(t, fault.Is(s.Serve(httptest.NewRecorder(), r, scope, s), fault.Invalid))
	require.Zero(t, s.sales.Load())

	// What is no POST, or an upload, is not held.
	for range 2 {
		for _, r := range []*http.Request{
			httptest.NewRequestWithContext(t.Context(), "PATCH", "/sales", strings.NewReader("{}")),
			httptest.NewRequestWithContext(t.Context(), "POST", "/sales", strings.NewReader("{}")),
		} {
			r.Header.Set("Idempotency-Key", "k")
			if r.Method == http.MethodPost {
				r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			}
			require.NoError(t, s.Serve(httptest.NewRecorder(), r, scope, s))
		}
	}
	require.EqualValues(t, 4, s.sales.Load())
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("cable") }
