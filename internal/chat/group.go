package chat

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/internal/cursor"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
)

const maxMembers = 500

// Group is an operator group: the people a session can be handed to, and in what time they
// shall answer. Without members it gets no dialogs.
type Group struct {
	ID           uuid.UUID     `json:"id"`
	Name         string        `json:"name"`
	Members      []GroupMember `json:"members"`
	FirstTargetS *int          `json:"first_target_s" doc:"null: as the chat says"`
	NextTargetS  *int          `json:"next_target_s" doc:"null: as the chat says"`
	Sharing      *string       `json:"sharing" doc:"least_loaded, round_robin or manual; null: as the chat says"`
}

// GroupMember is an operator in a group.
type GroupMember struct {
	UserID int64  `json:"user_id"`
	Name   string `json:"name"`
	State  string `json:"state" enum:"online,pause,offline"`
}

// GroupChange names what shall be different about a group. What may be null is named by Set.
type GroupChange struct {
	Name         *string
	Members      *[]int64
	FirstTargetS Nullable[int]
	NextTargetS  Nullable[int]
	Sharing      Nullable[string]
}

// Nullable is a value that a change names, or names as none, or does not name.
type Nullable[T any] struct {
	Named bool
	Value *T
}

func (n Nullable[T]) apply(to **T) {
	if n.Named {
		*to = n.Value
	}
}

// groupFacts are a group as its rows keep it.
type groupFacts struct {
	Name         string  `json:"name"`
	Members      []int64 `json:"members"`
	FirstTargetS *int    `json:"first_target_s"`
	NextTargetS  *int    `json:"next_target_s"`
	Sharing      *string `json:"sharing"`
}

func (c GroupChange) apply(to groupFacts) groupFacts {
	set(&to.Name, c.Name)
	set(&to.Members, c.Members)
	c.FirstTargetS.apply(&to.FirstTargetS)
	c.NextTargetS.apply(&to.NextTargetS)
	c.Sharing.apply(&to.Sharing)
	return to
}

func (g groupFacts) checked() (groupFacts, error) {
	var p problems
	g.Name = plain.Line(g.Name)
	p.length("name", g.Name, true, maxName)
	for field, seconds := range map[string]*int{"first_target_s": g.FirstTargetS, "next_target_s": g.NextTargetS} {
		if seconds != nil {
			p.between(field, *seconds, 1, 86400)
		}
	}
	if g.Sharing != nil {
		p.oneOf("sharing", *g.Sharing, sharings...)
	}
	if len(g.Members) > maxMembers {
		p.add("members", fault.TooLong, fmt.Sprintf("No more than %d members.", maxMembers))
	}
	g.Members = slices.Compact(slices.Sorted(slices.Values(g.Members)))
	return g, p.err()
}

// CreateGroup makes an operator group.
func (s *Service) CreateGroup(ctx context.Context, actor access.Actor, change GroupChange) (Group, error) {
	facts, err := change.apply(groupFacts{Members: []int64{}}).checked()
	if err != nil {
		return Group{}, err
	}
	var out Group
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		if err := s.mayAnswerTx(ctx, tx, actor, facts.Members, change.Members); err != nil {
			return err
		}
		now := s.clock.Now()
		groupID := id.New(now)
		if err := s.q.InsertGroup(ctx, tx, chatdb.InsertGroupParams{
			CompanyID: actor.CompanyID, ID: groupID, Name: facts.Name, Sharing: facts.Sharing,
			FirstTargetS: facts.FirstTargetS, NextTargetS: facts.NextTargetS, CreatedAt: now,
		}); err != nil {
			return groupNameErr("insert group", err)
		}
		if err := s.setMembersTx(ctx, tx, actor.CompanyID, groupID, facts.Members); err != nil {
			return err
		}
		if out, err = s.groupTx(ctx, tx, actor.CompanyID, groupID, facts); err != nil {
			return err
		}
		return s.settingsChangedTx(ctx, tx, actor, account.Change{Action: "group.created", Subject: "group:" + groupID.String(), New: facts}, SettingsChanged{GroupID: &groupID})
	})
	return out, err
}

