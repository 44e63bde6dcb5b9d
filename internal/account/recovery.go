package account

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/phone"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// RecoveryRequest asks for a way back in.
type RecoveryRequest struct {
	Login    string // email or phone in any usual form
	Language string
	Origin   Origin
}

// Recovery says which way leads back in. It is the same whether or not anybody
// has the login.
type Recovery struct {
	By          By
	CodeID      uuid.UUID // with ByPhone
	ResendAfter time.Duration
}

// RecoveryAsked says that somebody asked for a way back in with a login. Who
// has it gets a code or a letter after the answer, so that the answer takes as
// long for nobody.
type RecoveryAsked struct {
	UserID  int64      `json:"user_id"` // 0: nobody has this login
	CodeID  *uuid.UUID `json:"code_id,omitempty"`
	BrandID *int64     `json:"brand_id,omitempty"`
}

// EventName implements events.Event.
func (RecoveryAsked) EventName() string { return "account.recovery_asked" }

// Recover begins a recovery: a link by letter or, for a telephone, a code by
// SMS.
func (s *Service) Recover(ctx context.Context, r RecoveryRequest) (Recovery, error) {
	var p problems
	p.language("language", r.Language)
	if strings.TrimSpace(r.Login) == "" {
		p.add("login", fault.Required, "Enter this.")
	}
	if err := p.err(); err != nil {
		return Recovery{}, err
	}
	login := readLogin(r.Login)
	out := Recovery{By: ByEmail, ResendAfter: resendAfter}
	if number, err := phone.Parse(login); err == nil && number == login {
		out.By = ByPhone
	}
	user, err := s.trusted().UserByLogin(ctx, login)
	if err != nil && !db.NoRows(err) {
		return Recovery{}, fmt.Errorf("find user: %w", err)
	}
	asked := RecoveryAsked{UserID: user.ID}
	err = s.db.AsWorker(ctx, func(tx *db.Tx) error {
		if err := s.askTx(ctx, tx, out.allowances(login, r.Origin)...); err != nil {
			return err
		}
		if asked.BrandID, err = brandTx(ctx, tx, r.Origin.Host); err != nil {
			return err
		}
		if out.By == ByPhone {
			row := s.newConfirmation(forRecovery, login, r.Language, r.Origin)
			if user.ID != 0 {
				row.UserID = &user.ID
			}
			if err := insertConfirmation(ctx, tx, row); err != nil {
				return err
			}
			out.CodeID, asked.CodeID = row.ID, &row.ID
		}
		return events.PublishTx(ctx, tx, 0, asked)
	})
	return out, err
}

func (r Recovery) allowances(login string, from Origin) []allowance {
	if r.By == ByPhone {
		return []allowance{{digest("code to", login), perNumber}, {"codes from " + from.network(), perAddress}}
	}
	return []allowance{{digest("recovery to", login), perEmail}, {"letters from " + from.network(), perAddress}}
}

// OnRecoveryAsked sends the code or the letter. A code that must not be sent
// now, because too many were, is none: the answer has been given already.
func (s *Service) OnRecoveryAsked(ctx context.Context, tx *db.Tx, e events.Of[RecoveryAsked]) error {
	if e.Event.UserID == 0 {
		return nil
	}
	q := accountdb.New(tx)
	user, err := q.UserByID(ctx, e.Event.UserID)
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read user: %w", err)
	}
	if e.Event.CodeID == nil {
		return s.recoverByLetterTx(ctx, tx, user, e.Event.BrandID)
	}
	err = tx.Try(ctx, func(tx *db.Tx) error { return s.sendRecoveryCodeTx(ctx, tx, user, e.Event) })
	if fault.Is(err, fault.RateLimited) || fault.Is(err, fault.Unavailable) {
		s.log.WarnContext(ctx, "recovery code was not sent", "user", user.ID, "error", err)
		return nil
	}
	return err
}

func (s *Service) sendRecoveryCodeTx(ctx context.Context, tx *db.Tx, user accountdb.UserByIDRow, e RecoveryAsked) error {
	q := accountdb.New(tx)
	row, err := q.LockConfirmation(ctx, accountdb.LockConfirmationParams{ID: *e.CodeID, Purpose: forRecovery})
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("lock code: %w", err)
	}
	if !row.ExpiresAt.After(s.now()) {
		return nil
	}
	code := newCode()
	row.CodeHash = s.codeHash(row.ID, code)
	if row.Email, err = s.sendCodeTx(ctx, tx, row, code, codeTo{user.Email, &user.ID, e.BrandID}); err != nil {
		return err
	}
	return saveConfirmation(ctx, q, row)
}

