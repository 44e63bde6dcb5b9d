package chat_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/fault"
)

func TestReply(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	anna := r.Operators[0]
	r.Online(t, anna)
	v, dialog := r.Dialog(t, "hello")
	require.Equal(t, anna.ID, r.Holder(t, dialog))
	before := r.Balance(t, r.Firm.ID).Balance

	m := r.Reply(t, anna, dialog, "How can I help?")
	require.Equal(t, anna.Name, m.AuthorName)
	require.Equal(t, anna.ID, *m.AuthorID)
	require.Equal(t, "1.00", (before - r.Balance(t, r.Firm.ID).Balance).String())
	line := r.Line(t, dialog)
	require.False(t, line.Waiting)
	require.Zero(t, line.Unread)

	items, stands, err := r.Chat.VisitorSync(ctx, v.Pass(), 0)
	require.NoError(t, err)
	require.Len(t, items, 2, "the line about the assignment is not for visitors")
	require.Equal(t, anna.Name, *items[1].AuthorName)
	require.Equal(t, "read", items[0].State, "who answers has read")
	require.Nil(t, items[1].Key)
	require.Equal(t, chat.Open, stands.State)
	require.Equal(t, anna.Name, *stands.OperatorName)
	r.Sound(t)
}

func TestDoubleClickSendsOnce(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Online(t, r.Operators...)
	_, dialog := r.Dialog(t, "hello")
	before := r.Balance(t, r.Firm.ID).Balance
	o := chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "Hi"}
	var added atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			m, isNew, err := r.Chat.Reply(ctx, r.Operators[0].Actor, o)
			require.NoError(t, err)
			require.Equal(t, "Hi", m.Text)
			if isNew {
				added.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, added.Load())
	require.Equal(t, "1.00", (before - r.Balance(t, r.Firm.ID).Balance).String())
	r.Sound(t)
}

func TestReplyTakesFromTheQueue(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	_, dialog := r.Dialog(t, "hello")
	require.Equal(t, "queued", r.Line(t, dialog).State)
	r.Reply(t, r.Operators[1], dialog, "Mine")
	require.Equal(t, r.Operators[1].ID, r.Holder(t, dialog))

	_, _, err := r.Chat.Reply(ctx, r.Operators[0].Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "Mine, too"})
	require.True(t, fault.Is(err, fault.Conflict), err)
	_, _, err = r.Chat.Reply(ctx, r.Owner(t), chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "A supervisor may"})
	require.NoError(t, err)
	require.Equal(t, r.Operators[1].ID, r.Holder(t, dialog), "and takes nothing by it")
	r.Sound(t)
}

func TestNoMoneyNothingStored(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	_, dialog := r.Dialog(t, "hello")
	_, err := r.DB.Worker().Exec(ctx, "UPDATE wallet SET available = 0, bonus = 0 WHERE company_id = $1", r.Firm.ID)
	require.NoError(t, err)
	messages := r.Number(t, "SELECT count(*) FROM message WHERE company_id = $1")

	o := chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "Typed with care"}
	_, _, err = r.Chat.Reply(ctx, r.Operators[0].Actor, o)
	require.True(t, fault.Is(err, fault.InsufficientFunds), err)
	require.Equal(t, messages, r.Number(t, "SELECT count(*) FROM message WHERE company_id = $1"))
	require.Equal(t, "queued", r.Line(t, dialog).State, "and nothing taken")
	_, _, err = r.Chat.Reply(ctx, r.Operators[0].Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Note: true, Text: "Notes are free"})
	require.NoError(t, err)

	r.Fund(t, r.Firm.ID, "1")
	m, added, err := r.Chat.Reply(ctx, r.Operators[0].Actor, o)
	require.NoError(t, err)
	require.True(t, added)
	require.Equal(t, o.Key, *m.Key)
	r.Sound(t)
}

func TestNotes(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	r.Online(t, r.Operators[0])
	v, dialog := r.Dialog(t, "hello")
	before := r.Balance(t, r.Firm.ID).Balance
	note, added, err := r.Chat.Reply(ctx, r.Owner(t), chat.Outbound{DialogID: dialog, Key: uuid.New(), Note: true, Text: "Careful"})
	require.NoError(t, err)
	require.True(t, added)
	require.Equal(t, chat.Note, note.Kind)
	require.Equal(t, before, r.Balance(t, r.Firm.ID).Balance)
	require.True(t, r.Line(t, dialog).Waiting, "a note answers nobody")

	items, err := r.Chat.VisitorHistory(ctx, v.Pass(), 1000, 50)
	require.NoError(t, err)
	require.Len(t, items, 1)

	_, err = r.Chat.Close(ctx, r.Operators[0].Actor, dialog, "", "")
	require.NoError(t, err)
	_, _, err = r.Chat.Reply(ctx, r.Operators[0].Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Note: true, Text: "Afterwards"})
	require.NoError(t, err, "notes may be written to a closed session")
	_, _, err = r.Chat.Reply(ctx, r.Operators[0].Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "Too late"})
	require.True(t, fault.Is(err, fault.Conflict), err)
	r.Sound(t)
}

