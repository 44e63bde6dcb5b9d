package account

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

type signIn struct {
	id       uuid.UUID
	userID   int64
	seenAt   time.Time
	expireAt time.Time
}

type memberKey struct{ userID, companyID int64 }

type membership struct {
	kind        access.CompanyKind
	status      Status
	roles       []access.Role
	permissions []access.Permission
	blocked     bool
}

var errNobody = fault.New(fault.Unauthenticated, "Sign in first.")

// BySignIn returns the user whose browser holds the token, without a company.
// It notes at most once a minute that the sign-in is used.
func (s *Service) BySignIn(ctx context.Context, token string) (access.Actor, error) {
	hash, ok := hashToken(token)
	if !ok {
		return access.Actor{}, errNobody
	}
	in, err := s.signIns.get(hash, func() (signIn, error) { return s.loadSignIn(ctx, hash) })
	if err != nil {
		return access.Actor{}, err
	}
	if !in.expireAt.After(s.now()) {
		return access.Actor{}, errNobody
	}
	return access.Actor{UserID: in.userID, SignInID: in.id}, nil
}

func (s *Service) loadSignIn(ctx context.Context, hash tokenHash) (signIn, error) {
	q, now := s.trusted(), s.now()
	row, err := q.SignInByToken(ctx, hash[:])
	if db.NoRows(err) {
		return signIn{}, errNobody
	}
	if err != nil {
		return signIn{}, fmt.Errorf("read sign-in: %w", err)
	}
	in := signIn{id: row.ID, userID: row.UserID, seenAt: row.LastSeenAt, expireAt: row.ExpiresAt}
	if !in.expireAt.After(now) || now.Sub(in.seenAt) < seenEvery {
		return in, nil
	}
	// Several nodes and tabs may come at once; the row decides.
	if err := q.TouchSignIn(ctx, accountdb.TouchSignInParams{
		ID: in.id, Now: &now, SeenBefore: now.Add(-seenEvery), IdleUntil: now.Add(IdleFor),
	}); err != nil {
		return signIn{}, fmt.Errorf("note use of sign-in: %w", err)
	}
	return in, nil
}

// InCompany returns the user as a member of a company. To everyone else the
// company does not exist.
func (s *Service) InCompany(ctx context.Context, user access.Actor, companyID int64) (access.Actor, error) {
	m, err := s.members.get(memberKey{user.UserID, companyID}, func() (membership, error) {
		return s.loadMembership(ctx, user.UserID, companyID)
	})
	if err != nil {
		return access.Actor{}, err
	}
	switch {
	case m.status == Closed:
		return access.Actor{}, errNoCompany
	case m.status == Blocked:
		return access.Actor{}, fault.New(fault.Forbidden, "This company is blocked by its seller.").With("reason", "company_blocked")
	case m.blocked:
		return access.Actor{}, fault.New(fault.Forbidden, "Your access to this company is blocked.").With("reason", "blocked")
	}
	user.CompanyID, user.Kind, user.Roles, user.Permissions = companyID, m.kind, m.roles, m.permissions
	return user, nil
}

// InPlatform returns the user as a member of the platform's own company.
func (s *Service) InPlatform(ctx context.Context, user access.Actor) (access.Actor, error) {
	platform, err := s.PlatformID(ctx)
	if err != nil {
		return access.Actor{}, err
	}
	member, err := s.InCompany(ctx, user, platform)
	if fault.Is(err, fault.NotFound) {
		return access.Actor{}, fault.New(fault.Forbidden, "Only people of the platform may do this.")
	}
	return member, err
}

func (s *Service) loadMembership(ctx context.Context, userID, companyID int64) (membership, error) {
	row, err := s.trusted().MembershipForAccess(ctx, accountdb.MembershipForAccessParams{CompanyID: companyID, UserID: userID})
	if err != nil {
		return membership{}, companyErr("read membership", err)
	}
	m := membership{
		kind: access.CompanyKind(row.Kind), status: Status(row.Status), roles: rolesOf(row.Roles), blocked: row.BlockedAt != nil,
	}
	m.permissions = access.Grant(m.kind, m.roles, row.OperatorsSeePrices)
	return m, nil
}
