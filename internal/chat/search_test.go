package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/contact"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	p := newPanel(t)
	owner := p.shop.Owner(t)
	p.shop.Reply(t, p.ann, p.named["ann's"], "Ваш заказ №A-1077 уже ЁДЕТ, смотрите https://shop.example/track")
	_, err := p.Chat.Close(t.Context(), p.bob.Actor, p.named["bob's"], "", "")
	require.NoError(t, err)
	card, err := p.Chat.Card(t.Context(), owner, p.named["eve's"])
	require.NoError(t, err)
	_, err = p.Contacts.Update(t.Context(), owner, card.Contact.ID, contact.Change{
		Name: to("Зинаида O'Hara"), Phone: to("+79161234567"), Email: to("zina@mail.example"),
	})
	require.NoError(t, err)
	for words, want := range map[string]map[string][]string{
		"заказ":                  {"owner": {"ann's"}, "ann": {"ann's"}, "bob": {}},
		"зак":                    {"owner": {"ann's"}},
		"едет":                   {"owner": {"ann's"}, "ann": {"ann's"}},
		"заказ едет":             {"owner": {"ann's"}},
		"заказ нет":              {"owner": {}},
		"a-1077":                 {"owner": {"ann's"}},
		"1077":                   {"owner": {"ann's"}},
		"shop.example":           {"owner": {"ann's"}},
		"hello lost":             {"owner": {"lost"}, "eve": {}},
		"hello":                  {"owner": {"lost", "handed to the shop", "eve's", "support queued", "bob's", "ann's closed", "ann's", "queued"}, "bob": {"handed to the shop", "bob's", "queued"}},
		"зинаида":                {"owner": {"eve's"}, "eve": {"eve's"}, "ann": {}},
		"o'hara":                 {"owner": {"eve's"}},
		"79161234":               {"owner": {"eve's"}},
		"zina@mail":              {"owner": {"eve's"}},
		"':* | !x & (":           {"owner": {}},
		"#":                      {"owner": {}},
		"':*'":                   {"owner": {}},
		`\'`:                     {"owner": {}},
		"<b>":                    {"owner": {}},
		strings.Repeat("я ", 90): {"owner": {}},
	} {
		for who, names := range want {
			actor := map[string]access.Actor{"owner": owner, "ann": p.ann.Actor, "bob": p.bob.Actor, "eve": p.eve.Actor}[who]
			require.ElementsMatch(t, names, p.list(t, actor, chat.DialogFilter{Words: words}), "%s searches %q", who, words)
		}
	}
	require.Equal(t, []string{"bob's", "ann's closed"}, p.list(t, owner, chat.DialogFilter{Words: "hello", View: "closed", ChatID: &p.shop.Settings.ID, Order: chat.OrderWaitingLongest}))

	head := p.head(t, owner, "ann's")
	require.NotContains(t, p.list(t, owner, chat.DialogFilter{Words: fmt.Sprintf(" #%d ", head.Number), View: "mine"}), "ann's")
	require.Contains(t, p.list(t, owner, chat.DialogFilter{Words: fmt.Sprintf("№%d", head.Number)}), "ann's")
}

func (p *panel) head(t *testing.T, actor access.Actor, name string) chat.Head {
	t.Helper()
	card, err := p.Chat.Card(t.Context(), actor, p.named[name])
	require.NoError(t, err)
	return card.Head
}

func TestCard(t *testing.T) {
	t.Parallel()
	p := newPanel(t)
	owner := p.shop.Owner(t)
	card := func(actor access.Actor, name string) chat.Card {
		c, err := p.Chat.Card(t.Context(), actor, p.named[name])
		require.NoError(t, err)
		return c
	}
	mine := card(p.ann.Actor, "ann's")
	require.Equal(t, p.ann.ID, mine.Head.Assignee.ID)
	require.Equal(t, p.ann.Name, mine.Head.Assignee.Name)
	require.Equal(t, &chat.VisitedPage{URL: "https://shop.example/pricing", Title: "Pricing"}, mine.Page)
	require.Equal(t, mine.Head.Contact.Name, mine.Contact.Name)
	require.Equal(t, mine.Head.SessionID, mine.Session.ID)
	require.Equal(t, 60, mine.Session.FirstTargetS)
	require.Nil(t, mine.Session.FirstAnswerAt)
	require.Len(t, mine.Sessions, 1)
	require.True(t, mine.DraftAllowed)
	require.Equal(t, []string{"note", "reply", "hand_over", "close", "no_answer_needed", "spam"}, mine.Actions)

	closed := card(p.ann.Actor, "ann's closed")
	require.Nil(t, closed.Session)
	require.NotNil(t, closed.Sessions[0].ClosedAt)
	require.Equal(t, p.ann.Name, *closed.Sessions[0].Operator)
	require.Nil(t, closed.Sessions[0].Result)
	require.False(t, closed.DraftAllowed)
	require.Equal(t, []string{"note", "reopen", "spam"}, closed.Actions)

	require.Equal(t, []string{"note", "reply", "take", "no_answer_needed", "spam"}, card(p.bob.Actor, "queued").Actions)
	require.Equal(t, []string{"note", "reply", "take", "hand_over", "close", "no_answer_needed", "spam"}, card(owner, "queued").Actions)
	require.Equal(t, []string{"note", "reply", "take", "hand_over", "close", "no_answer_needed", "spam"}, card(owner, "bob's").Actions)

	_, err := p.Chat.Card(t.Context(), owner, uuid.New())
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = p.Chat.Card(t.Context(), p.First.Actor(t, access.Owner), p.named["queued"])
	require.True(t, fault.Is(err, fault.NotFound))
}

