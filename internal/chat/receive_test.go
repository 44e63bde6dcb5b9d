package chat_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
)

var ctx = context.Background()

func room(t testing.TB, operators int, change ...func(c *chat.SettingsChange)) *chattest.Room {
	t.Helper()
	f := chattest.New(t, dbtest.New(t))
	return f.Room(t, f.First, operators, change...)
}

func TestFirstMessageBeginsDialogAndSession(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	v := r.Visitor()
	before := r.Balance(t, r.Firm.ID).Balance

	m, err := r.Chat.Receive(ctx, v.Inbound("Где мой заказ? 👩‍🚀"))
	require.NoError(t, err)
	require.EqualValues(t, 1, m.Seq)
	require.Equal(t, chat.ByContact, m.Author)
	require.Equal(t, "Где мой заказ? 👩‍🚀", m.Text)
	require.Equal(t, "sent", m.State)
	require.NotNil(t, m.Key)

	again, err := r.Chat.Receive(ctx, v.Inbound("Алло"))
	require.NoError(t, err)
	require.Equal(t, m.DialogID, again.DialogID)
	require.EqualValues(t, 2, again.Seq)

	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1 AND contact_messages = 2 AND number = 1"))
	line := r.Line(t, m.DialogID)
	require.Equal(t, "queued", line.State)
	require.Equal(t, 2, line.Unread)
	require.True(t, line.Waiting)
	require.Equal(t, "0.50", (before - r.Balance(t, r.Firm.ID).Balance).String(), "two contact messages")
	r.Sound(t)
}

func TestSameKeyIsStoredOnce(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	v := r.Visitor()
	first, second := v.Inbound("one"), v.Inbound("two")
	second.Visitor = first.Visitor
	var wg sync.WaitGroup
	got := make([]chat.VisitorMessage, 20)
	for i := range got {
		wg.Go(func() {
			in := first
			if i%2 == 1 {
				in = second
			}
			var err error
			got[i], err = r.Chat.Receive(ctx, in)
			require.NoError(t, err)
		})
	}
	wg.Wait()
	for i := range got {
		require.Equal(t, got[i%2], got[i])
	}
	require.Equal(t, 2, r.Number(t, "SELECT count(*) FROM message WHERE company_id = $1 AND author = 'contact'"))
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM dialog WHERE company_id = $1"))
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM contact WHERE company_id = $1"))
	r.Sound(t)
}

func TestKeyIsKnownAfterTheSessionWasClosed(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Online(t, r.Operators...)
	v := r.Visitor()
	in := v.Inbound("hello")
	m, err := r.Chat.Receive(ctx, in)
	require.NoError(t, err)
	r.Distribute(t)
	_, err = r.Chat.Close(ctx, r.Operators[0].Actor, m.DialogID, "", "")
	require.NoError(t, err)

	same, err := r.Chat.Receive(ctx, in)
	require.NoError(t, err)
	require.Equal(t, m.ID, same.ID)
	require.Equal(t, "closed", r.Line(t, m.DialogID).State, "a retry begins no session")
	r.Sound(t)
}

func TestInboundIsStoredWithoutMoney(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	_, err := r.DB.Worker().Exec(ctx, "UPDATE wallet SET available = 0, bonus = 0 WHERE company_id = $1", r.Firm.ID)
	require.NoError(t, err)
	r.Visitor().Write(t, "I arrive whatever you have paid")
	require.Equal(t, "-0.25", r.Balance(t, r.Firm.ID).Balance.String())
}

func TestWhatVisitorsMayNotSend(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	v := r.Visitor()
	foreign := r.Fixture.Room(t, r.Second, 0)
	for name, c := range map[string]struct {
		change func(in *chat.Inbound)
		code   fault.Code
		field  string
	}{
		"nothing":              {func(in *chat.Inbound) { in.Text = "" }, fault.Invalid, "text"},
		"blanks":               {func(in *chat.Inbound) { in.Text = " \n\t\u200b\x00\x07" }, fault.Invalid, "text"},
		"no key":               {func(in *chat.Inbound) { in.Key = uuid.Nil }, fault.Invalid, "key"},
		"too long":             {func(in *chat.Inbound) { in.Text = strings.Repeat("я", chat.MaxText+1) }, fault.Invalid, "text"},
		"broken UTF-8":         {func(in *chat.Inbound) { in.Text = "a\xffb" }, fault.Invalid, "text"},
		"eleven files":         {func(in *chat.Inbound) { in.Attachments = make([]uuid.UUID, 11) }, fault.Invalid, "attachments"},
		"a file twice":         {func(in *chat.Inbound) { id := uuid.New(); in.Attachments = []uuid.UUID{id, id} }, fault.Invalid, "attachments"},
		"a file of nobody":     {func(in *chat.Inbound) { in.Attachments = []uuid.UUID{uuid.New()} }, fault.Invalid, "attachments"},
		"another's connection": {func(in *chat.Inbound) { in.ConnectionID = foreign.Settings.Connections[0].ID }, fault.NotFound, ""},
		"no such connection":   {func(in *chat.Inbound) { in.ConnectionID = uuid.New() }, fault.NotFound, ""},
	} {
		in := v.Inbound("hello")
		c.change(&in)
		_, err := r.Chat.Receive(ctx, in)
		var f *fault.Error
		require.ErrorAs(t, err, &f, name)
		require.Equal(t, c.code, f.Code, name)
		if c.field != "" {
			require.Contains(t, f.Fields, c.field, name)
		}
	}
	require.Zero(t, r.Number(t, "SELECT count(*) FROM message WHERE company_id = $1"))
	require.Zero(t, r.Number(t, "SELECT count(*) FROM contact WHERE company_id = $1"))
}

