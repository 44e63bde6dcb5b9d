package account

import (
	"context"
	"fmt"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
)

// Me is a signed-in user with the companies they may enter.
type Me struct {
	ID              int64
	Name            string
	Email           string
	EmailConfirmed  bool
	Phone           *string
	PhoneConfirmed  bool
	RefToken        string // stands in the link by which the user brings others
	Language        string
	Theme           string
	DialogOrder     string
	LastCompany     *int64
	Memberships     []Membership
	ConsentRequired []Consent // the texts in force that the user has not agreed to
}

// Membership is a company that a user may enter.
type Membership struct {
	CompanyID   int64
	Name        string
	Kind        access.CompanyKind
	Currency    string
	TimeZone    string
	Roles       []access.Role
	Permissions []access.Permission
}

// Me returns the acting user.
func (s *Service) Me(ctx context.Context, actor access.Actor) (Me, error) {
	var me Me
	err := s.db.ViewAll(ctx, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		user, err := q.UserByID(ctx, actor.UserID)
		if db.NoRows(err) {
			return errNobody
		}
		if err != nil {
			return fmt.Errorf("read user: %w", err)
		}
		me = Me{
			ID: user.ID, Name: user.Name, Email: user.Email, EmailConfirmed: user.EmailConfirmed, Phone: user.Phone,
			PhoneConfirmed: user.PhoneConfirmed, RefToken: user.RefToken, Language: user.Language, Theme: user.Theme,
			DialogOrder: user.DialogOrder,
		}
		if me.ConsentRequired, err = consentsRequired(ctx, q, actor.UserID); err != nil {
			return err
		}
		rows, err := q.MembershipsOfUser(ctx, actor.UserID)
		if err != nil {
			return fmt.Errorf("read memberships: %w", err)
		}
		for _, row := range rows {
			m := Membership{
				CompanyID: row.ID, Name: row.Name, Kind: access.CompanyKind(row.Kind), Currency: row.Currency,
				TimeZone: row.TimeZone, Roles: rolesOf(row.Roles),
			}
			m.Permissions = access.Grant(m.Kind, m.Roles, row.OperatorsSeePrices)
			me.Memberships = append(me.Memberships, m)
			if user.LastCompanyID != nil && *user.LastCompanyID == m.CompanyID {
				me.LastCompany = user.LastCompanyID
			}
		}
		return nil
	})
	return me, err
}

func consentsRequired(ctx context.Context, q *accountdb.Queries, userID int64) ([]Consent, error) {
	rows, err := q.ConsentsRequired(ctx, userID)
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	var required []Consent
	for _, row := range rows {
		required = append(required, Consent{row.Kind, int(row.Version)})
	}
	return required, nil
}

// MyChange is a change of one's own settings; nil keeps what is.
type MyChange struct {
	Language    *string
	Theme       *string // system, light or dark
	DialogOrder *string // newest, unanswered_oldest or waiting_longest
}

// ChangeMe changes the acting user's own settings. The values are checked by
// whoever offers them, and once more by the table.
func (s *Service) ChangeMe(ctx context.Context, actor access.Actor, c MyChange) (Me, error) {
	if err := s.trusted().UpdateUserSettings(ctx, accountdb.UpdateUserSettingsParams{
		UserID: actor.UserID, Language: c.Language, Theme: c.Theme, DialogOrder: c.DialogOrder,
	}); err != nil {
		return Me{}, fmt.Errorf("update user: %w", err)
	}
	return s.Me(ctx, actor)
}

// RememberCompany notes where the user shall land after the next sign-in.
func (s *Service) RememberCompany(ctx context.Context, actor access.Actor, companyID int64) error {
	member, err := s.InCompany(ctx, actor, companyID)
	if err != nil {
		return err
	}
	if err := s.trusted().SetLastCompany(ctx, accountdb.SetLastCompanyParams{CompanyID: member.CompanyID, UserID: member.UserID}); err != nil {
		return fmt.Errorf("note last company: %w", err)
	}
	return nil
}
