package account

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// signUpWithin is how long a confirmed telephone may wait for the rest of the
// form.
const signUpWithin = time.Hour

// NewSignUp is what somebody registers with.
type NewSignUp struct {
	Name           string
	Email          string
	Password       string
	Phone          string
	TimeZone       string
	Language       string
	CodeID         uuid.UUID // of the code that confirmed the telephone
	TermsVersion   int       // agreed to
	PrivacyVersion int       // agreed to
	Ref            string    // of the link they came by; an unknown one is nobody's
	Origin         Origin
}

// signUp is a registration whose parts are checked.
type signUp struct {
	NewSignUp
	user     accountdb.InsertUserParams
	site     Site
	referrer *int64
}

// SignUp makes a user with a company of their own: below the reseller on whose
// host they register, else below the platform. When the email or the number
// has an account already the answer is the same, and a letter tells its owner.
// The same registration a second time is answered like the first.
func (s *Service) SignUp(ctx context.Context, n NewSignUp) error {
	if err := s.checkSignUp(ctx, &n); err != nil {
		return err
	}
	code, err := s.trusted().ConfirmationByID(ctx, accountdb.ConfirmationByIDParams{ID: n.CodeID, Purpose: forSignUp})
	if err != nil && !db.NoRows(err) {
		return fmt.Errorf("read code: %w", err)
	}
	if done, err := s.mayUse(code, n); done || err != nil {
		return err
	}
	in := signUp{NewSignUp: n}
	if in.site, err = s.Site(ctx, n.Origin.Host); err != nil {
		return err
	}
	if in.referrer, err = s.referrer(ctx, n.Ref); err != nil {
		return err
	}
	in.user, err = s.prepareUser(ctx, NewUser{
		Name: n.Name, Email: n.Email, EmailConfirmed: code.Email != "", Phone: n.Phone, PhoneConfirmed: code.Email == "",
		Password: n.Password, Language: n.Language,
	})
	if err != nil {
		return err
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error { return s.signUpTx(ctx, tx, in) })
}

// checkSignUp cleans the form and says all that is wrong with it at once, before
// a code is used up or a password costs time.
func (s *Service) checkSignUp(ctx context.Context, n *NewSignUp) error {
	texts, err := s.LegalTexts(ctx, "en")
	if err != nil {
		return err
	}
	var p problems
	n.Name = p.text("name", n.Name, true, MaxName)
	n.Email = p.email("email", n.Email)
	number := textOf(p.phone("phone", n.Phone))
	if strings.TrimSpace(n.Phone) == "" {
		p.add("phone", fault.Required, "Enter this.")
	}
	n.Phone = number
	p.timeZone("time_zone", n.TimeZone)
	p.language("language", n.Language)
	p.password("password", n.Password, n.Name, n.Email, n.Phone)
	p.inForce("terms_version", texts[Terms], n.TermsVersion)
	p.inForce("privacy_version", texts[Privacy], n.PrivacyVersion)
	return p.err()
}

// mayUse says whether the code lets this registration through, or that the
// same registration has come through already.
func (s *Service) mayUse(code accountdb.Confirmation, n NewSignUp) (done bool, err error) {
	switch {
	case code.ConfirmedAt == nil || code.Phone != n.Phone || code.Email != "" && code.Email != n.Email:
		return false, fault.Field("code", fault.Required, "Confirm the telephone first.")
	case code.UsedAt != nil && bytes.Equal(code.UsedFor, n.usedFor()):
		return true, nil
	case code.UsedAt != nil:
		return false, errUsedCode
	case s.now().Sub(*code.ConfirmedAt) > signUpWithin:
		return false, errNoCode
	}
	return false, nil
}

// usedFor tells a registration that comes twice from another one.
func (n NewSignUp) usedFor() []byte {
	sum := sha256.Sum256([]byte(n.Email + "\x00" + n.Name + "\x00" + n.TimeZone))
	return sum[:]
}

func (s *Service) referrer(ctx context.Context, token string) (*int64, error) {
	if token == "" || len(token) > 64 || searched(token) != token {
		return nil, nil
	}
	userID, err := s.trusted().UserByRefToken(ctx, token)
	if db.NoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find referrer: %w", err)
	}
	return &userID, nil
}

