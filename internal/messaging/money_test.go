package messaging_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/messaging"
	"parley/internal/metering"
	"parley/internal/platform/fault"
)

func TestMoneyOfEachPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.buyer.Actor(t, access.Owner)
	m, err := w.texts.Send(t.Context(), owner, messaging.NewMessage{Channel: "sms", To: "+79123456789", Text: strings.Repeat("a", 161)})
	require.NoError(t, err)
	parts, err := w.texts.Money(t.Context(), owner, m.ID)
	require.NoError(t, err)
	require.Len(t, parts, 2)
	for n, p := range parts {
		require.Equal(t, n, p.N)
		require.Equal(t, metering.Held, p.Phase)
		require.Len(t, p.Levels, 1, "a company sees only what it pays itself")
	}
	require.NotEqual(t, parts[0].Reference, parts[1].Reference)

	_, err = w.texts.Money(t.Context(), owner, uuid.New())
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = w.texts.Money(t.Context(), w.Direct.Actor(t, access.Owner), m.ID)
	require.True(t, fault.Is(err, fault.NotFound), "another company's message")
	_, err = w.texts.Money(t.Context(), w.buyer.Actor(t, access.Operator), m.ID)
	require.True(t, fault.Is(err, fault.Forbidden), "an operator sees no prices")
}
