// Package contact owns the people at the other end and the addresses they are reached at.
//
// A contact belongs to one company and has one or more addresses, each an identity in one
// channel: the random id of a visitor's browser, later a number or a network's account. An
// address leads to exactly one contact; two that write at the same moment from one address
// become one contact. Merging contacts moves addresses, never what was written.
//
// Who may see a contact's correspondence is the business of those who keep it. They learn of
// a new name or new tags by [Changed].
package contact
