package pass

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/platform/fault"
)

// How long passes are good.
const (
	VisitorFor    = 365 * 24 * time.Hour
	ConnectionFor = 15 * time.Minute
	week          = 7 * 24 * time.Hour
)

type kind byte

const (
	visitorKind    kind = 'v'
	connectionKind kind = 'c'
	fileKind       kind = 'f'
)

// Visitor is who a pass is for. Language and time zone are what the browser said
// when it visited; they come to use with the first message.
type Visitor struct {
	CompanyID    int64
	ConnectionID uuid.UUID
	ID           uuid.UUID
	Language     string // at most 35 bytes
	TimeZone     string // at most 64 bytes
}

const (
	fixedPart   = 8 + 16 + 16 + 8 // company, connection, visitor, end
	maxLanguage = 35              // BCP 47, section 4.4.1
	maxTimeZone = 64
	longest     = 400 // of a pass as text
)

// Keys sign and check passes.
type Keys struct{ secrets [][]byte }

// New returns keys from secrets of at least 32 bytes; it panics without one.
func New(secrets ...[]byte) *Keys {
	if len(secrets) == 0 {
		panic("pass: no key")
	}
	for _, s := range secrets {
		if len(s) < 32 {
			panic("pass: key is too short")
		}
	}
	return &Keys{secrets}
}

// Visitor returns a visitor pass and when it ends.
func (k *Keys) Visitor(v Visitor, now time.Time) (string, time.Time) {
	return k.visitor(visitorKind, v, now.Add(VisitorFor))
}

// Connection returns a connection pass and when it ends.
func (k *Keys) Connection(v Visitor, now time.Time) (string, time.Time) {
	return k.visitor(connectionKind, v, now.Add(ConnectionFor))
}

func (k *Keys) visitor(as kind, v Visitor, expires time.Time) (string, time.Time) {
	b := binary.BigEndian.AppendUint64(nil, uint64(v.CompanyID))
	b = append(b, v.ConnectionID[:]...)
	b = append(b, v.ID[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(expires.Unix()))
	b = append(b, v.hints()...)
	return k.sign(as, b), expires.Truncate(time.Second)
}

// hints leaves out what is too long to be a language or a time zone.
func (v Visitor) hints() string {
	if len(v.Language) > maxLanguage {
		v.Language = ""
	}
	if len(v.TimeZone) > maxTimeZone {
		v.TimeZone = ""
	}
	return v.Language + "\n" + v.TimeZone
}

// OpenVisitor reads a visitor pass.
func (k *Keys) OpenVisitor(pass string, now time.Time) (Visitor, error) {
	v, _, err := k.openVisitor(visitorKind, pass, now)
	return v, err
}

// OpenConnection reads a connection pass and tells when it ends.
func (k *Keys) OpenConnection(pass string, now time.Time) (Visitor, time.Time, error) {
	return k.openVisitor(connectionKind, pass, now)
}

func (k *Keys) openVisitor(as kind, pass string, now time.Time) (Visitor, time.Time, error) {
	b, ok := k.open(as, pass)
	if !ok || len(b) < fixedPart {
		return Visitor{}, time.Time{}, refused()
	}
	expires := time.Unix(int64(binary.BigEndian.Uint64(b[40:])), 0).UTC()
	if !now.Before(expires) {
		return Visitor{}, time.Time{}, refused()
	}
	v := Visitor{CompanyID: int64(binary.BigEndian.Uint64(b))}
	copy(v.ConnectionID[:], b[8:])
	copy(v.ID[:], b[24:])
	v.Language, v.TimeZone, _ = strings.Cut(string(b[fixedPart:]), "\n")
	return v, expires, nil
}

// File returns a pass to fetch one attachment, good for one to two weeks.
func (k *Keys) File(companyID int64, attachment uuid.UUID, now time.Time) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(companyID))
	b = append(b, attachment[:]...)
	return k.sign(fileKind, binary.BigEndian.AppendUint64(b, uint64(now.Truncate(week).Add(2*week).Unix())))
}

// OpenFile checks a pass for an attachment and returns whose it is.
func (k *Keys) OpenFile(pass string, attachment uuid.UUID, now time.Time) (companyID int64, err error) {
	b, ok := k.open(fileKind, pass)
	if !ok || len(b) != 8+16+8 || uuid.UUID(b[8:24]) != attachment || now.Unix() >= int64(binary.BigEndian.Uint64(b[24:])) {
		return 0, refused()
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

func (k *Keys) sign(as kind, content []byte) string {
	b := append([]byte{byte(as)}, content...)
	return base64.RawURLEncoding.EncodeToString(append(b, mac(k.secrets[0], b)...))
}

func (k *Keys) open(as kind, pass string) ([]byte, bool) {
	if len(pass) > longest {
		return nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(pass)
	if err != nil || len(b) < 1+sha256.Size || kind(b[0]) != as {
		return nil, false
	}
	signed, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	for _, secret := range k.secrets {
		if hmac.Equal(sum, mac(secret, signed)) {
			return signed[1:], true
		}
	}
	return nil, false
}

func mac(secret, b []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write(b)
	return h.Sum(nil)
}

func refused() error {
	return fault.New(fault.Unauthenticated, "The token is not valid any more. Start a new visit.")
}
