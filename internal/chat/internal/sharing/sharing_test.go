package sharing_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/chat/internal/sharing"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func online(id int64, open, limit int, minutesAgo int) *sharing.Operator {
	at := noon.Add(-time.Duration(minutesAgo) * time.Minute)
	return &sharing.Operator{UserID: id, Online: true, Open: open, Limit: limit, LastAssigned: &at}
}

func team(operators ...*sharing.Operator) (map[int64]*sharing.Operator, []int64) {
	byID, ids := map[int64]*sharing.Operator{}, []int64{}
	for _, o := range operators {
		byID[o.UserID] = o
		ids = append(ids, o.UserID)
	}
	return byID, ids
}

func whyNot(d sharing.Decision) map[int64]string {
	out := map[int64]string{}
	for _, c := range d.Reason.Candidates {
		out[c.UserID] = c.WhyNot
	}
	return out
}

func TestLeastLoaded(t *testing.T) {
	t.Parallel()
	never := online(9, 5, 10, 0)
	never.LastAssigned = nil
	for name, c := range map[string]struct {
		team   []*sharing.Operator
		chosen int64
		why    map[int64]string
	}{
		"by share of the limit, not by count": {
			[]*sharing.Operator{online(1, 2, 3, 10), online(2, 5, 10, 1)}, 2,
			map[int64]string{1: "busier", 2: ""},
		},
		"a tie goes to whom nothing was given longest": {
			[]*sharing.Operator{online(1, 5, 10, 1), online(2, 1, 2, 10)}, 2,
			map[int64]string{1: "assigned_later", 2: ""},
		},
		"never beats long ago": {
			[]*sharing.Operator{online(1, 5, 10, 999), never}, 9,
			map[int64]string{1: "assigned_later", 9: ""},
		},
		"a full one gets nothing": {
			[]*sharing.Operator{online(1, 1, 1, 10)}, 0, map[int64]string{1: "full"},
		},
		"above the limit after it was lowered": {
			[]*sharing.Operator{online(1, 7, 3, 10), online(2, 9, 10, 1)}, 2, map[int64]string{1: "full", 2: ""},
		},
		"limit 0 picks by hand": {
			[]*sharing.Operator{online(1, 0, 0, 10)}, 0, map[int64]string{1: "limit_is_zero"},
		},
		"nobody": {nil, 0, map[int64]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			byID, ids := team(c.team...)
			group := sharing.Group{ID: uuid.New(), Rule: sharing.LeastLoaded, Members: ids}
			d := sharing.Choose(sharing.Session{Groups: []sharing.Group{group}}, byID)
			require.Equal(t, c.chosen, d.UserID)
			require.Equal(t, c.why, whyNot(d))
		})
	}
}

func TestObstacles(t *testing.T) {
	t.Parallel()
	offline, paused, blocked := online(1, 0, 5, 9), online(2, 0, 5, 9), online(3, 0, 5, 9)
	offline.Online, paused.Online, paused.Paused, blocked.Blocked = false, false, true, true
	byID, ids := team(offline, paused, blocked, online(4, 0, 5, 9))
	group := sharing.Group{Rule: sharing.RoundRobin, Members: append(ids, 77)} // 77 is no member any more
	d := sharing.Choose(sharing.Session{Groups: []sharing.Group{group}, PassedBy: 4}, byID)
	require.Zero(t, d.UserID)
	require.Equal(t, map[int64]string{1: "offline", 2: "paused", 3: "blocked", 4: "let_it_wait"}, whyNot(d))
}

func TestRoundRobinLooksAtTimeOnly(t *testing.T) {
	t.Parallel()
	byID, ids := team(online(1, 9, 10, 30), online(2, 0, 10, 10))
	d := sharing.Choose(sharing.Session{Groups: []sharing.Group{{Rule: sharing.RoundRobin, Members: ids}}}, byID)
	require.EqualValues(t, 1, d.UserID)
}

