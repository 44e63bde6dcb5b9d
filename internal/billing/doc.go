// Package billing owns invoices and payments: what sellers bill, the papers of
// it, and which money is for which invoice.
//
// # Words
//
//   - monthly invoice: documents charges that were taken from the balance
//     already; issuing or paying it never charges again. total is what was
//     charged, covered the part that own money paid, to_pay the part on credit.
//   - top-up: an invoice for money that is to come. Nothing is charged.
//   - payment: money that came in; always one deposit in the ledger.
//   - allocation: which part of a payment is for which invoice.
//   - series: the numbers of a seller, per kind and year, without gaps.
//   - exact: what was charged in millionths. Only the amounts of lines are
//     rounded, to hundredths, half to even; all else adds them up.
//   - paper image: a seller's stamp or signature. An invoice names the ones that
//     were current when it was issued, so none is ever deleted: it retires.
//   - welcome credit is no part of invoices: it pays whole units first, and at
//     most one in part.
//
// # States of an invoice
//
//	issued ──payment──► partly_paid ──payment──► paid
//	   │                                           ▲
//	   ├──────────────payment──────────────────────┤
//	   ├──top-up──► cancelled                      │
//	   └ a monthly one with nothing to pay is ─────┘ at once
//
// # The monthly run
//
// billing_month says for each company which month is to be billed next. When
// that month has ended in the company's zone, the run moves its wallets on, so
// that no charge of the month can follow, waits until all of it is in the books,
// and in one transaction per group of a seller's buyers writes invoices, numbers
// and lines and moves billing_month on. A crash anywhere leaves a company billed
// or not billed. A reseller waits for its dependents, whose usage it pays. A
// company that was asleep for months is billed month by month.
//
// What is on credit is what the company's own money was below zero at the
// month's end, less what earlier months left unpaid then.
//
// # Invariants
//
//   - total = Σ lines' amount; VAT of an invoice = Σ lines' VAT.
//   - Σ lines' exact = what the book says was taken of own money for the month.
//   - covered + to_pay = total; paid = Σ allocations ≤ to_pay.
//   - Parties, lines and numbers never change; hash covers them, and the paper
//     is made of nothing else but the pictures that the seller's party names, so
//     it is the same byte for byte whenever made. A picture whose file is lost
//     is left out.
//   - A month of a company is billed once.
//   - A payment is applied once, however often it is sent.
//
// It does not own what was used (metering), what is on the balance (ledger),
// nor what a company is called (account).
package billing
