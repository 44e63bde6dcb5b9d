package realtime

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db/dbtest"
)

// hearing is a node that keeps the orders it gets.
func hearing(t *testing.T, b *clusterBroker) <-chan string {
	t.Helper()
	heard := make(chan string, 100)
	require.NoError(t, b.RegisterControlEventHandler(control(func(data []byte) { heard <- string(data) })))
	return heard
}

type control func(data []byte)

func (c control) HandleControl(data []byte) error { c(data); return nil }

func TestOrdersAreNotLost(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	here, there := newClusterBroker("here", d), newClusterBroker("there", d)
	hearing(t, here)
	heard := hearing(t, there)
	there.start()
	t.Cleanup(there.close)
	require.Eventually(t, func() bool { // it listens
		require.NoError(t, newClusterBroker("third", d).notify(t.Context(), []byte(`{"f":"third","i":[{"x":"aGVsbG8="}]}`)))
		select {
		case x := <-heard:
			return x == "hello"
		default:
			return false
		}
	}, 10*time.Second, 20*time.Millisecond)
	for done := false; !done; {
		select {
		case <-heard:
		case <-time.After(200 * time.Millisecond):
			done = true
		}
	}
	for range queueLength + 10 { // more hints than have room
		_, _, err := here.Publish("team:5", []byte("{}"), centrifuge.PublishOptions{})
		require.NoError(t, err)
	}
	for i := range 2 * ordersAtOnce {
		require.NoError(t, here.PublishControl([]byte(strconv.Itoa(i)), "", ""))
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	here.order(gone) // the database cannot be reached
	require.Len(t, here.orders.waiting, 2*ordersAtOnce)
	here.start()
	t.Cleanup(here.close)
	for i := range 2 * ordersAtOnce {
		select {
		case x := <-heard:
			require.Equal(t, strconv.Itoa(i), x)
		case <-time.After(20 * time.Second):
			t.Fatal("an order was lost")
		}
	}
}
