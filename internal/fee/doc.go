// Package fee owns monthly fees: what a company pays each month for things that
// are there, such as its users and connections.
//
// # When a fee is due
//
// On the 1st in the company's zone, for the whole month. What comes during a
// month pays from its day on, that day included, an hour after it came: until
// then a new company has got its prices, and what was made by mistake is gone.
// Fees by days are the price times the part of the month, rounded to millionths,
// half to even. The price is that of the instant at which the fee is due; where
// there is none then, nothing is due for that month.
//
// A run that comes late catches up, at most a year. What was gone by then pays
// nothing; nothing is given back to what goes during a month.
//
// # States of a fee
//
//	free (nothing to pay)
//	charged ◄── payment ── unpaid ──► lapsed
//
// A fee is refusable work: without money it is unpaid, the company is told, and
// three days later the thing pauses: a connection takes no visitors, a user is
// given no dialogs. Everything it has stays. Unpaid fees are tried again each
// minute, and the thing goes on once they are paid. When the next month begins
// with the thing still paused, the old fee lapses and the new one takes its
// place. What is unpaid for a thing that is gone lapses.
//
// # Invariants
//
//   - A thing pays once for an item and a month: the fee's key.
//   - A charged fee has exactly one captured usage, made in its transaction.
//
// It does not own what it costs (pricing), nor the money (metering, ledger).
package fee