// recoverByLetterTx sends the link by which a new password is set.
func (s *Service) recoverByLetterTx(ctx context.Context, tx *db.Tx, user accountdb.UserByIDRow, brandID *int64) error {
	token, err := s.linkTx(ctx, tx, newLink{purpose: recoveryLink, userID: &user.ID, email: user.Email, lives: recoveryLinkFor})
	if err != nil {
		return err
	}
	link, err := s.linkTo(ctx, tx, brandID, recoveryLink, token)
	if err != nil {
		return err
	}
	return s.options.Outbox.LetterTx(ctx, tx, Letter{
		Fact: id.New(s.now()), Kind: "recovery", UserID: &user.ID, CompanyID: brandID, To: user.Email, Language: user.Language,
		Secret: map[string]string{"Link": link},
	})
}

// RecoverByCode turns the right code into the token of a link.
func (s *Service) RecoverByCode(ctx context.Context, id uuid.UUID, code string) (token string, err error) {
	err = s.tryCode(ctx, forRecovery, id, code, func(tx *db.Tx, row accountdb.Confirmation) error {
		row.UsedAt = row.ConfirmedAt
		if err := saveConfirmation(ctx, accountdb.New(tx), row); err != nil {
			return err
		}
		// A code that went by letter proves the email, as a link does.
		token, err = s.linkTx(ctx, tx, newLink{purpose: recoveryLink, userID: row.UserID, email: row.Email, lives: recoveryLinkFor})
		return err
	})
	return token, err
}

// NewPassword is set by the token of a recovery.
type NewPassword struct {
	Token    string
	Password string
	Origin   Origin
}

// SetRecovered sets a new password by a recovery's token. All sign-ins of the
// user end, what was locked by guesses opens, and a letter tells of it.
func (s *Service) SetRecovered(ctx context.Context, n NewPassword) error {
	link, err := s.openLink(ctx, n.Token, s.peek(recoveryLink))
	if err != nil {
		return err
	}
	user, err := s.trusted().UserByID(ctx, *link.UserID)
	if err != nil {
		return fmt.Errorf("read user: %w", err)
	}
	var p problems
	p.password("password", n.Password, user.Name, user.Email, textOf(user.Phone))
	if err := p.err(); err != nil {
		return err
	}
	hash, err := s.passwords.hash(ctx, n.Password)
	if err != nil {
		return err
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		link, err := s.openLink(ctx, n.Token, hold(tx, recoveryLink))
		if err != nil {
			return err
		}
		return errors.Join(s.useLinkTx(ctx, tx, link), s.setPasswordTx(ctx, tx, link, hash, n.Origin))
	})
}

func (s *Service) setPasswordTx(ctx context.Context, tx *db.Tx, link accountdb.Link, hash string, from Origin) error {
	q := accountdb.New(tx)
	user, err := q.SetPassword(ctx, accountdb.SetPasswordParams{UserID: *link.UserID, PasswordHash: hash, ProvedEmail: link.Email})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	if err := q.DeleteOpenLinks(ctx, accountdb.DeleteOpenLinksParams{UserID: *link.UserID, Purpose: recoveryLink}); err != nil {
		return fmt.Errorf("delete links: %w", err)
	}
	subjects := []string{digest("user", strconv.FormatInt(*link.UserID, 10)), digest("login", user.Email), digest("login", textOf(user.Phone))}
	if err := errors.Join(q.TakeSubjects(ctx, subjects), q.ForgetFailures(ctx, subjects)); err != nil {
		return fmt.Errorf("forget failures: %w", err)
	}
	if err := s.endSignInsTx(ctx, tx, *link.UserID); err != nil {
		return err
	}
	actor := access.Actor{UserID: *link.UserID, IP: from.Address.String()}
	if err := s.recordOfUserTx(ctx, tx, actor, "user.password_recovered"); err != nil {
		return err
	}
	if !user.EmailConfirmed {
		return nil
	}
	brand, err := brandTx(ctx, tx, from.Host)
	if err != nil {
		return err
	}
	return s.options.Outbox.LetterTx(ctx, tx, Letter{
		Fact: id.New(s.now()), Kind: "password_changed", UserID: link.UserID, CompanyID: brand, To: user.Email, Language: user.Language,
		Data: map[string]string{"IP": actor.IP},
	})
}
