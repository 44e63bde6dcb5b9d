package billing

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"parley/internal/access"
	"parley/internal/money"
	"parley/internal/platform/fault"
)

const (
	// topUpDays is how many working days a top-up can be paid.
	topUpDays = 5
	// monthlyDays is how many working days the part on credit can be paid.
	monthlyDays = 10
)

// Terms say which amounts may be topped up in a currency.
type Terms struct {
	Min, Max money.Amount
	Presets  []money.Amount // offered to choose from
}

// DefaultTopUps hold for an installation that sets no others.
var DefaultTopUps = map[string]Terms{
	"RUB": terms(100, 10_000_000, 1_000, 5_000, 10_000, 50_000),
	"KZT": terms(1_000, 50_000_000, 5_000, 25_000, 50_000, 250_000),
	"USD": terms(5, 100_000, 20, 50, 100, 500),
	"EUR": terms(5, 100_000, 20, 50, 100, 500),
}

func terms(least, most int64, presets ...int64) Terms {
	t := Terms{Min: money.Amount(least) * money.Unit, Max: money.Amount(most) * money.Unit}
	for _, p := range presets {
		t.Presets = append(t.Presets, money.Amount(p)*money.Unit)
	}
	return t
}

// ParseTopUps reads settings such as "RUB:100-1000000:1000/5000/10000": a
// currency, the smallest and the largest amount, and what is offered to choose
// from. Currencies that are not set keep [DefaultTopUps].
func ParseTopUps(settings []string) (map[string]Terms, error) {
	out := maps.Clone(DefaultTopUps)
	for _, setting := range settings {
		parts := strings.Split(setting, ":")
		wrong := fmt.Errorf("%q is not like RUB:100-1000000:1000/5000/10000", setting)
		if len(parts) != 3 || len(parts[0]) != 3 {
			return nil, wrong
		}
		least, most, _ := strings.Cut(parts[1], "-")
		var t Terms
		var errs [2]error
		t.Min, errs[0] = money.Parse(least)
		t.Max, errs[1] = money.Parse(most)
		if errors.Join(errs[:]...) != nil || t.Min <= 0 || t.Max < t.Min {
			return nil, wrong
		}
		for _, text := range strings.Split(parts[2], "/") {
			preset, err := money.Parse(text)
			if err != nil || t.check(preset) != nil {
				return nil, wrong
			}
			t.Presets = append(t.Presets, preset)
		}
		out[parts[0]] = t
	}
	return out, nil
}

// Terms returns what may be topped up in a currency.
func (s *Service) Terms(currency string) Terms {
	if t, ok := s.options.TopUps[currency]; ok {
		return t
	}
	return DefaultTopUps["USD"]
}

func (t Terms) check(amount money.Amount) error {
	switch {
	case amount <= 0 || amount < t.Min:
		return fault.Field("amount", fault.OutOfRange, "The amount is below the smallest, "+t.Min.String()+".").With("min", t.Min)
	case amount > t.Max:
		return fault.Field("amount", fault.OutOfRange, "The amount is above the largest, "+t.Max.String()+".").With("max", t.Max)
	case amount%hundredth != 0:
		return fault.Field("amount", fault.BadFormat, "The amount has at most two places after the point.")
	}
	return nil
}

// TopUpTerms are what the actor's company may top up.
type TopUpTerms struct {
	Terms
	Currency    string
	Missing     []string // what the company must fill in first
	SellerReady bool     // the seller has filled in its own details
}

// TopUpTerms returns what the actor's company may top up and whether it can.
func (s *Service) TopUpTerms(ctx context.Context, actor access.Actor) (TopUpTerms, error) {
	if !actor.May(access.InvoicesView) {
		return TopUpTerms{}, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	company, err := s.accounts.Company(ctx, actor.CompanyID)
	if err != nil {
		return TopUpTerms{}, err
	}
	t := TopUpTerms{Terms: s.Terms(company.Currency), Currency: company.Currency, Missing: []string{}}
	if company.ParentID == nil {
		return t, nil
	}
	var incomplete *fault.Error
	err = s.accounts.RequireInformation(ctx, company.ID)
	if errors.As(err, &incomplete) && incomplete.Code == fault.CompanyIncomplete {
		t.Missing, _ = incomplete.Extra["missing"].([]string)
	} else if err != nil {
		return TopUpTerms{}, err
	}
	seller, _, err := s.party(ctx, *company.ParentID)
	t.SellerReady = seller.ready()
	return t, err
}
