package id_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/id"
)

func TestNew(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.UTC)
	u := id.New(now)
	require.EqualValues(t, 7, u.Version())
	require.Equal(t, now.Truncate(time.Millisecond), id.Time(u))

	first := id.First(now)
	require.Negative(t, bytes.Compare(first[:], u[:]))
	next := id.First(now.Add(time.Millisecond))
	require.Positive(t, bytes.Compare(next[:], u[:]))
}

func TestNewAscends(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	before := id.New(now)
	for range 10_000 {
		next := id.New(now)
		require.Negative(t, bytes.Compare(before[:], next[:]))
		before = next
	}
}
