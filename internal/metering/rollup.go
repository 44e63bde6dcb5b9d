package metering

import (
	"context"
	"fmt"
	"time"

	"parley/internal/metering/internal/meteringdb"
	"parley/internal/platform/db"
)

// The grains of rollups.
const (
	quarters int16 = iota // 15 minutes
	days
	months
)

// bucket returns the start of the grain's bucket that a quarter lies in.
func bucket(grain int16, quarter time.Time) time.Time {
	t := quarter.UTC()
	switch grain {
	case days:
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	case months:
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	return t
}

// addRollups adds what was posted to all grains. The locks of the books, which
// the caller holds, keep others from the same rows.
func (s *Service) addRollups(ctx context.Context, tx *db.Tx, sums []meteringdb.BatchSumsRow) error {
	type key struct {
		company  int64
		grain    int16
		bucket   time.Time
		item     string
		seller   int64
		currency string
	}
	places := map[key]int{}
	var p meteringdb.AddRollupsParams
	for _, r := range sums {
		sign := int64(1)
		if Phase(r.Phase) == Refunded {
			sign = -1
		}
		for _, grain := range []int16{quarters, days, months} {
			k := key{r.CompanyID, grain, bucket(grain, r.Bucket), r.Item, orNobody(r.SellerID), r.Currency}
			i, known := places[k]
			if !known {
				i = len(p.Grains)
				places[k] = i
				var reseller int64
				if r.WholesaleSellerID != nil {
					reseller = k.seller
				}
				p.CompanyIds = append(p.CompanyIds, k.company)
				p.Grains = append(p.Grains, k.grain)
				p.Buckets = append(p.Buckets, k.bucket)
				p.Items = append(p.Items, k.item)
				p.SellerIds = append(p.SellerIds, k.seller)
				p.ResellerIds = append(p.ResellerIds, reseller)
				p.Currencies = append(p.Currencies, k.currency)
				p.Quantities = append(p.Quantities, 0)
				p.Amounts = append(p.Amounts, 0)
				p.WholesaleAmounts = append(p.WholesaleAmounts, 0)
			}
			p.Quantities[i] += sign * r.Quantity
			p.Amounts[i] += sign * r.Amount
			p.WholesaleAmounts[i] += sign * r.WholesaleAmount
		}
	}
	if len(places) == 0 {
		return nil
	}
	if err := s.q.AddRollups(ctx, tx, p); err != nil {
		return fmt.Errorf("add to rollups: %w", err)
	}
	return nil
}
