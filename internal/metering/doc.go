// Package metering owns usage: every billable event, rated on acceptance and
// charged in the same database transaction as the thing it bills.
//
// # Words
//
//   - reference: the id of what is billed, such as a message; a UUIDv7.
//   - phase: what has become of the charge. Rows are inserted only; a phase is
//     a row of its own.
//   - seller, reseller: see pricing. The price of both levels is frozen in the
//     row and nothing is ever rated again.
//   - accept time (at): the same in all phases, so that activity is counted
//     where it happened. The period (billing month) is that of the phase: what
//     is captured late belongs to the open month, and closed months stay.
//
// # Phases of a reference and an item
//
//	  ┌──────────► captured ──► refunded
//	  │               ▲
//	(new) ──► held ───┤
//	                  ▼
//	               released
//
// Exactly one of captured and released follows held; the wallet's row lock
// decides between two who try. Only captured and refunded reach entries,
// rollups and invoices.
//
// # Settling
//
// A charge leaves the wallet at once and joins the stripe's open batch. About
// every 0.7 s the settler of any node closes batches and posts them: entries in
// the books of buyer and seller, the wholesale leg in the reseller's wallet and
// book, and rollups, all in the transaction that deletes the pending batch. A
// crash anywhere leaves the batch pending or posted, never half.
//
// # Invariants
//
//   - A reference and item has each phase at most once.
//   - Over a posted batch, usage equals entries, on both levels, by item, kind
//     and month.
//   - Rollups of each grain equal captured less refunded usage that is posted;
//     so do the sums of billing months, for whoever pays.
//
// It does not own what happened (chat knows messages) nor where the money is
// (ledger).
package metering
