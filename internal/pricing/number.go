package pricing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/phone"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/pricing/internal/pricingdb"
)

// DestinationOf says where a telephone number in E.164 lies: its country, and
// its network as far as a numbering plan knows. A number that was ported keeps
// the network that it was given out by. A change of plans is known to every node
// a second later; what was accepted before keeps its destination.
func (s *Service) DestinationOf(ctx context.Context, number string) (Destination, error) {
	full, _, ok := fill(number)
	if !ok {
		return Destination{}, fmt.Errorf("destination: %q is no number", number)
	}
	all, err := s.plans(ctx)
	if err != nil {
		return Destination{}, err
	}
	if x, ok := lookUp(all, full); ok {
		return Destination{Country: x.country, Network: x.network}, nil
	}
	return Destination{Country: phone.Country(number)}, nil
}

// plans returns all plans as pieces, as remembered until one changes.
func (s *Service) plans(ctx context.Context) ([]segment, error) {
	if _, err := s.lastChange(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	change, known, read := s.planChange, s.segments, s.planRead
	s.mu.RUnlock()
	if known != nil && read == change {
		return known, nil
	}
	loaded, err := s.once(ctx, fmt.Sprint("plans ", change), func(ctx context.Context) (any, error) {
		all, err := s.loadPlans(ctx)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		s.segments, s.planRead = all, change
		s.mu.Unlock()
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	return loaded.([]segment), nil
}

func (s *Service) loadPlans(ctx context.Context) ([]segment, error) {
	imported, err := s.q.NumberPlans(ctx, s.db.Worker())
	if err != nil {
		return nil, fmt.Errorf("read numbering plans: %w", err)
	}
	rows, err := s.q.NumberRanges(ctx, s.db.Worker())
	if err != nil {
		return nil, fmt.Errorf("read number ranges: %w", err)
	}
	ranges := make([]located, 0, len(rows))
	for _, r := range rows {
		ranges = append(ranges, located{Range{First: r.FirstNumber, Last: r.LastNumber, Network: r.Network}, r.Country})
	}
	for country, plan := range builtIn {
		if slices.ContainsFunc(imported, func(p pricingdb.NumberPlansRow) bool { return p.Country == country }) {
			continue
		}
		for _, r := range plan {
			ranges = append(ranges, located{r, country})
		}
	}
	return segments(ranges), nil
}

// Plan is the numbering plan of a country.
type Plan struct {
	Country    string
	Source     string
	Ranges     int
	ImportedAt *time.Time // nil: built in
}

// Plans lists the numbering plans by country, imported and built in.
func (s *Service) Plans(ctx context.Context, actor access.Actor) ([]Plan, error) {
	if !actor.May(access.PlatformPrices) {
		return nil, errNoPlans
	}
	rows, err := s.q.NumberPlans(ctx, s.db.Worker())
	if err != nil {
		return nil, fmt.Errorf("list numbering plans: %w", err)
	}
	var out []Plan
	for _, r := range rows {
		out = append(out, Plan{r.Country, r.Source, r.Ranges, &r.ImportedAt})
	}
	for country, plan := range builtIn {
		if !slices.ContainsFunc(out, func(p Plan) bool { return p.Country == country }) {
			out = append(out, Plan{Country: country, Source: builtInSource, Ranges: len(plan)})
		}
	}
	slices.SortFunc(out, func(a, b Plan) int { return strings.Compare(a.Country, b.Country) })
	return out, nil
}

var errNoPlans = fault.New(fault.Forbidden, "Your role does not allow changing numbering plans.")

// NewPlan replaces the numbering plan of a country.
type NewPlan struct {
	Country string // ISO 3166-1 alpha-2
	Source  string // where it comes from, for people
	Table   []byte // CSV, see ReadPlan
}

const (
	mostRanges    = 1_000_000 // of all plans, which every node remembers
	longestSource = 200
)

// ImportPlan replaces a country's numbering plan by a table. When lines of it
// cannot be read, nothing changes and the refusal lists them.
func (s *Service) ImportPlan(ctx context.Context, actor access.Actor, n NewPlan) (Plan, error) {
	n.Source = strings.TrimSpace(n.Source)
	switch {
	case !actor.May(access.PlatformPrices):
		return Plan{}, errNoPlans
	case !countryForm.MatchString(n.Country):
		return Plan{}, fault.Field("country", fault.BadFormat, "A country has two capital letters, such as RU.")
	case n.Source == "" || len(n.Source) > longestSource:
		return Plan{}, fault.Field("source", fault.Required, "Say in at most 200 characters where the plan comes from.")
	}
	ranges, wrong := ReadPlan(n.Country, n.Table)
	if len(wrong) > 0 {
		return Plan{}, fault.Field("table", fault.BadFormat, "Some lines cannot be read.").With("lines", wrong)
	}
	now := s.clock.Now()
	plan := Plan{Country: n.Country, Source: n.Source, Ranges: len(ranges), ImportedAt: &now}
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error { return s.savePlanTx(ctx, tx, actor, plan, ranges) })
	return plan, err
}

func (s *Service) savePlanTx(ctx context.Context, tx *db.Tx, actor access.Actor, plan Plan, ranges []Range) error {
	if err := s.q.NotePlans(ctx, tx); err != nil { // first: imports wait for each other here
		return fmt.Errorf("note change of plans: %w", err)
	}
	others, err := s.q.RangesOfOthers(ctx, tx, plan.Country)
	if err != nil {
		return fmt.Errorf("count number ranges: %w", err)
	}
	if others+int64(len(ranges)) > mostRanges {
		return fault.Field("table", fault.TooLong, "All numbering plans together have at most 1,000,000 ranges.")
	}
	if err := s.q.DropRanges(ctx, tx, plan.Country); err != nil {
		return fmt.Errorf("drop number ranges: %w", err)
	}
	err = s.q.SavePlan(ctx, tx, pricingdb.SavePlanParams{
		Country: plan.Country, Source: plan.Source, Ranges: plan.Ranges, ImportedBy: actor.Person(), ImportedAt: *plan.ImportedAt,
	})
	if err != nil {
		return fmt.Errorf("save numbering plan: %w", err)
	}
	p := pricingdb.InsertRangesParams{Country: plan.Country}
	for _, r := range ranges {
		p.FirstNumbers = append(p.FirstNumbers, r.First)
		p.LastNumbers = append(p.LastNumbers, r.Last)
		p.Networks = append(p.Networks, r.Network)
		p.Names = append(p.Names, r.Name)
	}
	if err := s.q.InsertRanges(ctx, tx, p); err != nil {
		return fmt.Errorf("insert number ranges: %w", err)
	}
	return s.accounts.RecordTx(ctx, tx, actor, account.Change{
		Action: "number_plan.imported", Subject: "number_plan:" + plan.Country, New: map[string]any{"source": plan.Source, "ranges": plan.Ranges},
	})
}

// Located is what plans know of a number.
type Located struct {
	Number string // E.164
	Destination
	Name string // of the network; empty: unknown
}

// Locate reads a number as people write it and says where it lies.
func (s *Service) Locate(ctx context.Context, actor access.Actor, number string) (Located, error) {
	if err := seller(actor); err != nil {
		return Located{}, err
	}
	e164, err := phone.Parse(number)
	if err != nil {
		return Located{}, fault.Field("number", fault.BadFormat, "This is no telephone number.")
	}
	out := Located{Number: e164}
	if out.Destination, err = s.DestinationOf(ctx, e164); err != nil || out.Network == "" {
		return out, err
	}
	full, _, _ := fill(e164)
	r, err := s.q.RangeOf(ctx, s.db.Worker(), full)
	if err == nil {
		out.Name = r.Name
		return out, nil
	}
	if !db.NoRows(err) {
		return out, fmt.Errorf("name network: %w", err)
	}
	for _, r := range builtIn[out.Country] {
		if r.First <= full && full <= r.Last {
			out.Name = r.Name
		}
	}
	return out, nil
}
