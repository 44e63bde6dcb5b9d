// Package seed makes a living demo installation through the program's own
// services: companies, people with logins, price lists, chats, and a month of
// dialogs, written by a clock that steps from a month ago to now, so that
// every message is rated, charged, posted and read as it would have been.
package seed
