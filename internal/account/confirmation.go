package account

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// The rule of codes: six digits, ten minutes, five tries.
const (
	codeFor   = 10 * time.Minute
	codeTries = 5
)

// What codes are for.
const (
	forSignUp   = "sign_up"
	forRecovery = "recovery"
)

// By tells which way a code or a link goes.
type By string

// The ways.
const (
	ByPhone By = "phone"
	ByEmail By = "email"
)

var sixDigits = regexp.MustCompile(`^\d{6}$`)

func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // never: the reader ends the program instead
	}
	return fmt.Sprintf("%06d", n)
}

// codeHash binds a code to what asked for it. The key makes the million of
// possible codes of no use to whoever reads the table.
func (s *Service) codeHash(confirmationID uuid.UUID, code string) []byte {
	mac := hmac.New(sha256.New, s.options.CodeKey)
	mac.Write(confirmationID[:])
	mac.Write([]byte(code))
	return mac.Sum(nil)
}

var (
	errNoCode     = fault.Field("code", fault.Expired, "This code is too old. Ask for a new one.")
	errUsedCode   = fault.Field("code", fault.Used, "This code has been used already. Ask for a new one.")
	errNoMoreTry  = fault.Field("code", fault.Expired, "There were too many wrong codes. Ask for a new one.").With("tries_left", 0)
	errNotSixOnly = fault.Field("code", fault.BadFormat, "A code has six digits.")
)

// tryCode counts a try under the row's lock before it looks at the code, so
// that guesses side by side cannot race past the limit. After the right code
// then goes on in the same transaction.
func (s *Service) tryCode(ctx context.Context, purpose string, id uuid.UUID, code string,
	then func(tx *db.Tx, row accountdb.Confirmation) error,
) error {
	code = compact(code)
	if !sixDigits.MatchString(code) {
		return errNotSixOnly
	}
	var wrong error
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		row, err := q.LockConfirmation(ctx, accountdb.LockConfirmationParams{ID: id, Purpose: purpose})
		if db.NoRows(err) {
			return errNoCode
		}
		if err != nil {
			return fmt.Errorf("lock code: %w", err)
		}
		if err := s.mayTry(row); err != nil {
			return err
		}
		row.Tries++
		if right := hmac.Equal(s.codeHash(id, code), row.CodeHash); !right {
			wrong = wrongCode(row)
			return saveConfirmation(ctx, q, row)
		}
		now := s.now()
		row.ConfirmedAt = &now
		if err := saveConfirmation(ctx, q, row); err != nil {
			return err
		}
		return then(tx, row)
	})
	if err != nil {
		return err
	}
	return wrong
}

func (s *Service) mayTry(row accountdb.Confirmation) error {
	switch {
	case row.UsedAt != nil:
		return errUsedCode
	case row.Tries >= codeTries:
		return errNoMoreTry
	case !row.ExpiresAt.After(s.now()):
		return errNoCode
	}
	return nil
}

func wrongCode(row accountdb.Confirmation) error {
	left := codeTries - int(row.Tries)
	if left == 0 {
		return errNoMoreTry
	}
	return fault.Field("code", fault.Wrong, "This code is wrong.").With("tries_left", left)
}

func saveConfirmation(ctx context.Context, q *accountdb.Queries, row accountdb.Confirmation) error {
	err := q.SaveConfirmation(ctx, accountdb.SaveConfirmationParams{
		ID: row.ID, Email: row.Email, CodeHash: row.CodeHash, Tries: row.Tries,
		ConfirmedAt: row.ConfirmedAt, UsedAt: row.UsedAt, UsedFor: row.UsedFor,
	})
	if err != nil {
		return fmt.Errorf("save code: %w", err)
	}
	return nil
}

// CodeSent says where a code went, or would have gone.
type CodeSent struct {
	ID          uuid.UUID
	By          By
	ExpiresAt   time.Time
	ResendAfter time.Duration
}

// CodeRequest asks for a code to a telephone.
type CodeRequest struct {
	Phone    string
	Email    string // where the code goes while there is no route for SMS
	Language string
	Origin   Origin
}

