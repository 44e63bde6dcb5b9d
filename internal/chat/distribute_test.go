package chat_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/realtime"
)

func TestLeastLoadedGetsIt(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	anna, boris := r.Operators[0], r.Operators[1]
	r.Limit(t, anna, 2)
	r.Limit(t, boris, 4)
	r.Online(t, anna, boris)
	var got []int64
	for range 6 {
		r.Clock.Step(time.Second)
		_, dialog := r.Dialog(t, "hello")
		got = append(got, r.Holder(t, dialog))
	}
	// open/limit: 0 0 → the lower id, 1/2 0 → Boris, 1/2 1/4 → Boris,
	// 1/2 2/4 → Anna was given one longer ago, 2/2 2/4 → Boris, 2/2 3/4 → Boris.
	require.Equal(t, []int64{anna.ID, boris.ID, boris.ID, anna.ID, boris.ID, boris.ID}, got)
	_, dialog := r.Dialog(t, "no place")
	require.Equal(t, "queued", r.Line(t, dialog).State)
	r.Sound(t)
}

func TestRoundRobinAndGroupOrder(t *testing.T) {
	t.Parallel()
	rule := "round_robin"
	r := room(t, 3, func(c *chat.SettingsChange) { c.Sharing = &rule })
	r.Online(t, r.Operators...)
	var got []int64
	for range 6 {
		r.Clock.Step(time.Second)
		_, dialog := r.Dialog(t, "hello")
		got = append(got, r.Holder(t, dialog))
	}
	require.Equal(t, got[:3], got[3:])
	require.ElementsMatch(t, got[:3], []int64{r.Operators[0].ID, r.Operators[1].ID, r.Operators[2].ID})
}

func TestManualChatWaitsForHands(t *testing.T) {
	t.Parallel()
	rule := "manual"
	r := room(t, 1, func(c *chat.SettingsChange) { c.Sharing = &rule })
	r.Online(t, r.Operators...)
	v, dialog := r.Dialog(t, "hello")
	require.Equal(t, "queued", r.Line(t, dialog).State)
	items, _, err := r.Chat.VisitorSync(ctx, v.Pass(), 0)
	require.NoError(t, err)
	require.Len(t, items, 1, "somebody is there to pick: nobody is told of being busy")
	_, err = r.Chat.SetOperatorState(ctx, r.Operators[0].Actor, chat.Offline)
	require.NoError(t, err)
	r.Distribute(t)
	items, _, err = r.Chat.VisitorSync(ctx, v.Pass(), 0)
	require.NoError(t, err)
	require.Len(t, items, 2)
}

func TestStickyGoesToTheLastOperator(t *testing.T) {
	t.Parallel()
	yes := true
	r := room(t, 2, func(c *chat.SettingsChange) { c.Sticky = &yes })
	r.Online(t, r.Operators[1])
	v, dialog := r.Dialog(t, "hello")
	_, err := r.Chat.Close(ctx, r.Operators[1].Actor, dialog, "", "")
	require.NoError(t, err)
	r.Dialog(t, "keeps the second busy")
	r.Online(t, r.Operators[0])
	v.Write(t, "me again")
	require.Equal(t, r.Operators[1].ID, r.Holder(t, dialog))
	why, err := r.Chat.Assignments(ctx, r.Owner(t), r.Line(t, dialog).Session)
	require.NoError(t, err)
	require.Equal(t, "sticky", why[0].By)
	require.Equal(t, "not_the_last_operator", whyNot(why[0], r.Operators[0].ID))
}

func whyNot(w chat.Why, user int64) string {
	for _, c := range w.Reason.Candidates {
		if c.UserID == user {
			return c.WhyNot
		}
	}
	return "no candidate"
}

func TestWhyMe(t *testing.T) {
	t.Parallel()
	r := room(t, 4)
	anna, boris, vera, gleb := r.Operators[0], r.Operators[1], r.Operators[2], r.Operators[3]
	r.Online(t, anna, boris, vera)
	_, err := r.Chat.SetOperatorState(ctx, vera.Actor, chat.Paused)
	require.NoError(t, err)
	r.Dialog(t, "for Anna")
	_, dialog := r.Dialog(t, "for Boris")
	why, err := r.Chat.Assignments(ctx, r.Owner(t), r.Line(t, dialog).Session)
	require.NoError(t, err)
	require.Len(t, why, 1)
	require.Equal(t, boris.Name, why[0].Operator.Name)
	require.Equal(t, "rule", why[0].By)
	require.Equal(t, r.Group, *why[0].Group)
	require.Equal(t, "least_loaded", why[0].Reason.Rule)
	require.Len(t, why[0].Reason.Candidates, 4)
	require.Equal(t, "busier", whyNot(why[0], anna.ID))
	require.Equal(t, "", whyNot(why[0], boris.ID))
	require.Equal(t, "paused", whyNot(why[0], vera.ID))
	require.Equal(t, "offline", whyNot(why[0], gleb.ID))
}