func TestReplyTo(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Online(t, r.Operators...)
	v := r.Visitor()
	asked := v.Write(t, "one or two?")
	_, other := r.Dialog(t, "elsewhere")
	note, _, err := r.Chat.Reply(ctx, r.Operators[0].Actor, chat.Outbound{DialogID: asked.DialogID, Key: uuid.New(), Note: true, Text: "n"})
	require.NoError(t, err)

	o := chat.Outbound{DialogID: asked.DialogID, Key: uuid.New(), Text: "two", ReplyTo: &asked.ID}
	m, _, err := r.Chat.Reply(ctx, r.Operators[0].Actor, o)
	require.NoError(t, err)
	require.Equal(t, asked.ID, *m.ReplyTo)

	for name, o := range map[string]chat.Outbound{
		"of another dialog": {DialogID: other, ReplyTo: &asked.ID},
		"to a note":         {DialogID: asked.DialogID, ReplyTo: &note.ID},
		"to nothing":        {DialogID: asked.DialogID, ReplyTo: &uuid.UUID{1}},
	} {
		o.Key, o.Text = uuid.New(), "x"
		_, _, err = r.Chat.Reply(ctx, r.Operators[0].Actor, o)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", name, err)
	}
}

// Every action on a dialog of another company, or on one that never was,
// finds nothing.
func TestForeignDialogs(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	_, dialog := r.Dialog(t, "hello")
	stranger := r.Second.Actor(t, access.Owner)
	for who, try := range map[string]struct {
		actor  access.Actor
		dialog uuid.UUID
	}{"stranger": {stranger, dialog}, "no such dialog": {r.Owner(t), uuid.New()}} {
		for name, err := range map[string]error{
			"reply":     second(r.Chat.Reply(ctx, try.actor, chat.Outbound{DialogID: try.dialog, Key: uuid.New(), Text: "x"})),
			"take":      last(r.Chat.Take(ctx, try.actor, try.dialog)),
			"hand over": last(r.Chat.HandOver(ctx, try.actor, try.dialog, chat.HandOver{Operator: r.Operators[0].ID})),
			"close":     last(r.Chat.Close(ctx, try.actor, try.dialog, "", "")),
			"reopen":    last(r.Chat.Reopen(ctx, try.actor, try.dialog)),
			"no answer": last(r.Chat.NoAnswerNeeded(ctx, try.actor, try.dialog)),
			"spam":      last(r.Chat.Spam(ctx, try.actor, try.dialog)),
			"read":      last(r.Chat.Read(ctx, try.actor, try.dialog, 1)),
			"typing":    r.Chat.Typing(ctx, try.actor, try.dialog),
			"why":       last(r.Chat.Assignments(ctx, try.actor, r.Line(t, dialog).Session)),
		} {
			if name == "why" && who != "stranger" {
				continue
			}
			require.True(t, fault.Is(err, fault.NotFound), "%s, %s: %v", who, name, err)
		}
	}
	require.Equal(t, 1, r.Number(t, "SELECT last_seq FROM dialog WHERE company_id = $1")-1, "hello and the busy line only")
}

func last[T any](_ T, err error) error { return err }

func second[A, B any](_ A, _ B, err error) error { return err }

func TestFirstAndNextAnswersAreTimed(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	anna := r.Operators[0]
	r.Online(t, anna)
	v, dialog := r.Dialog(t, "one")
	r.Clock.Step(50 * time.Second)
	r.Reply(t, anna, dialog, "first, in time")
	r.Reply(t, anna, dialog, "goes on; nobody waited")
	for _, wait := range []time.Duration{179 * time.Second, 181 * time.Second} {
		v.Write(t, "and?")
		r.Clock.Step(wait)
		r.Reply(t, anna, dialog, "answer")
	}
	require.Equal(t, 1, r.Number(t, `SELECT count(*) FROM session WHERE company_id = $1 AND next_answers = 2 AND next_in_time = 1
		AND first_answer_at - first_contact_at = interval '50 seconds' AND operator_messages = 4 AND contact_messages = 3`))
	_, err := r.Chat.Close(ctx, anna.Actor, dialog, "", "")
	require.NoError(t, err)

	figures, err := r.Chat.Figures(ctx, anna.Actor)
	require.NoError(t, err)
	require.Equal(t, 1, figures.SessionsClosedToday)
	require.EqualValues(t, 50, *figures.FirstAnswerMedianS)
	require.EqualValues(t, 1, *figures.SL1)
	require.EqualValues(t, 0.5, *figures.SL2)
}

func TestListTellsWhetherTheFirstAnswerWasGiven(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	anna := r.Operators[0]
	r.Online(t, anna)
	v, dialog := r.Dialog(t, "one")
	answered := func() bool {
		list, err := r.Chat.Dialogs(ctx, anna.Actor, chat.DialogFilter{})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		return list.Items[0].Answered
	}
	require.False(t, answered())
	_, _, err := r.Chat.Reply(ctx, anna.Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Note: true, Text: "for us only"})
	require.NoError(t, err)
	require.False(t, answered(), "a note is no answer")
	r.Reply(t, anna, dialog, "hello")
	require.True(t, answered())
	v.Write(t, "and?")
	require.True(t, answered(), "what waits now is the next answer")
	r.Sound(t)

	_, err = r.Chat.Close(ctx, anna.Actor, dialog, "", "")
	require.NoError(t, err)
	v.Write(t, "again")
	r.Distribute(t)
	require.False(t, answered(), "another session begins with a first answer")
	r.Sound(t)
}

func TestLongReply(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	_, dialog := r.Dialog(t, "hello")
	_, _, err := r.Chat.Reply(ctx, r.Operators[0].Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: strings.Repeat("x", 4097)})
	require.True(t, fault.Is(err, fault.Invalid), err)
	require.Equal(t, "queued", r.Line(t, dialog).State)
}
