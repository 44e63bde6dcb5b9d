package chat_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/chat"
)

// Who has left the company keeps their name on what they did.
func TestNamesOfThoseWhoLeft(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	anna, owner := r.Operators[0], r.Owner(t)
	r.Online(t, anna)
	_, dialog := r.Dialog(t, "hello")
	r.Reply(t, anna, dialog, "Good day")
	_, err := r.Chat.Close(ctx, anna.Actor, dialog, "", "")
	require.NoError(t, err)
	for _, sql := range []string{
		"DELETE FROM operator WHERE company_id = $1 AND user_id = $2",
		"DELETE FROM group_member WHERE company_id = $1 AND user_id = $2",
		"DELETE FROM membership WHERE company_id = $1 AND user_id = $2",
	} {
		_, err = r.DB.Worker().Exec(ctx, sql, r.Firm.ID, anna.ID)
		require.NoError(t, err)
	}
	r.Clock.Step(time.Minute) // names are kept for a while

	list, err := r.Chat.Dialogs(ctx, owner, chat.DialogFilter{})
	require.NoError(t, err)
	require.Equal(t, &chat.Person[int64]{ID: anna.ID, Name: anna.Name}, list.Items[0].Assignee)
	card, err := r.Chat.Card(ctx, owner, dialog)
	require.NoError(t, err)
	require.Equal(t, anna.Name, card.Head.Assignee.Name)
	require.Equal(t, anna.Name, *card.Sessions[0].Operator)
	messages, _, err := r.Chat.Messages(ctx, owner, dialog, chat.HistoryFilter{})
	require.NoError(t, err)
	require.Equal(t, anna.Name, messages[2].AuthorName)
	require.Equal(t, "assigned", messages[1].System.Code)
	require.Equal(t, anna.Name, messages[1].System.Args["operator_name"])
}
