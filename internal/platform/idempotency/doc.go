// Package idempotency lets a client send a POST again without doing it again.
//
// A request with an Idempotency-Key claims that key for its principal, company
// and route. What succeeded is stored for a day and told again to whoever comes
// with the same key and the same request; the answer then carries
// Idempotent-Replayed: true. The same key with another request is refused. Of
// requests at the same time one works and the others wait for its answer.
//
// # What is stored
//
// Only successes. A refused request has changed nothing, so it may be tried
// again with the same key: after a deposit, after a pause, with a field put
// right. That also means that no passing trouble (402, 409, 429, 5xx) sticks to
// a key for a day.
//
// # What it does not promise
//
// The claim is not part of the transaction that does the work. When a node dies
// between that commit and the storing of the answer, a later request with the
// key does the work once more, after [Options.Stale]. What must never happen
// twice has a key of its own in its table: a message its client key, a deposit
// its reference, for which [Key] gives the header's value.
//
//	(none) ──claim──► at work ──success──► answered ──a day──► (none)
//	   ▲                 │  └──node died──► at work, for the next who comes
//	   └────refused──────┘
package idempotency
