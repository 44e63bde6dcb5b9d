// Package notify tells people: notices, letters, and codes by SMS; web push to
// come. It implements account.Outbox.
//
// It owns the tables letter, sms_code, sms_code_part, sms_code_receipt,
// sms_count, delivery_route, notice and notice_read, and the texts. It
// subscribes to the events of features before it; those after it make notices
// and write letters through it.
//
// # Invariants
//
//   - A letter is a row made once per fact, kind and address, in the
//     transaction of the fact; so is a code.
//   - A notice is a row of the company, made once per fact and kind. Who sees it
//     is decided when it is read, by the permission of its kind; marks are
//     everyone's own.
//   - A pin is no row. It is looked up in the balance whenever it is shown, so it
//     can neither stay behind nor be missing.
//   - An address that is not confirmed gets only what confirms it, restores
//     access, or says that somebody used it.
//   - Links with tokens and codes are sealed in the database and gone from it
//     once they went out. Neither is ever logged.
//   - Every text exists in Russian and English, as HTML and as plain text, and
//     both say the same.
//   - What came from outside (names, addresses) is escaped in HTML and cannot
//     reach a header: subjects are made of one line.
//   - No span of time holds more codes than its cap, on any number of nodes.
//
// # Life of a letter
//
//	waiting ─► sent
//	        └► failed (the address or the content was refused for good)
//
// # Life of a code
//
//	waiting ─► sending ─► sent ─► delivered
//	   ▲  │       │        ├────► failed (the network could not deliver it)
//	   └──┼───────┤        └────► expired (nobody ever confirmed it)
//	      │       └─────────────► failed (refused for good)
//	      └─────────────────────► expired (its time ended before it could be sent)
//
// A code in doubt (handed over, no answer) is sent once more; after that it
// counts as sent.
package notify
