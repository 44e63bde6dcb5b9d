package account

import (
	"context"
	"fmt"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
)

// NamesTx returns what users are called, also those who have left the company:
// what they did there stays theirs. The ids must come from records of the
// caller's company, for others' people are none of its business.
func (s *Service) NamesTx(ctx context.Context, tx *db.Tx, userIDs []int64) (map[int64]string, error) {
	rows, err := accountdb.New(tx).NamesOfUsers(ctx, userIDs)
	if err != nil {
		return nil, fmt.Errorf("read names of users: %w", err)
	}
	names := make(map[int64]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, nil
}
