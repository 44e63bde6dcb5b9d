package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Status says whether a company may work.
type Status string

// The states of a company.
const (
	Active  Status = "active"
	Blocked Status = "blocked" // by its seller: nobody gets in
	Closed  Status = "closed"
)

// Company is a tenant.
type Company struct {
	ID                 int64
	ParentID           *int64 // the seller; nil for the platform's own company
	Kind               access.CompanyKind
	Name               string
	Currency           string // ISO 4217
	TimeZone           string // IANA
	Location           *time.Location
	Status             Status
	MaxDialogs         int // open sessions an operator gets, unless theirs says otherwise
	OperatorsSeePrices bool
	Version            int
	CreatedAt          time.Time
}

var errNoCompany = fault.New(fault.NotFound, "There is no such company.")

// Company returns a company as it was at most two seconds ago, for any caller.
func (s *Service) Company(ctx context.Context, companyID int64) (Company, error) {
	return s.companies.get(companyID, func() (Company, error) {
		row, err := accountdb.New(s.db.Lookup()).CompanyByID(ctx, companyID)
		if err != nil {
			return Company{}, companyErr("read company", err)
		}
		return companyOf(row)
	})
}

// PlatformID returns the number of the platform's own company.
func (s *Service) PlatformID(ctx context.Context) (int64, error) {
	companyID, err := s.trusted().PlatformCompany(ctx)
	if err != nil {
		return 0, companyErr("find platform", err)
	}
	return companyID, nil
}

// Settings returns a company as it is now.
func (s *Service) Settings(ctx context.Context, actor access.Actor) (Company, error) {
	var c Company
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := accountdb.New(tx).CompanyByID(ctx, actor.CompanyID)
		if err != nil {
			return companyErr("read company", err)
		}
		c, err = companyOf(row)
		return err
	})
	return c, err
}

// CompanyChange is a change of a company's settings; nil keeps what is.
type CompanyChange struct {
	Version            int // the one that was seen; 0 changes whatever is
	Name               *string
	TimeZone           *string
	Currency           *string
	MaxDialogs         *int
	OperatorsSeePrices *bool
}

// ChangeCompany changes the actor's company.
func (s *Service) ChangeCompany(ctx context.Context, actor access.Actor, change CompanyChange) (Company, error) {
	if err := change.check(); err != nil {
		return Company{}, err
	}
	var after Company
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		row, err := q.LockCompany(ctx, actor.CompanyID)
		if err != nil {
			return companyErr("lock company", err)
		}
		if change.Version != 0 && change.Version != int(row.Version) {
			return fault.New(fault.VersionConflict, "Somebody else has changed this meanwhile.").With("version", row.Version)
		}
		before := row
		change.apply(&row)
		if row == before {
			after, err = companyOf(row)
			return err
		}
		if err := s.storeCompanyTx(ctx, tx, before, row); err != nil {
			return err
		}
		if err := s.RecordTx(ctx, tx, actor, changeOfCompany(before, row)); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.forgetCompany(row.ID) })
		if before.OperatorsSeePrices != row.OperatorsSeePrices {
			if err := s.rightsChangedTx(ctx, tx, row.ID); err != nil {
				return err
			}
		}
		row.Version++
		after, err = companyOf(row)
		return err
	})
	return after, err
}

// rightsChangedTx ends the sockets of operators, whose rights depend on the
// company's settings: browsers connect again and hear what they may now.
func (s *Service) rightsChangedTx(ctx context.Context, tx *db.Tx, companyID int64) error {
	members, err := s.MembersTx(ctx, tx, companyID, nil)
	if err != nil {
		return err
	}
	tx.AfterCommit(func() {
		for _, m := range members {
			if slices.Contains(m.Roles, access.Operator) {
				s.accessEnded(AccessEnded{UserID: m.UserID, CompanyID: companyID})
			}
		}
	})
	return nil
}

func (c *CompanyChange) check() error {
	var p problems
	if c.Name != nil {
		name := p.text("name", *c.Name, true, MaxName)
		c.Name = &name
	}
	if c.TimeZone != nil {
		p.timeZone("time_zone", *c.TimeZone)
	}
	if c.Currency != nil {
		p.currency("currency", *c.Currency)
	}
	if c.MaxDialogs != nil {
		p.limit("max_dialogs", *c.MaxDialogs)
	}
	return p.err()
}

