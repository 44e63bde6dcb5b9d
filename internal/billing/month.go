package billing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/billing/internal/billingdb"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/id"
)

const (
	billTogether = 100 // companies in one transaction
	// farthestEast is the zone in which a month begins first, UTC+14.
	farthestEast = 14 * time.Hour
	// postWithin is how long a group waits for its charges to be posted before
	// it is left for the next turn.
	postWithin = 20 * time.Second
)

// OnCompanyCreated notes from which month on a company is billed; subscribe it
// to account's event.
func (s *Service) OnCompanyCreated(ctx context.Context, tx *db.Tx, e events.Of[account.CompanyCreated]) error {
	company, err := s.accounts.Company(ctx, e.Event.CompanyID)
	if err != nil {
		return err
	}
	if company.ParentID == nil {
		return nil
	}
	// A move to the west within the first day must not leave its usage out.
	open := month(company.CreatedAt.Add(-26*time.Hour), time.UTC)
	if err := s.q.OpenMonth(ctx, tx, billingdb.OpenMonthParams{CompanyID: company.ID, Open: open}); err != nil {
		return fmt.Errorf("open billing month: %w", err)
	}
	return nil
}

// group is companies of one seller that are billed together.
type group struct {
	period    time.Time
	seller    int64
	resellers bool
	companies []account.Company
}

// Bill issues the invoices of all months that have ended for their companies,
// except those that another node is issuing, and says how many companies it has
// billed. One group's trouble does not keep the others waiting.
func (s *Service) Bill(ctx context.Context) (int, error) {
	billed := 0
	for {
		groups, err := s.due(ctx)
		if err != nil {
			return billed, err
		}
		n := 0
		var failures []error
		for _, g := range groups {
			done, err := s.billGroup(ctx, g)
			n += done
			failures = append(failures, err)
		}
		billed += n
		if err := errors.Join(failures...); err != nil || n == 0 {
			return billed, err
		}
	}
}

