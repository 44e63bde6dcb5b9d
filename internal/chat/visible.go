package chat

import (
	"context"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/platform/db"
)

// MaySee says whether the actor may read along in a dialog: nil, or the fault
// that there is no such dialog for them.
func (s *Service) MaySee(ctx context.Context, actor access.Actor, dialogID uuid.UUID) error {
	return s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		_, err := s.seenDialogTx(ctx, tx, actor, dialogID)
		return err
	})
}

// Unread counts, for each company of a user, their own dialogs with messages
// they have not read.
func (s *Service) Unread(ctx context.Context, userID int64) (map[int64]int, error) {
	rows, err := s.q.UnreadOfUser(ctx, s.db.Worker(), userID)
	if err != nil {
		return nil, wrap("count unread dialogs", err)
	}
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		out[r.CompanyID] = r.Dialogs
	}
	return out, nil
}

// States returns the state of each operator of a company who is not offline.
func (s *Service) States(ctx context.Context, companyID int64) (map[int64]string, error) {
	out := map[int64]string{}
	err := s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) error {
		rows, err := s.q.OperatorStates(ctx, tx, companyID)
		for _, r := range rows {
			out[r.UserID] = r.State
		}
		return wrap("read states of operators", err)
	})
	return out, err
}
