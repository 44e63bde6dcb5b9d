// Package channeltest is the contract of channel.Adapter as one test that
// every adapter passes against its fake network.
package channeltest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/channel"
)

// Network is a fake network that the test steers, and an adapter that speaks
// with it. Functions return when what they ask for is in force.
type Network struct {
	Adapter channel.Adapter
	// Message fits the network; the test changes ID only.
	Message channel.Message
	// Received returns the texts that arrived, oldest first.
	Received func() []string
	// Behave makes a good network of it again.
	Behave func()
	// Refuse makes it refuse recipients for good.
	Refuse func()
	// Throttle makes it ask for a slower pace.
	Throttle func()
	// Leave makes it unreachable, Return ends that.
	Leave, Return func()
	// CutAfterHandOver makes it take a message and break the connection
	// instead of answering. Nil for a network where that cannot be.
	CutAfterHandOver func()
	// Fail makes it take messages and say later that they could not be
	// delivered. Nil for a network without receipts.
	Fail func()
	// RepeatReceipts makes it tell each receipt twice. Nil as above.
	RepeatReceipts func()
}

const patience = 20 * time.Second

// Run runs the contract; start makes a network of its own for each part.
func Run(t *testing.T, start func(t *testing.T) Network) {
	for name, part := range map[string]func(t *testing.T, r *running){
		"accepted":                         accepted,
		"refused for good":                 refused,
		"throttled":                        throttled,
		"away and back":                    away,
		"in doubt when cut after handover": cut,
		"receipt arrives":                  receipt,
		"bad news arrive":                  badNews,
		"receipts may repeat":              repeats,
		"a receipt is kept or told again":  kept,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := start(t)
			r := &running{Network: n, got: make(chan struct{}, 1000)}
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan struct{})
			go func() {
				defer close(done)
				n.Adapter.Run(ctx, r.told)
			}()
			t.Cleanup(func() {
				cancel()
				<-done
			})
			part(t, r)
		})
	}
}

// running collects what an adapter tells.
type running struct {
	Network
	mu       sync.Mutex
	refuse   error
	receipts []channel.Receipt
	got      chan struct{}
}

func (r *running) told(_ context.Context, list []channel.Receipt) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.refuse; err != nil {
		r.refuse = nil
		return err
	}
	r.receipts = append(r.receipts, list...)
	for range list {
		r.got <- struct{}{}
	}
	return nil
}

// wait returns the first n receipts as soon as they are there.
func (r *running) wait(t *testing.T, n int) []channel.Receipt {
	t.Helper()
	for range n {
		select {
		case <-r.got:
		case <-time.After(patience):
			require.FailNow(t, "no receipt came")
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.receipts)
}

func (r *running) send(t *testing.T, id string) (channel.Sent, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	m := r.Message
	m.ID = id
	return r.Adapter.Send(ctx, m)
}

func (r *running) sendError(t *testing.T, id string) *channel.SendError {
	t.Helper()
	_, err := r.send(t, id)
	var e *channel.SendError
	require.ErrorAs(t, err, &e)
	return e
}

func accepted(t *testing.T, r *running) {
	sent, err := r.send(t, "1")
	require.NoError(t, err)
	require.NotEmpty(t, sent.IDs)
	require.Equal(t, []string{r.Message.Text}, r.Received())

	long := r.Message
	long.Text = strings.Repeat("Длинный текст 😀 ", 20)
	sent, err = r.Adapter.Send(t.Context(), long)
	require.NoError(t, err)
	require.NotEmpty(t, sent.IDs)
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(sent.IDs))), len(sent.IDs), "each part has a name of its own")
	require.Equal(t, long.Text, r.Received()[1])
}

func refused(t *testing.T, r *running) {
	r.Refuse()
	e := r.sendError(t, "1")
	require.Equal(t, channel.InvalidRecipient, e.Reason)
	require.Equal(t, channel.UserFault, e.Fault)
	require.False(t, e.Retry)
	require.NotContains(t, e.Error(), strings.TrimPrefix(r.Message.To, "+"), "errors are logged; whom they are about is not")
	require.Empty(t, r.Received())
	r.Behave()
	_, err := r.send(t, "2")
	require.NoError(t, err)
}

func throttled(t *testing.T, r *running) {
	r.Throttle()
	e := r.sendError(t, "1")
	require.Equal(t, channel.Throttled, e.Reason)
	require.True(t, e.Retry)
	require.Positive(t, e.RetryAfter)
	r.Behave()
	require.Eventually(t, func() bool { // the adapter may keep to the pause that was asked for
		_, err := r.send(t, "1")
		return err == nil
	}, patience, 10*time.Millisecond)
	require.Len(t, r.Received(), 1)
}

func away(t *testing.T, r *running) {
	_, err := r.send(t, "1")
	require.NoError(t, err)
	r.Leave()
	e := r.sendError(t, "2")
	require.Equal(t, channel.Unreachable, e.Reason)
	require.True(t, e.Retry)
	r.Return()
	require.Eventually(t, func() bool {
		_, err := r.send(t, "2")
		return err == nil
	}, patience, 10*time.Millisecond)
	require.Len(t, r.Received(), 2)
}

func cut(t *testing.T, r *running) {
	if r.CutAfterHandOver == nil {
		return
	}
	_, err := r.send(t, "1")
	require.NoError(t, err)
	r.CutAfterHandOver()
	e := r.sendError(t, "2")
	require.Equal(t, channel.InDoubt, e.Reason)
	require.Equal(t, r.Adapter.Capabilities().Idempotent, e.Retry, "only a network that recognises repeats may be asked again without thought")
	require.Len(t, r.Received(), 2, "it was taken")
	r.Behave()
	require.Eventually(t, func() bool {
		_, err := r.send(t, "3")
		return err == nil
	}, patience, 10*time.Millisecond)
}

func receipt(t *testing.T, r *running) {
	if !r.Adapter.Capabilities().Receipts {
		return
	}
	sent, err := r.send(t, "1")
	require.NoError(t, err)
	got := r.wait(t, len(sent.IDs))
	require.Equal(t, channel.Receipt{ID: sent.IDs[0], Status: channel.Delivered, Code: got[0].Code}, got[0])
	require.True(t, got[0].Status.Final())
}

func badNews(t *testing.T, r *running) {
	if r.Fail == nil {
		return
	}
	r.Fail()
	sent, err := r.send(t, "1")
	require.NoError(t, err)
	got := r.wait(t, 1)
	require.Equal(t, sent.IDs[0], got[0].ID)
	require.Equal(t, channel.Undelivered, got[0].Status)
	require.NotEmpty(t, got[0].Code)
}

func repeats(t *testing.T, r *running) {
	if r.RepeatReceipts == nil {
		return
	}
	r.RepeatReceipts()
	sent, err := r.send(t, "1")
	require.NoError(t, err)
	got := r.wait(t, 2)
	require.Equal(t, []string{sent.IDs[0], sent.IDs[0]}, []string{got[0].ID, got[1].ID})
}

func kept(t *testing.T, r *running) {
	if !r.Adapter.Capabilities().Receipts {
		return
	}
	r.mu.Lock()
	r.refuse = context.DeadlineExceeded // as when the database is away
	r.mu.Unlock()
	sent, err := r.send(t, "1")
	require.NoError(t, err)
	require.Equal(t, sent.IDs[0], r.wait(t, 1)[0].ID)
}