func TestTextIsKeptAsWritten(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	html := "<script>alert('x')</script>\r\n\tline & \"two\"\x00\x1b[31m\u202e"
	m := r.Visitor().Write(t, html)
	require.Equal(t, "<script>alert('x')</script>\n\tline & \"two\"[31m", m.Text, "markup is text; only what controls a screen goes")
	require.Equal(t, strings.Repeat("ю", chat.MaxText), r.Visitor().Write(t, strings.Repeat("ю", chat.MaxText)).Text)
}

// What a browser says of itself may be anything and spoils nothing.
func TestHostileSurroundings(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	v := r.Visitor()
	v.Language, v.TimeZone = "\x00\xff<b>"+strings.Repeat("x", 500), "../../etc/passwd\x00"
	for _, page := range []chat.VisitedPage{
		{URL: "\x00\xff", Title: "\u202e\x00"}, {URL: "https://x/" + strings.Repeat("y", 5000), Title: strings.Repeat("я", 5000)},
	} {
		in := v.Inbound("hello")
		in.Page = page
		_, err := r.Chat.Receive(ctx, in)
		require.NoError(t, err)
	}
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM dialog WHERE company_id = $1 AND page_url = '' AND length(page_title) = 200 AND length(language) <= 35"))
	r.Sound(t)
}

func TestTwentyMessagesAMinute(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	v := r.Visitor()
	for range 20 {
		v.Write(t, "x")
	}
	_, err := r.Chat.Receive(ctx, v.Inbound("x"))
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, fault.RateLimited, f.Code)
	require.Equal(t, time.Minute, f.RetryAfter)
	r.Visitor().Write(t, "others may")
	r.Clock.Step(time.Minute)
	v.Write(t, "x")
}

func TestSessionOutlivesItsTime(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Online(t, r.Operators...)
	v, dialog := r.Dialog(t, "hello")
	r.Reply(t, r.Operators[0], dialog, "Hi")
	first := r.Line(t, dialog).Session

	r.Clock.Step(24*time.Hour - time.Second)
	v.Write(t, "still there?")
	require.Equal(t, first, r.Line(t, dialog).Session)

	r.Clock.Step(24 * time.Hour)
	v.Write(t, "anybody?")
	require.NotEqual(t, first, r.Line(t, dialog).Session, "nobody had swept it yet")
	require.Equal(t, r.Operators[0].ID, r.Holder(t, dialog))
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1 AND id = $2 AND state = 'closed' AND closed_by IS NULL", first))
	r.Sound(t)

	r.Clock.Step(25 * time.Hour)
	require.NoError(t, r.Chat.Sweep(ctx))
	line := r.Line(t, dialog)
	require.Equal(t, "closed", line.State)
	require.True(t, line.Waiting, "nobody has answered it")
	require.NoError(t, r.Chat.Sweep(ctx))
	r.Sound(t)
}

func TestPagesThatAreNone(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	v := r.Visitor()
	for address, kept := range map[string]bool{
		"javascript:alert(1)": false, "JavaScript://shop.example/%0aalert(1)": false, "data:text/html,x": false, "//shop.example": false,
		"http://[": false, "https://shop.example/a?b=c#d": true, "file:///home/me/shop.html": true,
	} {
		in := v.Inbound("hello")
		in.Page.URL = address
		_, err := r.Chat.Receive(ctx, in)
		require.NoError(t, err)
		stored := r.Number(t, "SELECT count(*) FROM dialog WHERE company_id = $1 AND page_url = $2", address)
		require.Equal(t, kept, stored == 1, address)
	}
}

// More sessions than one look finds end in one sweep, and one that cannot end
// keeps nobody else's open.
func TestAllSessionsThatOutlivedEnd(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	_, first := r.Dialog(t, "hello")
	const many = 205 // more than a chunk
	for range many {
		r.Visitor().Write(t, "hello")
	}
	_, err := r.DB.Worker().Exec(ctx, "DELETE FROM dialog_head WHERE company_id = $1 AND dialog_id = $2", r.Firm.ID, first)
	require.NoError(t, err)
	r.Clock.Step(25 * time.Hour)
	require.Error(t, r.Chat.Sweep(ctx), "of the broken one")
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1 AND state <> 'closed'"))
}

// Two first messages of one visitor in two chats of a company are one contact.
func TestOneContactInTwoChats(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	other := r.Fixture.Room(t, r.Firm, 0)
	v := r.Visitor()
	v.Write(t, "here")
	in := v.Inbound("there")
	in.ConnectionID = other.Settings.Connections[0].ID
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			copied := in
			copied.Key = uuid.New()
			_, err := r.Chat.Receive(ctx, copied)
			require.NoError(t, err)
		})
	}
	wg.Wait()
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM contact WHERE company_id = $1"))
	require.Equal(t, 2, r.Number(t, "SELECT count(*) FROM dialog WHERE company_id = $1"))
	r.Sound(t)
}
