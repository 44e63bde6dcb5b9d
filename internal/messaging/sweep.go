package messaging

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/channel"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/metering"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

const (
	sweepEvery   = 5 * time.Second
	tidyEvery    = time.Hour
	sweepAtATime = 500
	// silence is how long after it was handed over a part may still get its
	// receipt: the longest lifetime and the days that networks are late by.
	silence   = longestLife + 5*24*time.Hour
	keepKeys  = silence + 24*time.Hour
	keepEarly = 24 * time.Hour
)

// Sweep ends what nobody else ends, until ctx ends. Any number of nodes may run it.
func (s *Service) Sweep(ctx context.Context) {
	for tidied := (time.Time{}); ; {
		sweep := s.sweepQueue
		if time.Since(tidied) > tidyEvery {
			sweep, tidied = s.SweepOnce, time.Now()
		}
		if err := sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "messages cannot be swept", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepEvery):
		}
	}
}

// SweepOnce sweeps the queue, ends parts whose network keeps silent and forgets
// receipts of old.
func (s *Service) SweepOnce(ctx context.Context) error {
	return errors.Join(s.sweepQueue(ctx), s.endSilent(ctx), s.forget(ctx))
}

// sweepQueue expires what waited too long for its gateway and takes stopped
// campaigns off the queue.
func (s *Service) sweepQueue(ctx context.Context) error {
	return errors.Join(s.expireOverdue(ctx), s.withdrawStopped(ctx))
}

func (s *Service) expireOverdue(ctx context.Context) error {
	rows, err := s.q.Overdue(ctx, s.DB.Worker(), messagingdb.OverdueParams{Now: s.Clock.Now(), Most: sweepAtATime})
	if err != nil {
		return fmt.Errorf("look for overdue messages: %w", err)
	}
	list := make([]result, 0, len(rows))
	for _, r := range rows {
		list = append(list, result{row: claimOf(messagingdb.UnfinishedRow(r)), err: errTooLate})
	}
	return s.finishAll(ctx, list, uuid.Nil, channel.Capabilities{})
}

func (s *Service) withdrawStopped(ctx context.Context) error {
	rows, err := s.q.StoppedCampaigns(ctx, s.DB.Worker())
	if err != nil {
		return fmt.Errorf("look for stopped campaigns: %w", err)
	}
	var failures []error
	for _, r := range rows {
		failures = append(failures, s.withdraw(ctx, r.CompanyID, r.ID))
	}
	return errors.Join(failures...)
}

func (s *Service) withdraw(ctx context.Context, companyID int64, campaignID uuid.UUID) error {
	for left := sweepAtATime; left == sweepAtATime && ctx.Err() == nil; {
		err := s.DB.AsWorker(ctx, func(tx *db.Tx) error {
			ids, err := s.q.Withdraw(ctx, tx, messagingdb.WithdrawParams{CompanyID: companyID, CampaignID: &campaignID, Most: sweepAtATime})
			if left = len(ids); err != nil || left == 0 {
				return err
			}
			return s.dropTx(ctx, tx, companyID, ids)
		})
		if err != nil {
			return fmt.Errorf("withdraw messages of company %d: %w", companyID, err)
		}
	}
	return nil
}

// dropTx cancels attempts that were just taken off the queue.
func (s *Service) dropTx(ctx context.Context, tx *db.Tx, companyID int64, ids []uuid.UUID) error {
	rows, err := s.q.LockAttempts(ctx, tx, messagingdb.LockAttemptsParams{CompanyID: companyID, Ids: ids})
	if err != nil {
		return fmt.Errorf("lock attempts: %w", err)
	}
	var count counts
	var ends []metering.End
	for _, a := range rows {
		if a.CampaignID != nil {
			count.move(*a.CampaignID, a.Step, tally{Queued, ""}, tally{Cancelled, ""})
		}
		for part := range int(a.Parts) {
			ends = append(ends, metering.End{Reference: partReference(a.ID, part), Item: pricing.Item(a.Item), Phase: metering.Released})
		}
	}
	err = s.q.CancelAttempts(ctx, tx, messagingdb.CancelAttemptsParams{CompanyID: companyID, Ids: ids, Now: s.Clock.Now()})
	if err != nil {
		return fmt.Errorf("cancel attempts: %w", err)
	}
	if err := s.countTx(ctx, tx, companyID, count); err != nil {
		return err
	}
	return s.endHoldsTx(ctx, tx, companyID, ends)
}

func (s *Service) endSilent(ctx context.Context) error {
	rows, err := s.q.Silent(ctx, s.DB.Worker(), messagingdb.SilentParams{Before: s.Clock.Now().Add(-silence), Most: sweepAtATime})
	if err != nil {
		return fmt.Errorf("look for silent networks: %w", err)
	}
	companies := map[int64][]uuid.UUID{}
	for _, r := range rows {
		companies[r.CompanyID] = append(companies[r.CompanyID], r.AttemptID)
	}
	var failures []error
	for companyID, ids := range companies {
		failures = append(failures, s.DB.AsWorker(ctx, func(tx *db.Tx) error {
			locked, err := s.q.LockAttempts(ctx, tx, messagingdb.LockAttemptsParams{CompanyID: companyID, Ids: ids})
			if err != nil {
				return fmt.Errorf("lock attempts: %w", err)
			}
			ended, err := s.q.EndSilentParts(ctx, tx, messagingdb.EndSilentPartsParams{CompanyID: companyID, AttemptIds: ids})
			if err != nil {
				return fmt.Errorf("end silent parts: %w", err)
			}
			parts := make([]endedPart, 0, len(ended))
			for _, r := range ended {
				parts = append(parts, endedPart{attempt: r.AttemptID, part: int(r.Part), status: channel.Status(r.Status)})
			}
			return s.endPartsTx(ctx, tx, companyID, locked, parts)
		}))
	}
	return errors.Join(failures...)
}

func (s *Service) forget(ctx context.Context) error {
	now := s.Clock.Now()
	_, err := s.q.ForgetKeys(ctx, s.DB.Worker(), now.Add(-keepKeys))
	_, early := s.q.ForgetEarly(ctx, s.DB.Worker(), now.Add(-keepEarly))
	return errors.Join(err, early)
}

// MakePartitions keeps partitions ready for the next months.
func (s *Service) MakePartitions(ctx context.Context) error {
	if err := s.q.MakePartitions(ctx, s.DB.Worker()); err != nil {
		return fmt.Errorf("make partitions of attempts: %w", err)
	}
	return nil
}
