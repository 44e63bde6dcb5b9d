package billing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/metering"
	"parley/internal/platform/fault"
)

// Usage returns a page of what stands behind a line of an invoice of the
// actor's company, and where the page ended; nil when nothing follows.
func (s *Service) Usage(ctx context.Context, actor access.Actor, invoiceID uuid.UUID, n int, after metering.MonthPlace, limit int) ([]metering.Part, *metering.MonthPlace, error) {
	i, err := s.ByID(ctx, actor, invoiceID)
	if err != nil {
		return nil, nil, err
	}
	if n < 1 || n > len(i.Lines) {
		return nil, nil, fault.New(fault.NotFound, "The invoice has no such line.")
	}
	l := i.Lines[n-1]
	if l.Item == "" || i.Period == nil {
		return nil, nil, nil
	}
	return s.metering.UsageOfMonth(ctx, metering.MonthUsage{
		CompanyID: actor.CompanyID, Period: *i.Period, Item: l.Item, UnitPrice: l.ListPrice,
		// A dependent's month may begin up to 26 hours before; whatever belongs
		// to the month was posted before the invoice.
		Since: i.Period.Add(-27 * time.Hour), Until: i.IssuedAt, After: after, Limit: limit,
	})
}
