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
	ID          int64
	Name        string
	Email       string
	Phone       *string
	Language    string
	Theme       string
	DialogOrder string
	LastCompany *int64
	Memberships []Membership
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
			ID: user.ID, Name: user.Name, Email: user.Email, Phone: user.Phone, Language: user.Language, Theme: user.Theme,
			DialogOrder: user.DialogOrder,
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
