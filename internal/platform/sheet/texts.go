package sheet

import (
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
)

// Bounds of the texts that cells share: they stay in memory, about so much of it.
const (
	mostShared = 128 << 20 // bytes
	mostTexts  = 8_000_000
	blockSize  = 1 << 20
	longestOne = 32 << 10 // bytes kept of one text; more is cut
)

// texts are the shared texts of a workbook in a few large pieces: a million strings of their
// own would take several times as much.
type texts struct {
	blocks [][]byte
	places []uint32 // block and place of each text
	bytes  int
}

func (t *texts) add(text []byte) error {
	text = text[:min(len(text), longestOne)]
	need := len(text) + binary.MaxVarintLen32
	if t.bytes += need; t.bytes > mostShared || len(t.places) >= mostTexts {
		return errBomb
	}
	last := len(t.blocks) - 1
	if last < 0 || len(t.blocks[last])+need > blockSize {
		t.blocks = append(t.blocks, make([]byte, 0, blockSize))
		last++
	}
	t.places = append(t.places, uint32(last)<<20|uint32(len(t.blocks[last])))
	t.blocks[last] = append(binary.AppendUvarint(t.blocks[last], uint64(len(text))), text...)
	return nil
}

// at returns a text, or false when there is none of that number.
func (t *texts) at(n int) (string, bool) {
	if n < 0 || n >= len(t.places) {
		return "", false
	}
	from := t.blocks[t.places[n]>>20][t.places[n]&(blockSize-1):]
	length, size := binary.Uvarint(from)
	return string(from[size : size+int(length)]), true
}

// shared reads the texts that cells of a workbook share.
func (w *workbook) shared() (*texts, error) {
	const name = "xl/sharedStrings.xml"
	t := &texts{}
	if w.archive.parts[name] == nil {
		return t, nil
	}
	p, err := w.open(name)
	if err != nil {
		return nil, err
	}
	defer p.close()
	var text []byte
	for {
		token, err := p.token()
		if errors.Is(err, io.EOF) {
			return t, nil
		} else if err != nil {
			return nil, err
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "si" {
			continue
		}
		if text, err = p.rich(text[:0], "si"); err == nil {
			err = t.add(text)
		}
		if err != nil {
			return nil, err
		}
	}
}

// rich appends the text of an element that has begun, which may be in pieces; how it is
// pronounced is left out.
func (p *part) rich(text []byte, element string) ([]byte, error) {
	shown, spoken := false, 0
	for {
		token, err := p.token()
		if errors.Is(err, io.EOF) {
			return nil, errBroken
		} else if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			shown = t.Name.Local == "t"
			if t.Name.Local == "rPh" {
				spoken++
			}
		case xml.CharData:
			if shown && spoken == 0 && len(text) < longestOne {
				text = append(text, t...)
			}
		case xml.EndElement:
			shown = false
			switch t.Name.Local {
			case "rPh":
				spoken--
			case element:
				return text, nil
			}
		}
	}
}
