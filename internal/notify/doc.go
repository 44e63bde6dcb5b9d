// Package notify tells our own users: letters now, notices and web push to come.
//
// It owns the table letter and the texts. It subscribes to the events of all
// features before it and decides who hears of them. A letter is a row made
// once per fact; a job sends it, and tries again when the mail server is away.
//
// # Invariants
//
//   - An address that is not confirmed gets no letter of these.
//   - Every text exists in Russian and English, as HTML and as plain text, and
//     both say the same.
//   - What came from outside (names, addresses) is escaped in HTML and cannot
//     reach a header: subjects are made of one line.
//
// # Life of a letter
//
//	waiting ─► sent
//	        └► failed (the address or the content was refused for good)
package notify
