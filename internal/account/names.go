package account

import (
	"context"
	"fmt"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
)

// NamesTx returns what users are called, also those who have left the company:
// what they did there stays theirs. The ids must come from records of the
// company, for others' people are none of its business.
func (s *Service) NamesTx(ctx context.Context, tx *db.Tx, companyID int64, userIDs []int64) (map[int64]string, error) {
	members, err := s.MembersTx(ctx, tx, companyID, userIDs)
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(userIDs))
	var left []int64
	for _, id := range userIDs {
		if m, ok := members[id]; ok {
			names[id] = m.Name
		} else {
			left = append(left, id)
		}
	}
	if len(left) == 0 {
		return names, nil
	}
	// The company's own role sees its members only.
	rows, err := accountdb.New(s.db.Lookup()).NamesOfUsers(ctx, left)
	if err != nil {
		return nil, fmt.Errorf("read names of users who left: %w", err)
	}
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, nil
}
