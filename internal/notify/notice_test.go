package notify_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account/accounttest"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
)

func (b *bundle) notices(t *testing.T, actor access.Actor) notify.Notices {
	t.Helper()
	list, err := b.Notices(t.Context(), actor, nil, 100)
	require.NoError(t, err)
	return list
}

func kindsOf(list notify.Notices) []notify.NoticeKind {
	kinds := []notify.NoticeKind{}
	for _, n := range list.Items {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// publish stores an event and has it delivered twice, as after a restore.
func (b *bundle) publishTwice(t *testing.T, company int64, e events.Event) {
	t.Helper()
	require.NoError(t, b.tx(t, func(tx *db.Tx) error { return events.PublishTx(t.Context(), tx, company, e) }))
	for range 2 {
		_, err := b.db.Worker().Exec(t.Context(), "DELETE FROM event_cursor")
		require.NoError(t, err)
		bus := events.New(b.db, events.Options{})
		b.Subscribe(bus)
		require.NoError(t, bus.Drain(t.Context()))
	}
}

// written lists the letters of a kind: recipients and values.
func (b *bundle) written(t *testing.T, kind string) map[string]string {
	t.Helper()
	rows, err := b.db.Worker().Query(t.Context(), "SELECT recipient, data::text FROM letter WHERE kind = $1", kind)
	require.NoError(t, err)
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var to, data string
		require.NoError(t, rows.Scan(&to, &data))
		require.NotContains(t, out, to, "two letters of one fact to one address")
		out[to] = data
	}
	require.NoError(t, rows.Err())
	return out
}

// What a balance comes to is told once, by a notice to those who see the
// balance and by letter to those who answer for it.
func TestMoneyIsToldOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		event func(left ledger.Left) events.Event
		left  ledger.Left
		kind  notify.NoticeKind
		args  map[string]string
		says  string
	}{
		"low": {
			func(l ledger.Left) events.Event { return ledger.BalanceLow{Left: l, Percent: 10} },
			ledger.Left{Balance: 12 * money.Unit, Spendable: 12 * money.Unit}, notify.LowBalance,
			map[string]string{"balance": "12.00", "currency": "RUB", "percent": "10"}, "RUB\u00a012.00",
		},
		"credit ending": {
			func(l ledger.Left) events.Event { return ledger.BalanceLow{Left: l, Percent: 10} },
			ledger.Left{Balance: -88 * money.Unit, Spendable: 12 * money.Unit}, notify.CreditEnding,
			map[string]string{"left": "12.00", "currency": "RUB", "percent": "10"}, "RUB\u00a012.00",
		},
		"spent": {
			func(l ledger.Left) events.Event { return ledger.Exhausted{Left: l} },
			ledger.Left{Balance: -400_000}, notify.ServiceSuspended,
			map[string]string{"balance": "-0.40", "currency": "RUB"}, "RUB\u00a00.40",
		},
		"there again": {
			func(l ledger.Left) events.Event { return ledger.Restored{Left: l} },
			ledger.Left{Balance: 500 * money.Unit, Spendable: 500 * money.Unit}, notify.ServiceRestored,
			map[string]string{"balance": "500.00", "currency": "RUB"}, "RUB\u00a0500.00",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, nil)
			firm := b.people.Direct
			hear := []accounttest.Person{firm.Person(t, access.Owner), firm.Person(t, access.Administrator), firm.Person(t, access.Accountant)}
			deaf := []accounttest.Person{firm.Person(t, access.Operator), firm.Person(t, access.Analyst), firm.Person(t, access.BotArchitect)}
			stranger := b.people.First.Person(t, access.Owner)
			c.left.CompanyID = firm.ID
			b.publishTwice(t, firm.ID, c.event(c.left))
			letters := b.written(t, string(c.kind))
			require.Len(t, letters, len(hear))
			for _, p := range hear {
				list := b.notices(t, p.Actor)
				require.Len(t, list.Items, 1)
				require.Equal(t, c.kind, list.Items[0].Kind)
				require.Equal(t, c.args, list.Items[0].Args)
				require.Equal(t, 1, list.Unread)
				require.Contains(t, letters[p.Email], c.says)
			}
			for _, p := range append(deaf, stranger) {
				list := b.notices(t, p.Actor)
				require.Empty(t, list.Items)
				require.Zero(t, list.Unread)
			}
		})
	}
}

