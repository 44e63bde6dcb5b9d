package chat_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/chat"
	"parley/internal/chat/chattest"
)

const charged = "SELECT count(*) FROM usage WHERE company_id = $1 AND phase = 'captured' AND item = "

// greets makes a chat's widget say so before anything else.
func greets(ru, en string, languages ...string) func(c *chat.SettingsChange) {
	return func(c *chat.SettingsChange) {
		c.Look.Greeting = chat.Texts{RU: ru, EN: en}
		c.Languages = &languages
	}
}

// What the widget greets with is stored and charged with the first message, as
// the visitor saw it, and never again.
func TestGreetingIsStoredWithTheFirstMessage(t *testing.T) {
	t.Parallel()
	r := room(t, 1, greets("Привет", "Hello", "ru", "en"))
	v := r.Visitor()
	site, owner := visitorEar(t, r, v), r.Owner(t)
	visit, err := r.Chat.Visit(ctx, v.Pass())
	require.NoError(t, err)
	require.Empty(t, visit.Messages, "who only looks costs nothing")

	in := v.Inbound("Where is my order?")
	m, err := r.Chat.Receive(ctx, in)
	require.NoError(t, err)
	require.EqualValues(t, 2, m.Seq)
	again, err := r.Chat.Receive(ctx, in)
	require.NoError(t, err)
	require.Equal(t, m.ID, again.ID)
	third, err := r.Chat.Receive(ctx, v.Inbound("Hello?"))
	require.NoError(t, err)
	require.EqualValues(t, 3, third.Seq)

	for i, want := range []struct {
		author, text string
		prev         float64
	}{{"bot", "Привет", 0}, {"contact", "Where is my order?", 1}, {"contact", "Hello?", 2}} {
		e := site.Next(t, "message")
		said := e["message"].(map[string]any)
		require.Equal(t, []any{want.author, want.text, want.prev}, []any{said["author"], said["text"], e["prev_seq"]}, i)
	}
	messages, _, err := r.Chat.Messages(ctx, owner, m.DialogID, chat.HistoryFilter{})
	require.NoError(t, err)
	require.Len(t, messages, 3)
	require.Equal(t, chat.ByBot, messages[0].Author)
	require.Equal(t, "Привет", messages[0].Text)
	require.Equal(t, "read", messages[0].State, "it was there before they wrote")
	require.NotNil(t, messages[0].Price)

	require.Equal(t, 1, r.Number(t, charged+"'chat.bot_message'"))
	require.Equal(t, 2, r.Number(t, charged+"'chat.contact_message'"))
	require.Equal(t, 1, r.Number(t, "SELECT bot_messages FROM session WHERE company_id = $1"))
	list, err := r.Chat.Dialogs(ctx, owner, chat.DialogFilter{})
	require.NoError(t, err)
	require.Equal(t, chat.ByContact, list.Items[0].Last.Author)
	require.Equal(t, 2, list.Items[0].Unread, "a greeting waits for nobody")
	r.Sound(t)
}

// A visitor whose first messages come together is greeted once.
func TestGreetingOfAHurry(t *testing.T) {
	t.Parallel()
	r := room(t, 0, greets("Привет", "Hello", "ru", "en"))
	v := r.Visitor()
	var all sync.WaitGroup
	errs := make([]error, 5)
	for i := range errs {
		all.Go(func() { _, errs[i] = r.Chat.Receive(ctx, v.Inbound("hello")) })
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM message WHERE company_id = $1 AND author = 'bot'"))
	require.Equal(t, 1, r.Number(t, "SELECT seq FROM message WHERE company_id = $1 AND author = 'bot'"))
	r.Sound(t)
}

func TestGreetingOfASecondSession(t *testing.T) {
	t.Parallel()
	r := room(t, 1, greets("Привет", "Hello", "ru", "en"))
	r.Online(t, r.Operators...)
	v, dialog := r.Dialog(t, "hello")
	_, err := r.Chat.Close(ctx, r.Operators[0].Actor, dialog, "", "")
	require.NoError(t, err)
	v.Write(t, "me again")
	require.Equal(t, 2, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1"))
	require.Equal(t, 1, r.Number(t, charged+"'chat.bot_message'"), "the dialog goes on where it was")
	r.Sound(t)
}

func TestGreetingLanguages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ru, en   string
		offered  []string
		language string
		want     string
	}{
		"the visitor's":           {"Привет", "Hello", []string{"ru", "en"}, "en", "Hello"},
		"with a region":           {"Привет", "Hello", []string{"ru", "en"}, "en-GB", "Hello"},
		"one that is not offered": {"Привет", "Hello", []string{"ru"}, "en", "Привет"},
		"one of another part":     {"Привет", "Hello", []string{"en", "ru"}, "de", "Hello"},
		"not written in it":       {"Привет", "", []string{"ru", "en"}, "en", "Привет"},
		"none":                    {"", "", []string{"ru", "en"}, "en", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := room(t, 0, greets(c.ru, c.en, c.offered...))
			v := r.Visitor()
			in := v.Inbound("hello")
			in.Language = c.language
			m, err := r.Chat.Receive(ctx, in)
			require.NoError(t, err)
			messages, _, err := r.Chat.Messages(ctx, r.Owner(t), m.DialogID, chat.HistoryFilter{})
			require.NoError(t, err)
			if c.want == "" {
				require.Len(t, messages, 1)
				return
			}
			require.Equal(t, []string{c.want, "hello"}, []string{messages[0].Text, messages[1].Text})
		})
	}
}

