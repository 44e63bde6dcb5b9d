// Package account owns companies, users, memberships, sign-in and the audit
// trail.
//
// # Terms
//
// A company is the tenant. Companies form a tree: the platform's own company,
// below it resellers and direct companies, below a reseller its dependent
// companies. The parent is the seller. A user is a person who can sign in and
// belongs to companies by memberships, each with roles that combine. A sign-in
// is one browser of one user.
//
// # Invariants
//
//   - What a company was at an instant (its parent, its time zone) stays known.
//   - A company always has an owner who is not blocked; only owners make and
//     unmake owners.
//   - A block, a change of role and a sign-out take effect within a second on
//     every node: what is remembered in memory about access is never older,
//     and sockets are ended by [Options.AccessEnded] and, on other nodes and
//     after a crash, by the events.
//   - The database holds no token and no password, only hashes of them.
//   - Whether an account exists shows neither in an answer nor in the work
//     done for it: unknown logins are counted, slowed down, hashed and locked
//     like known ones.
//   - The audit trail is only added to; see [Service.Seal].
//
// # Life of a sign-in
//
//	wrong ─► counted ─► slowed down ─► locked 15 minutes
//	right ─► sign-in ─► used (at most once a minute noted) ─► signed out
//	                 ├► 12 h unused, when not remembered ───► expired, deleted
//	                 └► 30 days old ─────────────────────────► expired, deleted
package account
