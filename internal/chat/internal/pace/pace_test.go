package pace_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/chat/internal/pace"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 25, 0, 59, 50, 0, time.UTC)
	l := pace.New[string](3, time.Minute)
	for range 3 {
		require.Zero(t, l.Allow("a", now))
		now = now.Add(10 * time.Second)
	}
	require.Equal(t, 30*time.Second, l.Allow("a", now))
	require.Equal(t, 30*time.Second, l.Allow("a", now), "a refusal does not count")
	require.Zero(t, l.Allow("b", now), "others are not held back")
	now = now.Add(30 * time.Second)
	require.Zero(t, l.Allow("a", now), "the first is a minute ago")
	require.Equal(t, 10*time.Second, l.Allow("a", now))
}

func TestClockSetBack(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC)
	l := pace.New[int](1, time.Minute)
	require.Zero(t, l.Allow(1, now))
	require.Zero(t, l.Allow(1, now.Add(-time.Hour)), "nobody waits for an hour")
	require.NotZero(t, l.Allow(1, now.Add(-time.Hour)))
}