// Operators whom the company shows its balance see what became of it; letters
// and invoices are not theirs.
func TestOperatorsWhoSeePrices(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	firm := b.people.Direct
	operator := firm.Actor(t, access.Operator)
	operator.Permissions = access.Grant(access.Company, operator.Roles, true)
	b.publishTwice(t, firm.ID, ledger.Exhausted{Left: ledger.Left{CompanyID: firm.ID}})
	b.tell(t, firm.ID, notify.InvoiceIssued)
	require.Equal(t, []notify.NoticeKind{notify.ServiceSuspended}, kindsOf(b.notices(t, operator)))
	require.Empty(t, b.written(t, "service_suspended"))
}

// A reseller's letter says how many companies stop with it.
func TestResellerHearsOfItsDependents(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	owner := b.people.Reseller.Person(t, access.Owner)
	for _, firm := range []*accounttest.Firm{b.people.First, b.people.Second} {
		require.NoError(t, b.ledger.Prepare(t.Context(), []int64{firm.ID}))
	}
	for i, percent := range []int{20, 10, 5} {
		b.clock.Step(time.Second)
		left := ledger.Left{CompanyID: b.people.Reseller.ID, Balance: money.Amount(percent) * money.Unit}
		b.publishTwice(t, left.CompanyID, ledger.BalanceLow{Left: left, Percent: percent})
		require.Len(t, b.notices(t, owner.Actor).Items, i+1)
	}
	rows, err := b.db.Worker().Query(t.Context(), "SELECT data->>'Percent', data->>'Dependents' FROM letter WHERE kind = 'low_balance' AND recipient = $1 ORDER BY created_at", owner.Email)
	require.NoError(t, err)
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var percent, dependents string
		require.NoError(t, rows.Scan(&percent, &dependents))
		require.Equal(t, "2", dependents)
		steps = append(steps, percent)
	}
	require.Equal(t, []string{"20", "10", "5"}, steps)
	require.Empty(t, b.notices(t, b.people.First.Actor(t, access.Owner)).Items, "it is the reseller's affair")
}

// tell makes a notice and returns its id. Ids of one process only ascend with
// clocks that are more than a second apart, and other tests have theirs.
func (b *bundle) tell(t *testing.T, company int64, kind notify.NoticeKind) uuid.UUID {
	t.Helper()
	b.clock.Step(2 * time.Second)
	fact := uuid.New()
	require.NoError(t, b.tx(t, func(tx *db.Tx) error {
		return b.NoticeTx(t.Context(), tx, notify.NewNotice{CompanyID: company, Kind: kind, Fact: fact, Args: map[string]string{"number": "A-17"}})
	}))
	var noticeID uuid.UUID
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT id FROM notice WHERE fact = $1", fact).Scan(&noticeID))
	return noticeID
}

