package fee

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"parley/internal/account"
	"parley/internal/connection"
	"parley/internal/fee/internal/feedb"
	"parley/internal/metering"
	"parley/internal/notify"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

const (
	retryEvery  = time.Minute
	chargeEvery = 10 // retries
	atOnce      = 500
	notice      = 3 * 24 * time.Hour // until an unpaid thing pauses
)

// Deps are what a service works with.
type Deps struct {
	DB          *db.DB
	Clock       clock.Clock
	Accounts    *account.Service
	Connections *connection.Service
	Prices      *pricing.Service
	Metering    *metering.Service
	Notify      *notify.Service
	Log         *slog.Logger
}

// Service charges monthly fees.
type Service struct {
	Deps
	q *feedb.Queries
}

// New returns a service on the database.
func New(d Deps) *Service {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	return &Service{Deps: d, q: feedb.New()}
}

// now is as exact as the database keeps it.
func (s *Service) now() time.Time { return s.Clock.Now().UTC().Truncate(time.Microsecond) }

// Run charges fees until ctx ends. Any number of nodes may run it.
func (s *Service) Run(ctx context.Context) {
	for n := 0; ; n++ {
		steps := []func(context.Context) error{s.Retry}
		if n%chargeEvery == 0 {
			steps = append(steps, s.Charge)
		}
		for _, step := range steps {
			if err := step(ctx); err != nil && ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "charging monthly fees failed and is tried again", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(retryEvery):
		}
	}
}

// Charge charges all fees that are due and were not looked at. One company's
// trouble does not keep the others waiting.
func (s *Service) Charge(ctx context.Context) error {
	var failures []error
	for after := int64(0); ; {
		companies, err := s.Accounts.Paying(ctx, after, atOnce)
		if err != nil || len(companies) == 0 {
			return errors.Join(append(failures, err)...)
		}
		after = companies[len(companies)-1]
		due, err := s.due(ctx, companies)
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		for _, companyID := range companies {
			if err := s.charge(ctx, companyID, due[companyID]); err != nil {
				failures = append(failures, fmt.Errorf("charge fees of company %d: %w", companyID, err))
			}
		}
	}
}

// due finds what is due of companies, with as many statements for many as for
// one.
func (s *Service) due(ctx context.Context, companies []int64) (map[int64][]due, error) {
	things, err := s.things(ctx, companies)
	if err != nil {
		return nil, err
	}
	rows, err := s.q.LastMonths(ctx, s.DB.Worker(), companies)
	if err != nil {
		return nil, fmt.Errorf("read fees: %w", err)
	}
	last := make(map[name]time.Time, len(rows))
	for _, r := range rows {
		last[name{r.CompanyID, pricing.Item(r.Item), r.Thing}] = r.Month
	}
	now := s.now()
	out := map[int64][]due{}
	for _, t := range things {
		c, err := s.Accounts.Company(ctx, t.companyID)
		if err != nil {
			return nil, fmt.Errorf("fees of company %d: %w", t.companyID, err)
		}
		out[c.ID] = append(out[c.ID], dues(t, now, c.Location, last[t.name()])...)
	}
	for _, all := range out {
		slices.SortStableFunc(all, func(a, b due) int { return cmp.Compare(a.month.Unix(), b.month.Unix()) })
	}
	return out, nil
}

// things lists what fees may be due for.
func (s *Service) things(ctx context.Context, companies []int64) ([]thing, error) {
	var out []thing
	seats, err := s.Accounts.Seats(ctx, companies)
	if err != nil {
		return nil, err
	}
	for _, x := range seats {
		out = append(out, thing{x.CompanyID, pricing.UserFee, strconv.FormatInt(x.UserID, 10), x.Since})
	}
	standings, err := s.Connections.Standings(ctx, companies)
	if err != nil {
		return nil, err
	}
	for _, x := range standings {
		out = append(out, thing{x.CompanyID, pricing.ConnectionFee, x.ID.String(), x.Since})
	}
	return out, nil
}
