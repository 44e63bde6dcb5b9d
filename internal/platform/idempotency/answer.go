package idempotency

import (
	"bytes"
	"maps"
	"net/http"
)

// kept are the headers that belong to an answer; all others belong to the
// request that is answered now.
var kept = []string{"Content-Type", "Location", "Etag"}

type answer struct {
	status int
	header map[string]string
	body   []byte
}

func (a *answer) replay(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.Header().Set(Replayed, "true")
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// recorder holds an answer back until it is known whether it is kept.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

func (r *recorder) answer() answer {
	r.WriteHeader(http.StatusOK)
	a := answer{status: r.status, header: map[string]string{}, body: r.body.Bytes()}
	for _, name := range kept {
		if value := r.header.Get(name); value != "" {
			a.header[name] = value
		}
	}
	return a
}

func (r *recorder) copyTo(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.header)
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes())
}
