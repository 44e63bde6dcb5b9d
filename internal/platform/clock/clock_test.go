package clock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/clock"
)

func TestRealIsUTCToTheMicrosecond(t *testing.T) {
	t.Parallel()
	now := clock.Real{}.Now()
	require.Equal(t, time.UTC, now.Location())
	require.Zero(t, now.Nanosecond()%1000)
	require.WithinDuration(t, time.Now(), now, time.Second)
}

func TestFixedMovesOnlyWhenTold(t *testing.T) {
	t.Parallel()
	moscow := time.FixedZone("MSK", 3*60*60)
	c := clock.At(time.Date(2026, 1, 31, 23, 59, 59, 0, moscow))
	require.Equal(t, time.Date(2026, 1, 31, 20, 59, 59, 0, time.UTC), c.Now())
	require.Equal(t, c.Now(), c.Now())

	require.Equal(t, time.Date(2026, 1, 31, 21, 0, 0, 0, time.UTC), c.Step(time.Second))
	c.Set(time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC))
	require.Equal(t, 2025, c.Now().Year())
}
