// Package contact owns the people at the other end and the addresses they are reached at.
//
// A contact belongs to one company and has one or more addresses, each an identity in one
// channel: the random id of a visitor's browser, later a number or a network's account. An
// address leads to exactly one contact; two that write at the same moment from one address
// become one contact. Merging contacts moves addresses, never what was written.
//
// A contact list is a set of contacts with variables; its entries say how the list addresses
// them. Files become entries by imports: rows are numbered in the order of the file and done
// in chunks, each in one transaction with the number of its last row, so that an import goes
// on after a crash with nothing lost and nothing there twice. A row is about the contact that
// has its client's id, else its phone, else its e-mail address as long as it is nobody's with
// another phone; it never renames a contact and never moves an address.
//
//	uploading ─▶ uploaded ─▶ running ─▶ finished
//	    └───────────┴───────────┴─────▶ failed, cancelled (what was done stays)
//
// Exclusions are addresses that must not be written to; whoever sends asks [Service.ExcludedTx].
//
// Who may see a contact's correspondence is the business of those who keep it. They learn of
// a new name or new tags by [Changed].
package contact
