package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/connection"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
)

func to[T any](v T) *T { return &v }

func requireField(t *testing.T, err error, field, code string) {
	t.Helper()
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, fault.Invalid, f.Code, "%v", err)
	require.Contains(t, f.Fields, field)
	require.Equal(t, code, f.Fields[field].Code)
}

func TestCreateChat(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	owner := f.Direct.Actor(t, access.Owner)
	c, err := f.Chat.CreateChat(t.Context(), owner, chat.SettingsChange{
		Name: to(" Shop\u200B  chat "), AllowedSites: to([]string{"HTTPS://Shop.example/", "*.shop.example"}),
		ClosingResults: to([]chat.ClosingResult{{Label: "Solved"}, {Code: "spam", Label: "Nonsense"}}),
	})
	require.NoError(t, err)
	require.Equal(t, "Shop chat", c.Name)
	require.Equal(t, int64(1), c.Number)
	require.Equal(t, 1, c.Version)
	require.Equal(t, []string{"https://shop.example", "*.shop.example"}, c.AllowedSites)
	require.Equal(t, 24, c.LifetimeHours)
	require.Equal(t, 60, c.FirstTargetS)
	require.Equal(t, 180, c.NextTargetS)
	require.Equal(t, 5, c.OperatorIdleMinutes)
	require.NotEmpty(t, c.BusyText.RU)
	require.NotEmpty(t, c.BusyText.EN)
	require.Len(t, c.Connections, 1)
	require.Equal(t, fmt.Sprintf(`<script async src="/widget.js" data-chat="%s"></script>`, c.Connections[0].PublicKey), c.Code)
	require.NotEmpty(t, c.ClosingResults[0].Code)
	require.Equal(t, "spam", c.ClosingResults[1].Code)

	entry, err := f.Connections.ByKey(t.Context(), c.Connections[0].PublicKey)
	require.NoError(t, err)
	require.Equal(t, connection.Sites{"https://shop.example", "*.shop.example"}, entry.AllowedSites)

	read, err := f.Chat.Chat(t.Context(), owner, c.ID)
	require.NoError(t, err)
	require.Equal(t, c, read)

	_, err = f.Chat.CreateChat(t.Context(), owner, chat.SettingsChange{Name: to("SHOP CHAT")})
	requireField(t, err, "name", fault.Taken)
	_, err = f.Chat.CreateChat(t.Context(), f.First.Actor(t, access.Owner), chat.SettingsChange{Name: to("Shop chat")})
	require.NoError(t, err, "another company's names are its own")
}

func TestChangeChat(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	owner := f.Direct.Actor(t, access.Owner)
	r := f.Room(t, f.Direct, 1)
	other := r.NewGroup(t)
	code := r.Settings.Connections[0].PublicKey

	changed, err := f.Chat.ChangeChat(t.Context(), owner, r.Settings.ID, to(1), chat.SettingsChange{
		Name: to("New name"), Groups: to([]uuid.UUID{other, r.Group}), AllowedSites: to([]string{"shop.example"}),
		ClosingResults: to([]chat.ClosingResult{{Label: "Solved"}}), ResultRequired: to(true), LifetimeHours: to(48),
	})
	require.NoError(t, err)
	require.Equal(t, 2, changed.Version)
	require.Equal(t, []uuid.UUID{other, r.Group}, changed.Groups)
	require.Equal(t, 48, changed.LifetimeHours)
	require.Equal(t, code, changed.Connections[0].PublicKey, "the line on the sites stays valid")
	require.Equal(t, "New name", changed.Connections[0].Name)
	require.Equal(t, r.Settings.BusyText, changed.BusyText, "what was not named stays")

	result := changed.ClosingResults[0]
	result.Label = "Answered"
	again, err := f.Chat.ChangeChat(t.Context(), owner, r.Settings.ID, to(2), chat.SettingsChange{ClosingResults: to([]chat.ClosingResult{result, {Label: "Solved"}})})
	require.NoError(t, err)
	require.Equal(t, result, again.ClosingResults[0], "a code outlives its label")
	require.NotEqual(t, result.Code, again.ClosingResults[1].Code)

	_, err = f.Chat.ChangeChat(t.Context(), owner, r.Settings.ID, to(2), chat.SettingsChange{Name: to("Too late")})
	require.True(t, fault.Is(err, fault.VersionConflict))
	f.Clock.Step(time.Second)
	_, err = f.Chat.ChangeChat(t.Context(), owner, r.Settings.ID, nil, chat.SettingsChange{Name: to("In any case")})
	require.NoError(t, err)

	records, _, err := f.Service.Trail(t.Context(), owner, account.TrailFilter{Action: "chat.changed"})
	require.NoError(t, err)
	require.Equal(t, "chat.changed", records[0].Action)
	require.JSONEq(t, `{"name":"In any case"}`, string(records[0].New))
}