// due groups the companies whose open month has ended, months in their order
// and resellers after all others. Who has several months to catch up with is
// due again for the next.
func (s *Service) due(ctx context.Context) ([]group, error) {
	now := s.now()
	rows, err := s.q.Due(ctx, s.db.Worker(), month(now.Add(farthestEast), time.UTC))
	if err != nil {
		return nil, fmt.Errorf("list companies to bill: %w", err)
	}
	var out []group
	filling := map[[3]int64]int{}
	for _, r := range rows {
		c, err := s.accounts.Company(ctx, r.CompanyID)
		if err != nil {
			return nil, fmt.Errorf("bill company %d: %w", r.CompanyID, err)
		}
		if !month(now, c.Location).After(r.Open) {
			continue
		}
		g := group{period: r.Open, seller: *c.ParentID, resellers: c.Kind == access.Reseller}
		key := [3]int64{g.period.Unix(), g.seller, 0}
		if g.resellers {
			key[2] = 1
		}
		i, ok := filling[key]
		if !ok || len(out[i].companies) == billTogether {
			i = len(out)
			filling[key] = i
			out = append(out, g)
		}
		out[i].companies = append(out[i].companies, c)
	}
	slices.SortStableFunc(out, func(a, b group) int {
		if a.resellers != b.resellers {
			if a.resellers {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.period.Unix(), b.period.Unix())
	})
	return out, nil
}

func (g group) ids() []int64 {
	out := make([]int64, len(g.companies))
	for i, c := range g.companies {
		out[i] = c.ID
	}
	return out
}

func (g group) next() time.Time { return g.period.AddDate(0, 1, 0) }

// ends are the instants at which the month ended for the companies.
func (g group) ends() map[int64]time.Time {
	out := make(map[int64]time.Time, len(g.companies))
	for _, c := range g.companies {
		out[c.ID] = begins(g.next(), c.Location)
	}
	return out
}

func (s *Service) billGroup(ctx context.Context, g group) (int, error) {
	g, err := s.withoutWaiting(ctx, g)
	if err != nil || len(g.companies) == 0 {
		return 0, err
	}
	batches, err := s.ledger.EndMonth(ctx, g.ids(), g.next())
	if err != nil {
		return 0, err
	}
	posted, err := s.postAll(ctx, batches)
	if err != nil || !posted {
		return 0, err
	}
	// Parties are read before the transaction: in it they would need a second
	// connection.
	parties := map[int64]Party{}
	for _, companyID := range g.ids() {
		if parties[companyID], _, err = s.party(ctx, companyID); err != nil {
			return 0, err
		}
	}
	if parties[g.seller], _, err = s.seller(ctx, g.seller); err != nil {
		return 0, err
	}
	billed := 0
	err = s.db.AsWorker(ctx, func(tx *db.Tx) error {
		billed, err = s.billTx(ctx, tx, g, parties)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("bill %s for companies of %d: %w", g.period.Format("2006-01"), g.seller, err)
	}
	return billed, nil
}

// withoutWaiting leaves out resellers some of whose dependents have not come to
// the month's end, since those still use what the reseller pays.
func (s *Service) withoutWaiting(ctx context.Context, g group) (group, error) {
	if !g.resellers {
		return g, nil
	}
	ready := g.companies[:0:0]
	for _, c := range g.companies {
		dependents, err := s.ledger.Dependents(ctx, c.ID)
		if err != nil {
			return g, err
		}
		behind, err := s.q.Behind(ctx, s.db.Worker(), billingdb.BehindParams{CompanyIds: dependents, Month: g.period})
		if err != nil {
			return g, fmt.Errorf("look for dependents to bill: %w", err)
		}
		if len(behind) == 0 {
			ready = append(ready, c)
		}
	}
	g.companies = ready
	return g, nil
}

// postAll waits until batches are in the books, and helps.
func (s *Service) postAll(ctx context.Context, batches []ledger.Batch) (bool, error) {
	for began := time.Now(); ; {
		if len(batches) == 0 {
			return true, nil
		}
		_, settled := s.metering.Settle(ctx)
		left, err := s.ledger.Unposted(ctx, batches)
		if err != nil {
			return false, err
		}
		if batches = left; len(batches) == 0 {
			return true, nil
		}
		if settled != nil || time.Since(began) > postWithin {
			return false, settled
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// books is what is known of a month of companies.
type books struct {
	sums   map[int64][]metering.MonthSum
	months map[int64]ledger.Month
	owed   map[int64]money.Amount // of earlier months, when this one ended
}

// billTx bills those of a group that nobody else is billing.
func (s *Service) billTx(ctx context.Context, tx *db.Tx, g group, parties map[int64]Party) (int, error) {
	mine, err := s.q.LockMonths(ctx, tx, billingdb.LockMonthsParams{CompanyIds: g.ids(), Open: g.period})
	if err != nil {
		return 0, fmt.Errorf("lock months: %w", err)
	}
	if len(mine) == 0 {
		return 0, nil
	}
	ends := g.ends()
	for companyID := range ends {
		if !slices.Contains(mine, companyID) {
			delete(ends, companyID)
		}
	}
	b, err := s.booksTx(ctx, tx, g.period, ends)
	if err != nil {
		return 0, err
	}
	invoices := map[int64][]Invoice{} // by seller
	for _, c := range g.companies {
		if _, ok := ends[c.ID]; ok {
			if err := s.monthly(ctx, g, c, parties, b, invoices); err != nil {
				return 0, err
			}
		}
	}
	for sellerID, of := range invoices {
		sellerCompany, err := s.accounts.Company(ctx, sellerID)
		if err != nil {
			return 0, err
		}
		if err := s.storeTx(ctx, tx, Monthly, sellerCompany, of); err != nil {
			return 0, err
		}
		for _, i := range of {
			if err := s.paidSinceTx(ctx, tx, i, ends[i.CompanyID]); err != nil {
				return 0, err
			}
		}
	}
	if err := s.q.MonthsBilled(ctx, tx, billingdb.MonthsBilledParams{CompanyIds: mine, Next: g.next()}); err != nil {
		return 0, fmt.Errorf("go on to the next month: %w", err)
	}
	return len(mine), nil
}

func (s *Service) booksTx(ctx context.Context, tx *db.Tx, period time.Time, ends map[int64]time.Time) (b books, err error) {
	p := billingdb.OwedAtEndsParams{Period: period}
	for companyID, end := range ends {
		p.CompanyIds = append(p.CompanyIds, companyID)
		p.Ends = append(p.Ends, end)
	}
	if b.sums, err = s.metering.MonthsTx(ctx, tx, p.CompanyIds, period); err != nil {
		return b, err
	}
	if b.months, err = s.ledger.MonthsTx(ctx, tx, period, ends); err != nil {
		return b, err
	}
	rows, err := s.q.OwedAtEnds(ctx, tx, p)
	if err != nil {
		return b, fmt.Errorf("read what was owed: %w", err)
	}
	b.owed = map[int64]money.Amount{}
	for _, r := range rows {
		b.owed[r.CompanyID] += money.Amount(r.Amount)
	}
	return b, nil
}

// monthly adds the invoices of a company's month: one, or one for each seller
// that it had. A month without charges has none.
func (s *Service) monthly(ctx context.Context, g group, c account.Company, parties map[int64]Party, b books, invoices map[int64][]Invoice) error {
	bySeller := map[int64][]metering.MonthSum{}
	var sellers []int64
	for _, sum := range b.sums[c.ID] {
		if bySeller[sum.SellerID] == nil {
			sellers = append(sellers, sum.SellerID)
		}
		bySeller[sum.SellerID] = append(bySeller[sum.SellerID], sum)
	}
	m := b.months[c.ID]
	credit := max(0, rounded(-m.Own-b.owed[c.ID]))
	for _, sellerID := range sellers {
		if _, known := parties[sellerID]; !known { // a seller that the company has left since
			seller, _, err := s.seller(ctx, sellerID)
			if err != nil {
				return err
			}
			parties[sellerID] = seller
		}
		zone, err := s.accounts.Company(ctx, sellerID)
		if err != nil {
			return err
		}
		i := s.monthlyInvoice(g, parties[c.ID], parties[sellerID], zone.Location)
		i.Currency = c.Currency
		// The charges of a month are taxed at the rate of its last day.
		i.Lines = monthLines(bySeller[sellerID], m.Welcome, i.Form, rateOf(i.Seller.Requisites, g.next().AddDate(0, 0, -1)))
		m.Welcome = nil
		if len(i.Lines) == 0 {
			continue
		}
		i.Total = total(i.Lines)
		i.ToPay = min(credit, max(0, i.Total))
		i.Covered = i.Total - i.ToPay
		credit -= i.ToPay
		invoices[sellerID] = append(invoices[sellerID], i)
	}
	return nil
}

func (s *Service) monthlyInvoice(g group, buyer, seller Party, sellersZone *time.Location) Invoice {
	now := s.now()
	i := Invoice{
		ID: id.New(now), CompanyID: buyer.CompanyID, SellerID: seller.CompanyID, Kind: Monthly, Period: &g.period, IssuedAt: now,
		IssuedOn: date(now, sellersZone), Form: formOf(buyer, seller), Seller: seller, Buyer: buyer,
	}
	i.DueOn = s.payBy(seller, i.IssuedOn, monthlyDays)
	i.DueAt = begins(i.DueOn.AddDate(0, 0, 1), sellersZone)
	return i
}

// paidSinceTx lets payments that came after the month's end and found nothing to
// pay take what is to pay of it.
func (s *Service) paidSinceTx(ctx context.Context, tx *db.Tx, i Invoice, end time.Time) error {
	if i.ToPay == 0 {
		return nil
	}
	rests, err := s.q.Rests(ctx, tx, billingdb.RestsParams{CompanyID: i.CompanyID, SellerID: i.SellerID, Since: end})
	if err != nil {
		return fmt.Errorf("look for payments since the month's end: %w", err)
	}
	row := billingdb.Invoice{CompanyID: i.CompanyID, ID: i.ID}
	left := i.ToPay
	for _, r := range rests {
		amount := min(left, money.Amount(r.Rest))
		if amount == 0 {
			break
		}
		if err := s.allocateTx(ctx, tx, r.ID, row, amount, s.now()); err != nil {
			return err
		}
		left -= amount
	}
	return nil
}
