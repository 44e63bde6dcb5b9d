package messaging

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/platform/db"
)

// tally is what attempts of a campaign are counted by.
type tally struct {
	state  State
	reason string
}

type countKey struct {
	campaign uuid.UUID
	step     int16
	tally
}

// counts are changes of the counts of campaigns.
type counts map[countKey]int64

func (c *counts) add(campaign uuid.UUID, step int16, t tally, n int64) {
	if *c == nil {
		*c = counts{}
	}
	(*c)[countKey{campaign, step, t}] += n
}

func (c *counts) move(campaign uuid.UUID, step int16, from, to tally) {
	c.add(campaign, step, from, -1)
	c.add(campaign, step, to, 1)
}

func (s *Service) countTx(ctx context.Context, tx *db.Tx, companyID int64, c counts) error {
	p := messagingdb.CountStatesParams{CompanyID: companyID}
	for k, n := range c {
		if n == 0 {
			continue
		}
		p.CampaignIds, p.Steps = append(p.CampaignIds, k.campaign), append(p.Steps, k.step)
		p.States, p.Reasons, p.Attempts = append(p.States, string(k.state)), append(p.Reasons, k.reason), append(p.Attempts, n)
	}
	if len(p.States) == 0 {
		return nil
	}
	if err := s.q.CountStates(ctx, tx, p); err != nil {
		return fmt.Errorf("count states: %w", err)
	}
	return nil
}

func (s *Service) countAccepted(ctx context.Context, tx *db.Tx, b batch) error {
	var c counts
	if b.campaign != nil {
		c.add(*b.campaign, b.step, tally{Queued, ""}, int64(len(b.drafts)))
	}
	return s.countTx(ctx, tx, b.actor.CompanyID, c)
}
