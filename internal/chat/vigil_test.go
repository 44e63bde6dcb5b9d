package chat

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNobodyIsTakenOfflineForAnOutage(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var v vigil
	looks := func(times int) (last bool) {
		for range times {
			now = now.Add(idleEvery)
			last = v.longEnough(now)
		}
		return last
	}
	aMinute := int((unseenFor + heartbeatEvery) / idleEvery)
	require.False(t, looks(aMinute), "the program has just begun")
	require.True(t, looks(1))

	now = now.Add(longestGap - idleEvery)
	require.True(t, looks(1), "a short break changes nothing")

	now = now.Add(time.Minute)
	require.False(t, looks(aMinute), "the database was away for a minute")
	require.True(t, looks(1))
}
