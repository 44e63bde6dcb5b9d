package chat_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/account/accounttest"
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

// opened is an operator's socket with the dialog open in the panel.
func opened(t *testing.T, r *chattest.Room, p accounttest.Person, dialog uuid.UUID) *chattest.Ear {
	t.Helper()
	ear := r.Tab(t, p)
	require.NoError(t, ear.Subscribe(t.Context(), realtime.DialogChannel(r.Firm.ID, dialog)))
	return ear
}

// silent requires that a socket has lost the dialog's channel and hears
// nothing of what is said there.
func silent(t *testing.T, r *chattest.Room, p accounttest.Person, ear *chattest.Ear, dialog uuid.UUID, say func()) {
	t.Helper()
	channel := realtime.DialogChannel(r.Firm.ID, dialog)
	select {
	case lost := <-ear.Unsubscribed:
		require.Equal(t, channel, lost)
	case <-time.After(10 * time.Second):
		require.Fail(t, "the channel is still theirs")
	}
	for len(ear.Publications) > 0 {
		<-ear.Publications
	}
	say()
	r.Hub.Publish(realtime.UserChannel(r.Firm.ID, p.ID), map[string]string{"type": "mark"})
	for {
		got, err := ear.Client.Next(t.Context())
		require.NoError(t, err)
		if string(got.Data) == `{"type":"mark"}` {
			break
		}
		require.NotEqual(t, channel, got.Channel, "%s", got.Data)
	}
	require.Error(t, ear.Subscribe(t.Context(), channel))
}

func TestWhoLosesADialogHearsNothingMore(t *testing.T) {
	t.Parallel()
	handToBoris := func(t *testing.T, r *chattest.Room, dialog uuid.UUID) {
		_, err := r.Chat.HandOver(ctx, r.Operators[0].Actor, dialog, chat.HandOver{Operator: r.Operators[1].ID})
		require.NoError(t, err)
	}
	for name, lose := range map[string]func(t *testing.T, r *chattest.Room, dialog uuid.UUID){
		"handed to a colleague": handToBoris,
		"taken by a supervisor": func(t *testing.T, r *chattest.Room, dialog uuid.UUID) {
			_, err := r.Chat.Take(ctx, r.Owner(t), dialog)
			require.NoError(t, err)
		},
		"handed to another group": func(t *testing.T, r *chattest.Room, dialog uuid.UUID) {
			_, err := r.Chat.HandOver(ctx, r.Operators[0].Actor, dialog, chat.HandOver{Group: r.NewGroup(t, r.Operators[1])})
			require.NoError(t, err)
		},
		"out of the group that serves it": func(t *testing.T, r *chattest.Room, dialog uuid.UUID) {
			own := r.NewGroup(t, r.Operators[0])
			_, err := r.Chat.HandOver(ctx, r.Operators[0].Actor, dialog, chat.HandOver{Group: own})
			require.NoError(t, err)
			others := []int64{r.Operators[1].ID}
			_, err = r.Chat.ChangeGroup(ctx, r.Owner(t), own, chat.GroupChange{Members: &others})
			require.NoError(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := room(t, 2)
			anna := r.Operators[0]
			r.Online(t, anna)
			v, dialog := r.Dialog(t, "hello")
			require.Equal(t, anna.ID, r.Holder(t, dialog))
			r.Online(t, r.Operators[1])
			ear, owners := opened(t, r, anna, dialog), r.Hear(t, realtime.AllChannel(r.Firm.ID))
			lose(t, r, dialog)
			silent(t, r, anna, ear, dialog, func() {
				_, err := r.Chat.Receive(ctx, v.Inbound("and now?"))
				require.NoError(t, err)
			})
			for owners.Next(t, "message")["message"].(map[string]any)["text"] != "and now?" {
				continue // others hear it
			}
		})
	}
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
