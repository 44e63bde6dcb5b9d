package chat_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/account"
	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
)

// With one connection in all, and nothing remembered, whoever asked for another
// in the middle of a transaction would wait for itself.
func TestNobodyNeedsASecondConnection(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.NewAlone(t))
	r := f.Room(t, f.First, 2)
	first, second, owner := r.Operators[0], r.Operators[1], r.Owner(t)
	v := r.Visitor()
	var dialog uuid.UUID
	act := func(name string, do func(ctx context.Context) error) {
		t.Helper()
		f.Clock.Step(time.Minute) // nothing is remembered any more
		r.Chat.ForgetRules(r.Firm.ID)
		within, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		require.NoError(t, do(within), name)
	}
	in := func(name string, do func(ctx context.Context, dialog uuid.UUID) (chat.Head, error)) {
		t.Helper()
		act(name, func(ctx context.Context) error { _, err := do(ctx, dialog); return err })
	}
	for _, p := range r.Operators {
		act("online", func(ctx context.Context) error {
			_, err := r.Chat.SetOperatorState(ctx, p.Actor, chat.Online)
			return err
		})
	}
	act("first message", func(ctx context.Context) error {
		m, err := r.Chat.Receive(ctx, v.Inbound("Hello"))
		dialog = m.DialogID
		return err
	})
	act("visit", func(ctx context.Context) error { _, err := r.Chat.Visit(ctx, v.Pass()); return err })
	in("take", func(ctx context.Context, d uuid.UUID) (chat.Head, error) { return r.Chat.Take(ctx, first.Actor, d) })
	act("reply", func(ctx context.Context) error {
		_, _, err := r.Chat.Reply(ctx, first.Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "Good morning"})
		return err
	})
	act("message", func(ctx context.Context) error { _, err := r.Chat.Receive(ctx, v.Inbound("Where is it?")); return err })
	in("read", func(ctx context.Context, d uuid.UUID) (chat.Head, error) { return r.Chat.Read(ctx, first.Actor, d, 2) })
	in("hand over", func(ctx context.Context, d uuid.UUID) (chat.Head, error) {
		return r.Chat.HandOver(ctx, first.Actor, d, chat.HandOver{Operator: second.ID})
	})
	in("close", func(ctx context.Context, d uuid.UUID) (chat.Head, error) {
		return r.Chat.Close(ctx, second.Actor, d, "", "")
	})
	in("reopen", func(ctx context.Context, d uuid.UUID) (chat.Head, error) { return r.Chat.Reopen(ctx, second.Actor, d) })
	act("operator blocked", func(ctx context.Context) error {
		blocked := true
		if _, err := r.Service.ChangeMember(ctx, owner, second.ID, account.MemberChange{Blocked: &blocked}); err != nil {
			return err
		}
		bus := events.New(r.DB, events.Options{})
		bus.Subscribe("chat", r.Chat.Handlers()...)
		return bus.Drain(ctx)
	})
	require.Equal(t, "queued", r.Line(t, dialog).State)
	act("share out", func(ctx context.Context) error { return r.Chat.Distribute(ctx, r.Firm.ID) })
	require.Equal(t, first.ID, r.Holder(t, dialog))
	act("sweep", r.Chat.Sweep)
	in("spam", func(ctx context.Context, d uuid.UUID) (chat.Head, error) { return r.Chat.Spam(ctx, owner, d) })
	act("list", func(ctx context.Context) error { _, err := r.Chat.Dialogs(ctx, owner, chat.DialogFilter{}); return err })
	f.Settle(t)
	r.Sound(t)
}