// ChangeGroup changes what is named and leaves the rest.
func (s *Service) ChangeGroup(ctx context.Context, actor access.Actor, groupID uuid.UUID, change GroupChange) (Group, error) {
	var out Group
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		before, err := s.lockGroupTx(ctx, tx, actor.CompanyID, groupID)
		if err != nil {
			return err
		}
		after, err := change.apply(before).checked()
		if err != nil {
			return err
		}
		added := slices.DeleteFunc(slices.Clone(after.Members), func(user int64) bool { return slices.Contains(before.Members, user) })
		if err := s.mayAnswerTx(ctx, tx, actor, added, change.Members); err != nil {
			return err
		}
		if err := s.q.UpdateGroup(ctx, tx, chatdb.UpdateGroupParams{
			CompanyID: actor.CompanyID, ID: groupID, Name: after.Name, Sharing: after.Sharing,
			FirstTargetS: after.FirstTargetS, NextTargetS: after.NextTargetS,
		}); err != nil {
			return groupNameErr("update group", err)
		}
		if err := s.setMembersTx(ctx, tx, actor.CompanyID, groupID, after.Members); err != nil {
			return err
		}
		if out, err = s.groupTx(ctx, tx, actor.CompanyID, groupID, after); err != nil {
			return err
		}
		return s.settingsChangedTx(ctx, tx, actor, account.Change{
			Action: "group.changed", Subject: "group:" + groupID.String(), Old: before, New: after,
		}, SettingsChanged{GroupID: &groupID})
	})
	return out, err
}

// ArchiveGroup ends a group that no chat and nobody in the queue needs any more.
func (s *Service) ArchiveGroup(ctx context.Context, actor access.Actor, groupID uuid.UUID) error {
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		before, err := s.lockGroupTx(ctx, tx, actor.CompanyID, groupID)
		if err != nil {
			return err
		}
		chats, err := s.q.ChatsOfGroup(ctx, tx, chatdb.ChatsOfGroupParams{CompanyID: actor.CompanyID, GroupID: groupID})
		if err != nil {
			return fmt.Errorf("read chats of group: %w", err)
		}
		if len(chats) > 0 {
			used := make([]Person[uuid.UUID], len(chats))
			for i, c := range chats {
				used[i] = Person[uuid.UUID]{c.ID, c.Name}
			}
			return fault.New(fault.Conflict, "Chats use this group. Take it out of them first.").With("chats", used)
		}
		waiting, err := s.q.CountWaitingFor(ctx, tx, chatdb.CountWaitingForParams{CompanyID: actor.CompanyID, GroupID: &groupID})
		if err != nil {
			return fmt.Errorf("count waiting sessions: %w", err)
		}
		if waiting > 0 {
			return fault.New(fault.Conflict, "Clients wait in the queue of this group.").With("waiting", waiting)
		}
		now := s.clock.Now()
		if err := s.q.ArchiveGroup(ctx, tx, chatdb.ArchiveGroupParams{CompanyID: actor.CompanyID, ID: groupID, At: &now}); err != nil {
			return fmt.Errorf("archive group: %w", err)
		}
		return s.settingsChangedTx(ctx, tx, actor, account.Change{Action: "group.archived", Subject: "group:" + groupID.String(), Old: before}, SettingsChanged{GroupID: &groupID})
	})
}

// Groups lists the company's groups by name.
func (s *Service) Groups(ctx context.Context, actor access.Actor, page Paging) (List[Group], error) {
	after := chatdb.ListGroupsParams{CompanyID: actor.CompanyID, MaxRows: int32(page.limit() + 1)}
	if page.Cursor != "" {
		keys, err := cursor.Decode("groups", page.Cursor, 2)
		if err != nil {
			return List[Group]{}, err
		}
		after.AfterName = keys[0]
		if after.AfterID, err = cursor.ParseID(keys[1]); err != nil {
			return List[Group]{}, err
		}
	}
	var out List[Group]
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.ListGroups(ctx, tx, after)
		if err != nil {
			return fmt.Errorf("list groups: %w", err)
		}
		groups, err := s.groupsTx(ctx, tx, actor.CompanyID, rows)
		out = listOf(groups, page.limit(), func(g Group) string {
			return cursor.Encode("groups", g.Name, g.ID.String())
		})
		return err
	})
	return out, err
}

