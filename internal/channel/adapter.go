package channel

import "context"

// Capabilities say what a network can do.
type Capabilities struct {
	Receipts bool // tells what became of a message
	// Idempotent networks recognise a message that is sent twice by its ID; on
	// others a message in doubt may reach its recipient twice when tried again.
	Idempotent bool
}

// Adapter speaks a network's language. It is safe for concurrent use.
type Adapter interface {
	Capabilities() Capabilities
	// Run keeps the connection to the network until ctx ends, connecting again
	// whenever it breaks, and passes on receipts. Those for which told fails
	// are asked for again where the network can repeat them.
	Run(ctx context.Context, told func(ctx context.Context, r []Receipt) error)
	// Send hands a message over and waits for the network's answer. Errors are
	// *SendError; Sent then names the parts that were taken before it.
	Send(ctx context.Context, m Message) (Sent, error)
}