func TestQueueIsFirstInFirstOut(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	anna := r.Operators[0]
	r.Limit(t, anna, 1)
	var dialogs []uuid.UUID
	for range 4 {
		_, dialog := r.Dialog(t, "hello")
		dialogs = append(dialogs, dialog)
		r.Clock.Step(time.Second)
	}
	r.Online(t, anna)
	for _, dialog := range dialogs {
		require.Equal(t, anna.ID, r.Holder(t, dialog))
		require.Equal(t, 1, r.Number(t, "SELECT open FROM operator WHERE company_id = $1 AND user_id = $2", anna.ID))
		_, err := r.Chat.Close(ctx, anna.Actor, dialog, "", "")
		require.NoError(t, err)
		r.Distribute(t)
	}
	r.Sound(t)
}

func TestRaisedLimitMovesTheQueue(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Limit(t, r.Operators[0], 1)
	r.Online(t, r.Operators...)
	r.Dialog(t, "one")
	_, dialog := r.Dialog(t, "two")
	require.Zero(t, r.Holder(t, dialog))
	r.Limit(t, r.Operators[0], 2)
	r.Distribute(t)
	require.Equal(t, r.Operators[0].ID, r.Holder(t, dialog))
}

func TestBusyIsToldOnceInTheContactsLanguage(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	ru, en, de := r.Visitor(), r.Visitor(), r.Visitor()
	ru.Language, en.Language, de.Language = "ru-RU", "en", "de"
	for v, text := range map[*chattest.Visitor]string{
		ru: "Сейчас все операторы заняты. Ответим, как только кто-нибудь освободится.",
		en: "All operators are busy at the moment. We will answer as soon as someone is free.",
		de: "Сейчас все операторы заняты. Ответим, как только кто-нибудь освободится.", // the chat's first language
	} {
		v.Write(t, "hello")
		v.Write(t, "hello?")
		items, _, err := r.Chat.VisitorSync(ctx, v.Pass(), 0)
		require.NoError(t, err)
		require.Len(t, items, 3)
		require.Equal(t, text, items[1].Text)
		require.Equal(t, "busy", items[1].System.Code)
	}
	require.Equal(t, 3, r.Number(t, "SELECT count(*) FROM assignment WHERE company_id = $1 AND operator_id IS NULL"), "and kept why")
	require.Equal(t, 6, r.Number(t, "SELECT count(*) FROM usage WHERE company_id = $1"), "it is free")
	r.Sound(t)
}

func TestBlockedOperatorLosesEverything(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	anna, boris := r.Operators[0], r.Operators[1]
	r.Online(t, anna)
	_, one := r.Dialog(t, "one")
	_, two := r.Dialog(t, "two")
	r.Online(t, boris)
	yes := true
	_, err := r.Service.ChangeMember(ctx, r.Owner(t), anna.ID, account.MemberChange{Blocked: &yes, Comment: "left"})
	require.NoError(t, err)
	r.Drain(t)
	require.Equal(t, boris.ID, r.Holder(t, one))
	require.Equal(t, boris.ID, r.Holder(t, two))
	_, err = r.Chat.Take(ctx, anna.Actor, one)
	require.Error(t, err)
	require.Equal(t, "offline", r.Text(t, "SELECT state FROM operator WHERE company_id = $1 AND user_id = $2", anna.ID))
	r.Sound(t)
}