func TestMarksAreEveryonesOwn(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	ctx, firm := t.Context(), b.people.Direct
	owner, accountant, operator := firm.Actor(t, access.Owner), firm.Actor(t, access.Accountant), firm.Actor(t, access.Operator)
	first, second, third := b.tell(t, firm.ID, notify.InvoiceIssued), b.tell(t, firm.ID, notify.PaymentReceived), b.tell(t, firm.ID, notify.LowBalance)
	strange := b.tell(t, b.people.First.ID, notify.LowBalance)

	require.NoError(t, b.ReadNotices(ctx, owner, []uuid.UUID{second, second}))
	require.NoError(t, b.ReadNotices(ctx, owner, []uuid.UUID{second}), "again changes nothing")
	list := b.notices(t, owner)
	require.Equal(t, []uuid.UUID{third, second, first}, []uuid.UUID{list.Items[0].ID, list.Items[1].ID, list.Items[2].ID}, "newest first")
	require.Equal(t, []bool{false, true, false}, []bool{list.Items[0].Read, list.Items[1].Read, list.Items[2].Read})
	require.Equal(t, 2, list.Unread)
	require.Equal(t, 3, b.notices(t, accountant).Unread)

	for name, ids := range map[string][]uuid.UUID{"of another company": {first, strange}, "of nobody": {uuid.New()}} {
		require.True(t, fault.Is(b.ReadNotices(ctx, owner, ids), fault.NotFound), name)
	}
	require.True(t, fault.Is(b.ReadNotices(ctx, operator, []uuid.UUID{first}), fault.NotFound), "of a kind that operators do not see")
	require.Equal(t, 2, b.notices(t, owner).Unread, "all or none")

	require.NoError(t, b.ReadAllNotices(ctx, owner))
	require.Zero(t, b.notices(t, owner).Unread)
	require.Equal(t, 3, b.notices(t, accountant).Unread)
	require.Equal(t, 1, b.notices(t, b.people.First.Actor(t, access.Owner)).Unread)
	b.tell(t, firm.ID, notify.LowBalance)
	require.Equal(t, 1, b.notices(t, owner).Unread, "all is all until now")
}

func TestWhoDidItKnows(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	firm := b.people.Direct
	owner, accountant := firm.Actor(t, access.Owner), firm.Actor(t, access.Accountant)
	require.NoError(t, b.tx(t, func(tx *db.Tx) error {
		return b.NoticeTx(t.Context(), tx, notify.NewNotice{CompanyID: firm.ID, Kind: notify.InvoiceIssued, Fact: uuid.New(), By: &owner.UserID})
	}))
	require.Zero(t, b.notices(t, owner).Unread)
	require.Equal(t, 1, b.notices(t, accountant).Unread)
}

func TestPagesOfNotices(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	owner := b.people.Direct.Actor(t, access.Owner)
	var made []uuid.UUID
	for range 5 {
		made = append(made, b.tell(t, owner.CompanyID, notify.LowBalance))
	}
	slices.Reverse(made)
	var seen []uuid.UUID
	var after *uuid.UUID
	for range 3 {
		page, err := b.Notices(t.Context(), owner, after, 2)
		require.NoError(t, err)
		require.Equal(t, 5, page.Unread)
		for _, n := range page.Items {
			seen, after = append(seen, n.ID), &n.ID
		}
	}
	require.Equal(t, made, seen)
}

// After a month a notice is no news, after half a year it is gone with its
// marks.
func TestNoticesGrowOld(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	owner, accountant := b.people.Direct.Actor(t, access.Owner), b.people.Direct.Actor(t, access.Accountant)
	old := b.tell(t, owner.CompanyID, notify.LowBalance)
	require.NoError(t, b.ReadNotices(t.Context(), owner, []uuid.UUID{old}))
	b.clock.Step(31 * 24 * time.Hour)
	b.tell(t, owner.CompanyID, notify.LowBalance)
	list := b.notices(t, accountant)
	require.Equal(t, 1, list.Unread)
	require.Equal(t, []bool{false, true}, []bool{list.Items[0].Read, list.Items[1].Read})

	b.clock.Step(150 * 24 * time.Hour)
	require.NoError(t, b.Forget(t.Context()))
	require.Len(t, b.notices(t, owner).Items, 1)
	var marks int
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT count(*) FROM notice_read").Scan(&marks))
	require.Zero(t, marks)
}

func TestUnknownKindIsNoNotice(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	err := b.tx(t, func(tx *db.Tx) error {
		return b.NoticeTx(t.Context(), tx, notify.NewNotice{CompanyID: b.people.Direct.ID, Kind: "gossip", Fact: uuid.New()})
	})
	require.ErrorContains(t, err, "gossip")
}