func TestConcurrentChanges(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	owner := r.Owner(t)
	errs := make(chan error, 8)
	for i := range cap(errs) {
		go func() {
			_, err := r.Chat.ChangeChat(ctx, owner, r.Settings.ID, to(1), chat.SettingsChange{Name: to(fmt.Sprint("Name ", i))})
			errs <- err
		}()
	}
	conflicts := 0
	for range cap(errs) {
		if err := <-errs; err != nil {
			require.True(t, fault.Is(err, fault.VersionConflict), "%v", err)
			conflicts++
		}
	}
	require.Equal(t, cap(errs)-1, conflicts)
}

func TestSettingsChecks(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	owner := r.Owner(t)
	look := r.Settings.Look
	with := func(change func(l *chat.Look)) *chat.Look {
		l := look
		change(&l)
		return &l
	}
	foreign := r.Room(t, r.Second, 0).Group
	long := func(n int) string { return strings.Repeat("я", n) }
	for name, c := range map[string]struct {
		change chat.SettingsChange
		field  string
		code   string
	}{
		"no name":                 {chat.SettingsChange{Name: to(" \u200B\x00")}, "name", fault.Required},
		"long name":               {chat.SettingsChange{Name: to(long(101))}, "name", fault.TooLong},
		"sharing":                 {chat.SettingsChange{Sharing: to("random")}, "sharing", fault.UnknownName},
		"lifetime of nothing":     {chat.SettingsChange{LifetimeHours: to(0)}, "lifetime_hours", fault.OutOfRange},
		"lifetime for ever":       {chat.SettingsChange{LifetimeHours: to(721)}, "lifetime_hours", fault.OutOfRange},
		"idle":                    {chat.SettingsChange{OperatorIdleMinutes: to(-1)}, "operator_idle_minutes", fault.OutOfRange},
		"first target":            {chat.SettingsChange{FirstTargetS: to(0)}, "first_target_s", fault.OutOfRange},
		"next target":             {chat.SettingsChange{NextTargetS: to(86401)}, "next_target_s", fault.OutOfRange},
		"no busy text":            {chat.SettingsChange{BusyText: &chat.Texts{RU: "Заняты"}}, "busy_text.en", fault.Required},
		"long busy text":          {chat.SettingsChange{BusyText: &chat.Texts{RU: long(501), EN: "Busy"}}, "busy_text.ru", fault.TooLong},
		"no language":             {chat.SettingsChange{Languages: to([]string{})}, "languages", fault.Required},
		"unknown language":        {chat.SettingsChange{Languages: to([]string{"ru", "tlh"})}, "languages.1", fault.UnknownName},
		"required result of none": {chat.SettingsChange{ResultRequired: to(true)}, "closing_results", fault.Required},
		"result without label":    {chat.SettingsChange{ClosingResults: to([]chat.ClosingResult{{Code: "a", Label: " "}})}, "closing_results.0.label", fault.Required},
		"bad code":                {chat.SettingsChange{ClosingResults: to([]chat.ClosingResult{{Code: "A b", Label: "x"}})}, "closing_results.0.code", fault.BadFormat},
		"code twice":              {chat.SettingsChange{ClosingResults: to([]chat.ClosingResult{{Code: "a", Label: "x"}, {Code: "a", Label: "y"}})}, "closing_results.1.code", fault.Taken},
		"label twice":             {chat.SettingsChange{ClosingResults: to([]chat.ClosingResult{{Code: "a", Label: "x"}, {Code: "b", Label: "X"}})}, "closing_results.1.label", fault.Taken},
		"many results":            {chat.SettingsChange{ClosingResults: to(results(31))}, "closing_results", fault.TooLong},
		"colour":                  {chat.SettingsChange{Look: with(func(l *chat.Look) { l.Accent = "red;}" })}, "look.accent", fault.BadFormat},
		"side":                    {chat.SettingsChange{Look: with(func(l *chat.Look) { l.Side = "top" })}, "look.side", fault.UnknownName},
		"launcher":                {chat.SettingsChange{Look: with(func(l *chat.Look) { l.Launcher = "" })}, "look.launcher", fault.UnknownName},
		"title":                   {chat.SettingsChange{Look: with(func(l *chat.Look) { l.Title.EN = long(61) })}, "look.title.en", fault.TooLong},
		"greeting":                {chat.SettingsChange{Look: with(func(l *chat.Look) { l.Greeting.RU = long(301) })}, "look.greeting.ru", fault.TooLong},
		"avatar script":           {chat.SettingsChange{Look: with(func(l *chat.Look) { l.AvatarURL = "javascript:alert(1)" })}, "look.avatar_url", fault.BadFormat},
		"avatar without TLS":      {chat.SettingsChange{Look: with(func(l *chat.Look) { l.AvatarURL = "http://shop.example/a.png" })}, "look.avatar_url", fault.BadFormat},
		"avatar breaks out":       {chat.SettingsChange{Look: with(func(l *chat.Look) { l.AvatarURL = `https://x.example/"><script>` })}, "look.avatar_url", fault.BadFormat},
		"site":                    {chat.SettingsChange{AllowedSites: to([]string{"shop.example", "*; script-src *"})}, "allowed_sites.1", fault.BadFormat},
		"group nobody knows":      {chat.SettingsChange{Groups: &[]uuid.UUID{uuid.New()}}, "groups.0", fault.UnknownName},
		"another company's group": {chat.SettingsChange{Groups: &[]uuid.UUID{r.Group, foreign}}, "groups.1", fault.UnknownName},
		"group twice":             {chat.SettingsChange{Groups: &[]uuid.UUID{r.Group, r.Group}}, "groups.1", fault.Taken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := r.Chat.ChangeChat(t.Context(), owner, r.Settings.ID, nil, c.change)
			requireField(t, err, c.field, c.code)
		})
	}
}

