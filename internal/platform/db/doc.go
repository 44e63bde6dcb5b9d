// Package db opens Postgres and runs transactions.
//
// The program never queries as the owner of its tables. Each connection takes
// one of three roles at start:
//
//   - app works for one company at a time: [DB.InCompany] names the company in
//     the statement that begins the transaction, and row-level security hides
//     the rest, even from a query that forgot its WHERE;
//   - worker does trusted work over companies (settling, sweeping, signing in);
//   - search only reads and must state the company itself, because full-text
//     indexes are not used under a policy.
//
// Transactions are visible: a function whose name ends in Tx joins its
// caller's and never commits. Nothing outside the database happens inside one,
// and whoever is in one asks for no second connection, but for [DB.Lookup].
package db
