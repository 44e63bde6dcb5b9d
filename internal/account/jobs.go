package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/jobs"
)

// keepProofs is how long a code or link that leads nowhere any more still says
// so, instead of never having been.
const keepProofs = 24 * time.Hour

// Cleanup deletes sign-ins, codes and links that have expired and failed
// attempts that no longer count, and returns how many.
func (s *Service) Cleanup(ctx context.Context) (int64, error) {
	now := s.now()
	signIns, err := s.trusted().DeleteExpiredSignIns(ctx, now)
	failures, err2 := s.trusted().DeleteOldFailures(ctx, now)
	proofs, err3 := s.trusted().DeleteOldProofs(ctx, accountdb.DeleteOldProofsParams{Before: now.Add(-keepProofs), Now: now})
	_, err4 := s.trusted().DeleteOldDevices(ctx, now.Add(-keepDevices))
	if err := errors.Join(err, err2, err3, err4); err != nil {
		return 0, fmt.Errorf("clean up sign-ins: %w", err)
	}
	return signIns + failures + proofs, nil
}

type cleanUpSignIns struct{}

func (cleanUpSignIns) Kind() string { return "account.clean_up_sign_ins" }

// Jobs adds this feature's work to the queue.
func (s *Service) Jobs(q *jobs.Queue) {
	jobs.Handle(q, func(ctx context.Context, _ cleanUpSignIns) error {
		_, err := s.Cleanup(ctx)
		return err
	})
	jobs.Periodic(q, time.Hour, cleanUpSignIns{})
}
