package notify

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/db"
)

// alarmed passes a refusal on to Alarm. Caps of one number or one address are
// everyday life; those of a prefix and of the day mean money.
func (s *Service) alarmed(r refused) {
	if r.Scope != perPrefix && r.Scope != perDay {
		return
	}
	select {
	case s.refusals <- r:
	default: // the ones before it raise the alarm
	}
}

// Alarm tells platform administrators, once in the span of each cap, that
// codes are refused and what they would have cost, until ctx ends. Every node
// runs it for the codes that it refuses.
func (s *Service) Alarm(ctx context.Context) {
	type which struct{ scope, key string }
	counts := map[which]int{}
	last := map[which]refused{}
	var tell <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-s.refusals:
			c := which{r.Scope, r.Key}
			counts[c]++
			last[c] = r
			if tell == nil {
				tell = time.After(s.options.Gather)
			}
		case <-tell:
			for c, r := range last {
				if err := s.tellCap(ctx, r, counts[c]); err != nil && ctx.Err() == nil {
					s.log.ErrorContext(ctx, "administrators could not be told of a cap", "cap", r.Scope, "error", err)
				}
			}
			clear(counts)
			clear(last)
			tell = nil
		}
	}
}

// tellCap writes to the platform's owners and administrators. The fact is
// named by the cap and when it ends, so that nodes and minutes say it once.
func (s *Service) tellCap(ctx context.Context, r refused, refusals int) error {
	platformID, err := s.accounts.PlatformID(ctx)
	if err != nil {
		return err
	}
	platform, err := s.accounts.Company(ctx, platformID)
	if err != nil {
		return err
	}
	cost := func(codes int, language string) string {
		if s.options.CodePrice == 0 {
			return "?"
		}
		return Amount(money.Money{Amount: s.options.CodePrice.MulDiv(int64(codes), 1), Currency: platform.Currency}, language)
	}
	s.log.WarnContext(ctx, "codes by SMS are refused: a cap is reached",
		"cap", r.Scope, "prefix", r.Key, "sent", r.Used, "sent_cost", cost(r.Used, "en"), "refused", refusals, "refused_cost", cost(refusals, "en"), "until", r.Until)
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		return s.CompanyLetterTx(ctx, tx, CompanyLetter{
			CompanyID: platformID, Roles: []access.Role{access.Owner, access.Administrator}, Kind: "sms_cap_reached",
			Fact: uuid.NewSHA1(uuid.Nil, []byte(r.Scope+" "+r.Key+" "+r.Until.UTC().Format(time.RFC3339))),
			Data: func(to account.Recipient) map[string]string {
				return map[string]string{
					"Prefix": r.Key, "Sent": strconv.Itoa(r.Used), "SentCost": cost(r.Used, to.Language),
					"Refused": strconv.Itoa(refusals), "RefusedCost": cost(refusals, to.Language), "Until": ClockTime(r.Until, to.TimeZone),
				}
			},
		})
	})
}
