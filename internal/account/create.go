package account

import (
	"context"
	"fmt"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
)

// NewCompany describes a company to make.
type NewCompany struct {
	ParentID   int64 // 0 for the platform's own company only
	Kind       access.CompanyKind
	Name       string
	Currency   string
	TimeZone   string
	MaxDialogs int    // 0 is 300
	Language   string // of its papers; "" is "ru"
	ReferredBy *int64 // the user whose link it came by
}

const defaultMaxDialogs = 300

// CreateCompany makes a company below its seller. Who may is the caller's
// question; the tree's shape is checked here.
func (s *Service) CreateCompany(ctx context.Context, actor access.Actor, n NewCompany) (Company, error) {
	var made Company
	err := s.db.AsWorker(ctx, func(tx *db.Tx) (err error) {
		made, err = s.createCompanyTx(ctx, tx, actor, n)
		return err
	})
	return made, err
}

func (s *Service) createCompanyTx(ctx context.Context, tx *db.Tx, actor access.Actor, n NewCompany) (Company, error) {
	var p problems
	n.Name = p.text("name", n.Name, true, MaxName)
	p.currency("currency", n.Currency)
	p.timeZone("time_zone", n.TimeZone)
	p.limit("max_dialogs", n.MaxDialogs)
	if n.Language == "" {
		n.Language = "ru"
	}
	p.language("language", n.Language)
	if err := p.err(); err != nil {
		return Company{}, err
	}
	q := accountdb.New(tx)
	if err := checkPlace(ctx, q, n); err != nil {
		return Company{}, err
	}
	if n.MaxDialogs == 0 {
		n.MaxDialogs = defaultMaxDialogs
	}
	row := accountdb.InsertCompanyParams{
		Kind: string(n.Kind), Name: n.Name, Currency: n.Currency, TimeZone: n.TimeZone,
		MaxDialogs: int32(n.MaxDialogs), Language: n.Language, ReferredBy: n.ReferredBy, CreatedAt: s.now(),
	}
	if n.ParentID != 0 {
		row.ParentID = &n.ParentID
	}
	companyID, err := q.InsertCompany(ctx, row)
	if db.Unique(err, "company_platform") {
		return Company{}, errInstalled
	}
	if err != nil {
		return Company{}, fmt.Errorf("insert company: %w", err)
	}
	if err := events.PublishTx(ctx, tx, companyID, CompanyCreated{CompanyID: companyID}); err != nil {
		return Company{}, err
	}
	if err := s.RecordTx(ctx, tx, actor, Change{
		CompanyID: companyID, Action: "company.created", Subject: fmt.Sprintf("company:%d", companyID),
		New: map[string]any{"name": n.Name, "kind": n.Kind, "parent": row.ParentID, "currency": n.Currency, "time_zone": n.TimeZone},
	}); err != nil {
		return Company{}, err
	}
	made, err := q.CompanyByID(ctx, companyID)
	if err != nil {
		return Company{}, fmt.Errorf("read company: %w", err)
	}
	return companyOf(made)
}

// checkPlace keeps the tree two deep: resellers and direct companies below the
// platform, dependent companies below resellers.
func checkPlace(ctx context.Context, q *accountdb.Queries, n NewCompany) error {
	if n.Kind == access.Platform {
		if n.ParentID != 0 {
			return fault.Field("parent", fault.BadFormat, "The platform has no seller.")
		}
		return nil
	}
	parent, err := q.CompanyByID(ctx, n.ParentID)
	if db.NoRows(err) {
		return fault.Field("parent", fault.UnknownName, "There is no such company.")
	}
	if err != nil {
		return fmt.Errorf("read parent: %w", err)
	}
	above := access.CompanyKind(parent.Kind)
	fits := above == access.Platform && (n.Kind == access.Reseller || n.Kind == access.Company) ||
		above == access.Reseller && n.Kind == access.Company
	if !fits {
		return fault.Field("parent", fault.BadFormat, "Such a company cannot stand below that one.")
	}
	return nil
}

// NewUser describes a person to make. Email and phone are both logins.
type NewUser struct {
	Name           string
	Email          string
	EmailConfirmed bool
	Phone          string // optional, in any usual form
	PhoneConfirmed bool
	Password       string
	Language       string // "ru" or "en"; empty is "ru"
}

