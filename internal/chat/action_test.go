package chat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/platform/fault"
)

// standing makes a dialog in a state; the first operator has it, or had it.
func standing(t *testing.T, r *chattest.Room, state string) uuid.UUID {
	t.Helper()
	_, dialog := r.Dialog(t, "hello")
	mine := r.Operators[0].Actor
	if state != "queued" {
		_, err := r.Chat.Take(ctx, mine, dialog)
		require.NoError(t, err)
	}
	if state == "closed" {
		_, err := r.Chat.Close(ctx, mine, dialog, "", "")
		require.NoError(t, err)
	}
	return dialog
}

// Who may do what in which state: "" is allowed, else the fault's code. The
// outsider is an operator of no group of the chat.
func TestRulesOfActions(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	actions := map[string]func(a access.Actor, dialog uuid.UUID) error{
		"take":      func(a access.Actor, dialog uuid.UUID) error { return last(r.Chat.Take(ctx, a, dialog)) },
		"close":     func(a access.Actor, dialog uuid.UUID) error { return last(r.Chat.Close(ctx, a, dialog, "", "")) },
		"reopen":    func(a access.Actor, dialog uuid.UUID) error { return last(r.Chat.Reopen(ctx, a, dialog)) },
		"no answer": func(a access.Actor, dialog uuid.UUID) error { return last(r.Chat.NoAnswerNeeded(ctx, a, dialog)) },
		"spam":      func(a access.Actor, dialog uuid.UUID) error { return last(r.Chat.Spam(ctx, a, dialog)) },
		"read":      func(a access.Actor, dialog uuid.UUID) error { return last(r.Chat.Read(ctx, a, dialog, 99)) },
		"to group": func(a access.Actor, dialog uuid.UUID) error {
			return last(r.Chat.HandOver(ctx, a, dialog, chat.HandOver{Group: r.Group}))
		},
		"reply": func(a access.Actor, dialog uuid.UUID) error {
			return second(r.Chat.Reply(ctx, a, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "x"}))
		},
		"note": func(a access.Actor, dialog uuid.UUID) error {
			return second(r.Chat.Reply(ctx, a, chat.Outbound{DialogID: dialog, Key: uuid.New(), Note: true, Text: "x"}))
		},
	}
	const ok, no, hidden = fault.Code(""), fault.Conflict, fault.NotFound
	type row struct{ mine, other, outsider, supervisor fault.Code }
	table := map[string]map[string]row{
		"queued": {
			"take": {ok, ok, hidden, ok}, "close": {no, no, hidden, ok}, "reopen": {no, no, hidden, no}, "no answer": {ok, ok, hidden, ok},
			"spam": {ok, ok, hidden, ok}, "read": {ok, ok, hidden, ok}, "to group": {no, no, hidden, ok}, "reply": {ok, ok, hidden, ok},
			"note": {ok, ok, hidden, ok},
		},
		"open": {
			"take": {ok, no, no, ok}, "close": {ok, no, no, ok}, "reopen": {no, no, no, no}, "no answer": {ok, no, no, ok},
			"spam": {ok, no, no, ok}, "read": {ok, no, no, ok}, "to group": {ok, no, no, ok}, "reply": {ok, no, no, ok}, "note": {ok, no, no, ok},
		},
		"closed": {
			"take": {no, hidden, hidden, no}, "close": {no, hidden, hidden, no}, "reopen": {ok, hidden, hidden, ok},
			"no answer": {ok, hidden, hidden, ok}, "spam": {ok, hidden, hidden, ok}, "read": {ok, hidden, hidden, ok},
			"to group": {no, hidden, hidden, no}, "reply": {no, hidden, hidden, no}, "note": {ok, hidden, hidden, ok},
		},
	}
	actors := map[string]access.Actor{
		"mine": r.Operators[0].Actor, "other": r.Operators[1].Actor, "outsider": r.Firm.Another(t, access.Operator).Actor, "supervisor": r.Owner(t),
	}
	for state, byAction := range table {
		for action, want := range byAction {
			for who, expected := range map[string]fault.Code{
				"mine": want.mine, "other": want.other, "outsider": want.outsider, "supervisor": want.supervisor,
			} {
				err := actions[action](actors[who], standing(t, r, state))
				if expected == ok {
					require.NoError(t, err, "%s, %s, %s", state, action, who)
				} else {
					require.True(t, fault.Is(err, expected), "%s, %s, %s: %v", state, action, who, err)
				}
			}
		}
	}
	r.Sound(t)
}

