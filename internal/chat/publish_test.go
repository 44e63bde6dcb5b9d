package chat_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/platform/fault"
	"parley/internal/platform/realtime"
)

func visitorEar(t *testing.T, r *chattest.Room, v *chattest.Visitor) *chattest.Ear {
	t.Helper()
	return r.Hear(t, realtime.VisitorChannel(r.Firm.ID, v.ID))
}

func TestMessagesReachWhomTheyConcern(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	anna, boris := r.Operators[0], r.Operators[1]
	v := r.Visitor()
	site, team := visitorEar(t, r, v), r.Hear(t, realtime.TeamChannel(r.Firm.ID))
	annas, boriss, all := r.Hear(t, realtime.UserChannel(r.Firm.ID, anna.ID)), r.Hear(t, realtime.UserChannel(r.Firm.ID, boris.ID)), r.Hear(t, realtime.AllChannel(r.Firm.ID))

	m, err := r.Chat.Receive(ctx, v.Inbound("hello"))
	require.NoError(t, err)
	for name, ear := range map[string]*chattest.Ear{"team": team, "all": all} {
		e := ear.Next(t, "message")
		require.Equal(t, m.DialogID.String(), e["dialog_id"], name)
		require.Equal(t, "hello", e["message"].(map[string]any)["text"], name)
		require.Equal(t, "queued", e["head"].(map[string]any)["state"], name)
		require.EqualValues(t, 1, e["head"].(map[string]any)["unread"], name)
	}
	e := site.Next(t, "message")
	require.EqualValues(t, 0, e["prev_seq"])
	require.Equal(t, m.Key.String(), e["message"].(map[string]any)["key"])

	r.Online(t, anna)
	for name, ear := range map[string]*chattest.Ear{"team": team, "Anna": annas} {
		e = ear.Next(t, "message")
		require.Equal(t, "assigned", e["message"].(map[string]any)["system"].(map[string]any)["code"], name)
		require.Equal(t, anna.Name, e["head"].(map[string]any)["assignee"].(map[string]any)["name"], name)
	}
	e = site.Next(t, "dialog")
	require.Equal(t, anna.Name, e["dialog"].(map[string]any)["operator_name"])

	r.Reply(t, anna, m.DialogID, "Good day")
	require.Equal(t, "Good day", annas.Next(t, "message")["message"].(map[string]any)["text"])
	read := site.Next(t, "read")
	require.Equal(t, "operator", read["by"])
	e = site.Next(t, "message")
	require.EqualValues(t, 1, e["prev_seq"], "the line between is not for visitors")
	require.EqualValues(t, 3, e["message"].(map[string]any)["seq"])

	r.Online(t, boris)
	_, err = r.Chat.HandOver(ctx, anna.Actor, m.DialogID, chat.HandOver{Operator: boris.ID, Comment: "Yours"})
	require.NoError(t, err)
	require.Equal(t, m.DialogID.String(), annas.Next(t, "removed")["dialog_id"])
	e = boriss.Next(t, "message")
	require.Equal(t, "handed_over", e["message"].(map[string]any)["system"].(map[string]any)["code"])
}