func TestNeglectedSessionGoesToAnother(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	anna, boris := r.Operators[0], r.Operators[1]
	r.Online(t, anna)
	v, dialog := r.Dialog(t, "hello")
	r.Online(t, boris)
	r.Clock.Step(4 * time.Minute)
	r.Reply(t, anna, dialog, "One moment")
	r.Clock.Step(time.Hour)
	require.NoError(t, r.Chat.Sweep(ctx))
	require.Equal(t, anna.ID, r.Holder(t, dialog), "nobody waits")

	v.Write(t, "and?")
	r.Clock.Step(5*time.Minute - time.Second)
	require.NoError(t, r.Chat.Sweep(ctx))
	require.Equal(t, anna.ID, r.Holder(t, dialog))
	r.Clock.Step(time.Second)
	// Nobody has a tab here, so that the sweep takes them offline first.
	_, err := r.DB.Worker().Exec(ctx, "UPDATE operator SET seen_at = $2 WHERE company_id = $1", r.Firm.ID, r.Clock.Now())
	require.NoError(t, err)
	_, err = r.DB.Worker().Exec(ctx, "UPDATE operator SET state = 'online' WHERE company_id = $1", r.Firm.ID)
	require.NoError(t, err)
	require.NoError(t, r.Chat.Sweep(ctx))
	r.Distribute(t)
	require.Equal(t, boris.ID, r.Holder(t, dialog))
	r.Sound(t)
}

func TestNeglectedSessionDoesNotComeBackToTheSame(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Online(t, r.Operators...)
	_, dialog := r.Dialog(t, "hello")
	for range 3 {
		r.Clock.Step(6 * time.Minute)
		_, err := r.DB.Worker().Exec(ctx, "UPDATE operator SET state = 'online', seen_at = $2 WHERE company_id = $1", r.Firm.ID, r.Clock.Now())
		require.NoError(t, err)
		require.NoError(t, r.Chat.Sweep(ctx))
		r.Distribute(t)
		require.Zero(t, r.Holder(t, dialog))
	}
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM assignment WHERE company_id = $1 AND how = 'returned'"))
	r.Reply(t, r.Operators[0], dialog, "Here I am")
	require.Equal(t, r.Operators[0].ID, r.Holder(t, dialog), "by hand they may")
	r.Sound(t)
}

func TestOfflineAMinuteAfterTheLastTab(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	anna := r.Operators[0]
	r.Online(t, anna)
	_, dialog := r.Dialog(t, "hello")
	tab := r.Tab(t, anna)
	for range 5 {
		r.Clock.Step(30 * time.Second)
		require.NoError(t, r.Chat.Heartbeat(ctx))
		require.NoError(t, r.Chat.LeaveUnseen(ctx))
	}
	state, err := r.Chat.OperatorState(ctx, anna.Actor)
	require.NoError(t, err)
	require.Equal(t, chat.Online, state.State)

	tab.Close()
	require.Eventually(t, func() bool { return len(r.Hub.Connected(r.Firm.ID)) == 0 }, 10*time.Second, 5*time.Millisecond)
	r.Clock.Step(60 * time.Second)
	require.NoError(t, r.Chat.Heartbeat(ctx))
	require.NoError(t, r.Chat.LeaveUnseen(ctx))
	state, err = r.Chat.OperatorState(ctx, anna.Actor)
	require.NoError(t, err)
	require.Equal(t, chat.Online, state.State, "a minute is not over yet")
	r.Clock.Step(time.Second)
	require.NoError(t, r.Chat.LeaveUnseen(ctx))
	state, err = r.Chat.OperatorState(ctx, anna.Actor)
	require.NoError(t, err)
	require.Equal(t, chat.Offline, state.State)
	require.Equal(t, 1, state.Open)
	require.Equal(t, anna.ID, r.Holder(t, dialog), "what is open stays")
}

func TestTwoOperatorsTakeOneSession(t *testing.T) {
	t.Parallel()
	r := room(t, 8)
	for range 5 {
		_, dialog := r.Dialog(t, "hello")
		winners := make(chan int64, len(r.Operators))
		var wg sync.WaitGroup
		for i, o := range r.Operators {
			wg.Go(func() {
				var err error
				if i%2 == 0 {
					_, err = r.Chat.Take(ctx, o.Actor, dialog)
				} else {
					_, _, err = r.Chat.Reply(ctx, o.Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "mine"})
				}
				if err == nil {
					winners <- o.ID
				} else {
					require.True(t, fault.Is(err, fault.Conflict), err)
				}
			})
		}
		wg.Wait()
		require.Len(t, winners, 1)
		require.Equal(t, <-winners, r.Holder(t, dialog))
	}
	r.Sound(t)
}

