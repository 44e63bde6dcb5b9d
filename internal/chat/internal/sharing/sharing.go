// Package sharing decides to which operator a waiting session goes, and can
// say why. It is pure: the caller knows the operators and carries out what was
// decided.
package sharing

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Rule is how a group's sessions are shared out.
type Rule string

// The rules. With Manual operators pick from the queue themselves.
const (
	LeastLoaded Rule = "least_loaded"
	RoundRobin  Rule = "round_robin"
	Manual      Rule = "manual"
)

// Why a candidate was not chosen. The codes are part of the API.
const (
	Offline      = "offline"
	Paused       = "paused"
	Blocked      = "blocked"
	NoneHandout  = "limit_is_zero" // picks by hand only
	Full         = "full"
	LetWait      = "let_it_wait" // let this session wait, or gave it away
	Busier       = "busier"
	AssignedLast = "assigned_later" // more recently than the chosen one
	NotTheLast   = "not_the_last_operator"
	ByHand       = "picked_by_hand"
)

// Operator is what is known of an operator at the moment of the decision.
type Operator struct {
	UserID       int64
	Name         string
	Online       bool
	Paused       bool
	Blocked      bool
	Open         int // sessions assigned now
	Limit        int // 0: none are handed out
	LastAssigned *time.Time
}

// Candidate is an operator as a decision saw them.
type Candidate struct {
	UserID       int64      `json:"user_id"`
	Name         string     `json:"name"`
	Online       bool       `json:"online"`
	Open         int        `json:"open"`
	Limit        int        `json:"limit"`
	LastAssigned *time.Time `json:"last_assigned_at"`
	Chosen       bool       `json:"chosen"`
	WhyNot       string     `json:"why_not,omitempty"`
}

// Reason explains a decision.
type Reason struct {
	Rule       string      `json:"rule"`
	Candidates []Candidate `json:"candidates"`
}

// Group is an operator group with its members.
type Group struct {
	ID      uuid.UUID
	Rule    Rule
	Members []int64
}

// Session is what is asked for: the groups in the order in which they are
// tried, who must not get it again, and who had the contact before (0: nobody
// or nobody asked).
type Session struct {
	Groups   []Group
	PassedBy int64
	Sticky   int64
}

// Decision is the answer. UserID is 0 when the session has to wait.
type Decision struct {
	UserID  int64
	GroupID uuid.UUID
	Sticky  bool
	Reason  Reason
}

// Choose decides about one session.
func Choose(s Session, operators map[int64]*Operator) Decision {
	if d, ok := lastOperator(s, operators); ok {
		return d
	}
	d := Decision{Reason: Reason{Rule: string(Manual)}}
	for _, g := range s.Groups {
		d.Reason.Rule = string(g.Rule)
		chosen := chooseIn(g, s.PassedBy, operators)
		for _, id := range sorted(g.Members) {
			if o := operators[id]; o != nil && !d.knows(id) {
				d.Reason.Candidates = append(d.Reason.Candidates, candidate(o, g.Rule, s.PassedBy, chosen))
			}
		}
		if chosen != nil {
			d.UserID, d.GroupID = chosen.UserID, g.ID
			return d
		}
	}
	return d
}

// Free says whether anybody of the group could be given a session: by the rule
// or, where operators pick by hand, by picking.
func Free(g Group, operators map[int64]*Operator) bool {
	return slices.ContainsFunc(g.Members, func(id int64) bool {
		o := operators[id]
		return o != nil && obstacle(o, 0) == ""
	})
}

func lastOperator(s Session, operators map[int64]*Operator) (Decision, bool) {
	o := operators[s.Sticky]
	if s.Sticky == 0 || o == nil || obstacle(o, s.PassedBy) != "" {
		return Decision{}, false
	}
	for _, g := range s.Groups {
		if g.Rule == Manual || !slices.Contains(g.Members, s.Sticky) {
			continue
		}
		d := Decision{UserID: s.Sticky, GroupID: g.ID, Sticky: true, Reason: Reason{Rule: "sticky"}}
		for _, id := range sorted(g.Members) {
			if other := operators[id]; other != nil {
				c := view(other)
				c.Chosen = id == s.Sticky
				if !c.Chosen {
					c.WhyNot = cmp.Or(obstacle(other, s.PassedBy), NotTheLast)
				}
				d.Reason.Candidates = append(d.Reason.Candidates, c)
			}
		}
		return d, true
	}
	return Decision{}, false
}

func chooseIn(g Group, passedBy int64, operators map[int64]*Operator) *Operator {
	if g.Rule == Manual {
		return nil
	}
	var best *Operator
	for _, id := range g.Members {
		o := operators[id]
		if o == nil || obstacle(o, passedBy) != "" {
			continue
		}
		if best == nil || compare(g.Rule, o, best) < 0 {
			best = o
		}
	}
	return best
}

// compare orders the better candidate first: under LeastLoaded the smaller
// open/limit, then whoever was assigned to longest ago.
func compare(r Rule, a, b *Operator) int {
	if r == LeastLoaded {
		// a.Open/a.Limit against b.Open/b.Limit without fractions.
		if c := cmp.Compare(a.Open*b.Limit, b.Open*a.Limit); c != 0 {
			return c
		}
	}
	if c := instant(a.LastAssigned).Compare(instant(b.LastAssigned)); c != 0 {
		return c
	}
	return cmp.Compare(a.UserID, b.UserID)
}

func obstacle(o *Operator, passedBy int64) string {
	switch {
	case o.Blocked:
		return Blocked
	case o.Paused:
		return Paused
	case !o.Online:
		return Offline
	case o.Limit == 0:
		return NoneHandout
	case o.Open >= o.Limit:
		return Full
	case o.UserID == passedBy:
		return LetWait
	}
	return ""
}

func candidate(o *Operator, r Rule, passedBy int64, chosen *Operator) Candidate {
	c := view(o)
	switch {
	case o == chosen:
		c.Chosen = true
	case obstacle(o, passedBy) != "":
		c.WhyNot = obstacle(o, passedBy)
	case r == Manual:
		c.WhyNot = ByHand
	case r == LeastLoaded && o.Open*chosen.Limit != chosen.Open*o.Limit:
		c.WhyNot = Busier
	default:
		c.WhyNot = AssignedLast
	}
	return c
}

func view(o *Operator) Candidate {
	return Candidate{
		UserID: o.UserID, Name: o.Name, Online: o.Online && !o.Paused, Open: o.Open, Limit: o.Limit, LastAssigned: o.LastAssigned,
	}
}

func (d Decision) knows(id int64) bool {
	return slices.ContainsFunc(d.Reason.Candidates, func(c Candidate) bool { return c.UserID == id })
}

func sorted(ids []int64) []int64 { return slices.Sorted(slices.Values(ids)) }

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
