package pass_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/chat/pass"
	"parley/internal/platform/fault"
)

var (
	now     = time.Date(2026, 3, 29, 0, 59, 59, 0, time.UTC)
	old     = bytes.Repeat([]byte{1}, 32)
	fresh   = bytes.Repeat([]byte{2}, 32)
	visitor = pass.Visitor{CompanyID: 1007, ConnectionID: uuid.New(), ID: uuid.New(), Language: "ru-RU", TimeZone: "Europe/Moscow"}
)

func TestVisitorPass(t *testing.T) {
	t.Parallel()
	keys := pass.New(fresh)
	token, expires := keys.Visitor(visitor, now)
	require.Equal(t, now.Add(pass.VisitorFor), expires)

	got, err := keys.OpenVisitor(token, expires.Add(-time.Second))
	require.NoError(t, err)
	require.Equal(t, visitor, got)

	_, err = keys.OpenVisitor(token, expires)
	require.True(t, fault.Is(err, fault.Unauthenticated), "it has ended")
}

func TestHintsAreOptionalAndShort(t *testing.T) {
	t.Parallel()
	keys := pass.New(fresh)
	bare := visitor
	bare.Language, bare.TimeZone = "", ""
	long := visitor
	long.Language, long.TimeZone = strings.Repeat("x", 36), strings.Repeat("x", 65)
	for _, v := range []pass.Visitor{bare, long} {
		token, _ := keys.Visitor(v, now)
		got, err := keys.OpenVisitor(token, now)
		require.NoError(t, err)
		require.Equal(t, bare, got)
	}
}

func TestConnectionPass(t *testing.T) {
	t.Parallel()
	keys := pass.New(fresh)
	token, expires := keys.Connection(visitor, now)
	require.Equal(t, now.Add(15*time.Minute), expires)
	got, until, err := keys.OpenConnection(token, now)
	require.NoError(t, err)
	require.Equal(t, visitor, got)
	require.Equal(t, expires, until)
	_, _, err = keys.OpenConnection(token, now.Add(15*time.Minute))
	require.Error(t, err)
}

func TestKindsDoNotMix(t *testing.T) {
	t.Parallel()
	keys := pass.New(fresh)
	long, _ := keys.Visitor(visitor, now)
	short, _ := keys.Connection(visitor, now)
	_, err := keys.OpenVisitor(short, now)
	require.Error(t, err, "a connection pass would last a year")
	_, _, err = keys.OpenConnection(long, now)
	require.Error(t, err)
}

func TestFilePass(t *testing.T) {
	t.Parallel()
	keys := pass.New(fresh)
	file := uuid.New()
	token := keys.File(1007, file, now)
	company, err := keys.OpenFile(token, file, now.Add(7*24*time.Hour))
	require.NoError(t, err)
	require.EqualValues(t, 1007, company)

	_, err = keys.OpenFile(token, uuid.New(), now)
	require.Error(t, err, "another file")
	_, err = keys.OpenFile(token, file, now.Add(14*24*time.Hour))
	require.Error(t, err, "it has ended")
}

func TestChangeOfKeys(t *testing.T) {
	t.Parallel()
	before, _ := pass.New(old).Visitor(visitor, now)
	both := pass.New(fresh, old)
	_, err := both.OpenVisitor(before, now)
	require.NoError(t, err)
	after, _ := both.Visitor(visitor, now)
	_, err = pass.New(old).OpenVisitor(after, now)
	require.Error(t, err)
}

func TestForgeries(t *testing.T) {
	t.Parallel()
	keys := pass.New(fresh)
	token, _ := keys.Visitor(visitor, now)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	require.NoError(t, err)
	for i := range raw {
		changed := bytes.Clone(raw)
		changed[i] ^= 1
		_, err := keys.OpenVisitor(base64.RawURLEncoding.EncodeToString(changed), now)
		require.Error(t, err, "byte %d", i)
	}
	for _, bad := range []string{"", "x", token + "A", token[1:], token + "=", " " + token, string(bytes.Repeat([]byte("A"), len(token)))} {
		_, err := keys.OpenVisitor(bad, now)
		require.True(t, fault.Is(err, fault.Unauthenticated), "%q", bad)
	}
}

func FuzzOpen(f *testing.F) {
	keys := pass.New(fresh)
	token, _ := keys.Visitor(visitor, now)
	f.Add(token)
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := keys.OpenVisitor(s, now); err == nil {
			require.Equal(t, visitor, v)
		}
		_, _, err := keys.OpenConnection(s, now)
		require.Error(t, err)
	})
}