// Each action of a card is one that its command agrees to, and none is missing.
func TestActionsAreWhatCommandsAllow(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	for _, who := range []string{"ann", "bob", "owner"} {
		for _, name := range []string{"queued", "ann's", "ann's closed"} {
			for action, do := range map[string]func(p *panel, actor access.Actor, id uuid.UUID) error{
				chat.ActionTake: func(p *panel, actor access.Actor, id uuid.UUID) error {
					_, err := p.Chat.Take(ctx, actor, id)
					return err
				},
				chat.ActionClose: func(p *panel, actor access.Actor, id uuid.UUID) error {
					_, err := p.Chat.Close(ctx, actor, id, "", "")
					return err
				},
				chat.ActionReopen: func(p *panel, actor access.Actor, id uuid.UUID) error {
					_, err := p.Chat.Reopen(ctx, actor, id)
					return err
				},
				chat.ActionSpam: func(p *panel, actor access.Actor, id uuid.UUID) error {
					_, err := p.Chat.Spam(ctx, actor, id)
					return err
				},
				chat.ActionHandOver: func(p *panel, actor access.Actor, id uuid.UUID) error {
					_, err := p.Chat.HandOver(ctx, actor, id, chat.HandOver{Group: p.support.Group})
					return err
				},
				chat.ActionReply: func(p *panel, actor access.Actor, id uuid.UUID) error {
					_, _, err := p.Chat.Reply(ctx, actor, chat.Outbound{DialogID: id, Key: uuid.New(), Text: "Hi"})
					return err
				},
			} {
				t.Run(who+" "+action+" "+name, func(t *testing.T) {
					p := panelIn(t, f)
					actor := map[string]access.Actor{"ann": p.ann.Actor, "bob": p.bob.Actor, "owner": p.shop.Owner(t)}[who]
					card, err := p.Chat.Card(ctx, actor, p.named[name])
					if err != nil {
						return // what is not seen has no buttons
					}
					err = do(p, actor, p.named[name])
					offered := false
					for _, a := range card.Actions {
						offered = offered || a == action
					}
					// To take what one has changes nothing and needs no button.
					if action == chat.ActionTake && card.Head.Assignee != nil && card.Head.Assignee.ID == actor.UserID {
						return
					}
					require.Equal(t, offered, err == nil, "%v", err)
				})
			}
		}
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	r := f.Room(t, f.Direct, 1)
	ann := r.Operators[0]
	r.Online(t, ann)
	v, dialog := r.Dialog(t, "One")
	f.Clock.Step(time.Second)
	answer := r.Reply(t, ann, dialog, "Two")
	_, _, err := f.Chat.Reply(ctx, ann.Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "For us", Note: true})
	require.NoError(t, err)
	for i := range 5 {
		f.Clock.Step(time.Second)
		v.Write(t, fmt.Sprint("More ", i))
	}
	list := func(actor access.Actor, filter chat.HistoryFilter) ([]chat.Message, bool) {
		m, more, err := f.Chat.Messages(ctx, actor, dialog, filter)
		require.NoError(t, err)
		return m, more
	}
	all, more := list(r.Owner(t), chat.HistoryFilter{})
	require.False(t, more)
	require.Equal(t, int64(1), all[0].Seq)
	for i, m := range all {
		require.Equal(t, int64(i+1), m.Seq)
	}
	require.Equal(t, chat.System, all[1].Kind)
	require.Equal(t, answer.ID, all[2].ID)
	require.Equal(t, ann.Name, all[2].AuthorName)
	require.Equal(t, answer.Key, all[2].Key)
	require.Equal(t, "sent", all[2].State)
	require.Equal(t, chat.Note, all[3].Kind)
	require.Equal(t, "read", all[0].State, "who answers has read")
	require.Equal(t, "sent", all[len(all)-1].State)
	require.Equal(t, "RUB", all[0].Price.Currency)
	require.NotZero(t, all[2].Price.Amount)
	require.Nil(t, all[3].Price, "notes cost nothing")
	require.Nil(t, all[1].Price)

	last, more := list(ann.Actor, chat.HistoryFilter{Limit: 3})
	require.True(t, more)
	require.Equal(t, all[len(all)-1].ID, last[2].ID)
	require.Nil(t, last[0].Price, "operators see no prices unless the company shows them")
	before, more := list(ann.Actor, chat.HistoryFilter{BeforeSeq: &last[0].Seq, Limit: 100})
	require.False(t, more)
	require.Len(t, before, len(all)-3)
	after, more := list(ann.Actor, chat.HistoryFilter{AfterSeq: to(int64(2)), Limit: 2})
	require.True(t, more)
	require.Equal(t, []int64{3, 4}, []int64{after[0].Seq, after[1].Seq})
	none, more := list(ann.Actor, chat.HistoryFilter{AfterSeq: &all[len(all)-1].Seq})
	require.False(t, more)
	require.Empty(t, none)

	require.NoError(t, f.Chat.VisitorRead(ctx, v.Pass(), 100))
	all, _ = list(ann.Actor, chat.HistoryFilter{})
	require.Equal(t, "read", all[2].State)

	_, _, err = f.Chat.Messages(ctx, ann.Actor, dialog, chat.HistoryFilter{AfterSeq: to(int64(1)), BeforeSeq: to(int64(2))})
	require.True(t, fault.Is(err, fault.Invalid))
	_, _, err = f.Chat.Messages(ctx, f.First.Actor(t, access.Owner), dialog, chat.HistoryFilter{})
	require.True(t, fault.Is(err, fault.NotFound))
}
