package smppfake

import (
	"bufio"
	"net"
	"sync"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"
)

const (
	repeatAfter  = 200 * time.Millisecond // a receipt that was not taken
	mostAttempts = 20
)

// conn is one connection of a client.
type conn struct {
	server *Server
	socket net.Conn
	ended  chan struct{}
	wake   chan struct{}
	bound  bool // guarded by the server

	mu         sync.Mutex
	over       bool
	out        []pdu.PDU      // without bounds, so that reading never waits for writing
	unanswered map[int32]note // receipts on their way, by sequence number
}

func newConn(s *Server, socket net.Conn) *conn {
	return &conn{server: s, socket: socket, ended: make(chan struct{}), wake: make(chan struct{}, 1), unanswered: map[int32]note{}}
}

func (c *conn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.over = true
		close(c.ended)
		_ = c.socket.Close()
	}
}

func (c *conn) isEnded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over
}

func (c *conn) serve() {
	go c.write()
	in := bufio.NewReaderSize(c.socket, 64<<10)
	for {
		p, err := pdu.Parse(in)
		if err != nil || !c.handle(p) {
			break
		}
	}
	c.end()
	c.mu.Lock()
	var rest []note
	for _, n := range c.unanswered {
		rest = append(rest, n)
	}
	c.unanswered = nil
	c.mu.Unlock()
	c.server.gone(c, rest)
}

func (c *conn) write() {
	for {
		select {
		case <-c.ended:
			return
		case <-c.wake:
		}
		c.mu.Lock()
		out := c.out
		c.out = nil
		c.mu.Unlock()
		b, bye := pdu.NewBuffer(nil), false
		for _, p := range out {
			p.Marshal(b)
			if _, ok := p.(*pdu.UnbindResp); ok {
				bye = true
			}
		}
		if _, err := c.socket.Write(b.Bytes()); err != nil || bye {
			c.end()
			return
		}
	}
}

func (c *conn) send(p pdu.PDU) {
	c.mu.Lock()
	c.out = append(c.out, p)
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// handle answers a PDU; false ends the connection.
func (c *conn) handle(p pdu.PDU) bool {
	switch p := p.(type) {
	case *pdu.BindRequest:
		r := pdu.NewBindResp(*p)
		r.SystemID = "fakenet"
		if c.server.Turned().RefuseBind {
			r.CommandStatus = data.ESME_RINVPASWD
		}
		c.send(r)
		if r.CommandStatus == data.ESME_ROK && p.BindingType != pdu.Transmitter {
			c.server.bind(c)
		}
	case *pdu.SubmitSM:
		return c.submitted(p)
	case *pdu.DeliverSMResp:
		c.acknowledged(p)
	case *pdu.EnquireLink, *pdu.Unbind:
		c.send(p.GetResponse())
	}
	return true
}

func (c *conn) submitted(p *pdu.SubmitSM) bool {
	refuse, cut, k := c.server.misbehave()
	r := p.GetResponse().(*pdu.SubmitSMResp)
	if refuse != data.ESME_ROK {
		r.CommandStatus = refuse
		c.after(k.Delay, func() { c.send(r) })
		return true
	}
	r.MessageID = c.server.take(p)
	if cut {
		return false
	}
	receipts := func() {
		if p.RegisteredDelivery != 0 {
			c.after(k.ReceiptDelay, func() { c.server.tell(p, r.MessageID, k) })
		}
	}
	if k.Early {
		receipts()
	}
	c.after(k.Delay, func() {
		c.send(r)
		if !k.Early {
			receipts()
		}
	})
	return true
}

func (c *conn) after(milliseconds int, do func()) {
	if milliseconds == 0 {
		do()
		return
	}
	time.AfterFunc(time.Duration(milliseconds)*time.Millisecond, do)
}

// deliver sends a receipt and remembers it until it is acknowledged.
func (c *conn) deliver(n note) {
	p := n.pdu()
	c.mu.Lock()
	if c.unanswered == nil {
		c.mu.Unlock()
		c.server.deliver(n)
		return
	}
	c.unanswered[p.GetSequenceNumber()] = n
	c.mu.Unlock()
	c.send(p)
}

// acknowledged forgets a receipt, or sends it again when it could not be kept.
func (c *conn) acknowledged(p *pdu.DeliverSMResp) {
	c.mu.Lock()
	n, ok := c.unanswered[p.SequenceNumber]
	delete(c.unanswered, p.SequenceNumber)
	c.mu.Unlock()
	if !ok || p.CommandStatus == data.ESME_ROK {
		return
	}
	if n.attempt++; n.attempt < mostAttempts {
		time.AfterFunc(repeatAfter, func() { c.server.deliver(n) })
	}
}