func TestManualWaits(t *testing.T) {
	t.Parallel()
	byID, ids := team(online(1, 0, 10, 30))
	group := sharing.Group{Rule: sharing.Manual, Members: ids}
	d := sharing.Choose(sharing.Session{Groups: []sharing.Group{group}, Sticky: 1}, byID)
	require.Zero(t, d.UserID)
	require.Equal(t, map[int64]string{1: "picked_by_hand"}, whyNot(d))
	require.True(t, sharing.Free(group, byID), "somebody is there to pick")
}

func TestGroupsInTheirOrder(t *testing.T) {
	t.Parallel()
	byID, _ := team(online(1, 3, 3, 30), online(2, 9, 10, 1), online(3, 0, 10, 1))
	first := sharing.Group{ID: uuid.New(), Rule: sharing.LeastLoaded, Members: []int64{1}}
	second := sharing.Group{ID: uuid.New(), Rule: sharing.LeastLoaded, Members: []int64{1, 2}}
	third := sharing.Group{ID: uuid.New(), Rule: sharing.LeastLoaded, Members: []int64{3}}
	d := sharing.Choose(sharing.Session{Groups: []sharing.Group{first, second, third}}, byID)
	require.EqualValues(t, 2, d.UserID, "the third group is idle, but comes later")
	require.Equal(t, second.ID, d.GroupID)
	require.Equal(t, map[int64]string{1: "full", 2: ""}, whyNot(d))
}

func TestSticky(t *testing.T) {
	t.Parallel()
	byID, ids := team(online(1, 0, 10, 99), online(2, 8, 10, 1), online(3, 0, 10, 1))
	group := sharing.Group{ID: uuid.New(), Rule: sharing.LeastLoaded, Members: ids}
	session := sharing.Session{Groups: []sharing.Group{group}, Sticky: 2}
	d := sharing.Choose(session, byID)
	require.EqualValues(t, 2, d.UserID)
	require.True(t, d.Sticky)
	require.Equal(t, map[int64]string{1: "not_the_last_operator", 2: "", 3: "not_the_last_operator"}, whyNot(d))

	byID[2].Open = 10
	d = sharing.Choose(session, byID)
	require.EqualValues(t, 1, d.UserID, "full: the rule decides")
	require.False(t, d.Sticky)

	byID[2].Open = 0
	session.Groups[0].Members = []int64{1, 3}
	require.EqualValues(t, 1, sharing.Choose(session, byID).UserID, "not of this chat any more")
}

// Whatever the team: who is chosen may take it, nobody else is marked chosen,
// and everybody else has a reason.
func TestEveryDecisionIsExplained(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		byID := map[int64]*sharing.Operator{}
		var ids []int64
		for id := int64(1); id <= rapid.Int64Range(0, 8).Draw(t, "n"); id++ {
			o := online(id, rapid.IntRange(0, 4).Draw(t, "open"), rapid.IntRange(0, 4).Draw(t, "limit"), rapid.IntRange(0, 5).Draw(t, "ago"))
			o.Online = rapid.Bool().Draw(t, "online")
			o.Paused = rapid.Bool().Draw(t, "paused")
			byID[id], ids = o, append(ids, id)
		}
		rule := rapid.SampledFrom([]sharing.Rule{sharing.LeastLoaded, sharing.RoundRobin, sharing.Manual}).Draw(t, "rule")
		s := sharing.Session{
			Groups:   []sharing.Group{{ID: uuid.New(), Rule: rule, Members: ids}},
			PassedBy: rapid.Int64Range(0, 8).Draw(t, "passed"),
			Sticky:   rapid.Int64Range(0, 8).Draw(t, "sticky"),
		}
		d := sharing.Choose(s, byID)
		for _, c := range d.Reason.Candidates {
			require.Equal(t, c.Chosen, c.UserID == d.UserID)
			require.Equal(t, c.Chosen, c.WhyNot == "")
		}
		require.Len(t, d.Reason.Candidates, len(ids))
		if o := byID[d.UserID]; o != nil {
			require.True(t, o.Online && !o.Paused && o.Open < o.Limit && d.UserID != s.PassedBy && rule != sharing.Manual)
		} else {
			require.Zero(t, d.UserID)
		}
	})
}
