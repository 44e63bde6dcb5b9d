package account

import (
	"context"
	"fmt"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

type emailToConfirm struct {
	userID   int64
	email    string
	language string
	brandID  *int64
}

// confirmEmailTx sends the link that proves whose an email is.
func (s *Service) confirmEmailTx(ctx context.Context, tx *db.Tx, e emailToConfirm) error {
	token, err := s.linkTx(ctx, tx, newLink{purpose: emailLink, userID: &e.userID, email: e.email, lives: emailLinkFor})
	if err != nil {
		return err
	}
	link, err := s.linkTo(ctx, tx, e.brandID, emailLink, token)
	if err != nil {
		return err
	}
	return s.options.Outbox.LetterTx(ctx, tx, Letter{
		Fact: id.New(s.now()), Kind: "email_confirmation", UserID: &e.userID, CompanyID: e.brandID, To: e.email, Language: e.language,
		Secret: map[string]string{"Link": link},
	})
}

// SendEmailConfirmation sends the acting user's link once more; older ones keep
// working.
func (s *Service) SendEmailConfirmation(ctx context.Context, actor access.Actor, host string) error {
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		user, err := accountdb.New(tx).UserByID(ctx, actor.UserID)
		if err != nil {
			return fmt.Errorf("read user: %w", err)
		}
		if user.EmailConfirmed {
			return fault.New(fault.Conflict, "The email is confirmed already.").With("reason", "confirmed")
		}
		if err := s.askTx(ctx, tx, allowance{digest("confirmation to", user.Email), perEmail}); err != nil {
			return err
		}
		brand, err := brandTx(ctx, tx, host)
		if err != nil {
			return err
		}
		return s.confirmEmailTx(ctx, tx, emailToConfirm{user.ID, user.Email, user.Language, brand})
	})
}

// ConfirmEmail confirms an email by the token of its link.
func (s *Service) ConfirmEmail(ctx context.Context, token string) error {
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		link, err := s.openLink(ctx, token, hold(tx, emailLink))
		if err != nil {
			return err
		}
		if err := s.useLinkTx(ctx, tx, link); err != nil {
			return err
		}
		q := accountdb.New(tx)
		confirmed, err := q.ConfirmEmail(ctx, accountdb.ConfirmEmailParams{UserID: *link.UserID, Email: link.Email})
		if err != nil {
			return fmt.Errorf("confirm email: %w", err)
		}
		if confirmed == 0 {
			return fault.Field("token", fault.Expired, "The account has another email now.")
		}
		if err := q.DeleteOpenLinks(ctx, accountdb.DeleteOpenLinksParams{UserID: *link.UserID, Purpose: emailLink}); err != nil {
			return fmt.Errorf("delete links: %w", err)
		}
		return s.recordOfUserTx(ctx, tx, access.Actor{UserID: *link.UserID}, "user.email_confirmed")
	})
}

// recordOfUserTx notes in the trails of all of the acting user's companies what
// they did with how they sign in.
func (s *Service) recordOfUserTx(ctx context.Context, tx *db.Tx, actor access.Actor, action string) error {
	companyIDs, err := accountdb.New(tx).CompaniesOfUser(ctx, actor.UserID)
	if err != nil {
		return fmt.Errorf("find companies: %w", err)
	}
	for _, companyID := range companyIDs {
		if err := s.RecordTx(ctx, tx, actor, Change{CompanyID: companyID, Action: action, Subject: subjectOfUser(actor.UserID)}); err != nil {
			return err
		}
	}
	return nil
}
