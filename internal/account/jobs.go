package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/platform/jobs"
)

// Cleanup deletes sign-ins that have expired and failed attempts that no longer
// count, and returns how many of both.
func (s *Service) Cleanup(ctx context.Context) (int64, error) {
	now := s.now()
	signIns, err := s.trusted().DeleteExpiredSignIns(ctx, now)
	failures, err2 := s.trusted().DeleteOldFailures(ctx, now)
	if err := errors.Join(err, err2); err != nil {
		return 0, fmt.Errorf("clean up sign-ins: %w", err)
	}
	return signIns + failures, nil
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