// Many goroutines do everything at once, on two nodes. Whatever comes of it,
// nobody has more than their limit, nothing is stuck, and the tables agree.
func TestNeverAboveTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 3
	r := room(t, 5)
	for _, o := range r.Operators {
		r.Limit(t, o, limit)
	}
	r.Online(t, r.Operators...)
	hub, err := realtime.New(realtime.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = hub.Close(ctx) })
	nodes := []*chat.Service{r.Chat, r.Node(hub)}

	var dialogs sync.Map
	stop := make(chan struct{})
	watched := make(chan int)
	go func() {
		most := 0
		for {
			select {
			case <-stop:
				watched <- most
				return
			default:
				most = max(most, r.Number(t, "SELECT coalesce(max(open), 0) FROM operator WHERE company_id = $1"))
			}
		}
	}()
	var wg sync.WaitGroup
	for g := range 50 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(g), 1))
			node := nodes[g%2]
			visitor := r.Visitor()
			for range 8 {
				m, err := node.Receive(ctx, visitor.Inbound("hello"))
				require.NoError(t, err)
				dialogs.Store(m.DialogID, true)
				tolerate(t, node.Distribute(ctx, r.Firm.ID))
				tolerate(t, act(r, node, random, m.DialogID))
			}
		})
	}
	wg.Wait()
	close(stop)
	require.LessOrEqual(t, <-watched, limit)
	r.Sound(t)
	require.Equal(t, 400, r.Number(t, "SELECT count(*) FROM message WHERE company_id = $1 AND author = 'contact'"))

	// The queue is not stuck: everybody is served in the end.
	for range 100 {
		for _, o := range r.Operators {
			open, err := openDialogs(r, o.ID)
			require.NoError(t, err)
			for _, dialog := range open {
				_, err := r.Chat.Close(ctx, o.Actor, dialog, "", "")
				require.NoError(t, err)
			}
		}
		r.Online(t, r.Operators...)
	}
	require.Zero(t, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1 AND state = 'queued' AND passed_by IS NULL"))
	r.Sound(t)
}

// act does something at random in a dialog.
func act(r *chattest.Room, node *chat.Service, random *rand.Rand, dialog uuid.UUID) error {
	by := r.Operators[random.IntN(len(r.Operators))]
	to := r.Operators[random.IntN(len(r.Operators))]
	switch random.IntN(8) {
	case 0:
		return last(node.Take(ctx, by.Actor, dialog))
	case 1:
		return last(node.HandOver(ctx, by.Actor, dialog, chat.HandOver{Operator: to.ID}))
	case 2:
		return last(node.HandOver(ctx, by.Actor, dialog, chat.HandOver{Group: r.Group}))
	case 3:
		return last(node.Close(ctx, by.Actor, dialog, "", ""))
	case 4:
		return last(node.Reopen(ctx, by.Actor, dialog))
	case 5:
		return last(node.SetOperatorState(ctx, to.Actor, []chat.OperatorState{chat.Online, chat.Paused}[random.IntN(2)]))
	case 6:
		return last(node.Read(ctx, by.Actor, dialog, 100))
	}
	return second(node.Reply(ctx, by.Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: "answer"}))
}

// tolerate lets rules say no, and nothing else.
func tolerate(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		require.Contains(t, []fault.Code{fault.Conflict, fault.Invalid, fault.NotFound}, fault.CodeOf(err), err)
	}
}

func openDialogs(r *chattest.Room, user int64) (out []uuid.UUID, err error) {
	err = r.DB.InCompany(ctx, r.Firm.ID, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, "SELECT dialog_id FROM session WHERE company_id = $1 AND operator_id = $2 AND state = 'open'", r.Firm.ID, user)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var one uuid.UUID
			if err := rows.Scan(&one); err != nil {
				return err
			}
			out = append(out, one)
		}
		return rows.Err()
	})
	return out, err
}

func TestOperatorsList(t *testing.T) {
	t.Parallel()
	r := room(t, 2)
	r.Firm.Another(t, access.Accountant)
	r.Online(t, r.Operators[0])
	r.Dialog(t, "hello")
	list, err := r.Chat.Operators(ctx, r.Owner(t))
	require.NoError(t, err)
	states := map[int64]chat.Operator{}
	for _, o := range list {
		states[o.UserID] = o
	}
	require.Len(t, states, 3, "two operators and the owner; no accountant")
	require.Equal(t, 1, states[r.Operators[0].ID].Open)
	require.Equal(t, 300, states[r.Operators[0].ID].Limit)
	require.Equal(t, chat.Offline, states[r.Operators[1].ID].State)
	_, err = r.Chat.SetOperatorState(ctx, r.Operators[0].Actor, "asleep")
	require.True(t, fault.Is(err, fault.Invalid))
}