// CreateUser makes a person who can sign in, belongs to no company yet and is
// not asked to agree to the texts of now. It tells when a login is taken, so it
// must not be reachable by strangers.
func (s *Service) CreateUser(ctx context.Context, n NewUser) (int64, error) {
	row, err := s.prepareUser(ctx, n)
	if err != nil {
		return 0, err
	}
	var userID int64
	err = s.db.AsWorker(ctx, func(tx *db.Tx) (err error) {
		userID, err = createUserTx(ctx, tx, row)
		if err != nil {
			return err
		}
		return accountdb.New(tx).AgreeToAll(ctx, accountdb.AgreeToAllParams{UserID: userID, GivenAt: row.CreatedAt})
	})
	return userID, err
}

// prepareUser checks and hashes outside of any transaction.
func (s *Service) prepareUser(ctx context.Context, n NewUser) (accountdb.InsertUserParams, error) {
	var p problems
	row := accountdb.InsertUserParams{EmailConfirmed: n.EmailConfirmed, PhoneConfirmed: n.PhoneConfirmed, Language: n.Language, CreatedAt: s.now()}
	row.Name = p.text("name", n.Name, true, MaxName)
	row.Email = p.email("email", n.Email)
	row.Phone = p.phone("phone", n.Phone)
	if row.Language == "" {
		row.Language = "ru"
	}
	p.language("language", row.Language)
	p.password("password", n.Password, row.Name, row.Email, n.Phone)
	if err := p.err(); err != nil {
		return row, err
	}
	var err error
	row.PasswordHash, err = s.passwords.hash(ctx, n.Password)
	return row, err
}

func createUserTx(ctx context.Context, tx *db.Tx, row accountdb.InsertUserParams) (int64, error) {
	userID, err := accountdb.New(tx).InsertUser(ctx, row)
	return userID, userErr("insert user", err)
}

func userErr(what string, err error) error {
	switch {
	case db.Unique(err, "users_email"):
		return fault.Field("email", fault.Taken, "Somebody has this address already.")
	case db.Unique(err, "users_phone"):
		return fault.Field("phone", fault.Taken, "Somebody has this number already.")
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Installation describes what an empty installation needs first.
type Installation struct {
	PlatformName string
	Currency     string
	TimeZone     string
	Language     string // "" is the owner's
	Owner        NewUser
}

var errInstalled = fault.New(fault.Conflict, "There is a platform company already.")

// Install makes the platform's own company and its owner, once.
func (s *Service) Install(ctx context.Context, n Installation) (Company, int64, error) {
	row, err := s.prepareInstallation(ctx, n)
	if err != nil {
		return Company{}, 0, err
	}
	var made Company
	var userID int64
	err = s.db.AsWorker(ctx, func(tx *db.Tx) (err error) {
		made, userID, err = s.installTx(ctx, tx, n, row)
		return err
	})
	return made, userID, err
}

// prepareInstallation checks that there is nothing yet, and the owner.
func (s *Service) prepareInstallation(ctx context.Context, n Installation) (accountdb.InsertUserParams, error) {
	switch installed, err := s.Installed(ctx); {
	case err != nil:
		return accountdb.InsertUserParams{}, err
	case installed:
		return accountdb.InsertUserParams{}, errInstalled
	}
	return s.prepareUser(ctx, n.Owner)
}

func (s *Service) installTx(ctx context.Context, tx *db.Tx, n Installation, owner accountdb.InsertUserParams) (Company, int64, error) {
	if n.Language == "" {
		n.Language = owner.Language
	}
	made, err := s.createCompanyTx(ctx, tx, access.Actor{}, NewCompany{
		Kind: access.Platform, Name: n.PlatformName, Currency: n.Currency, TimeZone: n.TimeZone, Language: n.Language,
	})
	if err != nil {
		return Company{}, 0, err
	}
	userID, err := createUserTx(ctx, tx, owner)
	if err != nil {
		return Company{}, 0, err
	}
	if err := accountdb.New(tx).AgreeToAll(ctx, accountdb.AgreeToAllParams{UserID: userID, GivenAt: owner.CreatedAt}); err != nil {
		return Company{}, 0, fmt.Errorf("note consent: %w", err)
	}
	err = s.addMemberTx(ctx, tx, access.Actor{}, NewMember{CompanyID: made.ID, UserID: userID, Roles: []access.Role{access.Owner}})
	return made, userID, err
}

// Installed says whether there is a platform company; before that nothing but
// the set-up is of use.
func (s *Service) Installed(ctx context.Context) (bool, error) {
	if s.installed.Load() {
		return true, nil
	}
	_, err := s.PlatformID(ctx)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	s.installed.Store(err == nil)
	return err == nil, err
}
