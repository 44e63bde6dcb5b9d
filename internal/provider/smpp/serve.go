package smpp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"parley/internal/channel"
)

const (
	mostReceipts = 500                     // told at once
	goodbye      = 500 * time.Millisecond  // for the answer to our unbind
	farewell     = 1500 * time.Millisecond // for answers on their way when we leave; a lost lease lets nobody stay longer
	lookForRest  = 20 * time.Millisecond
	answers      = 1 << 31 // the bit of command_id that answers carry
)

// arrived is a receipt that is acknowledged once it is told.
type arrived struct {
	receipt channel.Receipt
	pdu     *pdu.DeliverSM
}

// serve works a bind until it breaks or ctx ends, and returns why.
func (a *Adapter) serve(ctx context.Context, b *bind, told func(context.Context, []channel.Receipt) error) error {
	receipts := make(chan arrived, mostReceipts)
	var loops sync.WaitGroup
	loops.Go(b.write)
	loops.Go(func() { b.fail(a.listen(b, receipts)) })
	loops.Go(func() { a.pass(ctx, b, receipts, told) })
	loops.Go(func() { a.enquire(b) })
	a.set(b, nil)
	select {
	case <-ctx.Done():
		a.set(nil, errors.New("stopped"))
		b.leave()
	case <-b.ended:
	}
	loops.Wait()
	return b.reason
}

// leave waits for answers on their way, says goodbye and ends the bind.
func (b *bind) leave() {
	deadline := time.After(farewell)
	for !b.idle() {
		select {
		case <-deadline:
		case <-b.ended:
			return
		case <-time.After(lookForRest):
			continue
		}
		break
	}
	b.send(pdu.NewUnbind())
	select {
	case <-b.ended:
	case <-time.After(goodbye):
	}
	b.fail(errors.New("stopped"))
}

// listen reads until the connection breaks. A silence of two enquiries means
// that it has, even when nobody says so.
func (a *Adapter) listen(b *bind, receipts chan<- arrived) error {
	defer close(receipts)
	for {
		_ = b.conn.SetReadDeadline(time.Now().Add(2*a.settings.Enquire + a.options.Answer))
		p, err := read(b.in)
		var bad *malformed
		if errors.As(err, &bad) {
			a.options.Log.Warn("SMSC sent what cannot be read", "smsc", a.settings.Name(), "error", bad)
			b.answered(bad.sequence, answer{err: inDoubt("the answer cannot be read")})
			if uint32(bad.command)&answers == 0 {
				b.send(nack(bad))
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if err := a.take(b, p, receipts); err != nil {
			return err
		}
	}
}

// nack refuses what cannot be read, in the form that the sender waits for.
func nack(m *malformed) pdu.PDU {
	if m.command == data.DELIVER_SM {
		r := pdu.NewDeliverSMResp().(*pdu.DeliverSMResp)
		r.CommandStatus = data.ESME_RX_R_APPN // not to be sent again
		r.SetSequenceNumber(m.sequence)
		return r
	}
	n := pdu.NewGenericNack().(*pdu.GenericNack)
	n.CommandStatus = data.ESME_RINVCMDID
	n.SetSequenceNumber(m.sequence)
	return n
}

func (a *Adapter) take(b *bind, p pdu.PDU, receipts chan<- arrived) error {
	switch p := p.(type) {
	case *pdu.SubmitSMResp:
		if p.CommandStatus != data.ESME_ROK {
			b.answered(p.SequenceNumber, answer{err: refusal(p.CommandStatus)})
		} else {
			b.answered(p.SequenceNumber, answer{id: p.MessageID})
		}
	case *pdu.GenericNack:
		b.answered(p.SequenceNumber, answer{err: refusal(p.CommandStatus)})
	case *pdu.DeliverSM:
		if r, ok := receipt(p, a.settings.ReceiptIDs); ok {
			select {
			case receipts <- arrived{r, p}:
			case <-b.ended:
			}
			return nil
		}
		b.send(p.GetResponse())
	case *pdu.EnquireLink:
		b.send(p.GetResponse())
	case *pdu.Unbind:
		b.send(p.GetResponse())
		return errors.New("the SMSC has unbound")
	case *pdu.UnbindResp:
		return errors.New("unbound")
	}
	return nil
}

// pass tells receipts, as many at once as have come meanwhile, and
// acknowledges those that were kept.
func (a *Adapter) pass(ctx context.Context, b *bind, receipts <-chan arrived, told func(context.Context, []channel.Receipt) error) {
	for first := range receipts {
		batch := []arrived{first}
	more:
		for len(batch) < mostReceipts {
			select {
			case next, ok := <-receipts:
				if !ok {
					break more
				}
				batch = append(batch, next)
			default:
				break more
			}
		}
		list := make([]channel.Receipt, len(batch))
		for i, one := range batch {
			list[i] = one.receipt
		}
		status := data.ESME_ROK
		if err := told(ctx, list); err != nil {
			a.options.Log.WarnContext(ctx, "receipts were not kept and are asked for again", "smsc", a.settings.Name(), "receipts", len(list), "error", err)
			status = data.ESME_RX_T_APPN
		}
		for _, one := range batch {
			r := one.pdu.GetResponse().(*pdu.DeliverSMResp)
			r.CommandStatus = status
			b.send(r)
		}
	}
}

func (a *Adapter) enquire(b *bind) {
	t := time.NewTicker(a.settings.Enquire)
	defer t.Stop()
	for {
		select {
		case <-b.ended:
			return
		case <-t.C:
			b.send(pdu.NewEnquireLink())
		}
	}
}
