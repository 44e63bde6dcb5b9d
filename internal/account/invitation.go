package account

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// perInviter is how many letters to strangers a company may cause.
var perInviter = []rate{{30, time.Hour}, {100, longestSpan}}

// NewInvitation asks somebody to join the actor's company.
type NewInvitation struct {
	Name  string
	Email string
	Roles []access.Role
	Host  string // where it was asked for: the letter bears its brand
}

// Invitation is somebody who was asked to join and has not answered.
type Invitation struct {
	Email     string
	Name      string
	Roles     []access.Role
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Invite sends a link by which somebody joins the actor's company, for seven
// days. A second one to the same address takes the place of the first.
// Whether the address has an account shows neither in the answer nor in the
// work: it is looked up only when the link is opened.
func (s *Service) Invite(ctx context.Context, actor access.Actor, n NewInvitation) error {
	var p problems
	n.Name = p.text("name", n.Name, true, MaxName)
	n.Email = p.email("email", n.Email)
	n.Roles = p.roles("roles", n.Roles)
	if err := p.err(); err != nil {
		return err
	}
	if slices.Contains(n.Roles, access.Owner) && !actsAsOwner(actor) {
		return fault.New(fault.Forbidden, "Only an owner may change owners.")
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error { return s.inviteTx(ctx, tx, actor, n) })
}

func (s *Service) inviteTx(ctx context.Context, tx *db.Tx, actor access.Actor, n NewInvitation) error {
	err := s.askTx(
		ctx, tx, allowance{digest("invitation to", n.Email), perEmail},
		allowance{digest("invitations of", strconv.FormatInt(actor.CompanyID, 10)), perInviter},
	)
	if err != nil {
		return err
	}
	q := accountdb.New(tx)
	company, err := q.LockCompany(ctx, actor.CompanyID)
	if err != nil {
		return companyErr("lock company", err)
	}
	switch member, err := q.MemberHasEmail(ctx, accountdb.MemberHasEmailParams{CompanyID: company.ID, Email: n.Email}); {
	case err != nil:
		return fmt.Errorf("look for member: %w", err)
	case member: // which the actor can read in the list of users
		return fault.Field("email", fault.Taken, "They belong to this company already.")
	}
	if err := q.DeleteInvitationLink(ctx, accountdb.DeleteInvitationLinkParams{CompanyID: company.ID, Email: n.Email}); err != nil {
		return fmt.Errorf("delete link: %w", err)
	}
	token, err := s.linkTx(ctx, tx, newLink{purpose: inviteLink, email: n.Email, lives: inviteLinkFor})
	if err != nil {
		return err
	}
	hash, _ := hashToken(token)
	now := s.now()
	err = q.PutInvitation(ctx, accountdb.PutInvitationParams{
		CompanyID: company.ID, Email: n.Email, Name: n.Name, Roles: namesOf(n.Roles), TokenHash: hash[:], InvitedBy: actor.UserID,
		CreatedAt: now, ExpiresAt: now.Add(inviteLinkFor),
	})
	if err != nil {
		return fmt.Errorf("store invitation: %w", err)
	}
	if err := s.RecordTx(ctx, tx, actor, Change{
		CompanyID: company.ID, Action: "user.invited", Subject: "email:" + n.Email, New: map[string]any{"name": n.Name, "roles": n.Roles},
	}); err != nil {
		return err
	}
	return s.invitationLetterTx(ctx, tx, inviting{NewInvitation: n, actor: actor, company: company, token: token})
}

// inviting is an invitation that was stored.
type inviting struct {
	NewInvitation
	actor   access.Actor
	company accountdb.Company
	token   string
}

func (s *Service) invitationLetterTx(ctx context.Context, tx *db.Tx, i inviting) error {
	inviter, err := accountdb.New(tx).UserByID(ctx, i.actor.UserID)
	if err != nil {
		return fmt.Errorf("read inviter: %w", err)
	}
	brand, err := brandTx(ctx, tx, i.Host)
	if err != nil {
		return err
	}
	link, err := s.linkTo(ctx, tx, brand, inviteLink, i.token)
	if err != nil {
		return err
	}
	return s.options.Outbox.LetterTx(ctx, tx, Letter{
		Fact: id.New(s.now()), Kind: "invitation", CompanyID: brand, To: i.Email, Language: inviter.Language,
		Data:   map[string]string{"Name": i.Name, "Company": i.company.Name, "Inviter": inviter.Name},
		Secret: map[string]string{"Link": link},
	})
}

// Invitations lists who was asked to join the actor's company and can still
// answer, the newest first.
func (s *Service) Invitations(ctx context.Context, actor access.Actor) ([]Invitation, error) {
	open := []Invitation{}
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := accountdb.New(tx).OpenInvitations(ctx, accountdb.OpenInvitationsParams{CompanyID: actor.CompanyID, Now: s.now()})
		if err != nil {
			return fmt.Errorf("list invitations: %w", err)
		}
		for _, row := range rows {
			open = append(open, Invitation{row.Email, row.Name, rolesOf(row.Roles), row.CreatedAt, row.ExpiresAt})
		}
		return nil
	})
	return open, err
}