// RequestSignUpCode sends a code to a telephone, whether or not somebody has
// that number already. While there is no route for SMS it goes to the email.
func (s *Service) RequestSignUpCode(ctx context.Context, r CodeRequest) (CodeSent, error) {
	var p problems
	number := textOf(p.phone("phone", r.Phone))
	if strings.TrimSpace(r.Phone) == "" {
		p.add("phone", fault.Required, "Enter this.")
	}
	if r.Email != "" {
		r.Email = p.email("email", r.Email)
	}
	p.language("language", r.Language)
	if err := p.err(); err != nil {
		return CodeSent{}, err
	}
	sent := CodeSent{By: ByPhone, ResendAfter: resendAfter}
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		if err := s.askTx(ctx, tx, allowance{digest("code to", number), perNumber}, allowance{"codes from " + r.Origin.network(), perAddress}); err != nil {
			return err
		}
		brand, err := brandTx(ctx, tx, r.Origin.Host)
		if err != nil {
			return err
		}
		row := s.newConfirmation(forSignUp, number, r.Language, r.Origin)
		code := newCode()
		row.CodeHash = s.codeHash(row.ID, code)
		sent.ID, sent.ExpiresAt = row.ID, row.ExpiresAt
		if row.Email, err = s.sendCodeTx(ctx, tx, row, code, codeTo{email: r.Email, brandID: brand}); err != nil {
			return err
		}
		if row.Email != "" {
			sent.By = ByEmail
		}
		return insertConfirmation(ctx, tx, row)
	})
	return sent, err
}

// codeTo is where a code goes when there is no route for SMS.
type codeTo struct {
	email   string
	userID  *int64
	brandID *int64
}

// sendCodeTx sends a code by SMS or, while there is no route, by letter; it
// returns the letter's address.
func (s *Service) sendCodeTx(ctx context.Context, tx *db.Tx, row accountdb.Confirmation, code string, to codeTo) (string, error) {
	err := s.options.Outbox.SMSCodeTx(ctx, tx, SMSCode{
		Fact: row.ID, Phone: row.Phone, Code: code, Language: row.Language, IP: row.Ip, ExpiresAt: row.ExpiresAt,
	})
	if !fault.Is(err, fault.Unavailable) {
		return "", err
	}
	if to.email == "" {
		return "", fault.Field("email", fault.Required, "There is no way to send SMS yet: the code goes to the email.").With("by", string(ByEmail))
	}
	if err := s.askTx(ctx, tx, allowance{digest(row.Purpose+" code to", to.email), perEmail}); err != nil {
		return "", err
	}
	return to.email, s.options.Outbox.LetterTx(ctx, tx, Letter{
		Fact: row.ID, Kind: "code", UserID: to.userID, CompanyID: to.brandID, To: to.email, Language: row.Language,
		Secret: map[string]string{"Code": code},
	})
}

// newConfirmation has an id that cannot be guessed: to know it is to be the one
// who asked.
func (s *Service) newConfirmation(purpose, number, language string, from Origin) accountdb.Confirmation {
	now := s.now()
	return accountdb.Confirmation{
		ID: uuid.New(), Purpose: purpose, Phone: number, Language: language, Ip: from.Address.String(), CreatedAt: now, ExpiresAt: now.Add(codeFor),
	}
}

func insertConfirmation(ctx context.Context, tx *db.Tx, row accountdb.Confirmation) error {
	err := accountdb.New(tx).InsertConfirmation(ctx, accountdb.InsertConfirmationParams{
		ID: row.ID, Purpose: row.Purpose, Phone: row.Phone, Email: row.Email, UserID: row.UserID, Language: row.Language, Ip: row.Ip,
		CodeHash: row.CodeHash, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt,
	})
	if err != nil {
		return fmt.Errorf("insert code: %w", err)
	}
	return nil
}

// CheckSignUpCode confirms the telephone by the code that came there. Only
// whoever typed the right one learns whether the number, or the email the code
// went to instead, has an account.
func (s *Service) CheckSignUpCode(ctx context.Context, id uuid.UUID, code string) (exists bool, err error) {
	err = s.tryCode(ctx, forSignUp, id, code, func(tx *db.Tx, row accountdb.Confirmation) error {
		proved := row.Phone
		if row.Email != "" {
			proved = row.Email
		}
		_, err := accountdb.New(tx).UserByLogin(ctx, proved)
		if err != nil && !db.NoRows(err) {
			return fmt.Errorf("find user: %w", err)
		}
		exists = err == nil
		return nil
	})
	return exists, err
}
