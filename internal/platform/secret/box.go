package secret

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// ErrOpen says that a sealed value is damaged, was made with a key we don't have, or
// belongs to another place.
var ErrOpen = errors.New("sealed value does not open")

const (
	formatVersion = 1
	headerSize    = 1 + 4
	largestPlain  = 1 << 20
)

// Place says where a sealed value is stored; it opens nowhere else.
type Place struct {
	CompanyID int64  // 0 for the installation's own
	Table     string // with the column, when a row seals more than one value
	Row       string
}

// bytes encodes the place so that no two places share an encoding.
func (p Place) bytes() []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(p.CompanyID))
	b = binary.BigEndian.AppendUint32(b, uint32(len(p.Table)))
	b = append(b, p.Table...)
	return append(b, p.Row...)
}

// Box seals and opens values. It is safe for concurrent use.
type Box struct {
	newest  uint32
	keys    map[uint32]cipher.AEAD
	secrets [][32]byte // newest first
}

// New returns a box that seals with the first key and opens with all.
func New(keys ...Key) (*Box, error) {
	if len(keys) == 0 {
		return nil, errors.New("a box needs a key")
	}
	b := &Box{newest: keys[0].ID, keys: map[uint32]cipher.AEAD{}}
	for _, key := range keys {
		if _, twice := b.keys[key.ID]; twice {
			return nil, fmt.Errorf("key %d is there twice", key.ID)
		}
		aead, err := chacha20poly1305.NewX(key.Secret[:])
		if err != nil {
			return nil, fmt.Errorf("use key %d: %w", key.ID, err)
		}
		b.keys[key.ID] = aead
		b.secrets = append(b.secrets, key.Secret)
	}
	return b, nil
}

// Derive returns a key of 32 bytes for a purpose, such as signing tokens, from
// each key of the box, newest first (HKDF with SHA-256, RFC 5869).
func (b *Box) Derive(purpose string) [][]byte {
	out := make([][]byte, len(b.secrets))
	for i, secret := range b.secrets {
		key, err := hkdf.Key(sha256.New, secret[:], nil, "parley "+purpose, 32)
		if err != nil {
			panic(err) // only for lengths that SHA-256 cannot give
		}
		out[i] = key
	}
	return out
}

// Fingerprints name the keys, newest first, and tell nothing about them: to see
// whether a file of keys is the one that something was sealed with.
func (b *Box) Fingerprints() []string {
	var out []string
	for _, key := range b.Derive("fingerprint") {
		out = append(out, hex.EncodeToString(key[:8]))
	}
	return out
}

// Seal encrypts plain, at most 1 MiB, for its place.
func (b *Box) Seal(plain []byte, place Place) ([]byte, error) {
	if len(plain) > largestPlain {
		return nil, fmt.Errorf("seal: %d bytes are more than %d", len(plain), largestPlain)
	}
	sealed := make([]byte, headerSize+chacha20poly1305.NonceSizeX, headerSize+chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	sealed[0] = formatVersion
	binary.BigEndian.PutUint32(sealed[1:], b.newest)
	nonce := sealed[headerSize:]
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return b.keys[b.newest].Seal(sealed, nonce, plain, additional(sealed[:headerSize], place)), nil
}

// Open decrypts what Seal made for the same place.
func (b *Box) Open(sealed []byte, place Place) ([]byte, error) {
	if len(sealed) < headerSize+chacha20poly1305.NonceSizeX || sealed[0] != formatVersion {
		return nil, ErrOpen
	}
	header, rest := sealed[:headerSize], sealed[headerSize:]
	id := binary.BigEndian.Uint32(header[1:])
	key, ok := b.keys[id]
	if !ok {
		return nil, fmt.Errorf("%w: key %d is not in the key file", ErrOpen, id)
	}
	nonce, text := rest[:chacha20poly1305.NonceSizeX], rest[chacha20poly1305.NonceSizeX:]
	plain, err := key.Open(nil, nonce, text, additional(header, place))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// Old reports whether a sealed value should be sealed again with the newest key.
func (b *Box) Old(sealed []byte) bool {
	return len(sealed) < headerSize || sealed[0] != formatVersion || binary.BigEndian.Uint32(sealed[1:]) != b.newest
}

func additional(header []byte, place Place) []byte {
	return append(append([]byte(nil), header...), place.bytes()...)
}