func (s *Service) lockGroupTx(ctx context.Context, tx *db.Tx, companyID int64, groupID uuid.UUID) (groupFacts, error) {
	row, err := s.q.LockGroup(ctx, tx, chatdb.LockGroupParams{CompanyID: companyID, ID: groupID})
	if db.NoRows(err) {
		return groupFacts{}, fault.New(fault.NotFound, "There is no such group.")
	} else if err != nil {
		return groupFacts{}, fmt.Errorf("lock group: %w", err)
	}
	facts := groupFacts{Name: row.Name, Members: []int64{}, FirstTargetS: row.FirstTargetS, NextTargetS: row.NextTargetS, Sharing: row.Sharing}
	members, err := s.q.MembersOfGroups(ctx, tx, chatdb.MembersOfGroupsParams{CompanyID: companyID, GroupIds: []uuid.UUID{groupID}})
	if err != nil {
		return groupFacts{}, fmt.Errorf("read members of group: %w", err)
	}
	for _, m := range members {
		facts.Members = append(facts.Members, m.UserID)
	}
	return facts, nil
}

// mayAnswerTx says which of the new members cannot be operators here; faults name the place
// in the list that was typed.
func (s *Service) mayAnswerTx(ctx context.Context, tx *db.Tx, actor access.Actor, added []int64, typed *[]int64) error {
	if len(added) == 0 {
		return nil
	}
	members, err := s.accounts.MembersTx(ctx, tx, actor.CompanyID, added)
	if err != nil {
		return err
	}
	var p problems
	for _, user := range added {
		m, known := members[user]
		field := "members." + strconv.Itoa(slices.Index(*typed, user))
		switch {
		case !known:
			p.add(field, fault.UnknownName, "There is no such user in the company.")
		case m.Blocked:
			p.add(field, fault.BadFormat, m.Name+" is blocked.")
		case !slices.Contains(access.Grant(actor.Kind, m.Roles, false), access.PanelUse):
			p.add(field, fault.BadFormat, "The roles of "+m.Name+" do not allow answering clients.")
		}
	}
	return p.err()
}

func (s *Service) setMembersTx(ctx context.Context, tx *db.Tx, companyID int64, groupID uuid.UUID, users []int64) error {
	err := s.q.RemoveMembers(ctx, tx, chatdb.RemoveMembersParams{CompanyID: companyID, GroupID: groupID, Keep: users})
	if err != nil {
		return fmt.Errorf("remove members: %w", err)
	}
	err = s.q.AddMembers(ctx, tx, chatdb.AddMembersParams{CompanyID: companyID, GroupID: groupID, UserIds: users})
	if err != nil {
		return fmt.Errorf("add members: %w", err)
	}
	return nil
}

func (s *Service) groupTx(ctx context.Context, tx *db.Tx, companyID int64, groupID uuid.UUID, facts groupFacts) (Group, error) {
	groups, err := s.groupsTx(ctx, tx, companyID, []chatdb.OperatorGroup{{
		ID: groupID, Name: facts.Name, FirstTargetS: facts.FirstTargetS, NextTargetS: facts.NextTargetS, Sharing: facts.Sharing,
	}})
	if err != nil {
		return Group{}, err
	}
	return groups[0], nil
}

func (s *Service) groupsTx(ctx context.Context, tx *db.Tx, companyID int64, rows []chatdb.OperatorGroup) ([]Group, error) {
	out := make([]Group, len(rows))
	ids := make([]uuid.UUID, len(rows))
	place := map[uuid.UUID]*Group{}
	for i, r := range rows {
		out[i] = Group{ID: r.ID, Name: r.Name, Members: []GroupMember{}, FirstTargetS: r.FirstTargetS, NextTargetS: r.NextTargetS, Sharing: r.Sharing}
		ids[i] = r.ID
		place[r.ID] = &out[i]
	}
	members, err := s.q.MembersOfGroups(ctx, tx, chatdb.MembersOfGroupsParams{CompanyID: companyID, GroupIds: ids})
	if err != nil {
		return nil, fmt.Errorf("read members of groups: %w", err)
	}
	users := make([]int64, len(members))
	for i, m := range members {
		users[i] = m.UserID
	}
	names, err := s.names(ctx, tx, companyID, users...)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		g := place[m.GroupID]
		g.Members = append(g.Members, GroupMember{m.UserID, names[m.UserID], m.State})
	}
	return out, nil
}

func groupNameErr(what string, err error) error {
	if db.Unique(err, "operator_group_name") {
		return fault.Field("name", fault.Taken, "Another group has this name.")
	}
	return fmt.Errorf("%s: %w", what, err)
}
