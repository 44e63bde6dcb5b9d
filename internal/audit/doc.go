// Package audit recomputes the chain of money, from messages over usage and
// entries to books, wallets and rollups, and tells each difference.
//
// It reads all tables and writes none. Everything is read in one snapshot, so
// it may run while the program works: what is charged and not posted yet is
// known by its batch and counted as such.
//
// It recounts, too, what chats keep beside their messages: numbering, unread and
// waiting marks, counters of sessions, places of operators, lines of the list.
//
// It trusts the messages, the states of sessions, the prices and what people
// entered by hand, and nothing that was derived from them.
package audit
