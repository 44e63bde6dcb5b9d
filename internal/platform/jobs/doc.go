// Package jobs hides the job queue, which lives in the same Postgres as everything else.
//
// A job is inserted in the transaction that makes it necessary, so it exists exactly when
// that commits, and is worked at least once: its worker must find in the data whether it
// was done already. Arguments carry ids only, for they are kept and shown. Jobs that fail
// are tried again with growing pauses; the last failure leaves them in the queue's table as
// discarded, logged and counted.
//
// Nothing that a person waits for at a screen is a job.
package jobs