func results(n int) []chat.ClosingResult {
	out := make([]chat.ClosingResult, n)
	for i := range out {
		out[i] = chat.ClosingResult{Label: fmt.Sprint("Result ", i)}
	}
	return out
}

func TestSettingsKeepWhatIsTyped(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	name := `<img src=x onerror=alert(1)> & "quotes" 😀`
	c, err := r.Chat.ChangeChat(ctx, r.Owner(t), r.Settings.ID, nil, chat.SettingsChange{
		Name: &name, BusyText: &chat.Texts{RU: "Строка\r\nвторая\x00\u202E", EN: "<b>Busy</b>"},
	})
	require.NoError(t, err)
	require.Equal(t, name, c.Name)
	require.Equal(t, chat.Texts{RU: "Строка\nвторая", EN: "<b>Busy</b>"}, c.BusyText)
}

func TestArchiveChat(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	owner := r.Owner(t)
	for range 2 {
		c, err := r.Chat.ArchiveChat(ctx, owner, r.Settings.ID)
		require.NoError(t, err)
		require.Equal(t, "archived", c.State)
		require.Equal(t, 2, c.Version)
		require.Equal(t, "disabled", c.Connections[0].State)
	}
	_, err := r.Chat.ChangeChat(ctx, owner, r.Settings.ID, nil, chat.SettingsChange{Name: to("x")})
	require.True(t, fault.Is(err, fault.Conflict))
	_, err = r.Chat.Receive(ctx, r.Visitor().Inbound("hello"))
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = r.Chat.CreateChat(ctx, owner, chat.SettingsChange{Name: &r.Settings.Name})
	require.NoError(t, err, "the name is free again")
}