func TestWhatVisitorsAreNotTold(t *testing.T) {
	t.Parallel()
	no := false
	r := room(t, 1, func(c *chat.SettingsChange) { c.OperatorNameShown = &no })
	anna := r.Operators[0]
	r.Online(t, anna)
	v := r.Visitor()
	site := visitorEar(t, r, v)
	m := v.Write(t, "hello")
	_, _, err := r.Chat.Reply(ctx, anna.Actor, chat.Outbound{DialogID: m.DialogID, Key: uuid.New(), Note: true, Text: "secret note"})
	require.NoError(t, err)
	require.NoError(t, r.Chat.Typing(ctx, anna.Actor, m.DialogID))
	r.Reply(t, anna, m.DialogID, "Good day")
	_, err = r.Chat.Close(ctx, anna.Actor, m.DialogID, "", "secret comment")
	require.NoError(t, err)

	var heard []string
	for closed := false; !closed; {
		p, err := site.Client.Next(t.Context())
		require.NoError(t, err)
		heard = append(heard, string(p.Data))
		var e struct {
			Type   string
			Dialog struct{ State string }
		}
		require.NoError(t, json.Unmarshal(p.Data, &e))
		closed = e.Type == "dialog" && e.Dialog.State == "closed"
	}
	visit, err := r.Chat.Visit(ctx, v.Pass())
	require.NoError(t, err)
	kept, err := json.Marshal(visit)
	require.NoError(t, err)
	for _, one := range append(heard, string(kept)) {
		require.NotContains(t, one, "secret")
		require.NotContains(t, one, anna.Name)
		require.NotContains(t, one, "author_id")
		require.NotContains(t, one, "price")
		require.NotContains(t, one, "session")
	}
}

func TestTyping(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	anna, boris := r.Operators[0], r.Operators[1]
	r.Online(t, anna)
	v, dialog := r.Dialog(t, "hello")
	site, annas := visitorEar(t, r, v), r.Hear(t, realtime.UserChannel(r.Firm.ID, anna.ID))
	require.NoError(t, r.Chat.VisitorTyping(ctx, v.Pass()))
	e := annas.Next(t, "typing")
	require.Equal(t, "contact", e["author"])
	require.NotEmpty(t, e["name"])

	require.True(t, fault.Is(r.Chat.Typing(ctx, boris.Actor, dialog), fault.NotFound), "it is not his")
	require.NoError(t, r.Chat.Typing(ctx, anna.Actor, dialog))
	require.Equal(t, anna.Name, site.Next(t, "typing")["name"])
	require.NoError(t, r.Chat.VisitorTyping(ctx, r.Visitor().Pass()), "who has not written has no operators")
	require.Equal(t, 2, r.Number(t, "SELECT count(*) FROM message WHERE company_id = $1"), "nothing is stored")
}

func TestPlacesInTheQueue(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Limit(t, r.Operators[0], 1)
	one, two := r.Visitor(), r.Visitor()
	first, second := visitorEar(t, r, one), visitorEar(t, r, two)
	m := one.Write(t, "first")
	r.Clock.Step(time.Second)
	two.Write(t, "second")
	require.NoError(t, r.Chat.TellPositions(ctx, r.Firm.ID))
	r.Clock.Step(15 * time.Second)
	require.NoError(t, r.Chat.TellPositions(ctx, r.Firm.ID))
	require.EqualValues(t, 1, first.Next(t, "queue")["position"])
	require.EqualValues(t, 2, second.Next(t, "queue")["position"])

	require.NoError(t, r.Chat.TellPositions(ctx, r.Firm.ID))
	r.Online(t, r.Operators...)
	require.Equal(t, r.Operators[0].ID, r.Holder(t, m.DialogID))
	require.NoError(t, r.Chat.TellPositions(ctx, r.Firm.ID))
	require.EqualValues(t, 1, second.Next(t, "queue")["position"], "told again when it has changed, and only then")
}

// With Run at work everything happens by itself.
func TestRunMovesQueues(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	stopped := make(chan struct{})
	running, stop := context.WithCancel(ctx)
	go func() {
		r.Chat.Run(running)
		close(stopped)
	}()
	annas := r.Tab(t, r.Operators[0])
	_, err := r.Chat.SetOperatorState(ctx, r.Operators[0].Actor, chat.Online)
	require.NoError(t, err)
	m, err := r.Chat.Receive(ctx, r.Visitor().Inbound("hello"))
	require.NoError(t, err)
	for {
		e := annas.Next(t, "message")
		if head := e["head"].(map[string]any); head["state"] == "open" {
			require.Equal(t, m.DialogID.String(), e["dialog_id"])
			break
		}
	}
	stop()
	<-stopped
}
