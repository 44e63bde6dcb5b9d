package channel

import "time"

// Message is a text for one recipient on one network.
type Message struct {
	// ID is ours, and the same when the message is tried again, for networks
	// that recognise repeats.
	ID   string
	To   string // the address on the network; E.164 for SMS
	From string // name or number that the recipient sees; empty is the connection's own
	Text string
	// Lifetime is how long the network shall try to deliver; 0 is its own.
	Lifetime time.Duration
}

// Sent says under which names the network took a message: one for each part
// that it took, in the order of the parts. Receipts use these names.
type Sent struct {
	IDs []string
}
