package smpp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"parley/internal/channel"
)

const (
	dialWithin  = 10 * time.Second
	writeWithin = 10 * time.Second
	outbox      = 512 // frames that wait to be written
)

// bind is one bound connection. It ends once, with a reason.
type bind struct {
	conn  net.Conn
	in    *bufio.Reader
	out   chan frame
	ended chan struct{}

	mu      sync.Mutex
	reason  error
	pending map[int32]*request
}

// frame is what is written; request is set for those that wait for an answer.
type frame struct {
	bytes   []byte
	request *request
}

// request waits for the answer to a submit; exactly one comes.
type request struct {
	sequence int32
	written  bool // guarded by the bind
	answer   chan answer
}

type answer struct {
	id  string
	err error
}

// connect makes a connection and binds it.
func connect(ctx context.Context, s Settings, kind pdu.BindingType, conn net.Conn) (*bind, error) {
	b := &bind{
		conn: conn, in: bufio.NewReaderSize(conn, 64<<10), out: make(chan frame, outbox),
		ended: make(chan struct{}), pending: map[int32]*request{},
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(dialWithin))
	ask := pdu.NewBindRequest(kind)
	ask.SystemID, ask.Password, ask.SystemType = s.SystemID, s.Password, s.SystemType
	if _, err := conn.Write(marshal(ask)); err != nil {
		return nil, unreachable("bind: " + err.Error())
	}
	for {
		p, err := read(b.in)
		var bad *malformed
		switch {
		case errors.As(err, &bad):
			continue
		case err != nil:
			return nil, unreachable("bind: " + err.Error())
		}
		switch p := p.(type) {
		case *pdu.BindResp:
			if p.CommandStatus != data.ESME_ROK {
				return nil, bindRefused(p.CommandStatus)
			}
			_ = conn.SetDeadline(time.Time{})
			return b, nil
		case *pdu.GenericNack:
			return nil, bindRefused(p.CommandStatus)
		}
	}
}

// bindRefused makes a refusal of a bind one that further binds may change:
// somebody corrects a password, or an older bind ends.
func bindRefused(status data.CommandStatusType) error {
	e := refusal(status)
	if e.Reason == channel.ContentRefused {
		e.Reason = channel.NetworkBusy
	}
	e.Detail = "bind refused: " + e.Detail
	return e
}

// fail ends the bind; the first reason stays.
func (b *bind) fail(err error) {
	b.mu.Lock()
	if b.reason != nil {
		b.mu.Unlock()
		return
	}
	b.reason = err
	lost := b.pending
	b.pending = map[int32]*request{}
	b.mu.Unlock()
	close(b.ended)
	_ = b.conn.Close()
	for _, r := range lost {
		if r.written {
			r.answer <- answer{err: inDoubt("the connection broke before the answer came")}
		} else {
			r.answer <- answer{err: unreachable("the connection broke")}
		}
	}
}

// submit writes a PDU and waits for its answer.
func (b *bind) submit(ctx context.Context, p *pdu.SubmitSM, within time.Duration) (string, error) {
	r := &request{sequence: p.GetSequenceNumber(), answer: make(chan answer, 1)}
	b.mu.Lock()
	if b.reason != nil {
		b.mu.Unlock()
		return "", unreachable("the connection broke")
	}
	b.pending[r.sequence] = r
	b.mu.Unlock()
	patience := time.NewTimer(within)
	defer patience.Stop()
	select {
	case b.out <- frame{marshal(p), r}:
	case <-b.ended:
	case <-ctx.Done():
	}
	select {
	case a := <-r.answer:
		return a.id, a.err
	case <-ctx.Done():
	case <-patience.C:
	}
	return b.giveUp(r)
}

// giveUp stops waiting for an answer, unless it is there already.
func (b *bind) giveUp(r *request) (string, error) {
	b.mu.Lock()
	_, waiting := b.pending[r.sequence]
	delete(b.pending, r.sequence)
	written := r.written
	b.mu.Unlock()
	switch {
	case !waiting:
		a := <-r.answer
		return a.id, a.err
	case written:
		return "", inDoubt("no answer came in time")
	}
	return "", unreachable("it could not be written in time")
}

// begin says that a request is about to be written; false when nobody waits
// for it any more.
func (b *bind) begin(r *request) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, waiting := b.pending[r.sequence]
	r.written = waiting
	return waiting
}

func (b *bind) answered(sequence int32, a answer) {
	b.mu.Lock()
	r, ok := b.pending[sequence]
	delete(b.pending, sequence)
	b.mu.Unlock()
	if ok {
		r.answer <- a
	}
}

// idle says whether no request waits for an answer.
func (b *bind) idle() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.pending) == 0
}

// write writes frames until the bind ends, many of them at once when many wait.
func (b *bind) write() {
	w := bufio.NewWriterSize(b.conn, 64<<10)
	for {
		select {
		case <-b.ended:
			return
		case f := <-b.out:
			if f.request != nil && !b.begin(f.request) {
				continue
			}
			_ = b.conn.SetWriteDeadline(time.Now().Add(writeWithin))
			_, err := w.Write(f.bytes)
			if err == nil && len(b.out) == 0 {
				err = w.Flush()
			}
			if err != nil {
				b.fail(fmt.Errorf("write: %w", err))
				return
			}
		}
	}
}

// send queues a PDU that waits for no answer.
func (b *bind) send(p pdu.PDU) {
	select {
	case b.out <- frame{bytes: marshal(p)}:
	case <-b.ended:
	}
}
