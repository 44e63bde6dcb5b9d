package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"io"

	"parley/internal/platform/fault"
)

// Bounds of an archive. Honest spreadsheets shrink to a tenth, and rows that repeat to a
// fiftieth.
const (
	mostOfDirectory = 1 << 20  // bytes
	mostOfPart      = 4 << 30  // bytes of a part, unpacked
	mostSwelling    = 200      // times its packed size
	alwaysAllowed   = 16 << 20 // bytes that a part may have at any ratio
	longestToken    = 1 << 20  // bytes of one tag or text
)

var (
	errBroken = unsupported("The XLSX file is damaged.")
	errBomb   = fault.New(fault.TooLarge, "The XLSX file unpacks to more than a table can be.")
)

// archive is the container of an XLSX file.
type archive struct{ parts map[string]*zip.File }

func openArchive(f io.ReadSeeker, size int64) (archive, error) {
	// The directory is read whole and its length is what the file says: so much and no more.
	from := &readerAt{f, mostOfDirectory + 128<<10}
	z, err := zip.NewReader(from, size)
	if from.left < 0 {
		return archive{}, errBomb
	} else if err != nil {
		return archive{}, errBroken
	}
	from.left = 1<<63 - 1
	a := archive{make(map[string]*zip.File, len(z.File))}
	for _, part := range z.File {
		if a.parts[part.Name] != nil {
			return archive{}, errBroken // two parts of one name: programs would differ in what they read
		}
		a.parts[part.Name] = part
	}
	return a, nil
}

// open begins to read a part as XML.
func (a archive) open(name string) (*part, error) {
	f := a.parts[name]
	if f == nil {
		return nil, errBroken
	}
	r, err := f.Open()
	if err != nil {
		return nil, errBroken
	}
	most := min(mostOfPart, max(alwaysAllowed, int64(min(f.CompressedSize64, mostOfPart))*mostSwelling))
	p := &part{closer: r, size: int64(min(f.UncompressedSize64, mostOfPart))}
	p.counted = &counter{from: &bounded{r, most}}
	p.bytes = &tokenReader{Reader: bufio.NewReaderSize(p.counted, 64<<10)}
	p.xml = xml.NewDecoder(p.bytes)
	return p, nil
}

// part is an XML part on its way through.
type part struct {
	closer  io.Closer
	counted *counter
	bytes   *tokenReader
	xml     *xml.Decoder
	size    int64 // as the archive claims
}

// token returns the next token; it lives until the next call. io.EOF ends the part.
func (p *part) token() (xml.Token, error) {
	p.bytes.left = longestToken
	t, err := p.xml.RawToken()
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return t, err
	case errors.Is(err, errBomb):
		return nil, errBomb
	}
	return nil, errBroken
}

func (p *part) close() { _ = p.closer.Close() }

// bounded ends with errBomb what is longer than it may be.
type bounded struct {
	from io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errBomb
	}
	return n, err
}

// tokenReader keeps the XML decoder from collecting a token that never ends.
type tokenReader struct {
	*bufio.Reader
	left int
}

func (t *tokenReader) ReadByte() (byte, error) {
	if t.left--; t.left < 0 {
		return 0, errBomb
	}
	return t.Reader.ReadByte()
}

// readerAt reads a seekable file anywhere, for one reader at a time.
type readerAt struct {
	f    io.ReadSeeker
	left int64 // bytes that may still be read
}

func (r *readerAt) ReadAt(p []byte, at int64) (int, error) {
	if r.left -= int64(len(p)); r.left < 0 {
		return 0, errBomb
	}
	if _, err := r.f.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r.f, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
