package backup

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
)

// ErrDamaged says that a file is no backup, is cut off or was changed.
var ErrDamaged = errors.New("the backup is damaged")

// archive is a backup being written.
type archive struct {
	tar   *tar.Writer
	gzip  *gzip.Writer
	hash  hash.Hash
	bytes int64
}

func newArchive(to io.Writer) *archive {
	// Most of the time is Postgres's; more effort makes text little smaller.
	compressed, _ := gzip.NewWriterLevel(to, gzip.BestSpeed) // fails for unknown levels only
	return &archive{tar: tar.NewWriter(compressed), gzip: compressed, hash: sha256.New()}
}

// add writes one entry of a known size.
func (a *archive) add(name string, size int64, from io.Reader) error {
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, Typeflag: tar.TypeReg, Format: tar.FormatPAX}); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	heading(a.hash, name, size)
	n, err := io.Copy(io.MultiWriter(a.tar, a.hash), io.LimitReader(from, size))
	if err == nil && n < size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	a.bytes += n
	return nil
}

// heading puts an entry's name and size under the hash, so that no two
// sequences of entries have the same.
func heading(h hash.Hash, name string, size int64) {
	fmt.Fprintf(h, "%d:%s:%d:", len(name), name, size)
}

func (a *archive) sum() string { return hex.EncodeToString(a.hash.Sum(nil)) }

func (a *archive) close() error {
	if err := errors.Join(a.tar.Close(), a.gzip.Close()); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	return nil
}

// opened is a backup being read.
type opened struct {
	tar  *tar.Reader
	hash hash.Hash
	sum  string // of all entries before the current one
	left *io.LimitedReader
}

func open(from io.Reader) (*opened, error) {
	compressed, err := gzip.NewReader(from)
	if err != nil {
		return nil, damaged(err)
	}
	return &opened{tar: tar.NewReader(compressed), hash: sha256.New()}, nil
}

// next goes to the next entry, which must be read to its end before the one
// after it.
func (o *opened) next() (name string, content io.Reader, err error) {
	if o.left != nil && o.left.N > 0 {
		return "", nil, fmt.Errorf("%w: an entry was not read", ErrDamaged)
	}
	h, err := o.tar.Next()
	if err != nil {
		return "", nil, damaged(err)
	}
	o.sum = hex.EncodeToString(o.hash.Sum(nil))
	heading(o.hash, h.Name, h.Size)
	o.left = &io.LimitedReader{R: io.TeeReader(noted{o.tar}, o.hash), N: h.Size}
	return h.Name, o.left, nil
}

// largestJSON bounds the entries that are read into memory, in bytes.
const largestJSON = 16 << 20

// json reads the content of an entry.
func (o *opened) json(name string, content io.Reader, into any) error {
	text, err := io.ReadAll(io.LimitReader(content, largestJSON))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	return nil
}

// finish sees that nothing follows.
func (o *opened) finish() error {
	if _, err := o.tar.Next(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows its end", ErrDamaged)
	}
	return nil
}

// noted makes errors of the file ours, so that they are told from those of
// the database that reads it.
type noted struct{ io.Reader }

func (n noted) Read(p []byte) (int, error) {
	k, err := n.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged(err)
	}
	return k, err
}

func damaged(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}
