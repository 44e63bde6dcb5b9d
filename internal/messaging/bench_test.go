package messaging_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/messaging"
)

// BenchmarkCampaign is one message of a campaign, from the start to its receipt,
// with the fake SMSC in the same process.
func BenchmarkCampaign(b *testing.B) {
	w := newWorld(b)
	w.Fund(b, w.buyer.ID, "1000000")
	w.Fund(b, w.Reseller.ID, "1000000")
	c := w.campaign(b, b.N, nil)
	w.run(b, w.texts)
	for up := false; !up; { // until the gateway is owned and bound
		list, err := w.gateways.List(b.Context(), w.Platform.Actor(b, access.Owner))
		require.NoError(b, err)
		up = list[0].Up
	}
	b.ResetTimer()
	w.order(b, c, messaging.Start)
	for {
		now, err := w.texts.CampaignByID(b.Context(), w.buyer.Actor(b, access.Owner), c.ID)
		require.NoError(b, err)
		if counted(now, messaging.Delivered) == int64(b.N) {
			return
		}
		require.NotEqual(b, messaging.Paused, now.State, now.Reason)
		<-time.After(10 * time.Millisecond)
	}
}