func TestChats(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	owner := r.Owner(t)
	want := []string{}
	for i := range 5 {
		c, err := r.Chat.CreateChat(ctx, owner, chat.SettingsChange{Name: to(fmt.Sprint("Chat ", i))})
		require.NoError(t, err)
		want = append(want, c.Name)
	}
	_, err := r.Chat.ArchiveChat(ctx, owner, r.Settings.ID)
	require.NoError(t, err)
	want = append(want, r.Settings.Name)

	var got []string
	page := chat.Paging{Limit: 4}
	for {
		list, err := r.Chat.Chats(ctx, owner, page)
		require.NoError(t, err)
		for _, c := range list.Items {
			got = append(got, c.Name)
		}
		if list.NextCursor == nil {
			break
		}
		page.Cursor = *list.NextCursor
	}
	require.Equal(t, want, got)

	foreign := r.Second.Actor(t, access.Owner)
	list, err := r.Chat.Chats(ctx, foreign, chat.Paging{})
	require.NoError(t, err)
	require.Empty(t, list.Items)
	_, err = r.Chat.Chat(ctx, foreign, r.Settings.ID)
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = r.Chat.ChangeChat(ctx, foreign, r.Settings.ID, nil, chat.SettingsChange{Name: to("Mine")})
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = r.Chat.ArchiveChat(ctx, foreign, r.Settings.ID)
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestGroups(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	owner := f.Direct.Actor(t, access.Owner)
	ann, bob := f.Direct.Another(t, access.Operator), f.Direct.Another(t, access.Operator)
	g, err := f.Chat.CreateGroup(ctx, owner, chat.GroupChange{
		Name: to("Sales"), Members: to([]int64{bob.ID, ann.ID, bob.ID}), FirstTargetS: chat.Nullable[int]{Named: true, Value: to(30)},
	})
	require.NoError(t, err)
	require.Equal(t, []chat.GroupMember{{UserID: ann.ID, Name: ann.Name, State: "offline"}, {UserID: bob.ID, Name: bob.Name, State: "offline"}}, g.Members)
	require.Equal(t, 30, *g.FirstTargetS)
	require.Nil(t, g.NextTargetS)

	_, err = f.Chat.SetOperatorState(ctx, ann.Actor, chat.Online)
	require.NoError(t, err)
	g, err = f.Chat.ChangeGroup(ctx, owner, g.ID, chat.GroupChange{
		Members: to([]int64{ann.ID}), FirstTargetS: chat.Nullable[int]{Named: true}, Sharing: chat.Nullable[string]{Named: true, Value: to("manual")},
	})
	require.NoError(t, err)
	require.Equal(t, []chat.GroupMember{{UserID: ann.ID, Name: ann.Name, State: "online"}}, g.Members)
	require.Nil(t, g.FirstTargetS, "null takes the target away")
	require.Equal(t, "manual", *g.Sharing)
	require.Equal(t, "Sales", g.Name)

	list, err := f.Chat.Groups(ctx, owner, chat.Paging{})
	require.NoError(t, err)
	require.Equal(t, []chat.Group{g}, list.Items)

	analyst := f.Direct.Another(t, access.Analyst)
	stranger := f.First.Another(t, access.Operator)
	for name, c := range map[string]struct {
		change chat.GroupChange
		field  string
		code   string
	}{
		"no name":           {chat.GroupChange{Name: to("\u200B")}, "name", fault.Required},
		"long name":         {chat.GroupChange{Name: to(strings.Repeat("я", 101))}, "name", fault.TooLong},
		"stranger":          {chat.GroupChange{Members: to([]int64{ann.ID, stranger.ID})}, "members.1", fault.UnknownName},
		"nobody":            {chat.GroupChange{Members: to([]int64{-5})}, "members.0", fault.UnknownName},
		"no operator":       {chat.GroupChange{Members: to([]int64{analyst.ID})}, "members.0", fault.BadFormat},
		"many":              {chat.GroupChange{Members: to(make([]int64, 501))}, "members", fault.TooLong},
		"target":            {chat.GroupChange{NextTargetS: chat.Nullable[int]{Named: true, Value: to(0)}}, "next_target_s", fault.OutOfRange},
		"sharing":           {chat.GroupChange{Sharing: chat.Nullable[string]{Named: true, Value: to("best")}}, "sharing", fault.UnknownName},
		"another's name":    {chat.GroupChange{Name: to("SUPPORT")}, "name", fault.Taken},
		"sharing of spaces": {chat.GroupChange{Sharing: chat.Nullable[string]{Named: true, Value: to("")}}, "sharing", fault.UnknownName},
	} {
		if name == "another's name" {
			_, err := f.Chat.CreateGroup(ctx, owner, chat.GroupChange{Name: to("Support")})
			require.NoError(t, err)
		}
		_, err := f.Chat.ChangeGroup(ctx, owner, g.ID, c.change)
		requireField(t, err, c.field, c.code)
	}
	_, err = f.Chat.ChangeGroup(ctx, f.First.Actor(t, access.Owner), g.ID, chat.GroupChange{Name: to("Mine")})
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestArchiveGroup(t *testing.T) {
	t.Parallel()
	r := room(t, 1, manual)
	owner := r.Owner(t)
	err := r.Chat.ArchiveGroup(ctx, owner, r.Group)
	require.True(t, fault.Is(err, fault.Conflict), "a chat uses it")

	other := r.NewGroup(t, r.Operators...)
	_, dialog := r.Dialog(t, "hello")
	_, err = r.Chat.HandOver(ctx, owner, dialog, chat.HandOver{Group: other})
	require.NoError(t, err)
	require.True(t, fault.Is(r.Chat.ArchiveGroup(ctx, owner, other), fault.Conflict), "somebody waits for it")
	_, err = r.Chat.Take(ctx, owner, dialog)
	require.NoError(t, err)
	require.True(t, fault.Is(r.Chat.ArchiveGroup(ctx, r.Second.Actor(t, access.Owner), other), fault.NotFound))
	require.NoError(t, r.Chat.ArchiveGroup(ctx, owner, other))
	require.True(t, fault.Is(r.Chat.ArchiveGroup(ctx, owner, other), fault.NotFound))

	_, err = r.Chat.ChangeChat(ctx, owner, r.Settings.ID, nil, chat.SettingsChange{Groups: &[]uuid.UUID{other}})
	requireField(t, err, "groups.0", fault.UnknownName)
	list, err := r.Chat.Groups(ctx, owner, chat.Paging{})
	require.NoError(t, err)
	require.False(t, slices.ContainsFunc(list.Items, func(g chat.Group) bool { return g.ID == other }))
}

func TestQuickReplies(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	owner, ann, bob := f.Direct.Actor(t, access.Owner), f.Direct.Another(t, access.Operator).Actor, f.Direct.Another(t, access.Operator).Actor
	keep := func(actor access.Actor, personal bool, folder, title string) chat.QuickReply {
		r, err := f.Chat.CreateQuickReply(ctx, actor, chat.QuickReplyChange{Personal: &personal, Folder: &folder, Title: &title, Text: to("Text of " + title)})
		require.NoError(t, err)
		return r
	}
	hello := keep(owner, false, "", "Hello")
	price := keep(owner, false, "Shop", "Цены")
	own := keep(ann, true, "Shop", "Моё")
	keep(bob, true, "", "Bob's")

	titles := func(actor access.Actor, s chat.QuickReplySearch) []string {
		list, err := f.Chat.QuickReplies(ctx, actor, s)
		require.NoError(t, err)
		out := []string{}
		for _, r := range list.Items {
			out = append(out, r.Title)
		}
		return out
	}
	require.Equal(t, []string{"Hello", "Моё", "Цены"}, titles(ann, chat.QuickReplySearch{}))
	require.Equal(t, []string{"Bob's", "Hello", "Цены"}, titles(bob, chat.QuickReplySearch{}))
	require.Equal(t, []string{"Цены"}, titles(ann, chat.QuickReplySearch{Words: "ЦЕН"}))
	require.Equal(t, []string{}, titles(ann, chat.QuickReplySearch{Words: "%"}))
	require.Equal(t, []string{"Моё", "Цены"}, titles(ann, chat.QuickReplySearch{Folder: to("Shop")}))

	page, err := f.Chat.QuickReplies(ctx, ann, chat.QuickReplySearch{Paging: chat.Paging{Limit: 2}})
	require.NoError(t, err)
	require.Equal(t, []string{"Цены"}, titles(ann, chat.QuickReplySearch{Paging: chat.Paging{Limit: 2, Cursor: *page.NextCursor}}))

	_, err = f.Chat.CreateQuickReply(ctx, ann, chat.QuickReplyChange{Title: to("For all"), Text: to("x")})
	require.True(t, fault.Is(err, fault.Forbidden))
	_, err = f.Chat.ChangeQuickReply(ctx, ann, hello.ID, chat.QuickReplyChange{Text: to("x")})
	require.True(t, fault.Is(err, fault.Forbidden))
	require.True(t, fault.Is(f.Chat.DeleteQuickReply(ctx, ann, price.ID), fault.Forbidden))
	_, err = f.Chat.ChangeQuickReply(ctx, ann, own.ID, chat.QuickReplyChange{Personal: to(false)})
	require.True(t, fault.Is(err, fault.Forbidden))
	for _, other := range []access.Actor{bob, owner, f.First.Actor(t, access.Owner)} {
		_, err = f.Chat.ChangeQuickReply(ctx, other, own.ID, chat.QuickReplyChange{Text: to("x")})
		require.True(t, fault.Is(err, fault.NotFound), "another's own reply is not there")
		require.True(t, fault.Is(f.Chat.DeleteQuickReply(ctx, other, own.ID), fault.NotFound))
	}
	changed, err := f.Chat.ChangeQuickReply(ctx, ann, own.ID, chat.QuickReplyChange{Text: to("Line\r\ntwo\x00")})
	require.NoError(t, err)
	require.Equal(t, "Line\ntwo", changed.Text)
	require.Equal(t, "Моё", changed.Title)
	require.NoError(t, f.Chat.DeleteQuickReply(ctx, ann, own.ID))
	require.True(t, fault.Is(f.Chat.DeleteQuickReply(ctx, ann, own.ID), fault.NotFound))

	_, err = f.Chat.CreateQuickReply(ctx, owner, chat.QuickReplyChange{})
	requireField(t, err, "title", fault.Required)
	requireField(t, err, "text", fault.Required)
	_, err = f.Chat.CreateQuickReply(ctx, owner, chat.QuickReplyChange{Title: to("x"), Text: to(strings.Repeat("я", 4097))})
	requireField(t, err, "text", fault.TooLong)
}
