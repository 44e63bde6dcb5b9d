package channel

// Status is what became of a part of a message after the network took it.
type Status string

// The statuses. All but Enroute are final.
const (
	Enroute     Status = "enroute" // still on its way
	Delivered   Status = "delivered"
	Undelivered Status = "undelivered" // the recipient cannot get it
	Expired     Status = "expired"     // its lifetime ended before it could be delivered
	Rejected    Status = "rejected"    // the network refused it after it had taken it
	Unknown     Status = "unknown"     // the network does not know, and never will
)

// Final says that no other status follows, unless the network contradicts itself.
func (s Status) Final() bool { return s != Enroute }

// Receipt tells the status of one part.
type Receipt struct {
	ID     string // as in Sent.IDs
	Status Status
	Code   string // the network's own error code, "" for none
}
