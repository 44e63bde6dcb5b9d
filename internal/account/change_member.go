package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
)

// MemberChange is a change of a membership; what is not set stays.
type MemberChange struct {
	SetDialogLimit bool
	DialogLimit    *int // with SetDialogLimit; nil: as the company says
	Roles          []access.Role
	Blocked        *bool
	Comment        string // why they are blocked; only inside the company
}

// ChangeMember changes a user's place in the actor's company. Changes of roles
// and blocks end the user's live access there.
func (s *Service) ChangeMember(ctx context.Context, actor access.Actor, userID int64, change MemberChange) (Listed, error) {
	if err := change.check(); err != nil {
		return Listed{}, err
	}
	var after Listed
	var ended bool
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		if _, err := q.LockCompany(ctx, actor.CompanyID); err != nil {
			return companyErr("lock company", err)
		}
		before, err := q.MemberForUpdate(ctx, accountdb.MemberForUpdateParams{CompanyID: actor.CompanyID, UserID: userID})
		if db.NoRows(err) {
			return errNoUser
		}
		if err != nil {
			return fmt.Errorf("lock member: %w", err)
		}
		row := before
		change.apply(&row, s.now())
		if err := mayChange(ctx, q, actor, before, row); err != nil {
			return err
		}
		if err := s.storeMemberTx(ctx, tx, actor, before, row); err != nil {
			return err
		}
		ended = accessDiffers(before, row)
		after, err = listedOne(ctx, q, actor.CompanyID, userID)
		return err
	})
	if err != nil {
		return Listed{}, err
	}
	if ended && after.Blocked {
		err = s.endHomeless(ctx, userID)
	}
	return after, err
}

func (c *MemberChange) check() error {
	var p problems
	if c.Roles != nil {
		c.Roles = p.roles("roles", c.Roles)
	}
	if c.SetDialogLimit && c.DialogLimit != nil {
		p.limit("dialog_limit", *c.DialogLimit)
	}
	c.Comment = p.text("comment", c.Comment, false, maxComment)
	return p.err()
}

func (c MemberChange) apply(row *accountdb.Membership, now time.Time) {
	if c.Roles != nil {
		row.Roles = namesOf(c.Roles)
	}
	if c.SetDialogLimit {
		row.DialogLimit = int32Of(c.DialogLimit)
	}
	switch {
	case c.Blocked == nil:
	case !*c.Blocked:
		row.BlockedAt, row.BlockReason = nil, nil
	case row.BlockedAt == nil:
		row.BlockedAt, row.BlockReason = &now, &c.Comment
	}
}

// mayChange protects owners: only owners make and change them, nobody blocks
// themselves, and one owner who can act always stays.
func mayChange(ctx context.Context, q *accountdb.Queries, actor access.Actor, before, after accountdb.Membership) error {
	const owner = string(access.Owner)
	was, is := slices.Contains(before.Roles, owner), slices.Contains(after.Roles, owner)
	if !accessDiffers(before, after) {
		return nil
	}
	if (was || is) && !actsAsOwner(actor) {
		return fault.New(fault.Forbidden, "Only an owner may change owners.")
	}
	if after.BlockedAt != nil && before.BlockedAt == nil && after.UserID == actor.UserID {
		return fault.New(fault.Conflict, "You cannot block yourself.")
	}
	if !was || is && after.BlockedAt == nil {
		return nil
	}
	others, err := q.CountOtherOwners(ctx, accountdb.CountOtherOwnersParams{CompanyID: after.CompanyID, UserID: after.UserID})
	if err != nil {
		return fmt.Errorf("count owners: %w", err)
	}
	if others == 0 {
		return fault.New(fault.Conflict, "The last owner stays: make somebody else an owner first.").With("reason", "last_owner")
	}
	return nil
}

// actsAsOwner is true for the program itself too, which acts as nobody.
func actsAsOwner(actor access.Actor) bool {
	return actor.UserID == 0 || slices.Contains(actor.Roles, access.Owner)
}

func accessDiffers(before, after accountdb.Membership) bool {
	return !slices.Equal(before.Roles, after.Roles) || (before.BlockedAt == nil) != (after.BlockedAt == nil)
}

func (s *Service) storeMemberTx(ctx context.Context, tx *db.Tx, actor access.Actor, before, after accountdb.Membership) error {
	q := accountdb.New(tx)
	if err := q.UpdateMembership(ctx, accountdb.UpdateMembershipParams{
		CompanyID: after.CompanyID, UserID: after.UserID, Roles: after.Roles, DialogLimit: after.DialogLimit,
		BlockedAt: after.BlockedAt, BlockReason: after.BlockReason,
	}); err != nil {
		return fmt.Errorf("update membership: %w", err)
	}
	if err := s.RecordTx(ctx, tx, actor, Change{
		Action: actionOn(before, after), Subject: subjectOfUser(after.UserID), Old: placeOf(before), New: placeOf(after),
	}); err != nil {
		return err
	}
	changed := accessDiffers(before, after)
	tx.AfterCommit(func() {
		s.members.drop(memberKey{after.UserID, after.CompanyID})
		if changed {
			s.accessEnded(AccessEnded{UserID: after.UserID, CompanyID: after.CompanyID})
		}
	})
	return events.PublishTx(ctx, tx, after.CompanyID, MembershipChanged{
		CompanyID: after.CompanyID, UserID: after.UserID, Blocked: after.BlockedAt != nil, AccessChanged: changed,
		Operator: after.BlockedAt == nil && answers("", rolesOf(after.Roles)),
	})
}

func actionOn(before, after accountdb.Membership) string {
	switch {
	case before.BlockedAt == nil && after.BlockedAt != nil:
		return "user.blocked"
	case before.BlockedAt != nil && after.BlockedAt == nil:
		return "user.unblocked"
	}
	return "user.changed"
}

func placeOf(m accountdb.Membership) map[string]any {
	place := map[string]any{"roles": m.Roles, "dialog_limit": m.DialogLimit, "blocked": m.BlockedAt != nil}
	if m.BlockReason != nil {
		place["comment"] = *m.BlockReason
	}
	return place
}

func listedOne(ctx context.Context, q *accountdb.Queries, companyID, userID int64) (Listed, error) {
	rows, err := q.ListMembers(ctx, accountdb.ListMembersParams{CompanyID: companyID, UserID: &userID, MaxRows: 1})
	if err != nil {
		return Listed{}, fmt.Errorf("read member: %w", err)
	}
	if len(rows) == 0 {
		return Listed{}, errNoUser
	}
	return listed(rows[0]), nil
}

// endHomeless ends the sign-ins of a user who may enter no company any more.
// Access itself has ended already with the block.
func (s *Service) endHomeless(ctx context.Context, userID int64) error {
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		count, err := accountdb.New(tx).CountMemberships(ctx, userID)
		if err != nil {
			return fmt.Errorf("count memberships: %w", err)
		}
		if count.Open > 0 {
			return nil
		}
		return s.endSignInsTx(ctx, tx, userID)
	})
}
