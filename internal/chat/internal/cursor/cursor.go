// Package cursor writes the place in a list where the next page begins, for clients to bring
// back unread.
//
// A cursor grants nothing: it only narrows what its bearer may see anyway. It says which list,
// with which filters, it belongs to, because a place in one is none in another.
package cursor

import (
	"encoding/base64"
	"encoding/json"
	"hash/crc32"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"parley/internal/platform/fault"
)

const longest = 2000

// Encode returns a cursor into the list: the keys of the last line that was shown.
func Encode(list string, keys ...string) string {
	data, _ := json.Marshal(append([]string{mark(list)}, keys...)) // strings always have JSON
	return base64.RawURLEncoding.EncodeToString(data)
}

// Decode returns the keys of a cursor into the list; it has exactly as many as asked for. A
// cursor of another list, or one that was made up, is a fault of the field cursor.
func Decode(list, s string, keys int) ([]string, error) {
	if len(s) > longest {
		return nil, Invalid()
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(s)
	var parts []string
	if err != nil || json.Unmarshal(data, &parts) != nil || len(parts) != keys+1 || parts[0] != mark(list) {
		return nil, Invalid()
	}
	for _, part := range parts {
		if !utf8.ValidString(part) || strings.ContainsRune(part, 0) { // the database has no such text
			return nil, Invalid()
		}
	}
	return parts[1:], nil
}

// Invalid is the fault of a cursor that leads nowhere.
func Invalid() error {
	return fault.Field("cursor", fault.BadFormat, "Begin again without a cursor.")
}

// Time writes an instant as a key.
func Time(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// ParseTime reads a key that is an instant.
func ParseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	// Beyond these years lies nothing, and the database's own limits.
	if err != nil || t.Year() < 2000 || t.Year() > 9000 {
		return time.Time{}, Invalid()
	}
	return t.UTC(), nil
}

// ParseID reads a key that is an id.
func ParseID(s string) (uuid.UUID, error) {
	id, err := uuid.Parse(s)
	if err != nil {
		return uuid.Nil, Invalid()
	}
	return id, nil
}

func mark(list string) string {
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(list))), 36)
}