func TestTakeOver(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Online(t, r.Operators...)
	_, dialog := r.Dialog(t, "hello")
	head, err := r.Chat.Take(ctx, r.Owner(t), dialog)
	require.NoError(t, err)
	require.Equal(t, r.Owner(t).UserID, head.Assignee.ID)
	r.Distribute(t)
	require.Equal(t, r.Owner(t).UserID, r.Holder(t, dialog))
	r.Sound(t)
}

func TestTakeByHandWithoutHandingOut(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Limit(t, r.Operators[0], 0)
	r.Online(t, r.Operators...)
	_, dialog := r.Dialog(t, "hello")
	require.Equal(t, "queued", r.Line(t, dialog).State, "a limit of 0 stops the handing out")
	_, err := r.Chat.Take(ctx, r.Operators[0].Actor, dialog)
	require.NoError(t, err, "picking by hand stays")
	r.Limit(t, r.Operators[0], 1)
	_, other := r.Dialog(t, "hello")
	_, err = r.Chat.Take(ctx, r.Operators[0].Actor, other)
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, 1, f.Extra["limit"])
	r.Sound(t)
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	r := room(t, 3)
	anna, boris, vera := r.Operators[0], r.Operators[1], r.Operators[2]
	r.Online(t, anna)
	_, dialog := r.Dialog(t, "hello")
	outsider := r.Firm.Another(t, access.Operator)
	accountant := r.Firm.Another(t, access.Accountant)
	_, err := r.DB.Worker().Exec(ctx, "UPDATE membership SET blocked_at = now() WHERE company_id = $1 AND user_id = $2", r.Firm.ID, vera.ID)
	require.NoError(t, err)
	for name, h := range map[string]chat.HandOver{
		"to nobody":        {},
		"to both":          {Operator: boris.ID, Group: r.Group},
		"offline":          {Operator: boris.ID},
		"blocked":          {Operator: vera.ID},
		"no operator":      {Operator: accountant.ID},
		"another company":  {Operator: r.Second.Another(t, access.Operator).ID},
		"no such group":    {Group: uuid.New()},
		"an empty group":   {Group: r.NewGroup(t)},
		"comment too long": {Operator: boris.ID, Comment: strings.Repeat("x", 1001)},
	} {
		_, err := r.Chat.HandOver(ctx, anna.Actor, dialog, h)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", name, err)
	}
	_, err = r.Chat.HandOver(ctx, anna.Actor, dialog, chat.HandOver{Operator: anna.ID})
	require.True(t, fault.Is(err, fault.Conflict), "to oneself: %v", err)

	r.Online(t, outsider)
	r.Clock.Step(time.Second)
	head, err := r.Chat.HandOver(ctx, anna.Actor, dialog, chat.HandOver{Operator: outsider.ID, Comment: "Knows the answer"})
	require.NoError(t, err, "anybody who answers, of the group or not")
	require.Equal(t, outsider.ID, head.Assignee.ID)
	why, err := r.Chat.Assignments(ctx, outsider.Actor, head.SessionID)
	require.NoError(t, err)
	require.Len(t, why, 2)
	require.Equal(t, "rule", why[0].By)
	require.Equal(t, "handed", why[1].By)
	require.Equal(t, "Knows the answer", why[1].Comment)
	require.Equal(t, anna.Name, why[1].ByUser.Name)
	r.Sound(t)

	r.Limit(t, boris, 1)
	r.Online(t, boris)
	_, full := r.Dialog(t, "for Boris, who has fewest of his limit")
	_, err = r.Chat.Take(ctx, r.Owner(t), full)
	require.NoError(t, err)
	_, err = r.Chat.HandOver(ctx, r.Owner(t), full, chat.HandOver{Operator: boris.ID})
	require.NoError(t, err)
	_, err = r.Chat.HandOver(ctx, outsider.Actor, dialog, chat.HandOver{Operator: boris.ID})
	require.True(t, fault.Is(err, fault.Invalid), "no place: %v", err)
	r.Sound(t)
}

