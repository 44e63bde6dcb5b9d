package connection

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/connection/internal/connectiondb"
	"parley/internal/platform/db"
)

// Standing is a connection that a fee may be due for.
type Standing struct {
	CompanyID int64
	ID        uuid.UUID
	Since     time.Time
}

// Standings returns the connections of companies that nobody has switched off,
// company by company and in the order in which they were made. It is trusted
// work.
func (s *Service) Standings(ctx context.Context, companyIDs []int64) ([]Standing, error) {
	rows, err := s.q.Standings(ctx, s.db.Worker(), companyIDs)
	if err != nil {
		return nil, fmt.Errorf("list standing connections: %w", err)
	}
	out := make([]Standing, len(rows))
	for i, r := range rows {
		out[i] = Standing{CompanyID: r.CompanyID, ID: r.ID, Since: r.CreatedAt}
	}
	return out, nil
}

// PauseTx stops an active connection for want of its fee, or lets a paused one
// go on. One that its company has switched off stays off.
func (s *Service) PauseTx(ctx context.Context, tx *db.Tx, companyID int64, connectionID uuid.UUID, paused bool) error {
	p := connectiondb.PauseParams{CompanyID: companyID, ID: connectionID, Old: string(Paused), New: string(Active)}
	if paused {
		p.Old, p.New = p.New, p.Old
	}
	if err := s.q.Pause(ctx, tx, p); err != nil {
		return fmt.Errorf("pause connection: %w", err)
	}
	tx.AfterCommit(s.known.clear)
	return nil
}
