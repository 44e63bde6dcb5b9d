// Package events tells features what happened in features they are not called by.
//
// Calls go along imports; facts come back as events. An event is one row, written in the
// transaction that made it true. Each subscriber reads the rows in order with a cursor of
// its own and handles them in the transaction that moves the cursor, so what a handler
// writes happens exactly once per event, and what it does beyond the database at least once.
//
// # Order, and why nothing is lost
//
// Rows are read in the order (transaction, id) and only up to the oldest transaction that
// still runs: a transaction that commits late can therefore never slip in behind a cursor.
// The price is that a long writing transaction anywhere on the server holds events back.
// Transactions are ordered by when they began to write, so two facts about one thing from
// two transactions may arrive swapped; who cares compares a sequence number in the event.
//
// # Waking
//
// Subscribers of this process are woken after commit. Other nodes get a NOTIFY, which one
// goroutine sends outside of any transaction and at most every 50 ms, because NOTIFY inside
// transactions makes their commits wait for each other. Polling covers what both miss.
//
// # Failure
//
// An event whose handler fails stops its subscriber, and only that one: it is tried again
// after growing pauses until it succeeds, logged and counted each time. Nothing is skipped.
// One node at a time works for a subscriber; its lock on the cursor row decides.
package events