func (c CompanyChange) apply(row *accountdb.Company) {
	set(&row.Name, c.Name)
	set(&row.TimeZone, c.TimeZone)
	set(&row.Currency, c.Currency)
	set(&row.OperatorsSeePrices, c.OperatorsSeePrices)
	if c.MaxDialogs != nil {
		row.MaxDialogs = int32(*c.MaxDialogs)
	}
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (s *Service) storeCompanyTx(ctx context.Context, tx *db.Tx, before, after accountdb.Company) error {
	q := accountdb.New(tx)
	if after.Currency != before.Currency {
		if s.options.ChangeCurrencyTx == nil {
			return fault.Field("currency", fault.BadFormat, "The currency of a company is fixed.")
		}
		if err := s.options.ChangeCurrencyTx(ctx, tx, after.ID, after.Currency); err != nil {
			return err
		}
	}
	if err := q.UpdateCompany(ctx, accountdb.UpdateCompanyParams{
		CompanyID: after.ID, Name: after.Name, Currency: after.Currency, TimeZone: after.TimeZone,
		MaxDialogs: after.MaxDialogs, OperatorsSeePrices: after.OperatorsSeePrices,
	}); err != nil {
		return fmt.Errorf("update company: %w", err)
	}
	if after.TimeZone != before.TimeZone {
		if err := q.InsertCompanyHistory(ctx, accountdb.InsertCompanyHistoryParams{
			CompanyID: after.ID, ValidFrom: s.now(), ParentID: after.ParentID, TimeZone: after.TimeZone,
		}); err != nil {
			return fmt.Errorf("note company's history: %w", err)
		}
	}
	return nil
}

func changeOfCompany(before, after accountdb.Company) Change {
	return Change{
		Action: "company.changed", Subject: fmt.Sprintf("company:%d", after.ID),
		Old: settingsOf(before), New: settingsOf(after),
	}
}

func settingsOf(c accountdb.Company) map[string]any {
	return map[string]any{
		"name": c.Name, "time_zone": c.TimeZone, "currency": c.Currency,
		"max_dialogs": c.MaxDialogs, "operators_see_prices": c.OperatorsSeePrices,
	}
}

// forgetCompany makes the next questions about a company and its members look
// into the database.
func (s *Service) forgetCompany(companyID int64) {
	s.companies.drop(companyID)
	s.members.forget(func(k memberKey, _ membership) bool { return k.companyID == companyID })
}

// Era is what a company was from an instant on.
type Era struct {
	From     time.Time
	ParentID *int64
	TimeZone string
}

// At returns what the company was at an instant; what was before it existed is
// as at its beginning.
func (s *Service) At(ctx context.Context, companyID int64, at time.Time) (Era, error) {
	rows, err := s.trusted().CompanyHistory(ctx, companyID)
	if err != nil {
		return Era{}, fmt.Errorf("read company's history: %w", err)
	}
	if len(rows) == 0 {
		return Era{}, errNoCompany
	}
	era := rows[0]
	for _, row := range rows[1:] {
		if !row.ValidFrom.After(at) {
			era = row
		}
	}
	return Era{From: era.ValidFrom, ParentID: era.ParentID, TimeZone: era.TimeZone}, nil
}

// NextNumberTx returns the next of the short numbers that people see: 1, 2, 3 …
// per company and name ("dialog", "chat" …). It locks the counter until tx
// ends, so numbers have no gaps and ascend in the order of commits.
func (s *Service) NextNumberTx(ctx context.Context, tx *db.Tx, companyID int64, name string) (int64, error) {
	n, err := accountdb.New(tx).NextNumber(ctx, accountdb.NextNumberParams{CompanyID: companyID, Name: name})
	if err != nil {
		return 0, fmt.Errorf("next %s number: %w", name, err)
	}
	return n, nil
}

// NextNumbersTx takes so many numbers at once and returns the first. With 0 it
// only locks the counter: until tx ends nobody else makes what it counts.
func (s *Service) NextNumbersTx(ctx context.Context, tx *db.Tx, companyID int64, name string, numbers int) (int64, error) {
	last, err := accountdb.New(tx).NextNumbers(ctx, accountdb.NextNumbersParams{CompanyID: companyID, Name: name, Numbers: int64(numbers)})
	if err != nil {
		return 0, fmt.Errorf("next %s numbers: %w", name, err)
	}
	return last - int64(numbers) + 1, nil
}

// NextOfEachTx is NextNumberTx for several names at once.
func (s *Service) NextOfEachTx(ctx context.Context, tx *db.Tx, companyID int64, names ...string) (map[string]int64, error) {
	rows, err := accountdb.New(tx).NextOfEach(ctx, accountdb.NextOfEachParams{CompanyID: companyID, Names: names})
	if err != nil {
		return nil, fmt.Errorf("next numbers: %w", err)
	}
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Name] = r.Value
	}
	return out, nil
}

func companyErr(what string, err error) error {
	if db.NoRows(err) {
		return errNoCompany
	}
	return fmt.Errorf("%s: %w", what, err)
}

func companyOf(row accountdb.Company) (Company, error) {
	zone, err := location(row.TimeZone)
	if err != nil {
		return Company{}, fmt.Errorf("time zone of company %d: %w", row.ID, err)
	}
	return Company{
		ID: row.ID, ParentID: row.ParentID, Kind: access.CompanyKind(row.Kind), Name: row.Name, Currency: row.Currency,
		TimeZone: row.TimeZone, Location: zone, Status: Status(row.Status), MaxDialogs: int(row.MaxDialogs),
		OperatorsSeePrices: row.OperatorsSeePrices, Version: int(row.Version), CreatedAt: row.CreatedAt,
	}, nil
}
