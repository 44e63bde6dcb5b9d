package account

import (
	"context"
	"fmt"
	"time"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
)

// Seat is a member that works in a company.
type Seat struct {
	CompanyID int64
	UserID    int64
	Since     time.Time
}

// Seats returns the members of companies that are not blocked, company by
// company and in the order in which they came. It is trusted work.
func (s *Service) Seats(ctx context.Context, companyIDs []int64) ([]Seat, error) {
	rows, err := s.trusted().Seats(ctx, companyIDs)
	if err != nil {
		return nil, fmt.Errorf("list seats: %w", err)
	}
	out := make([]Seat, len(rows))
	for i, r := range rows {
		out[i] = Seat{CompanyID: r.CompanyID, UserID: r.UserID, Since: r.CreatedAt}
	}
	return out, nil
}

// Paying returns at most so many companies that somebody sells to, by their
// numbers, after one of them. It is trusted work.
func (s *Service) Paying(ctx context.Context, after int64, most int) ([]int64, error) {
	companies, err := s.trusted().PayingCompanies(ctx, accountdb.PayingCompaniesParams{After: after, Most: int32(most)})
	if err != nil {
		return nil, fmt.Errorf("list paying companies: %w", err)
	}
	return companies, nil
}

// PauseMemberTx lets a member be given no dialogs from an instant on; nil ends
// the pause. What the member has stays. Whoever is gone meanwhile is left alone.
func (s *Service) PauseMemberTx(ctx context.Context, tx *db.Tx, companyID, userID int64, since *time.Time) error {
	p := accountdb.PauseMemberParams{CompanyID: companyID, UserID: userID, PausedAt: since}
	if _, err := accountdb.New(tx).PauseMember(ctx, p); err != nil {
		return fmt.Errorf("pause member: %w", err)
	}
	return nil
}
