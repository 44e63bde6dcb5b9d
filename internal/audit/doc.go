// Package audit recomputes the chain of money, from messages over usage and
// entries to books, wallets and rollups, and tells each difference.
//
// It reads all tables and writes none. Everything is read in one snapshot, so
// it may run while the program works: what is charged and not posted yet is
// known by its batch and counted as such.
//
// It trusts the messages, the prices and what people entered by hand, and
// nothing that was derived from them.
package audit
