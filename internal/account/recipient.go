package account

import (
	"context"
	"fmt"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Recipient is a user as a letter needs to know them. TimeZone is that of the
// company they were in last, or that the letter speaks of.
type Recipient struct {
	UserID         int64
	Name           string
	Email          string
	EmailConfirmed bool
	Language       string
	TimeZone       string
}

// RecipientTx returns the user to write to. Only trusted work asks: it says
// how a user signs in.
func (s *Service) RecipientTx(ctx context.Context, tx *db.Tx, userID int64) (Recipient, error) {
	row, err := accountdb.New(tx).RecipientByID(ctx, userID)
	if db.NoRows(err) {
		return Recipient{}, fault.New(fault.NotFound, "There is no such user.")
	}
	if err != nil {
		return Recipient{}, fmt.Errorf("read recipient: %w", err)
	}
	return Recipient{row.ID, row.Name, row.Email, row.EmailConfirmed, row.Language, row.TimeZone}, nil
}

// RecipientsTx returns those of a company who hold one of the roles and have a
// confirmed address. Only trusted work asks.
func (s *Service) RecipientsTx(ctx context.Context, tx *db.Tx, companyID int64, roles ...access.Role) ([]Recipient, error) {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	rows, err := accountdb.New(tx).RecipientsOfCompany(ctx, accountdb.RecipientsOfCompanyParams{CompanyID: companyID, Roles: names})
	if err != nil {
		return nil, fmt.Errorf("read recipients: %w", err)
	}
	out := make([]Recipient, len(rows))
	for i, row := range rows {
		out[i] = Recipient{row.ID, row.Name, row.Email, row.EmailConfirmed, row.Language, row.TimeZone}
	}
	return out, nil
}