// Asked is what the holder of an invitation's link reads before answering.
type Asked struct {
	Company string
	Name    string
	Email   string
	Account bool // the address has one: its owner signs in and accepts
}

// AskedTo says what an invitation's token is for. Whoever holds the token has
// the address, so they may know whether it has an account.
func (s *Service) AskedTo(ctx context.Context, token string) (Asked, error) {
	link, err := s.openLink(ctx, token, s.peek(inviteLink))
	if err != nil {
		return Asked{}, err
	}
	row, err := invitationOf(ctx, s.trusted(), link)
	if err != nil {
		return Asked{}, err
	}
	_, err = s.trusted().UserByLogin(ctx, row.Email)
	if err != nil && !db.NoRows(err) {
		return Asked{}, fmt.Errorf("find user: %w", err)
	}
	return Asked{Company: row.Company, Name: row.Name, Email: row.Email, Account: err == nil}, nil
}

func invitationOf(ctx context.Context, q *accountdb.Queries, link accountdb.Link) (accountdb.InvitationByTokenRow, error) {
	row, err := q.InvitationByToken(ctx, link.TokenHash)
	if db.NoRows(err) {
		return row, errNoLink
	}
	if err != nil {
		return row, fmt.Errorf("read invitation: %w", err)
	}
	return row, nil
}

// NewAccount is what somebody without an account accepts an invitation with.
type NewAccount struct {
	Token    string
	Password string
	Language string
	Origin   Origin
}

var errHasAccount = fault.New(fault.Conflict, "This address has an account: sign in and accept.").With("reason", "account_exists")

// AcceptAnew makes the invited person's account with a password of theirs and
// lets it into the company. The texts are asked for at the first sign-in. Where
// the address has an account nothing is set anew.
func (s *Service) AcceptAnew(ctx context.Context, n NewAccount) error {
	asked, err := s.AskedTo(ctx, n.Token)
	if err != nil {
		return err
	}
	if asked.Account {
		return errHasAccount
	}
	user, err := s.prepareUser(ctx, NewUser{
		Name: asked.Name, Email: asked.Email, EmailConfirmed: true, Password: n.Password, Language: n.Language,
	})
	if err != nil {
		return err
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		return s.acceptTx(ctx, tx, n.Token, func(accountdb.Link) (access.Actor, error) {
			userID, err := createUserTx(ctx, tx, user)
			if taken(err) {
				err = errHasAccount
			}
			return access.Actor{UserID: userID, IP: n.Origin.Address.String()}, err
		})
	})
}

// Accept lets the acting user into the company that an invitation to their
// address is from, and proves the address by the way.
func (s *Service) Accept(ctx context.Context, actor access.Actor, token string) error {
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		return s.acceptTx(ctx, tx, token, func(link accountdb.Link) (access.Actor, error) {
			proved, err := accountdb.New(tx).ConfirmEmail(ctx, accountdb.ConfirmEmailParams{UserID: actor.UserID, Email: link.Email})
			if err != nil {
				return actor, fmt.Errorf("confirm email: %w", err)
			}
			if proved == 0 {
				return actor, fault.New(fault.Forbidden, "The invitation is to another address. Sign in with that one.").With("reason", "other_address")
			}
			return actor, nil
		})
	})
}

// acceptTx uses an invitation up and makes whoever answers it a member.
func (s *Service) acceptTx(ctx context.Context, tx *db.Tx, token string, answers func(accountdb.Link) (access.Actor, error)) error {
	link, err := s.openLink(ctx, token, hold(tx, inviteLink))
	if err != nil {
		return err
	}
	q := accountdb.New(tx)
	row, err := invitationOf(ctx, q, link)
	if err != nil {
		return err
	}
	actor, err := answers(link)
	if err != nil {
		return err
	}
	if err := s.useLinkTx(ctx, tx, link); err != nil {
		return err
	}
	if err := q.DeleteInvitation(ctx, accountdb.DeleteInvitationParams{CompanyID: row.CompanyID, Email: row.Email}); err != nil {
		return fmt.Errorf("delete invitation: %w", err)
	}
	return s.addMemberTx(ctx, tx, actor, NewMember{CompanyID: row.CompanyID, UserID: actor.UserID, Roles: rolesOf(row.Roles)})
}
