// Package fault defines the one error type that may reach an API client.
//
// Whatever is not a *[Error] is a bug or an outage: the HTTP layer logs it and
// answers "internal" with a reference number and nothing else.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"time"
)

// Code is the machine-readable class of a fault. Codes are part of the API.
type Code string

// The codes.
const (
	Invalid           Code = "invalid"
	NotFound          Code = "not_found"
	Forbidden         Code = "forbidden"
	Unauthenticated   Code = "unauthenticated"
	WrongCredentials  Code = "wrong_credentials"
	Locked            Code = "locked"
	Conflict          Code = "conflict"
	VersionConflict   Code = "version_conflict"
	KeyReused         Code = "idempotency_key_reused"
	InsufficientFunds Code = "insufficient_funds"
	SellerSuspended   Code = "seller_suspended"
	RateLimited       Code = "rate_limited"
	QuotaExceeded     Code = "quota_exceeded"
	TooLarge          Code = "too_large"
	UnsupportedMedia  Code = "unsupported_media"
	CompanyIncomplete Code = "company_incomplete"
	SellerIncomplete  Code = "seller_incomplete"
	SetupRequired     Code = "setup_required"
	Unavailable       Code = "unavailable"
	DiskFull          Code = "disk_full"
	Internal          Code = "internal"
)

// The codes of a field's problem.
const (
	Required    = "required"
	TooLong     = "too_long"
	TooShort    = "too_short"
	BadFormat   = "invalid"
	Taken       = "taken"
	OutOfRange  = "out_of_range"
	UnknownName = "unknown"
	Wrong       = "wrong"   // a code or a link that is not the one that was sent
	Expired     = "expired" // it was, too long ago
	Used        = "used"    // it works once
)

// FieldError says what is wrong with one field of the input.
type FieldError struct {
	Code    string `json:"code" doc:"Stable code: required, too_long, too_short, invalid, taken, out_of_range, unknown, wrong, expired, used"`
	Message string `json:"message"`
}

// Error is a fault that a client may see.
type Error struct {
	Code       Code
	Message    string
	Fields     map[string]FieldError
	Extra      map[string]any // further members of the problem document
	RetryAfter time.Duration  // when trying again makes sense; 0 is unknown
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// New returns a fault with an English sentence for people.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Field returns an Invalid fault about one field; add more with [Error.And].
func Field(name, code, message string) *Error {
	return (&Error{Code: Invalid, Message: "Some fields need attention."}).And(name, code, message)
}

// And adds a field to the fault.
func (e *Error) And(name, code, message string) *Error {
	c := *e
	c.Fields = maps.Clone(e.Fields)
	if c.Fields == nil {
		c.Fields = map[string]FieldError{}
	}
	c.Fields[name] = FieldError{code, message}
	return &c
}

// With adds a member to the problem document.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Extra = maps.Clone(e.Extra)
	if c.Extra == nil {
		c.Extra = map[string]any{}
	}
	c.Extra[name] = value
	return &c
}

// After says when it makes sense to try again.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// Of returns the fault that err carries, if any.
func Of(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// CodeOf returns the code that err carries, or Internal.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Is says whether err carries the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }
