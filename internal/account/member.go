package account

import (
	"context"
	"fmt"
	"time"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
)

// Member is a user in a company, as other features need them.
type Member struct {
	UserID   int64
	Name     string
	Email    string
	Roles    []access.Role
	Limit    int  // of open sessions, theirs or the company's
	LimitOwn *int // nil: as the company says; 0: none are handed out
	Blocked  bool
	Paused   bool // a fee is not paid: they are given no dialogs
}

// MembersTx returns the named members of a company, or all when userIDs is nil.
// Users who are no members are missing from the map.
func (s *Service) MembersTx(ctx context.Context, tx *db.Tx, companyID int64, userIDs []int64) (map[int64]Member, error) {
	rows, err := accountdb.New(tx).Members(ctx, accountdb.MembersParams{CompanyID: companyID, UserIds: userIDs})
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	members := make(map[int64]Member, len(rows))
	for _, row := range rows {
		m := Member{
			UserID: row.ID, Name: row.Name, Email: row.Email, Roles: rolesOf(row.Roles),
			Limit: int(row.MaxDialogs), LimitOwn: intOf(row.DialogLimit), Blocked: row.BlockedAt != nil, Paused: row.PausedAt != nil,
		}
		if m.LimitOwn != nil {
			m.Limit = *m.LimitOwn
		}
		members[row.ID] = m
	}
	return members, nil
}

// NewMember describes a membership to make.
type NewMember struct {
	CompanyID   int64
	UserID      int64
	Roles       []access.Role
	DialogLimit *int
}

// AddMember makes a user a member of a company.
func (s *Service) AddMember(ctx context.Context, actor access.Actor, n NewMember) error {
	return s.db.AsWorker(ctx, func(tx *db.Tx) error { return s.addMemberTx(ctx, tx, actor, n) })
}

func (s *Service) addMemberTx(ctx context.Context, tx *db.Tx, actor access.Actor, n NewMember) error {
	var p problems
	n.Roles = p.roles("roles", n.Roles)
	if n.DialogLimit != nil {
		p.limit("dialog_limit", *n.DialogLimit)
	}
	if err := p.err(); err != nil {
		return err
	}
	q := accountdb.New(tx)
	company, err := q.LockCompany(ctx, n.CompanyID)
	if err != nil {
		return companyErr("lock company", err)
	}
	user, err := q.UserByID(ctx, n.UserID)
	if db.NoRows(err) {
		return errNoUser
	}
	if err != nil {
		return fmt.Errorf("read user: %w", err)
	}
	err = q.InsertMembership(ctx, accountdb.InsertMembershipParams{
		CompanyID: n.CompanyID, UserID: n.UserID, Roles: namesOf(n.Roles), DialogLimit: int32Of(n.DialogLimit), CreatedAt: s.now(),
	})
	if db.Unique(err, "membership_pkey") {
		return fault.New(fault.Conflict, "They belong to this company already.")
	}
	if err != nil {
		return fmt.Errorf("insert membership: %w", err)
	}
	if err := s.RecordTx(ctx, tx, actor, Change{
		CompanyID: n.CompanyID, Action: "user.added", Subject: subjectOfUser(n.UserID),
		New: map[string]any{"name": user.Name, "roles": n.Roles, "dialog_limit": n.DialogLimit},
	}); err != nil {
		return err
	}
	return events.PublishTx(ctx, tx, n.CompanyID, MembershipChanged{
		CompanyID: n.CompanyID, UserID: n.UserID, Added: true, AccessChanged: true, Operator: answers(company.Kind, n.Roles),
	})
}

var errNoUser = fault.New(fault.NotFound, "There is no such user in this company.")

// Listed is a member as the list of users shows them.
type Listed struct {
	UserID      int64
	Name        string
	Email       string
	Phone       *string
	Roles       []access.Role
	DialogLimit *int
	Blocked     bool
	BlockReason string
	LastSeenAt  *time.Time
}

// MemberFilter narrows and pages the list of users.
type MemberFilter struct {
	Text  string // a part of name or email, or the whole id
	After int64  // goes on after this user
	Limit int
}

// Members lists users of the actor's company by name; more says that the list
// goes on after the last of them.
func (s *Service) Members(ctx context.Context, actor access.Actor, f MemberFilter) (members []Listed, more bool, err error) {
	limit := pageSize(f.Limit)
	err = s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		text := searched(f.Text)
		rows, err := accountdb.New(tx).ListMembers(ctx, accountdb.ListMembersParams{
			CompanyID: actor.CompanyID, Q: text, Pattern: db.Containing(text),
			AfterID: f.After, MaxRows: int32(limit) + 1,
		})
		if err != nil {
			return fmt.Errorf("list members: %w", err)
		}
		more = len(rows) > limit
		for _, row := range rows[:min(limit, len(rows))] {
			members = append(members, listed(row))
		}
		return nil
	})
	return members, more, err
}

func listed(row accountdb.ListMembersRow) Listed {
	l := Listed{
		UserID: row.ID, Name: row.Name, Email: row.Email, Phone: row.Phone, Roles: rolesOf(row.Roles),
		DialogLimit: intOf(row.DialogLimit), Blocked: row.BlockedAt != nil, LastSeenAt: row.LastSeenAt,
	}
	set(&l.BlockReason, row.BlockReason)
	return l
}

func rolesOf(names []string) []access.Role {
	roles := make([]access.Role, len(names))
	for i, name := range names {
		roles[i] = access.Role(name)
	}
	return roles
}

func namesOf(roles []access.Role) []string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return names
}

func intOf(n *int32) *int {
	if n == nil {
		return nil
	}
	i := int(*n)
	return &i
}

func int32Of(n *int) *int32 {
	if n == nil {
		return nil
	}
	i := int32(*n)
	return &i
}

func subjectOfUser(userID int64) string { return fmt.Sprintf("user:%d", userID) }

func answers(kind string, roles []access.Role) bool {
	actor := access.Actor{Permissions: access.Grant(access.CompanyKind(kind), roles, false)}
	return actor.May(access.PanelUse)
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
