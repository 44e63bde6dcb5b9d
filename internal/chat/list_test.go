package chat_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account/accounttest"
	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/contact"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
)

// named are dialogs by what a test calls them.
type named map[string]uuid.UUID

func (n named) of(heads []chat.Head) []string {
	out := []string{}
	for _, h := range heads {
		name := "?"
		for known, id := range n {
			if id == h.DialogID {
				name = known
			}
		}
		out = append(out, name)
	}
	return out
}

// panel is two rooms of one company with dialogs in every state.
type panel struct {
	*chattest.Fixture
	shop, support *chattest.Room
	ann, bob, eve accounttest.Person // ann and bob answer the shop, eve the support
	named
}

func newPanel(t *testing.T) *panel {
	t.Helper()
	return panelIn(t, chattest.New(t, dbtest.New(t)))
}

func panelIn(t *testing.T, f *chattest.Fixture) *panel {
	t.Helper()
	p := &panel{Fixture: f, named: named{}}
	p.shop = f.Room(t, f.Direct, 2, manual)
	p.support = f.Room(t, f.Direct, 1, manual)
	p.ann, p.bob, p.eve = p.shop.Operators[0], p.shop.Operators[1], p.support.Operators[0]
	begin := func(name string, r *chattest.Room) uuid.UUID {
		f.Clock.Step(time.Minute)
		_, dialog := r.Dialog(t, "Hello from "+name)
		p.named[name] = dialog
		return dialog
	}
	take := func(who accounttest.Person, dialog uuid.UUID) {
		_, err := f.Chat.Take(t.Context(), who.Actor, dialog)
		require.NoError(t, err)
	}
	begin("queued", p.shop)
	take(p.ann, begin("ann's", p.shop))
	closed := begin("ann's closed", p.shop)
	p.shop.Reply(t, p.ann, closed, "Bye")
	_, err := f.Chat.Close(t.Context(), p.ann.Actor, closed, "", "")
	require.NoError(t, err)
	take(p.bob, begin("bob's", p.shop))
	begin("support queued", p.support)
	take(p.eve, begin("eve's", p.support))
	handed := begin("handed to the shop", p.support)
	_, err = f.Chat.HandOver(t.Context(), p.support.Owner(t), handed, chat.HandOver{Group: p.shop.Group})
	require.NoError(t, err)
	// Nobody came in time.
	lost := begin("lost", p.support)
	_, err = f.DB.Worker().Exec(t.Context(), `WITH s AS (UPDATE session SET state = 'closed', closed_at = now() WHERE dialog_id = $1),
		d AS (UPDATE dialog SET session_id = NULL WHERE id = $1) UPDATE dialog_head SET state = 'closed' WHERE dialog_id = $1`, lost)
	require.NoError(t, err)
	f.Room(t, f.First, 1).Dialog(t, "Another company's")
	return p
}

func manual(c *chat.SettingsChange) {
	by := "manual"
	c.Sharing = &by
}

func (p *panel) list(t *testing.T, actor access.Actor, f chat.DialogFilter) []string {
	t.Helper()
	page, err := p.Chat.Dialogs(t.Context(), actor, f)
	require.NoError(t, err)
	return p.of(page.Items)
}

