package ledger

import (
	"context"

	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
)

// Left is what a company has when it is told of it, as its book says.
type Left struct {
	CompanyID int64        `json:"company_id"`
	Balance   money.Amount `json:"balance"`   // own money and welcome credit
	Spendable money.Amount `json:"spendable"` // with the credit limit
}

// BalanceLow says that what a company can spend has come down to a percent of
// what it could after its last top-up.
type BalanceLow struct {
	Left
	Percent int `json:"percent"`
}

// EventName implements events.Event.
func (BalanceLow) EventName() string { return "ledger.balance_low" }

// Exhausted says that a company has nothing left to spend, credit limit
// included: its service is suspended.
type Exhausted struct{ Left }

// EventName implements events.Event.
func (Exhausted) EventName() string { return "ledger.exhausted" }

// Restored says that a company which was told Exhausted can spend again.
type Restored struct{ Left }

// EventName implements events.Event.
func (Restored) EventName() string { return "ledger.restored" }

// percent of what could be spent after the last top-up.
type percent int16

const (
	plenty percent = 100 // above every step
	none   percent = 0
)

// resellerSteps are the percents at which a reseller is warned, whose
// companies stop with it (spec 60.2).
var resellerSteps = []percent{20, 10, 5}

func (b *book) spendable() money.Amount { return b.balance + b.bonus + b.credit }

// step is the lowest of the falling steps that the company has come down to.
func (b *book) step(steps []percent) percent {
	left := b.spendable()
	if left < 0 || left == 0 && b.filled > 0 {
		return none
	}
	at := plenty
	for _, p := range steps {
		// Parts of hundred are taken by division: amounts come near to what an
		// int64 holds.
		if b.filled > 0 && left <= b.filled/100*money.Amount(p) {
			at = p
		}
	}
	return at
}

// warn moves the book on to its step and returns what people have to hear of
// it, or nil. Between top-ups the step only falls, so that refunds and charges
// around it are not told again and again.
func (b *book) warn(steps []percent, toppedUp bool) events.Event {
	if toppedUp {
		b.filled = max(b.spendable(), 0)
	}
	was, now := b.warned, b.step(steps)
	if now > was && now != plenty {
		return nil
	}
	if now > was && !toppedUp && b.spendable() <= b.filled/100*money.Amount(2*steps[0]) {
		return nil // refunds do not begin anew until well past the first step
	}
	b.warned = now
	left := Left{CompanyID: b.companyID, Balance: b.balance + b.bonus, Spendable: b.spendable()}
	switch {
	case now == was:
		return nil
	case now == none:
		return Exhausted{left}
	case now < was:
		return BalanceLow{left, int(now)}
	case was == none:
		return Restored{left}
	}
	return nil
}

// warnTx tells what the posted money of a locked book amounts to for its
// company. It costs a query only when there is something to tell.
func (s *Service) warnTx(ctx context.Context, tx *db.Tx, b *book, toppedUp bool) error {
	resells, err := s.resells(ctx, b.companyID)
	if err != nil {
		return err
	}
	steps := []percent{percent(s.options.LowAt)}
	if resells {
		steps = resellerSteps
	}
	if e := b.warn(steps, toppedUp); e != nil {
		return events.PublishTx(ctx, tx, b.companyID, e)
	}
	return nil
}
