package httpx

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

var statusOf = map[fault.Code]int{
	fault.Invalid:           http.StatusUnprocessableEntity,
	fault.NotFound:          http.StatusNotFound,
	fault.Forbidden:         http.StatusForbidden,
	fault.Unauthenticated:   http.StatusUnauthorized,
	fault.WrongCredentials:  http.StatusUnauthorized,
	fault.Locked:            http.StatusTooManyRequests,
	fault.Conflict:          http.StatusConflict,
	fault.VersionConflict:   http.StatusPreconditionFailed,
	fault.KeyReused:         http.StatusUnprocessableEntity,
	fault.InsufficientFunds: http.StatusPaymentRequired,
	fault.SellerSuspended:   http.StatusPaymentRequired,
	fault.RateLimited:       http.StatusTooManyRequests,
	fault.TooLarge:          http.StatusRequestEntityTooLarge,
	fault.UnsupportedMedia:  http.StatusUnsupportedMediaType,
	fault.CompanyIncomplete: http.StatusConflict,
	fault.SellerIncomplete:  http.StatusConflict,
	fault.SetupRequired:     http.StatusServiceUnavailable,
	fault.QuotaExceeded:     http.StatusTooManyRequests,
	fault.Unavailable:       http.StatusServiceUnavailable,
	fault.DiskFull:          http.StatusServiceUnavailable,
	fault.Internal:          http.StatusInternalServerError,
}

// Problem is the error document (RFC 9457). Some codes add members of their
// own, such as what is missing on the balance.
type Problem struct {
	Type      string                      `json:"type" example:"about:blank"`
	Title     string                      `json:"title" example:"Unprocessable Entity"`
	Status    int                         `json:"status" example:"422"`
	Code      fault.Code                  `json:"code" example:"invalid" doc:"Stable, machine-readable class of the error"`
	Detail    string                      `json:"detail" doc:"What is wrong, in English"`
	Fields    map[string]fault.FieldError `json:"fields,omitempty" doc:"What is wrong with which field"`
	RequestID string                      `json:"request_id,omitempty" doc:"Name it when you ask for help"`

	extra      map[string]any
	retryAfter int // seconds
}

func (p *Problem) Error() string             { return string(p.Code) + ": " + p.Detail }
func (p *Problem) GetStatus() int            { return p.Status }
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders lets huma send Retry-After.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	return h
}

// MarshalJSON writes the document with its further members.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	data, err := json.Marshal((*plain)(p))
	if err != nil || len(p.extra) == 0 {
		return data, err
	}
	members := map[string]any{}
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	maps.Copy(members, p.extra)
	return json.Marshal(members)
}

// problemOf is the only place where errors become documents. What is no fault
// is logged here and nowhere else.
func problemOf(ctx context.Context, route string, err error) *Problem {
	var f *fault.Error
	var p *Problem
	switch {
	case errors.As(err, &p):
	case errors.As(err, &f):
		p = &Problem{Status: statusOf[f.Code], Code: f.Code, Detail: f.Message, Fields: f.Fields, extra: f.Extra}
		p.retryAfter = int(math.Ceil(f.RetryAfter.Seconds()))
	case errors.Is(err, context.Canceled):
		p = &Problem{Status: 499, Code: fault.Unavailable, Detail: "The request was cancelled."}
	case db.DiskFull(err):
		slog.ErrorContext(ctx, "the disk is full: the database cannot write", "route", route, "error", err)
		p = &Problem{Status: http.StatusServiceUnavailable, Code: fault.DiskFull, retryAfter: 10,
			Detail: "The server's disk is full. Nothing can be stored until there is space again; nothing that was stored is lost."}
	case db.Unavailable(err):
		slog.ErrorContext(ctx, "database unavailable", "route", route, "error", err)
		p = &Problem{Status: http.StatusServiceUnavailable, Code: fault.Unavailable, retryAfter: 2,
			Detail: "The service cannot reach its database. Try again in a moment, with the same Idempotency-Key."}
	default:
		slog.ErrorContext(ctx, "request failed", "route", route, "request_id", RequestID(ctx), "error", err)
		p = &Problem{Status: http.StatusInternalServerError, Code: fault.Internal, Detail: "Something went wrong on our side."}
	}
	p.Type, p.Title, p.RequestID = "about:blank", http.StatusText(p.Status), RequestID(ctx)
	if p.retryAfter > 0 {
		p.extra = maps.Clone(p.extra)
		if p.extra == nil {
			p.extra = map[string]any{}
		}
		p.extra["retry_after_s"] = p.retryAfter
	}
	return p
}

// WriteProblem answers a plain handler's request with an error document.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(r.Context(), r.Method+" "+r.URL.Path, err)
	data, _ := json.Marshal(p)
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(data)
}

// newError turns what huma found wrong with the input into our document. A path that no
// object can have, as one with a mistyped id, names nothing, like one that no object has.
func newError(status int, message string, errs ...error) huma.StatusError {
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: codeOf(status), Detail: message}
	for _, err := range errs {
		var d *huma.ErrorDetail
		if !errors.As(err, &d) {
			continue
		}
		if strings.HasPrefix(d.Location, "path.") {
			return nowhere()
		}
		if p.Fields == nil {
			p.Fields = map[string]fault.FieldError{}
		}
		name, e := fieldOf(d)
		p.Fields[name] = e
	}
	return p
}

func nowhere() *Problem {
	const status = http.StatusNotFound
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: fault.NotFound, Detail: "There is nothing at this address."}
}

func codeOf(status int) fault.Code {
	switch status {
	case http.StatusUnprocessableEntity, http.StatusBadRequest:
		return fault.Invalid
	case http.StatusRequestEntityTooLarge:
		return fault.TooLarge
	case http.StatusUnsupportedMediaType:
		return fault.UnsupportedMedia
	}
	if status < 500 {
		return fault.Invalid
	}
	return fault.Internal
}

// fieldOf names the field as the client knows it and gives the problem one of
// our codes; huma has only sentences.
func fieldOf(d *huma.ErrorDetail) (string, fault.FieldError) {
	name := d.Location
	for _, where := range []string{"body.", "query.", "path.", "header."} {
		name = strings.TrimPrefix(name, where)
	}
	code := fault.BadFormat
	switch m := d.Message; {
	case strings.HasPrefix(m, "expected required property "):
		code = fault.Required
		property, _, _ := strings.Cut(strings.TrimPrefix(m, "expected required property "), " ")
		name = join(name, property)
	case strings.HasPrefix(m, "required "):
		code = fault.Required
	case m == "unexpected property":
		code = fault.UnknownName
	case strings.HasPrefix(m, "expected length >="), strings.HasPrefix(m, "expected array length >="):
		code = fault.TooShort
	case strings.HasPrefix(m, "expected length <="), strings.HasPrefix(m, "expected array length <="):
		code = fault.TooLong
	case strings.HasPrefix(m, "expected number >"), strings.HasPrefix(m, "expected number <"):
		code = fault.OutOfRange
	}
	return name, fault.FieldError{Code: code, Message: d.Message}
}

func join(parent, name string) string {
	if parent == "" || parent == "body" {
		return name
	}
	return parent + "." + name
}