// Without money the visitor is heard all the same, and so is what they were
// told first.
func TestGreetingWithoutMoney(t *testing.T) {
	t.Parallel()
	r := room(t, 0, greets("Привет", "Hello", "ru", "en"))
	_, err := r.DB.Worker().Exec(ctx, "UPDATE wallet SET available = 0, bonus = 0 WHERE company_id = $1", r.Firm.ID)
	require.NoError(t, err)
	m := r.Visitor().Write(t, "hello")
	require.EqualValues(t, 2, m.Seq)
	require.Equal(t, 1, r.Number(t, charged+"'chat.bot_message'"))
	r.Sound(t)
}

// A chat may greet whoever opens its widget. The session begins with it, and waits
// for nobody until its contact writes.
func TestGreetingOnOpening(t *testing.T) {
	t.Parallel()
	r := room(t, 1, greets("Привет", "Hello", "ru", "en"), func(c *chat.SettingsChange) { c.GreetOnOpen = new(true) })
	r.Online(t, r.Operators...)
	v := r.Visitor()
	site := visitorEar(t, r, v)
	for range 2 { // in two tabs
		require.NoError(t, r.Chat.Opened(ctx, v.Inbound("")))
	}
	require.Equal(t, "Привет", site.Next(t, "message")["message"].(map[string]any)["text"])
	require.Equal(t, 1, r.Number(t, charged+"'chat.bot_message'"))
	visit, err := r.Chat.Visit(ctx, v.Pass())
	require.NoError(t, err)
	require.Len(t, visit.Messages, 1)
	require.True(t, visit.Chat.GreetOnOpen)
	dialog := visit.Messages[0].DialogID
	r.Distribute(t)
	require.NoError(t, r.Chat.MoveQueues(ctx))
	require.Equal(t, chattest.Line{State: "queued", Session: r.Line(t, dialog).Session}, r.Line(t, dialog), "nobody is bothered")
	require.Equal(t, "bot", r.Text(t, "SELECT last_author FROM dialog_head WHERE company_id = $1"))
	r.Sound(t)

	r.Clock.Step(time.Minute)
	m := v.Write(t, "Where is my order?")
	require.EqualValues(t, 2, m.Seq)
	require.Equal(t, r.Operators[0].ID, r.Holder(t, dialog))
	require.Equal(t, 1, r.Number(t, charged+"'chat.bot_message'"), "they are greeted once")
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1 AND bot_messages = 1 AND contact_messages = 1"))
	r.Sound(t)
}

// Without an operator they wait since their first message.
func TestGreetedContactsQueueWithTheirFirstMessage(t *testing.T) {
	t.Parallel()
	r := room(t, 0, greets("Привет", "Hello", "ru", "en"), func(c *chat.SettingsChange) { c.GreetOnOpen = new(true) })
	v := r.Visitor()
	require.NoError(t, r.Chat.Opened(ctx, v.Inbound("")))
	r.Distribute(t)
	require.Zero(t, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1 AND (queued_at IS NOT NULL OR busy_told_at IS NOT NULL)"))
	r.Clock.Step(time.Minute)
	m := v.Write(t, "hello")
	require.Equal(t, r.Clock.Now().Unix(), int64(r.Number(t, "SELECT extract(epoch FROM queued_at)::bigint FROM session WHERE company_id = $1")))
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1 AND busy_told_at IS NOT NULL"), "they hear that nobody is there")
	require.True(t, r.Line(t, m.DialogID).Waiting)
	r.Sound(t)
}

// Opening costs nothing in a chat that greets with the first message, and where
// there is no money for it.
func TestNoGreetingOnOpening(t *testing.T) {
	t.Parallel()
	r := room(t, 0, greets("Привет", "Hello", "ru", "en"))
	require.NoError(t, r.Chat.Opened(ctx, r.Visitor().Inbound("")))
	require.Zero(t, r.Number(t, "SELECT count(*) FROM dialog WHERE company_id = $1"))

	_, err := r.Chat.ChangeChat(ctx, r.Owner(t), r.Settings.ID, nil, chat.SettingsChange{GreetOnOpen: new(true)})
	require.NoError(t, err)
	_, err = r.DB.Worker().Exec(ctx, "UPDATE wallet SET available = 0, bonus = 0 WHERE company_id = $1", r.Firm.ID)
	require.NoError(t, err)
	require.NoError(t, r.Chat.Opened(ctx, r.Visitor().Inbound("")))
	require.Zero(t, r.Number(t, "SELECT count(*) FROM dialog WHERE company_id = $1"))
	require.Zero(t, r.Number(t, charged+"'chat.bot_message'"))
}
