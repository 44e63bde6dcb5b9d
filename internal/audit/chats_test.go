package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/audit"
	"parley/internal/audit/audittest"
	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/platform/db/dbtest"
)

// talked is a company in whose chat everything has happened that moves a
// counter. Its first dialog is open, and its contact has written again.
func talked(t *testing.T) (r *chattest.Room, dialog uuid.UUID) {
	t.Helper()
	f := chattest.New(t, dbtest.New(t))
	r = f.Room(t, f.First, 2, func(c *chat.SettingsChange) {
		c.Look = &chat.Look{Accent: "#2563eb", Side: "right", Launcher: "bubble", Greeting: chat.Texts{RU: "Здравствуйте!"}}
	})
	owner, operator := r.Owner(t), r.Operators[0]
	within := func(what string, _ any, err error) {
		t.Helper()
		require.NoError(t, err, what)
		f.Clock.Step(time.Second)
	}
	r.Online(t, operator)
	visitor, dialog := r.Dialog(t, "Where is my order?")
	f.Clock.Step(time.Second)
	r.Reply(t, operator, dialog, "It left this morning.")
	_, _, err := r.Chat.Reply(ctx, operator.Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "For us only", Note: true})
	within("note", nil, err)
	visitor.Write(t, "When will it be here?")
	f.Clock.Step(time.Second)

	another := func(text string) uuid.UUID { _, d := r.Dialog(t, text); f.Clock.Step(time.Second); return d }
	thanks, settled, spam, again, handed := another("Thank you"), another("Fine"), another("Buy!"), another("Hello"), another("Hello?")
	_, err = r.Chat.Read(ctx, operator.Actor, settled, 2)
	within("read", nil, err)
	head, err := r.Chat.NoAnswerNeeded(ctx, operator.Actor, settled)
	within("settle", head, err)
	head, err = r.Chat.Close(ctx, operator.Actor, thanks, "", "")
	within("close", head, err)
	head, err = r.Chat.Spam(ctx, operator.Actor, spam)
	within("spam", head, err)
	head, err = r.Chat.Close(ctx, operator.Actor, again, "", "")
	within("close", head, err)
	head, err = r.Chat.Reopen(ctx, operator.Actor, again)
	within("reopen", head, err)
	head, err = r.Chat.HandOver(ctx, owner, handed, chat.HandOver{Group: r.Group})
	within("hand over", head, err)

	late, lost := r.Dialog(t, "Is anybody there?")
	f.Clock.Step(25 * time.Hour)
	visitor.Write(t, "Still nothing") // begins another session
	r.Reply(t, operator, dialog, "Tomorrow.")
	visitor.Write(t, "Thanks")
	require.NoError(t, r.Chat.Sweep(ctx))
	head, err = r.Chat.Spam(ctx, owner, lost) // closed by its lifetime already: it waits on
	within("spam", head, err)
	late.Write(t, "I was serious")
	f.Settle(t)
	audittest.Clean(t, f.DB)
	require.Positive(t, r.Number(t, "SELECT count(*) FROM dialog_head WHERE company_id = $1 AND waiting_since IS NOT NULL"))
	require.Positive(t, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1 AND state = 'open'"))
	return r, dialog
}