func TestListShowsWhatOneMaySee(t *testing.T) {
	t.Parallel()
	p := newPanel(t)
	owner := p.shop.Owner(t)
	analyst := p.Direct.Another(t, access.Operator).Actor // in no group
	for who, c := range map[string]struct {
		actor access.Actor
		views map[string][]string
	}{
		"ann": {p.ann.Actor, map[string][]string{
			"mine": {"ann's"}, "queue": {"handed to the shop", "queued"}, "unassigned": {"handed to the shop", "queued"},
			"closed": {"ann's closed"}, "all": {"handed to the shop", "ann's closed", "ann's", "queued"},
		}},
		"bob": {p.bob.Actor, map[string][]string{
			"mine": {"bob's"}, "queue": {"handed to the shop", "queued"}, "unassigned": {"handed to the shop", "queued"},
			"closed": {}, "all": {"handed to the shop", "bob's", "queued"},
		}},
		"eve": {p.eve.Actor, map[string][]string{
			"mine": {"eve's"}, "queue": {"support queued"}, "unassigned": {"support queued"},
			"closed": {}, "all": {"eve's", "support queued"},
		}},
		"an operator without a group": {analyst, map[string][]string{"mine": {}, "queue": {}, "unassigned": {}, "closed": {}, "all": {}}},
		"the owner": {owner, map[string][]string{
			"mine": {}, "queue": {"handed to the shop", "support queued", "queued"}, "unassigned": {"handed to the shop", "support queued", "queued"},
			"closed": {"lost", "ann's closed"},
			"all":    {"lost", "handed to the shop", "eve's", "support queued", "bob's", "ann's closed", "ann's", "queued"},
		}},
	} {
		for view, want := range c.views {
			t.Run(who+" "+view, func(t *testing.T) {
				t.Parallel()
				require.Equal(t, want, p.list(t, c.actor, chat.DialogFilter{View: view}))
				require.ElementsMatch(t, want, p.list(t, c.actor, chat.DialogFilter{View: view, Order: chat.OrderWaitingLongest}))
				for name, id := range p.named {
					_, err := p.Chat.Card(t.Context(), c.actor, id)
					if slices.Contains(c.views["all"], name) {
						require.NoError(t, err, name)
					} else {
						require.True(t, fault.Is(err, fault.NotFound), name)
					}
					_, _, err = p.Chat.Messages(t.Context(), c.actor, id, chat.HistoryFilter{})
					require.Equal(t, slices.Contains(c.views["all"], name), err == nil, name)
				}
			})
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	p := newPanel(t)
	counts, err := p.Chat.Counts(t.Context(), p.ann.Actor)
	require.NoError(t, err)
	require.Equal(t, chat.DialogCounts{Mine: 1, Queue: 2, Unassigned: 2, All: 4, Unread: 1}, counts)
	counts, err = p.Chat.Counts(t.Context(), p.shop.Owner(t))
	require.NoError(t, err)
	require.Equal(t, chat.DialogCounts{Queue: 3, Unassigned: 3, All: 8}, counts)
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	p := newPanel(t)
	owner := p.shop.Owner(t)
	tag := func(name string, tags ...string) {
		card, err := p.Chat.Card(t.Context(), owner, p.named[name])
		require.NoError(t, err)
		_, err = p.Contacts.Update(t.Context(), owner, card.Contact.ID, contact.Change{Tags: &tags})
		require.NoError(t, err)
	}
	tag("ann's", "vip", "shop")
	tag("lost", "vip")
	start := p.Clock.Now().Add(-8 * time.Minute)
	at := func(minute int) *time.Time {
		v := start.Add(time.Duration(minute) * time.Minute)
		return &v
	}
	stranger, nobody := uuid.New(), int64(987654)
	for name, c := range map[string]struct {
		actor  access.Actor
		filter chat.DialogFilter
		want   []string
	}{
		"chat":                        {owner, chat.DialogFilter{ChatID: &p.shop.Settings.ID}, []string{"bob's", "ann's closed", "ann's", "queued"}},
		"chat and view":               {owner, chat.DialogFilter{ChatID: &p.shop.Settings.ID, View: "queue"}, []string{"queued"}},
		"another chat":                {owner, chat.DialogFilter{ChatID: &stranger}, []string{}},
		"channel":                     {p.eve.Actor, chat.DialogFilter{Channel: "web"}, []string{"eve's", "support queued"}},
		"another channel":             {p.eve.Actor, chat.DialogFilter{Channel: "sms"}, []string{}},
		"operator":                    {owner, chat.DialogFilter{Operator: &p.ann.ID}, []string{"ann's closed", "ann's"}},
		"operator and closed":         {owner, chat.DialogFilter{Operator: &p.ann.ID, View: "closed"}, []string{"ann's closed"}},
		"operator and queue":          {owner, chat.DialogFilter{Operator: &p.ann.ID, View: "queue"}, []string{}},
		"operator nobody knows":       {owner, chat.DialogFilter{Operator: &nobody}, []string{}},
		"operator seen by another":    {p.bob.Actor, chat.DialogFilter{Operator: &p.ann.ID}, []string{}},
		"operator seen by themselves": {p.ann.Actor, chat.DialogFilter{Operator: &p.ann.ID}, []string{"ann's closed", "ann's"}},
		"group":                       {owner, chat.DialogFilter{GroupID: &p.shop.Group, View: "queue"}, []string{"handed to the shop"}},
		"tag":                         {owner, chat.DialogFilter{Tag: "vip"}, []string{"lost", "ann's"}},
		"tag seen by an operator":     {p.ann.Actor, chat.DialogFilter{Tag: "vip"}, []string{"ann's"}},
		"tag nobody has":              {owner, chat.DialogFilter{Tag: "VIP"}, []string{}},
		"unanswered":                  {owner, chat.DialogFilter{Unanswered: true, View: "closed"}, []string{"lost"}},
		"from":                        {owner, chat.DialogFilter{From: at(7)}, []string{"lost", "handed to the shop"}},
		"to":                          {owner, chat.DialogFilter{To: at(3)}, []string{"ann's", "queued"}},
		"from and to":                 {owner, chat.DialogFilter{From: at(2), To: at(4)}, []string{"ann's closed", "ann's"}},
		"nothing between":             {owner, chat.DialogFilter{From: at(4), To: at(4)}, []string{}},
		"by waiting, only unanswered": {owner, chat.DialogFilter{Unanswered: true, Order: chat.OrderWaitingLongest, View: "closed"}, []string{"lost"}},
		"by waiting":                  {owner, chat.DialogFilter{Order: chat.OrderUnansweredOldest, View: "closed"}, []string{"lost", "ann's closed"}},
		"by waiting in a period":      {owner, chat.DialogFilter{Order: chat.OrderUnansweredOldest, To: at(4)}, []string{"queued", "ann's", "ann's closed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, p.list(t, c.actor, c.filter))
		})
	}
}

// many is a room with 23 dialogs of one operator, every third of them answered.
func many(t *testing.T) (*chattest.Room, []uuid.UUID) {
	t.Helper()
	f := chattest.New(t, dbtest.New(t))
	r := f.Room(t, f.Direct, 1)
	r.Online(t, r.Operators[0])
	var dialogs []uuid.UUID
	for i := range 23 {
		if i%4 != 0 { // some at the same instant
			f.Clock.Step(time.Second)
		}
		_, dialog := r.Dialog(t, fmt.Sprintf("Message %d", i))
		if i%3 == 0 {
			r.Reply(t, r.Operators[0], dialog, "Answer")
		}
		dialogs = append(dialogs, dialog)
	}
	return r, dialogs
}

func TestPages(t *testing.T) {
	t.Parallel()
	r, dialogs := many(t)
	for _, order := range []string{chat.OrderNewest, chat.OrderUnansweredOldest, chat.OrderWaitingLongest} {
		for _, view := range []string{"mine", "all"} {
			for _, limit := range []int{1, 2, 5, 15, 16, 22, 23, 24} {
				t.Run(fmt.Sprint(order, view, limit), func(t *testing.T) {
					t.Parallel()
					for _, actor := range []access.Actor{r.Operators[0].Actor, r.Owner(t)} {
						if view == "mine" && actor.UserID != r.Operators[0].ID {
							continue
						}
						whole, err := r.Chat.Dialogs(t.Context(), actor, chat.DialogFilter{View: view, Order: order})
						require.NoError(t, err)
						require.Len(t, whole.Items, len(dialogs))
						require.Nil(t, whole.NextCursor)
						requireOrder(t, order, whole.Items)

						f := chat.DialogFilter{View: view, Order: order, Paging: chat.Paging{Limit: limit}}
						var all []chat.Head
						for {
							page, err := r.Chat.Dialogs(t.Context(), actor, f)
							require.NoError(t, err)
							require.LessOrEqual(t, len(page.Items), limit)
							all = append(all, page.Items...)
							if page.NextCursor == nil {
								break
							}
							require.Len(t, page.Items, limit, "a page before the last is full")
							f.Cursor = *page.NextCursor
						}
						require.Equal(t, whole.Items, all)
					}
				})
			}
		}
	}
}

func requireOrder(t *testing.T, order string, heads []chat.Head) {
	t.Helper()
	sorted := slices.SortedFunc(slices.Values(heads), func(a, b chat.Head) int {
		newest := func() int {
			if c := b.Last.At.Compare(a.Last.At); c != 0 {
				return c
			}
			return slices.Compare(b.DialogID[:], a.DialogID[:])
		}
		switch {
		case order == chat.OrderNewest, a.WaitingSince == nil && b.WaitingSince == nil:
			return newest()
		case a.WaitingSince == nil:
			return 1
		case b.WaitingSince == nil:
			return -1
		}
		if c := a.WaitingSince.Compare(*b.WaitingSince); c != 0 {
			return c
		}
		return slices.Compare(a.DialogID[:], b.DialogID[:])
	})
	require.Equal(t, sorted, heads)
}

func TestPagesWhileMessagesArrive(t *testing.T) {
	t.Parallel()
	r, dialogs := many(t)
	owner := r.Owner(t)
	first, err := r.Chat.Dialogs(t.Context(), owner, chat.DialogFilter{Paging: chat.Paging{Limit: 10}})
	require.NoError(t, err)

	r.Clock.Step(time.Second)
	_, fresh := r.Dialog(t, "A new dialog")
	r.Clock.Step(time.Second)
	r.Reply(t, r.Operators[0], dialogs[1], "An old one moves up")

	seen := map[uuid.UUID]bool{}
	for _, h := range first.Items {
		seen[h.DialogID] = true
	}
	cursor := first.NextCursor
	for cursor != nil {
		page, err := r.Chat.Dialogs(t.Context(), owner, chat.DialogFilter{Paging: chat.Paging{Limit: 4, Cursor: *cursor}})
		require.NoError(t, err)
		for _, h := range page.Items {
			require.False(t, seen[h.DialogID], "no line comes twice")
			seen[h.DialogID] = true
		}
		cursor = page.NextCursor
	}
	require.False(t, seen[fresh])
	require.False(t, seen[dialogs[1]], "what moved up is told by the live connection")
	require.Len(t, seen, len(dialogs)-1, "all others are there")
}

func TestCursorBelongsToItsList(t *testing.T) {
	t.Parallel()
	r, _ := many(t)
	owner := r.Owner(t)
	page, err := r.Chat.Dialogs(t.Context(), owner, chat.DialogFilter{Paging: chat.Paging{Limit: 2}})
	require.NoError(t, err)
	now := r.Clock.Now()
	for name, f := range map[string]chat.DialogFilter{
		"view":   {View: "closed"},
		"order":  {Order: chat.OrderWaitingLongest},
		"tag":    {Tag: "vip"},
		"period": {From: &now},
		"words":  {Words: "message"},
	} {
		f.Cursor = *page.NextCursor
		_, err := r.Chat.Dialogs(t.Context(), owner, f)
		require.True(t, fault.Is(err, fault.Invalid), name)
	}
	for _, bad := range []string{"x", "AAAA", *page.NextCursor + "A", (*page.NextCursor)[1:]} {
		_, err := r.Chat.Dialogs(t.Context(), owner, chat.DialogFilter{Paging: chat.Paging{Cursor: bad}})
		require.True(t, fault.Is(err, fault.Invalid), bad)
	}
	// A page may be of another size, and another's cursor shows nothing of another's.
	_, err = r.Chat.Dialogs(t.Context(), owner, chat.DialogFilter{Paging: chat.Paging{Limit: 7, Cursor: *page.NextCursor}})
	require.NoError(t, err)
	elsewhere, err := r.Chat.Dialogs(t.Context(), r.First.Actor(t, access.Owner), chat.DialogFilter{Paging: chat.Paging{Cursor: *page.NextCursor}})
	require.NoError(t, err)
	require.Empty(t, elsewhere.Items)
}
