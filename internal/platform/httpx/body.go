package httpx

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"parley/internal/platform/fault"
)

// How slowly a body may come: whoever sends a byte now and then would keep a
// connection, and what waits behind it, for as long as they like.
const (
	bodyPatience = 30 * time.Second // for the first bytes, and for hiccups of a phone's network
	bodyRate     = 8 << 10          // bytes a second after that
)

// steadyBody ends a request whose body comes too slowly. The server's own
// deadline ends with the headers.
type steadyBody struct {
	io.ReadCloser
	begun    time.Time
	read     int64
	deadline func(time.Time) error
}

// steady watches over the body of a request that a handler reads itself.
func steady(w http.ResponseWriter, r *http.Request) *http.Request {
	if r.Body == nil || r.Body == http.NoBody {
		return r
	}
	watched := r.WithContext(r.Context())
	watched.Body = &steadyBody{ReadCloser: r.Body, begun: time.Now(), deadline: http.NewResponseController(w).SetReadDeadline}
	return watched
}

func (b *steadyBody) Read(p []byte) (int, error) {
	_ = b.deadline(b.until()) // what has no deadlines, as a test's recorder, is not slow
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	if err == nil {
		return n, nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return n, fault.New(fault.Invalid, "The request came too slowly.")
	}
	_ = b.deadline(time.Time{}) // the handler may take its time
	return n, err
}

// until is when the next bytes must be there.
func (b *steadyBody) until() time.Time {
	return b.begun.Add(bodyPatience + time.Duration(b.read)*time.Second/bodyRate)
}