func TestRecountsWhatChatsKeep(t *testing.T) {
	t.Parallel()
	const (
		one   = "company_id = $1 AND dialog_id = $2"
		isOne = "company_id = $1 AND id = $2"
		head  = "UPDATE dialog_head SET "
	)
	type change struct{ sql, check, subject string }
	for name, changes := range map[string][]change{
		"counters": {
			{head + "unread = unread + 1 WHERE " + one, "dialogs", "unread messages of dialog 1"},
			{head + "waiting_since = NULL WHERE " + one, "waiting", "dialog 1 waits since never"},
			{head + "waiting_since = last_at WHERE company_id = $1 AND dialog_id <> $2 AND waiting_since IS NULL", "waiting", "by its messages since never"},
			{"UPDATE session SET contact_messages = contact_messages + 1 WHERE " + one + " AND number = 1", "sessions", "contact messages of session 1"},
			{"UPDATE session SET operator_messages = 0 WHERE " + one + " AND number = 1", "sessions", "operator messages of session 1"},
			{"UPDATE session SET bot_messages = 7 WHERE " + one + " AND number = 1", "sessions", "bot messages of session 1"},
			{"UPDATE operator SET open = open + 1 WHERE company_id = $1 AND $2::uuid IS NOT NULL", "places", "open sessions of operator"},
		},
		"lines of the list": {
			{head + "state = 'queued' WHERE " + one, "heads", "state in the list of dialog 1 is queued, not open"},
			{head + "operator_id = 1 WHERE " + one, "heads", "operator in the list of dialog 1"},
			{head + "group_id = $2 WHERE " + one, "heads", "group in the list of dialog 1"},
			{head + "chat_id = $2 WHERE " + one, "heads", "chat in the list of dialog 1"},
			{head + "contact_id = $2 WHERE " + one, "heads", "contact in the list of dialog 1"},
			{head + "session_id = $2 WHERE " + one, "heads", "session in the list of dialog 1"},
			{head + "number = 77 WHERE " + one, "heads", "number in the list of dialog 1 is 77, not 1"},
			{head + "session_number = 77 WHERE " + one, "heads", "number of the session in the list of dialog 1 is 77"},
			{head + "result = 'solved' WHERE " + one, "heads", "result in the list of dialog 1 is solved"},
			{head + "answered = NOT answered WHERE " + one, "heads", "mark of an answer in the list of dialog 1"},
			{head + "last_seq = last_seq - 1 WHERE " + one, "heads", "last message in the list of dialog 1"},
			{head + "last_author = 'bot' WHERE " + one, "heads", "last author in the list of dialog 1 is bot, not contact"},
			{head + "last_at = last_at + interval '1 hour' WHERE " + one, "heads", "last time in the list of dialog 1"},
			{"UPDATE dialog SET session_id = NULL WHERE " + isOne, "heads", "open session of dialog 1 is nothing"},
			{"UPDATE dialog SET session_id = id WHERE company_id = $1 AND session_id IS NULL AND id <> $2", "heads", "open session of dialog 2"},
		},
		"a lost message": {
			{"DELETE FROM message WHERE " + one + " AND seq = 1", "dialogs", "number of messages of dialog 1"},
			{"UPDATE message SET public = false WHERE " + one + " AND author = 'contact'", "dialogs", "last public message of dialog 1"},
			{"UPDATE operator SET open = open - 1 WHERE company_id = $1 AND open > 0 AND $2::uuid IS NOT NULL", "places", "open sessions of operator"},
			{head + "waiting_since = waiting_since - interval '1 minute' WHERE " + one, "waiting", "dialog 1 waits since"},
		},
		"a skipped number": {
			{"UPDATE dialog SET last_seq = last_seq + 1 WHERE " + isOne, "dialogs", "last message of dialog 1"},
			{"UPDATE dialog SET operator_read_seq = last_seq WHERE " + isOne, "dialogs", "unread messages of dialog 1"},
			{"DELETE FROM dialog_head WHERE company_id = $1 AND dialog_id <> $2 AND number = 2", "heads", "state in the list of dialog 2 is nothing, not closed"},
			{"DELETE FROM operator WHERE company_id = $1 AND open > 0 AND $2::uuid IS NOT NULL", "places", "open sessions of operator"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, dialog := talked(t)
			for _, c := range changes {
				tamper(t, r.Fixture.Fixture, c.sql, r.Firm.ID, dialog)
			}
			differences := audittest.Differences(t, r.DB)
			for _, c := range changes {
				found := slices.ContainsFunc(differences, func(d audit.Difference) bool {
					return d.Check == c.check && d.CompanyID == r.Firm.ID && strings.Contains(d.String(), c.subject)
				})
				require.True(t, found, "%s finds no %q but %v", c.check, c.subject, differences)
			}
		})
	}
}
