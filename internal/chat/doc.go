// Package chat owns correspondence between the visitors of sites and the
// operators of a company: chats and how they are set up, groups, dialogs,
// sessions, messages, who answers whom, and why.
//
// # Terms
//
// A chat is a configuration; its connections lead contacts into it. A dialog
// is the whole correspondence of one address in one chat. A session is one
// stretch of a dialog, from its first stored message until it is closed by a
// person or by the chat's lifetime. An operator has a state (online, pause,
// offline) and a number of places, of which each open session takes one.
//
//	         shared out, taken, handed over
//	queued ──────────────────────────────────▶ open ─┐
//	  ▲  ▲     returned, handed to a group       │   │ handed over,
//	  │  └───────────────────────────────────────┘◀──┘ taken over
//	  │ first message                            │
//	  │ of a session                             ▼
//	 (none) ◀── a message begins another ─── closed ──▶ open (reopened)
//
// # Invariants
//
//   - Every message is stored before anyone sees it. Its seq is its place in
//     the dialog, without gaps; the row of the dialog is the sequencer.
//   - A client's key stores once: the same key returns the same message.
//   - A message that costs is charged in its own transaction. Without money an
//     answer is refused and nothing of it stays; what arrives from outside is
//     stored and charged always.
//   - An operator's number of open sessions is kept in their row, and raised by
//     a statement that refuses at the limit. Nobody ever has more.
//   - A session that waits is given away in the order of waiting as soon as
//     somebody of its groups has a place.
//   - Every decision who gets a session is stored with what was known then.
//
// # Locks
//
// Transactions take locks in this order, and several of a kind in the order of
// their ids, so that they never wait for each other in a circle:
//
//  1. the company's sharing out (advisory; only [Service.Distribute])
//  2. a contact's address (before its first message only)
//  3. dialogs, and with them their sessions, heads and messages
//  4. operators
//  5. the company's counters of numbers
//  6. the wallet, last and shortest
//
// Who holds a dialog's lock may change its session and head without locking
// them; nobody else does, but for the name and tags that a changed contact
// brings.
//
// # What is told live
//
// Publications are made after the commit and may be lost. To operators they go
// to whom the dialog is assigned, else to the team; to whoever has it open; to
// supervisors. Visitors are told less: no notes, no ids of operators, names
// only where the chat shows them.
package chat