func TestHandOverToGroup(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	anna := r.Operators[0]
	expert := r.Firm.Another(t, access.Operator)
	experts := r.NewGroup(t, expert)
	r.Online(t, anna)
	v, dialog := r.Dialog(t, "hello")
	_, err := r.Chat.HandOver(ctx, anna.Actor, dialog, chat.HandOver{Group: experts})
	require.NoError(t, err)
	r.Distribute(t)
	require.Equal(t, "queued", r.Line(t, dialog).State, "only the group may get it")
	_, stands, err := r.Chat.VisitorSync(ctx, v.Pass(), 0)
	require.NoError(t, err)
	require.Nil(t, stands.QueuePosition, "not told at once")
	r.Clock.Step(15 * time.Second)
	_, stands, err = r.Chat.VisitorSync(ctx, v.Pass(), 0)
	require.NoError(t, err)
	require.Equal(t, 1, *stands.QueuePosition)

	r.Online(t, expert)
	require.Equal(t, expert.ID, r.Holder(t, dialog))
	r.Sound(t)
}

func TestHandedToOwnGroupGoesToAnother(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	r.Online(t, r.Operators[0])
	_, dialog := r.Dialog(t, "hello")
	_, err := r.Chat.HandOver(ctx, r.Operators[0].Actor, dialog, chat.HandOver{Group: r.Group})
	require.NoError(t, err)
	r.Distribute(t)
	require.Zero(t, r.Holder(t, dialog), "not back to whom gave it away")
	r.Online(t, r.Operators[1])
	require.Equal(t, r.Operators[1].ID, r.Holder(t, dialog))
	r.Sound(t)
}

func TestCloseWithResult(t *testing.T) {
	t.Parallel()
	required := true
	r := room(t, 1, func(c *chat.SettingsChange) {
		c.ClosingResults = &[]chat.ClosingResult{{Code: "sold", Label: "Sold"}, {Code: "lost", Label: "Lost"}}
		c.ResultRequired = &required
	})
	r.Online(t, r.Operators...)
	v, dialog := r.Dialog(t, "hello")
	for name, result := range map[string]string{"none": "", "unknown": "won"} {
		_, err := r.Chat.Close(ctx, r.Operators[0].Actor, dialog, result, "")
		var f *fault.Error
		require.ErrorAs(t, err, &f, name)
		require.Contains(t, f.Fields, "result", name)
	}
	head, err := r.Chat.Close(ctx, r.Operators[0].Actor, dialog, "sold", "Two boxes")
	require.NoError(t, err)
	require.Equal(t, "sold", head.Result)
	require.False(t, head.Unanswered)
	require.Zero(t, head.Unread)

	v.Write(t, "one more thing")
	line := r.Line(t, dialog)
	require.NotEqual(t, head.SessionID, line.Session)
	require.Equal(t, "open", line.State)
	require.Equal(t, 2, r.Number(t, "SELECT session_number FROM dialog_head WHERE company_id = $1"))
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM dialog_head WHERE company_id = $1 AND result = ''"))
	r.Sound(t)
}

func TestReopen(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Online(t, r.Operators[0])
	_, dialog := r.Dialog(t, "hello")
	session := r.Line(t, dialog).Session
	_, err := r.Chat.Close(ctx, r.Operators[0].Actor, dialog, "", "")
	require.NoError(t, err)
	r.Clock.Step(72 * time.Hour)
	head, err := r.Chat.Reopen(ctx, r.Operators[0].Actor, dialog)
	require.NoError(t, err)
	require.Equal(t, session, head.SessionID)
	require.Equal(t, r.Operators[0].ID, head.Assignee.ID)
	require.NoError(t, r.Chat.Sweep(ctx))
	require.Equal(t, "open", r.Line(t, dialog).State, "its lifetime begins anew")
	r.Reply(t, r.Operators[0], dialog, "About last week")
	r.Sound(t)
}

func TestNoAnswerNeeded(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	v, dialog := r.Dialog(t, "thanks")
	lines := r.Number(t, "SELECT count(*) FROM message WHERE company_id = $1")
	for range 2 {
		head, err := r.Chat.NoAnswerNeeded(ctx, r.Operators[0].Actor, dialog)
		require.NoError(t, err)
		require.False(t, head.Unanswered)
	}
	require.Equal(t, lines+1, r.Number(t, "SELECT count(*) FROM message WHERE company_id = $1"), "said once")
	v.Write(t, "and another question")
	require.True(t, r.Line(t, dialog).Waiting, "a new message brings it back")
}

