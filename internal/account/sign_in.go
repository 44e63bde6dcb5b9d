package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"parley/internal/account/internal/accountdb"
	"parley/internal/phone"
	"parley/internal/platform/clientip"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// How long a sign-in lives. One that is not remembered lives in the browser
// until that is closed, and here as long as it is used, 30 days at most.
const (
	RememberedFor = 30 * 24 * time.Hour
	IdleFor       = 12 * time.Hour
	seenEvery     = time.Minute
)

const longestAgent = 300

// Credentials are what somebody signs in with.
type Credentials struct {
	Login     string // email or phone in any usual form
	Password  string
	Remember  bool
	Address   netip.Addr
	UserAgent string
	Replaces  string // token the browser came with; its sign-in ends
}

// SignedIn is a new sign-in. Token is shown here once and stored nowhere.
type SignedIn struct {
	UserID   int64
	SignInID uuid.UUID
	Token    string
	MaxAge   time.Duration // of the cookie; 0: until the browser is closed
}

// SignIn checks credentials and makes a sign-in with a token of its own making.
// Whether the login exists cannot be told from the answer or from its time.
func (s *Service) SignIn(ctx context.Context, c Credentials) (SignedIn, error) {
	if len(c.Password) > 4*MaxPassword {
		return SignedIn{}, fault.Field("password", fault.TooLong, "Use at most 200 characters.")
	}
	login := readLogin(c.Login)
	user, err := s.userByLogin(ctx, login)
	if err != nil {
		return SignedIn{}, err
	}
	a := newAttempt(s.now(), login, user.ID, clientip.Network(c.Address))
	if err := s.count(ctx, a); err != nil {
		return SignedIn{}, err
	}
	if err := s.pause(ctx, a.pause); err != nil {
		return SignedIn{}, err
	}
	right, outdated, err := s.passwords.check(ctx, c.Password, user.PasswordHash)
	if err != nil {
		return SignedIn{}, s.unhashed(ctx, a, err)
	}
	if !right || user.ID == 0 || a.barred {
		return SignedIn{}, s.failed(ctx, a, c.Address.String())
	}
	in, err := s.admit(ctx, c, a, user)
	if err == nil && outdated {
		s.rehash(ctx, user, c.Password)
	}
	return in, err
}

// readLogin brings a login to the form in which it is stored, or to something
// that no one has.
func readLogin(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxLogin || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		sum := sha256.Sum256([]byte(s))
		return base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if number, err := phone.Parse(s); err == nil {
		return number
	}
	return strings.ToLower(s)
}

// userByLogin returns the user or, for nobody, a hash that costs the same.
func (s *Service) userByLogin(ctx context.Context, login string) (accountdb.UserByLoginRow, error) {
	user, err := s.trusted().UserByLogin(ctx, login)
	if db.NoRows(err) {
		return accountdb.UserByLoginRow{PasswordHash: s.passwords.stranger}, nil
	}
	if err != nil {
		return user, fmt.Errorf("find user: %w", err)
	}
	return user, nil
}

// unhashed uncounts an attempt whose password was never looked at.
func (s *Service) unhashed(ctx context.Context, a *attempt, cause error) error {
	ctx = context.WithoutCancel(ctx)
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error { return a.takeBackTx(ctx, tx, a.login, a.account, a.address) })
	if err != nil {
		return err
	}
	return cause
}

