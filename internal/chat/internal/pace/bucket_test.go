package pace_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/chat/internal/pace"
)

func TestBucket(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 25, 0, 59, 50, 0, time.UTC)
	b := pace.NewBucket[string](3, 10*time.Second)
	for range 3 {
		require.Zero(t, b.Allow("a", now))
	}
	require.Equal(t, 10*time.Second, b.Allow("a", now))
	require.Equal(t, 10*time.Second, b.Allow("a", now), "a refusal does not count")
	require.Zero(t, b.Allow("b", now), "others are not held back")
	now = now.Add(10 * time.Second)
	require.Zero(t, b.Allow("a", now))
	require.Equal(t, 10*time.Second, b.Allow("a", now))
	now = now.Add(time.Hour)
	for range 3 {
		require.Zero(t, b.Allow("a", now), "the burst is there again")
	}
	require.Equal(t, 10*time.Second, b.Allow("a", now))
	now = now.Add(-2 * time.Hour)
	require.Zero(t, b.Allow("a", now), "a clock that was set back locks nobody out")
}

func TestBucketOfManyKeys(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC)
	b := pace.NewBucket[int](1, time.Hour)
	for key := range 250_000 {
		require.Zero(t, b.Allow(key, now))
	}
	require.Less(t, b.Len(), 100_001)
	require.NotZero(t, b.Allow(249_999, now), "the latest are known")
}
