package messaging

import "parley/internal/channel"

// failures says what a message is called when the worst of its parts ended so;
// the worst first.
var failures = []struct {
	status channel.Status
	state  State
}{
	{channel.Rejected, Rejected},
	{channel.Undelivered, Undelivered},
	{channel.Expired, Expired},
	{channel.Unknown, Undelivered},
}

// endState says what a message has become when all its parts have ended: it is
// delivered when all of them are, else it is what the worst of them is.
func endState(parts int, by map[channel.Status]int) (state State, complete bool) {
	ended := 0
	for status, n := range by {
		if status.Final() && status != "" {
			ended += n
		}
	}
	if ended < parts {
		return Sent, false
	}
	for _, f := range failures {
		if by[f.status] > 0 {
			return f.state, true
		}
	}
	return Delivered, true
}

// reasonOf says why a message that the network had taken failed.
func reasonOf(s State, by map[channel.Status]int) string {
	switch {
	case s == Delivered:
		return ""
	case by[channel.Unknown] > 0:
		return reasonSilence
	}
	return "network"
}
