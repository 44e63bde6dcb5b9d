// Package messaging sends texts to people over text networks and follows them
// until their end: single messages and campaigns.
//
// Terms: an attempt is one try to reach one recipient on one network; people
// see attempts as messages. A text may need several parts, each with a receipt
// and a charge of its own. A gateway is a way to a network; one node of many
// owns it at a time.
//
//	scheduled ─► queued ─► sent ─► delivered ─► read ─► clicked
//	     │          │        ├──► undelivered, expired, rejected
//	     │          ├──► rejected, expired, in_doubt
//	     └──────────┴──► cancelled
//
// An attempt is stored, priced and its money held in one transaction. Its
// gateway's owner claims it, commits that, and only then speaks to the network;
// the answer is stored in another transaction. So a crash loses nothing: what
// was claimed and not answered was perhaps sent, and is in doubt. It is sent
// again only where the sender wants that, or where the network recognises
// repeats.
//
// A receipt ends each part once, whatever order receipts come in; states never
// go back. What is billed when it is sent is captured with the network's
// answer, what is billed when it is delivered with the receipt; all else is
// released. What is in doubt for good is not charged.
//
// Locks are taken in this order: attempts by id, counts of campaigns, the
// wallet.
package messaging
