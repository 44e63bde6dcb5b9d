package smpp

import (
	"fmt"
	"time"

	"github.com/linxGnu/gosmpp/data"

	"parley/internal/channel"
)

const afterThrottling = time.Second

// refusal reads a command_status (SMPP 3.4, 5.1.3).
func refusal(status data.CommandStatusType) *channel.SendError {
	e := &channel.SendError{Fault: channel.UserFault, Detail: fmt.Sprintf("command_status 0x%02X", uint32(status))}
	switch status {
	case data.ESME_RTHROTTLED, data.ESME_RMSGQFUL:
		e.Reason, e.Fault, e.Retry, e.RetryAfter = channel.Throttled, channel.TheirFault, true, afterThrottling
	case data.ESME_RSYSERR, data.ESME_RSUBMITFAIL, data.ESME_RX_T_APPN:
		e.Reason, e.Fault, e.Retry = channel.NetworkBusy, channel.TheirFault, true
	case data.ESME_RINVDSTADR, data.ESME_RINVDSTTON, data.ESME_RINVDSTNPI:
		e.Reason = channel.InvalidRecipient
	case data.ESME_RX_P_APPN, data.ESME_RX_R_APPN:
		e.Reason = channel.RecipientRefuses
	case data.ESME_RINVSRCADR, data.ESME_RINVSRCTON, data.ESME_RINVSRCNPI:
		e.Reason, e.Fault = channel.SenderRefused, channel.OurFault
	case data.ESME_RBINDFAIL, data.ESME_RINVPASWD, data.ESME_RINVSYSID, data.ESME_RINVSYSTYP,
		data.ESME_RINVBNDSTS, data.ESME_RALYBND, data.ESME_RPROVNOTALLWD, data.ESME_RINVSERTYP:
		e.Reason, e.Fault = channel.BadCredentials, channel.OurFault
	default:
		e.Reason, e.Fault = channel.ContentRefused, channel.TheirFault
	}
	return e
}

func unreachable(detail string) *channel.SendError {
	return &channel.SendError{Reason: channel.Unreachable, Fault: channel.TheirFault, Retry: true, Detail: detail}
}

func inDoubt(detail string) *channel.SendError {
	return &channel.SendError{Reason: channel.InDoubt, Fault: channel.TheirFault, Detail: detail}
}