// signUpTx does the same work for a known email or number as for new ones, so
// that time tells little: what was made is undone when the user turns out to be
// known.
func (s *Service) signUpTx(ctx context.Context, tx *db.Tx, in signUp) error {
	q := accountdb.New(tx)
	code, err := q.LockConfirmation(ctx, accountdb.LockConfirmationParams{ID: in.CodeID, Purpose: forSignUp})
	if err != nil {
		return fmt.Errorf("lock code: %w", err)
	}
	if done, err := s.mayUse(code, in.NewSignUp); done || err != nil {
		return err
	}
	now := s.now()
	code.UsedAt, code.UsedFor = &now, in.usedFor()
	if err := saveConfirmation(ctx, q, code); err != nil {
		return err
	}
	err = tx.Try(ctx, func(tx *db.Tx) error { return s.foundTx(ctx, tx, in) })
	if taken(err) {
		return s.tellOwnersTx(ctx, tx, in)
	}
	return err
}

func taken(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && (f.Fields["email"].Code == fault.Taken || f.Fields["phone"].Code == fault.Taken)
}

// foundTx makes the company and its owner, and the letter with the link. The
// owner gets the email and the number last, because that is where a known one
// ends it: by then the work is done either way.
func (s *Service) foundTx(ctx context.Context, tx *db.Tx, in signUp) error {
	q := accountdb.New(tx)
	actor := access.Actor{IP: in.Origin.Address.String()}
	company, err := s.createCompanyTx(ctx, tx, actor, NewCompany{
		ParentID: in.site.SellerID, Kind: access.Company, Name: nameBefore(in.Language) + in.Phone, Currency: in.site.Currency,
		TimeZone: in.TimeZone, Language: in.Language, ReferredBy: in.referrer,
	})
	if err != nil {
		return err
	}
	nobodys := in.user
	nobodys.Email, nobodys.Phone = in.CodeID.String()+"@sign-up.invalid", nil
	userID, err := createUserTx(ctx, tx, nobodys)
	if err != nil {
		return err
	}
	actor.UserID = userID
	if err := s.addMemberTx(ctx, tx, actor, NewMember{CompanyID: company.ID, UserID: userID, Roles: []access.Role{access.Owner}}); err != nil {
		return err
	}
	for _, c := range []Consent{{Terms, in.TermsVersion}, {Privacy, in.PrivacyVersion}} {
		if err := s.agree(ctx, q, actor, c); err != nil {
			return err
		}
	}
	if err := s.describeTx(ctx, tx, company.ID, in); err != nil {
		return err
	}
	if !in.user.EmailConfirmed {
		if err := s.confirmEmailTx(ctx, tx, emailToConfirm{userID, in.Email, in.Language, in.site.brand()}); err != nil {
			return err
		}
	}
	return userErr("set logins", q.SetLogins(ctx, accountdb.SetLoginsParams{UserID: userID, Email: in.user.Email, Phone: in.user.Phone}))
}

// nameBefore is what a company is called, followed by its owner's number, until
// it is renamed.
func nameBefore(language string) string {
	if language == "en" {
		return "Company "
	}
	return "Компания "
}

// describeTx gives the company its owner's email and number until it has its
// own.
func (s *Service) describeTx(ctx context.Context, tx *db.Tx, companyID int64, in signUp) error {
	err := accountdb.New(tx).PutCompanyDetails(ctx, accountdb.PutCompanyDetailsParams{
		CompanyID: companyID, Email: in.Email, Phone: in.Phone, Requisites: json.RawMessage("{}"),
	})
	if err != nil {
		return fmt.Errorf("store company's details: %w", err)
	}
	return nil
}

// tellOwnersTx tells who has the email and the number that somebody registered
// with them. Who has not confirmed the email gets the letter by which its real
// owner takes the account over.
func (s *Service) tellOwnersTx(ctx context.Context, tx *db.Tx, in signUp) error {
	q := accountdb.New(tx)
	told := map[int64]bool{}
	for _, login := range []string{in.Email, in.Phone} {
		user, err := q.UserByLogin(ctx, login)
		if db.NoRows(err) || told[user.ID] {
			continue
		}
		if err != nil {
			return fmt.Errorf("find user: %w", err)
		}
		told[user.ID] = true
		if err := s.tellOwnerTx(ctx, tx, user.ID, in); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tellOwnerTx(ctx context.Context, tx *db.Tx, userID int64, in signUp) error {
	user, err := accountdb.New(tx).UserByID(ctx, userID)
	if err != nil {
		return fmt.Errorf("read user: %w", err)
	}
	if !user.EmailConfirmed {
		return s.recoverByLetterTx(ctx, tx, user, in.site.brand())
	}
	return s.options.Outbox.LetterTx(ctx, tx, Letter{
		Fact: in.CodeID, Kind: "address_in_use", UserID: &user.ID, CompanyID: in.site.brand(), To: user.Email, Language: user.Language,
		Data: map[string]string{"IP": in.Origin.Address.String()},
	})
}
