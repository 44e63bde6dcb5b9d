package smppfake

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"
)

// note is a receipt to be told.
type note struct {
	from, to pdu.Address
	name     string // of the message
	stat     string
	knobs    Knobs
	attempt  int
}

// tell makes the receipts of a message as the knobs say.
func (s *Server) tell(p *pdu.SubmitSM, name string, k Knobs) {
	n := s.receipts.Add(1)
	if k.Receipt == "none" || k.LoseEvery > 0 && n%int64(k.LoseEvery) == 0 {
		return
	}
	final := note{from: p.DestAddr, to: p.SourceAddr, name: name, stat: k.Receipt, knobs: k}
	if final.stat == "" {
		final.stat = "DELIVRD"
	}
	s.receipt(name, final.stat)
	s.deliver(final)
	if k.Repeat {
		s.deliver(final)
	}
	if k.Reorder {
		enroute := final
		enroute.stat = "ENROUTE"
		s.deliver(enroute)
	}
}

// pdu writes a receipt (SMPP 3.4, appendix B).
func (n note) pdu() pdu.PDU {
	p := pdu.NewDeliverSM().(*pdu.DeliverSM)
	p.SourceAddr, p.DestAddr = n.from, n.to
	p.EsmClass = data.SM_SMSC_DLV_RCPT_TYPE
	name := n.name
	if n.knobs.Decimal {
		if id, err := strconv.ParseInt(name, 16, 64); err == nil {
			name = strconv.FormatInt(id, 10)
		}
	}
	now := time.Now().UTC().Format("0601021504")
	delivered, code := "000", "001"
	if n.stat == "DELIVRD" {
		delivered, code = "001", "000"
	}
	text := fmt.Sprintf("id:%s sub:001 dlvrd:%s submit date:%s done date:%s stat:%s err:%s text:", name, delivered, now, now, n.stat, code)
	if n.knobs.Tags {
		text = "see the parameters"
		state := byte(slices.Index(stats, n.stat) + 1)
		p.RegisterOptionalParam(pdu.Field{Tag: pdu.TagReceiptedMessageID, Data: append([]byte(n.name), 0)})
		p.RegisterOptionalParam(pdu.Field{Tag: pdu.TagMessageStateOption, Data: []byte{state}})
	}
	_ = p.Message.SetMessageDataWithEncoding([]byte(text), data.GSM7BIT)
	return p
}
