package smpp_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/channel"
)

// Two binds of one login: receipts must all reach the one that reads them.
func TestSendOnlyTakesNoReceiptsOfOthers(t *testing.T) {
	t.Parallel()
	s := listen(t, "127.0.0.1:0")
	only := quick
	only.SendOnly = true
	sender, reader := adapter(t, s, "window=50", only), adapter(t, s, "window=50", quick)
	swallowed, read := run(t, sender), run(t, reader)
	require.False(t, sender.Capabilities().Receipts)
	_, err := sender.Send(t.Context(), message)
	require.NoError(t, err)

	const sent = 50
	names := map[string]bool{}
	for range sent {
		one, err := reader.Send(t.Context(), message)
		require.NoError(t, err)
		names[one.IDs[0]] = true
	}
	for len(names) > 0 {
		select {
		case r := <-read:
			if r.Status == channel.Delivered {
				require.True(t, names[r.ID], "a receipt that nobody asked for")
				delete(names, r.ID)
			}
		case <-time.After(5 * time.Second):
			require.Empty(t, names, "receipts that never came")
		}
	}
	require.Empty(t, swallowed)
}
