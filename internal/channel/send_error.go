package channel

import (
	"errors"
	"time"
)

// Reason is why a network did not take a message: a closed list, so that
// reports and rules can count on it.
type Reason string

// The reasons.
const (
	Unreachable      Reason = "unreachable"       // no connection, or it broke before anything was handed over
	Throttled        Reason = "throttled"         // the network wants us to slow down
	NetworkBusy      Reason = "network_busy"      // a passing failure at their side
	BadCredentials   Reason = "bad_credentials"   // our access is wrong
	SenderRefused    Reason = "sender_refused"    // the name or number it comes from is not ours there
	InvalidRecipient Reason = "invalid_recipient" // no such address
	RecipientRefuses Reason = "recipient_refuses" // full, blocked, unsubscribed
	ContentRefused   Reason = "content_refused"   // spam, size, form
	InDoubt          Reason = "in_doubt"          // handed over, and the answer never came
)

// Fault is who can do something about it.
type Fault string

// Whose fault it is.
const (
	OurFault   Fault = "ours"
	TheirFault Fault = "theirs" // the network's
	UserFault  Fault = "user"   // the sender's or the recipient's
)

// SendError is how an adapter says that a message did not go out.
type SendError struct {
	Reason     Reason
	Fault      Fault
	Retry      bool          // trying the same again may work
	RetryAfter time.Duration // what the network asked for; 0 is unknown
	Detail     string        // what the network said, without personal data where it can be helped
}

func (e *SendError) Error() string { return string(e.Reason) + ": " + e.Detail }

// Retryable says whether trying again may work; errors that are no SendError
// are of our own making and are tried again.
func Retryable(err error) bool {
	var e *SendError
	return !errors.As(err, &e) || e.Retry
}
