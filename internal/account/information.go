package account

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Information is what a company says of itself. Email and Phone reach the
// company, not one of its people; empty is not filled in.
type Information struct {
	Name       string
	Email      string
	Phone      string // E.164
	TimeZone   string
	MaxDialogs int
	Requisites Requisites
	Version    int // the company's
}

// Missing names what is required and not filled in, by JSON paths.
func (i Information) Missing() []string {
	missing := []string{}
	for _, f := range []struct{ path, value string }{{"name", i.Name}, {"email", i.Email}, {"phone", i.Phone}} {
		if f.value == "" {
			missing = append(missing, f.path)
		}
	}
	for _, path := range i.Requisites.Missing() {
		missing = append(missing, underRequisites+path)
	}
	return missing
}

// Information returns what the actor's company says of itself.
func (s *Service) Information(ctx context.Context, actor access.Actor) (Information, error) {
	return s.information(ctx, actor.CompanyID)
}

func (s *Service) information(ctx context.Context, companyID int64) (Information, error) {
	var info Information
	err := s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		company, err := q.CompanyByID(ctx, companyID)
		if err != nil {
			return companyErr("read company", err)
		}
		details, err := detailsTx(ctx, q, companyID)
		if err != nil {
			return err
		}
		info, err = informationOf(company, details)
		return err
	})
	return info, err
}

// RequireInformation refuses as company_incomplete, with the list of what is
// missing, until the company's information is complete.
func (s *Service) RequireInformation(ctx context.Context, companyID int64) error {
	info, err := s.information(ctx, companyID)
	if err != nil {
		return err
	}
	if missing := info.Missing(); len(missing) > 0 {
		return fault.New(fault.CompanyIncomplete, "Complete the company's information first.").With("missing", missing)
	}
	return nil
}

// detailsTx returns empty details when there are none.
func detailsTx(ctx context.Context, q *accountdb.Queries, companyID int64) (accountdb.CompanyDetail, error) {
	row, err := q.CompanyDetails(ctx, companyID)
	if db.NoRows(err) {
		return accountdb.CompanyDetail{CompanyID: companyID, Requisites: json.RawMessage("{}")}, nil
	}
	if err != nil {
		return row, fmt.Errorf("read company's details: %w", err)
	}
	return row, nil
}

func informationOf(company accountdb.Company, details accountdb.CompanyDetail) (Information, error) {
	requisites, err := requisitesOf(details)
	if requisites.DocumentEmails == nil {
		requisites.DocumentEmails = []string{}
	}
	return Information{
		Name: company.Name, Email: details.Email, Phone: details.Phone, TimeZone: company.TimeZone,
		MaxDialogs: int(company.MaxDialogs), Requisites: requisites, Version: int(company.Version),
	}, err
}

// ChangeInformation stores what the actor's company says of itself. With a
// version in next it is refused when that is not the one stored; 0 changes
// whatever is. Name, time zone and dialogs need the right to manage the
// company on top of that to see its details.
func (s *Service) ChangeInformation(ctx context.Context, actor access.Actor, next Information) (Information, error) {
	if err := next.check(); err != nil {
		return Information{}, err
	}
	var after Information
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		company, err := q.LockCompany(ctx, actor.CompanyID)
		if err != nil {
			return companyErr("lock company", err)
		}
		if next.Version != 0 && next.Version != int(company.Version) {
			return fault.New(fault.VersionConflict, "Somebody else has changed this meanwhile.").With("version", company.Version)
		}
		details, err := detailsTx(ctx, q, actor.CompanyID)
		if err != nil {
			return err
		}
		before, err := informationOf(company, details)
		if err != nil {
			return err
		}
		next.Version = before.Version
		if after = next; reflect.DeepEqual(before, next) {
			return nil
		}
		if before.managed() != next.managed() && !actor.May(access.CompanyManage) {
			return fault.New(fault.Forbidden, "Your role allows to change billing details only.").With("permission", string(access.CompanyManage))
		}
		after.Version++
		return s.storeInformationTx(ctx, tx, actor, storing{company: company, before: before, after: next})
	})
	return after, err
}

// managed is the part of the information that belongs to the settings.
func (i Information) managed() [3]any { return [3]any{i.Name, i.TimeZone, i.MaxDialogs} }

func (i *Information) check() error {
	var p problems
	i.Name = p.text("name", i.Name, true, MaxName)
	if i.Email != "" {
		i.Email = p.email("email", i.Email)
	}
	i.Phone = textOf(p.phone("phone", i.Phone))
	p.timeZone("time_zone", i.TimeZone)
	p.limit("max_dialogs", i.MaxDialogs)
	i.Requisites.check(&p)
	return p.err()
}

type storing struct {
	company       accountdb.Company // as it was
	before, after Information
}

func (s *Service) storeInformationTx(ctx context.Context, tx *db.Tx, actor access.Actor, c storing) error {
	next := c.company
	next.Name, next.TimeZone, next.MaxDialogs = c.after.Name, c.after.TimeZone, int32(c.after.MaxDialogs)
	if err := s.storeCompanyTx(ctx, tx, c.company, next); err != nil {
		return err
	}
	data, err := json.Marshal(c.after.Requisites)
	if err != nil {
		return fmt.Errorf("company's details: %w", err)
	}
	if err := accountdb.New(tx).PutCompanyDetails(ctx, accountdb.PutCompanyDetailsParams{
		CompanyID: c.company.ID, Email: c.after.Email, Phone: c.after.Phone, Requisites: data,
	}); err != nil {
		return fmt.Errorf("store company's details: %w", err)
	}
	tx.AfterCommit(func() { s.forgetCompany(c.company.ID) })
	return s.RecordTx(ctx, tx, actor, Change{
		Action: "company.changed", Subject: fmt.Sprintf("company:%d", c.company.ID), Old: c.before.trail(), New: c.after.trail(),
	})
}

// trail is the information as the audit trail keeps it: flat, so that only the
// fields that differ are kept.
func (i Information) trail() map[string]any {
	t := map[string]any{
		"name": i.Name, "email": i.Email, "phone": i.Phone, "time_zone": i.TimeZone, "max_dialogs": i.MaxDialogs,
		"requisites.postal_same": i.Requisites.PostalSame, "requisites.document_emails": i.Requisites.DocumentEmails,
	}
	for _, f := range fields {
		t[underRequisites+f.path] = *f.value(&i.Requisites)
	}
	return t
}
