package smpp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"
)

const (
	headerSize = 16
	largestPDU = 64 << 10
)

// malformed is a PDU that could not be read, although its end is known, so
// that the next can be.
type malformed struct {
	command  data.CommandIDType
	sequence int32
	err      error
}

func (m *malformed) Error() string {
	return fmt.Sprintf("PDU 0x%08X: %v", uint32(m.command), m.err)
}

// read takes the next PDU. What it returns besides *malformed ends the connection.
func read(r io.Reader) (pdu.PDU, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	h := pdu.ParseHeader(head)
	if h.CommandLength < headerSize || h.CommandLength > largestPDU {
		return nil, fmt.Errorf("a PDU of %d bytes", uint32(h.CommandLength))
	}
	frame := make([]byte, h.CommandLength, h.CommandLength+1)
	copy(frame, head[:])
	if _, err := io.ReadFull(r, frame[headerSize:]); err != nil {
		return nil, err
	}
	if h.CommandStatus != data.ESME_ROK && len(frame) == headerSize {
		frame = withEmptyName(frame)
	}
	p, err := parse(frame)
	if err != nil {
		return nil, &malformed{h.CommandID, h.SequenceNumber, err}
	}
	return p, nil
}

// withEmptyName completes the answer to a bind or submit that failed, which
// comes without a body and which the library refuses to read so.
func withEmptyName(frame []byte) []byte {
	switch pdu.ParseHeader([headerSize]byte(frame)).CommandID {
	case data.BIND_TRANSCEIVER_RESP, data.SUBMIT_SM_RESP:
		frame = append(frame, 0)
		binary.BigEndian.PutUint32(frame, uint32(len(frame)))
	}
	return frame
}

// parse never panics, whatever a foreign program has sent.
func parse(frame []byte) (p pdu.PDU, err error) {
	defer func() {
		if e := recover(); e != nil {
			p, err = nil, fmt.Errorf("%v", e)
		}
	}()
	p, err = pdu.Parse(bytes.NewReader(frame))
	if err == nil && p == nil {
		err = errors.New("unknown command")
	}
	return p, err
}

func marshal(p pdu.PDU) []byte {
	b := pdu.NewBuffer(nil)
	p.Marshal(b)
	return b.Bytes()
}