func TestSpamIsRefunded(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	anna := r.Operators[0]
	r.Online(t, anna)
	start := r.Balance(t, r.Firm.ID).Balance
	v, dialog := r.Dialog(t, "Buy now")
	v.Write(t, "Cheap")
	r.Reply(t, anna, dialog, "No")
	require.Equal(t, "1.50", (start - r.Balance(t, r.Firm.ID).Balance).String())

	head, err := r.Chat.Spam(ctx, anna.Actor, dialog)
	require.NoError(t, err)
	require.Equal(t, chat.Closed, head.State)
	require.Equal(t, start, r.Balance(t, r.Firm.ID).Balance)
	_, err = r.Chat.Spam(ctx, anna.Actor, dialog)
	require.NoError(t, err)
	require.NoError(t, r.Chat.Sweep(ctx))
	require.Equal(t, start, r.Balance(t, r.Firm.ID).Balance, "once")
	_, err = r.Chat.Reopen(ctx, anna.Actor, dialog)
	require.True(t, fault.Is(err, fault.Conflict), err)
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM audit_record WHERE company_id = $1 AND action = 'session.marked_spam'"))
	r.Sound(t)
}

func TestSpamWithinADayOfTheClose(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	anna := r.Operators[0]
	r.Online(t, anna)
	start := r.Balance(t, r.Firm.ID).Balance
	var dialogs []uuid.UUID
	for range 2 {
		_, dialog := r.Dialog(t, "Buy now")
		_, err := r.Chat.Close(ctx, anna.Actor, dialog, "", "")
		require.NoError(t, err)
		dialogs = append(dialogs, dialog)
	}
	r.Clock.Step(24 * time.Hour)
	_, err := r.Chat.Spam(ctx, anna.Actor, dialogs[0])
	require.NoError(t, err)
	require.Equal(t, "0.25", (start - r.Balance(t, r.Firm.ID).Balance).String())
	r.Clock.Step(time.Second)
	_, err = r.Chat.Spam(ctx, anna.Actor, dialogs[1])
	require.NoError(t, err)
	require.Equal(t, "0.25", (start - r.Balance(t, r.Firm.ID).Balance).String(), "marked, but a day too late for the money")
	r.Sound(t)
}

func TestRefundGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	start := r.Balance(t, r.Firm.ID).Balance
	_, dialog := r.Dialog(t, "Buy now")
	_, err := r.DB.Worker().Exec(ctx, `UPDATE session SET state = 'closed', closed_at = $3, spam = true, refund_after = '00000000-0000-0000-0000-000000000000'
		WHERE company_id = $1 AND dialog_id = $2`, r.Firm.ID, dialog, r.Clock.Now())
	require.NoError(t, err)
	require.NoError(t, r.Chat.Sweep(ctx))
	require.Equal(t, start, r.Balance(t, r.Firm.ID).Balance)
	require.Zero(t, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1 AND refund_after IS NOT NULL"))
}

func TestRead(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	r.Online(t, r.Operators[0])
	v, dialog := r.Dialog(t, "one")
	second := v.Write(t, "two")
	third := v.Write(t, "three")

	_, err := r.Chat.Read(ctx, r.Owner(t), dialog, third.Seq)
	require.NoError(t, err)
	require.Equal(t, 3, r.Line(t, dialog).Unread, "a supervisor reads along unseen")
	head, err := r.Chat.Read(ctx, r.Operators[0].Actor, dialog, second.Seq)
	require.NoError(t, err)
	require.Equal(t, 1, head.Unread)
	head, err = r.Chat.Read(ctx, r.Operators[0].Actor, dialog, 1)
	require.NoError(t, err)
	require.Equal(t, 1, head.Unread, "it never goes back")
	head, err = r.Chat.Read(ctx, r.Operators[0].Actor, dialog, 1<<40)
	require.NoError(t, err)
	require.Zero(t, head.Unread)
	_, stands, err := r.Chat.VisitorSync(ctx, v.Pass(), 0)
	require.NoError(t, err)
	require.Equal(t, third.Seq, stands.OperatorReadSeq, "not further than there is")
	_, err = r.Chat.Read(ctx, r.Operators[0].Actor, dialog, -1)
	require.True(t, fault.Is(err, fault.Invalid))

	answer := r.Reply(t, r.Operators[0], dialog, "answer")
	require.NoError(t, r.Chat.VisitorRead(ctx, v.Pass(), 1<<40))
	require.NoError(t, r.Chat.VisitorRead(ctx, v.Pass(), 1))
	items, stands, err := r.Chat.VisitorSync(ctx, v.Pass(), third.Seq)
	require.NoError(t, err)
	require.Equal(t, answer.Seq, stands.ContactReadSeq)
	require.Equal(t, "read", items[0].State)
	require.NoError(t, r.Chat.VisitorRead(ctx, r.Visitor().Pass(), 1), "who has not written has nothing to read")
}
