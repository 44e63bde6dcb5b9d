package account

import (
	"context"
	"fmt"

	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Recipient is a user as a letter needs to know them. TimeZone is that of the
// company they were in last.
type Recipient struct {
	UserID         int64
	Name           string
	Email          string
	EmailConfirmed bool
	Language       string
	TimeZone       string
}

// Recipient returns the user to write to. Only trusted work asks: it says how
// a user signs in.
func (s *Service) Recipient(ctx context.Context, userID int64) (Recipient, error) {
	row, err := s.trusted().RecipientByID(ctx, userID)
	if db.NoRows(err) {
		return Recipient{}, fault.New(fault.NotFound, "There is no such user.")
	}
	if err != nil {
		return Recipient{}, fmt.Errorf("read recipient: %w", err)
	}
	return Recipient{row.ID, row.Name, row.Email, row.EmailConfirmed, row.Language, row.TimeZone}, nil
}