// admit stores the sign-in. The password's hash is compared once more there,
// so that a sign-in cannot slip past a change of the password.
func (s *Service) admit(ctx context.Context, c Credentials, a *attempt, user accountdb.UserByLoginRow) (SignedIn, error) {
	token, hash := newToken()
	in := SignedIn{UserID: user.ID, SignInID: id.New(s.now()), Token: token}
	expires := a.at.Add(IdleFor)
	if c.Remember {
		in.MaxAge, expires = RememberedFor, a.at.Add(RememberedFor)
	}
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		if err := a.succeedTx(ctx, tx); err != nil {
			return err
		}
		count, err := q.CountMemberships(ctx, user.ID)
		if err != nil {
			return fmt.Errorf("count memberships: %w", err)
		}
		if count.Known > 0 && count.Open == 0 {
			return fault.New(fault.Forbidden, "Your access has been blocked by your company.").With("reason", "blocked")
		}
		made, err := q.InsertSignIn(ctx, accountdb.InsertSignInParams{
			ID: in.SignInID, UserID: user.ID, TokenHash: hash[:], Remember: c.Remember, UserAgent: readAgent(c.UserAgent),
			Ip: c.Address.String(), Now: &a.at, ExpiresAt: expires, PasswordHash: user.PasswordHash,
		})
		if err != nil {
			return fmt.Errorf("insert sign-in: %w", err)
		}
		if made == 0 {
			return fault.New(fault.WrongCredentials, "The login or the password is wrong.")
		}
		if err := s.noteDeviceTx(ctx, tx, user.ID, c); err != nil {
			return err
		}
		return s.endTokenTx(ctx, tx, c.Replaces)
	})
	return in, err
}

// rehash stores the password at today's cost. It is tried again at the next
// sign-in, so a failure is no reason to turn anybody away.
func (s *Service) rehash(ctx context.Context, user accountdb.UserByLoginRow, password string) {
	hash, err := s.passwords.hash(ctx, password)
	if err == nil {
		err = s.trusted().SetPasswordHash(ctx, accountdb.SetPasswordHashParams{UserID: user.ID, OldHash: user.PasswordHash, NewHash: hash})
	}
	if err != nil {
		s.log.WarnContext(ctx, "password was not hashed anew", "user", user.ID, "error", err)
	}
}

// endTokenTx ends the sign-in that a browser had before.
func (s *Service) endTokenTx(ctx context.Context, tx *db.Tx, token string) error {
	hash, ok := hashToken(token)
	if !ok {
		return nil
	}
	old, err := accountdb.New(tx).DeleteSignInByToken(ctx, hash[:])
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end sign-in before: %w", err)
	}
	return s.endedTx(ctx, tx, old.UserID, old.ID)
}

// SignOut ends a sign-in; its live connections end at once.
func (s *Service) SignOut(ctx context.Context, signInID uuid.UUID) error {
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		userID, err := accountdb.New(tx).DeleteSignIn(ctx, signInID)
		if db.NoRows(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("delete sign-in: %w", err)
		}
		return s.endedTx(ctx, tx, userID, signInID)
	})
}

func (s *Service) endSignInsTx(ctx context.Context, tx *db.Tx, userID int64) error {
	ended, err := accountdb.New(tx).DeleteSignInsOfUser(ctx, userID)
	if err != nil {
		return fmt.Errorf("delete sign-ins: %w", err)
	}
	if len(ended) == 0 {
		return nil
	}
	return s.endedTx(ctx, tx, userID, ended...)
}

func (s *Service) endedTx(ctx context.Context, tx *db.Tx, userID int64, signInIDs ...uuid.UUID) error {
	tx.AfterCommit(func() {
		for _, signInID := range signInIDs {
			s.signIns.forget(func(_ tokenHash, in signIn) bool { return in.id == signInID })
		}
		s.accessEnded(AccessEnded{UserID: userID, SignInIDs: signInIDs})
	})
	return events.PublishTx(ctx, tx, 0, SignedOut{UserID: userID, SignInIDs: signInIDs})
}

// tokenHash is all that is kept of a token. The token is random and long, so a
// plain hash cannot be turned back.
type tokenHash [sha256.Size]byte

const tokenSize = 32

func newToken() (string, tokenHash) {
	var b [tokenSize]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:]), sha256.Sum256(b[:])
}

func hashToken(token string) (tokenHash, bool) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenSize) {
		return tokenHash{}, false // the decoder would skip line breaks
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return tokenHash{}, false
	}
	return sha256.Sum256(b), true
}

func readAgent(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > longestAgent {
		s = string(r[:longestAgent])
	}
	return s
}
