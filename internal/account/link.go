package account

import (
	"context"
	"fmt"
	"time"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// What a link is for, and how long it lives.
const (
	emailLink    = "email"
	recoveryLink = "recovery"
	setupLink    = "setup"
	inviteLink   = "invitation"

	emailLinkFor    = 7 * 24 * time.Hour
	recoveryLinkFor = time.Hour
	setupLinkFor    = 24 * time.Hour
	inviteLinkFor   = 7 * 24 * time.Hour
)

// pagesOfLinks are where links lead. The token stands behind the #, so that it
// reaches no log and no other site.
var pagesOfLinks = map[string]string{emailLink: "/confirm-email#", recoveryLink: "/recover#", setupLink: "/setup#", inviteLink: "/invitation#"}

type newLink struct {
	purpose string
	userID  *int64
	email   string // where it goes; opening it proves that
	lives   time.Duration
}

// linkTx makes a link that works once and returns its token, which is stored
// nowhere.
func (s *Service) linkTx(ctx context.Context, tx *db.Tx, n newLink) (string, error) {
	token, hash := newToken()
	now := s.now()
	err := accountdb.New(tx).InsertLink(ctx, accountdb.InsertLinkParams{
		TokenHash: hash[:], Purpose: n.purpose, UserID: n.userID, Email: n.email, CreatedAt: now, ExpiresAt: now.Add(n.lives),
	})
	if err != nil {
		return "", fmt.Errorf("insert link: %w", err)
	}
	return token, nil
}

// openLink finds a link that still works by its token, or says why there is
// none. find is how to look: with a lock or without.
func (s *Service) openLink(ctx context.Context, token string, find func(ctx context.Context, hash []byte) (accountdb.Link, error)) (accountdb.Link, error) {
	hash, ok := hashToken(token)
	if !ok {
		return accountdb.Link{}, errNoLink
	}
	link, err := find(ctx, hash[:])
	switch {
	case db.NoRows(err):
		return accountdb.Link{}, errNoLink
	case err != nil:
		return accountdb.Link{}, fmt.Errorf("read link: %w", err)
	case link.UsedAt != nil:
		return accountdb.Link{}, fault.Field("token", fault.Used, "This link has been used already.")
	case !link.ExpiresAt.After(s.now()):
		return accountdb.Link{}, fault.Field("token", fault.Expired, "This link is too old. Ask for a new one.")
	}
	return link, nil
}

var errNoLink = fault.Field("token", fault.Wrong, "There is no such link.")

// peek finds a link without holding it.
func (s *Service) peek(purpose string) func(context.Context, []byte) (accountdb.Link, error) {
	return func(ctx context.Context, hash []byte) (accountdb.Link, error) {
		return s.trusted().LinkByToken(ctx, accountdb.LinkByTokenParams{TokenHash: hash, Purpose: purpose})
	}
}

// hold finds a link and keeps others from using it until tx ends.
func hold(tx *db.Tx, purpose string) func(context.Context, []byte) (accountdb.Link, error) {
	return func(ctx context.Context, hash []byte) (accountdb.Link, error) {
		return accountdb.New(tx).LockLink(ctx, accountdb.LockLinkParams{TokenHash: hash, Purpose: purpose})
	}
}

func (s *Service) useLinkTx(ctx context.Context, tx *db.Tx, link accountdb.Link) error {
	if err := accountdb.New(tx).UseLink(ctx, accountdb.UseLinkParams{TokenHash: link.TokenHash, UsedAt: s.now()}); err != nil {
		return fmt.Errorf("note use of link: %w", err)
	}
	return nil
}
