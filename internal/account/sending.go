package account

import (
	"context"
	"fmt"
	"time"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// How often codes and letters may be asked for. Whoever sends them counts too:
// by prefix, by day and over the installation. What people ask for signed in is
// counted apart from what strangers ask for, or a refusal would tell strangers
// whose address it is.
var (
	perNumber  = []rate{{1, resendAfter}, {5, time.Hour}}
	perEmail   = []rate{{1, resendAfter}, {5, time.Hour}}
	perAddress = []rate{{20, longestSpan}}
)

const (
	resendAfter = time.Minute
	longestSpan = 24 * time.Hour
)

// rate is so many in a span.
type rate struct {
	n    int
	span time.Duration
}

// allowance is how often something may be asked for about a subject.
type allowance struct {
	subject string
	rates   []rate
}

// askTx counts a request against its allowances, or refuses it as
// rate_limited. The counters stay locked until tx ends, so of requests side by
// side only as many get through as are allowed; a refused one rolls back.
func (s *Service) askTx(ctx context.Context, tx *db.Tx, allowances ...allowance) error {
	now := s.now()
	rates, subjects := map[string][]rate{}, []string{}
	for _, a := range allowances {
		rates[a.subject] = a.rates
		subjects = append(subjects, a.subject)
	}
	rows, err := accountdb.New(tx).Ask(ctx, accountdb.AskParams{
		Now: now, Since: now.Add(-longestSpan), ForgetAt: now.Add(longestSpan), Subjects: subjects,
	})
	if err != nil {
		return fmt.Errorf("count request: %w", err)
	}
	var wait time.Duration
	for _, row := range rows {
		before := row.AskedAt[:len(row.AskedAt)-1]
		for _, r := range rates[row.Subject] {
			wait = max(wait, r.wait(before, now))
		}
	}
	if wait > 0 {
		return fault.New(fault.RateLimited, "This was asked for too often. Try again later.").After(wait)
	}
	return nil
}

// wait is how long it takes until one more is allowed after those before.
func (r rate) wait(before []time.Time, now time.Time) time.Duration {
	if len(before) < r.n {
		return 0
	}
	return before[len(before)-r.n].Add(r.span).Sub(now)
}
