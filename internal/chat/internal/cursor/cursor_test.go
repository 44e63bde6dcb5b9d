package cursor_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/chat/internal/cursor"
	"parley/internal/platform/fault"
)

func TestCursor(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)
	id := uuid.MustParse("019ca945-0a00-7000-b98b-8d7094ea3d4a")
	s := cursor.Encode("dialogs all", cursor.Time(at), id.String(), "Ёлка \"'")

	keys, err := cursor.Decode("dialogs all", s, 3)
	require.NoError(t, err)
	require.Equal(t, "Ёлка \"'", keys[2])
	read, err := cursor.ParseTime(keys[0])
	require.NoError(t, err)
	require.Equal(t, at, read)
	readID, err := cursor.ParseID(keys[1])
	require.NoError(t, err)
	require.Equal(t, id, readID)

	for _, bad := range []string{"", "x", s[:len(s)-3], s + "AA", "bnVsbA", "WyJhIl0", "!!!!"} {
		_, err := cursor.Decode("dialogs all", bad, 3)
		require.True(t, fault.Is(err, fault.Invalid), bad)
	}
	_, err = cursor.Decode("dialogs mine", s, 3)
	require.True(t, fault.Is(err, fault.Invalid), "a place in another list")
	_, err = cursor.Decode("dialogs all", s, 2)
	require.True(t, fault.Is(err, fault.Invalid), "another number of keys")
}

func FuzzDecode(f *testing.F) {
	f.Add(cursor.Encode("list", "2026-03-01T12:00:00Z", "019ca945-0a00-7000-b98b-8d7094ea3d4a"))
	f.Add("WyJhIiwiYiIsImMiXQ")
	f.Fuzz(func(t *testing.T, s string) {
		keys, err := cursor.Decode("list", s, 2)
		if err != nil {
			require.True(t, fault.Is(err, fault.Invalid))
			return
		}
		for _, key := range keys {
			require.True(t, utf8.ValidString(key))
		}
		if at, err := cursor.ParseTime(keys[0]); err == nil {
			again, err := cursor.ParseTime(cursor.Time(at))
			require.NoError(t, err)
			require.True(t, at.Equal(again))
		}
		_, _ = cursor.ParseID(keys[1])
	})
}
