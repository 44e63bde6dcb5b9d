// Package ledger owns the money of companies: what they can spend now and what
// has become of it. It knows amounts, not what they are for.
//
// # Words
//
//   - wallet: what a company can spend now. It has available (own money, may be
//     below zero), credit (how far below zero), bonus (welcome credit, spent
//     first) and held (set aside). A hot company's wallet has several stripes;
//     one stripe is one row.
//   - book: what has happened, entry by entry. An entry moves an amount from
//     one account of one company's book to another, so a book sums to zero.
//   - mirror: the entry in the seller's book that tells the same fact from the
//     other side. It carries the same batch.
//   - batch: charges of one stripe that are posted together.
//   - posted: what entries speak of. A charge leaves the wallet at once and
//     reaches the book within a second.
//
// # Life of a batch
//
//	none ──first charge──► open ──settler closes──► pending ──settler posts──► entries
//	                        │ ▲
//	                        └─┘ further charges
//
// The charges of a stripe are ordered by its row lock, and closing takes that
// lock too: when a batch is closed, all its charges are committed and no other
// can follow. So posting needs no marks on single charges.
//
// # Invariants
//
//   - Over the stripes of a company, available + held equals the book's balance
//     less what is charged and not posted; the same for bonus + bonus_held.
//   - Refusable work never takes available below -credit. A refusal is final
//     only after all stripes were locked together. What arrives from outside is
//     charged always.
//   - Of several stripes either none is below zero (available + credit + bonus)
//     or none above: one that can bear a charge proves that the company can.
//   - Stripe 0 alone has welcome credit; other stripes are not charged while
//     there is some.
//   - An entry on wallet or bonus has a number without gaps and the balance
//     after it; at never falls.
//   - Every entry between a buyer and its seller has its mirror.
//   - book.suspended says whether a reseller can spend nothing more, as its
//     dependents' wallets were told in the same transaction.
//   - BalanceLow, Exhausted and Restored are told when money is posted, so
//     within a second of the charge, in the transaction that writes warned to
//     the book: once for each step down. Only a top-up, or refunds that reach
//     twice the first step, begin again.
//
// # Order of locks
//
// Within a company the book comes before the wallet and stripe n before n+1; a
// buyer comes before its reseller; the wallets of a reseller's dependents come
// last. A charge locks one stripe and nothing after it, which is why it is the
// last thing in its transaction.
//
// It does not own prices (pricing), what was used (metering), or invoices.
package ledger
