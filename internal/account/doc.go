// Package account owns companies and what they say of themselves, users and
// how they register, sign in and recover, memberships, the texts that people
// agree to, the set-up of an empty installation, and the audit trail.
//
// # Terms
//
// A company is the tenant. Companies form a tree: the platform's own company,
// below it resellers and direct companies, below a reseller its dependent
// companies. The parent is the seller. A user is a person who can sign in and
// belongs to companies by memberships, each with roles that combine. A sign-in
// is one browser of one user. Requisites are what a company's papers need to
// say of it. A confirmation is a code of six digits on its way to a telephone;
// a link works once and proves whose an email is. What has to reach a person
// leaves by the [Outbox], which whoever sends implements. An invitation asks an
// address to join a company; nobody is made before its link is opened.
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
//   - The database holds no token, no code and no password, only hashes.
//   - Whether an account exists shows neither in an answer nor in the work
//     done for it: unknown logins are counted, slowed down, hashed and locked
//     like known ones; registering with a known login and recovering an unknown
//     one are answered like the others. Who has proved to hold a telephone may
//     know.
//   - A code is tried and a link is used under its row's lock, so that what
//     runs side by side gets no more tries and no second use.
//   - Nobody registers without agreeing to the texts in force; who agreed to
//     what, when and from where stays known.
//   - Before there is a platform company, only the set-up is of use.
//   - The audit trail is only added to; see [Service.Seal].
//
// # Life of a sign-in
//
//	wrong ─► counted ─► slowed down ─► locked 15 minutes
//	right ─► sign-in ─► used (at most once a minute noted) ─► signed out
//	                 ├► 12 h unused, when not remembered ───► expired, deleted
//	                 └► 30 days old ─────────────────────────► expired, deleted
//
// # Life of a code
//
//	asked for ─► sent ─► right ─► confirmed ─► used, within an hour
//	                  ├► wrong ─► four tries more
//	                  └► 10 minutes or five wrong tries ─► of no use
package account
