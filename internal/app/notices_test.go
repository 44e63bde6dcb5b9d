package app_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account/accounttest"
	"parley/internal/ledger"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
	"parley/internal/platform/realtime"
	"parley/internal/pricing"
)

// bell is the answer of the notice centre.
type bell struct {
	Items []struct {
		ID, Kind string
		Args     map[string]string
		Read     bool
	}
	Pinned *struct {
		Kind, Balance, Currency, Seller, Support string
	}
	Unread int
	Next   *string `json:"next_cursor"`
}

func (w *world) bell(t *testing.T, p accounttest.Person, query string) bell {
	t.Helper()
	got := w.ask(t, &p, "GET", "/api/v1/companies/"+w.ours.ids["company"]+"/notices"+query, "")
	require.Equal(t, 200, got.Code, got.Body)
	var b bell
	require.NoError(t, json.Unmarshal(got.Body.Bytes(), &b))
	return b
}

func (b bell) kinds() map[string]int {
	kinds := map[string]int{}
	for _, n := range b.Items {
		kinds[n.Kind]++
	}
	return kinds
}

// A balance that runs out is pinned at once and told within the second; what
// comes in takes the pin away and is told too. Each is told once, by notice and
// by letter.
func TestBalanceRunsOutAndComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, owner, operator := t.Context(), w.ours.Person(t, access.Owner), w.ours.Person(t, access.Operator)
	require.Nil(t, w.bell(t, owner, "").Pinned)
	w.overspend(t)
	require.Equal(t, "balance_spent", w.bell(t, owner, "").Pinned.Kind)
	spent, err := w.Ledger.Balance(ctx, w.ours.ID)
	require.NoError(t, err)
	require.Equal(t, spent.Balance.String(), w.bell(t, owner, "").Pinned.Balance)
	require.Nil(t, w.bell(t, operator, "").Pinned)
	require.Empty(t, w.bell(t, operator, "").Items)

	w.settleBooks(t)
	require.Equal(t, map[string]int{"service_suspended": 1, "invoice": 1, "payment_received": 2}, w.bell(t, owner, "").kinds())
	platform := w.people.Platform.Actor(t, access.Owner)
	_, err = w.Ledger.Deposit(ctx, platform, ledger.Deposit{CompanyID: w.ours.ID, Amount: 50_000 * money.Unit, Reason: "Cash", Reference: "back"})
	require.NoError(t, err)
	require.Nil(t, w.bell(t, owner, "").Pinned)
	w.settleBooks(t)
	require.Equal(t, map[string]int{"service_suspended": 1, "service_restored": 1, "invoice": 1, "payment_received": 3}, w.bell(t, owner, "").kinds())
	for _, kind := range []string{"service_suspended", "service_restored"} {
		var letters int
		require.NoError(t, w.DB.Worker().QueryRow(ctx, "SELECT count(*) FROM letter WHERE kind = $1 AND recipient = $2", kind, owner.Email).Scan(&letters))
		require.Equal(t, 1, letters, kind)
	}
}

// overspend has ten thousand messages come in, more than the world's balance
// bears.
func (w *world) overspend(t *testing.T) {
	t.Helper()
	require.NoError(t, w.DB.InCompany(t.Context(), w.ours.ID, func(tx *db.Tx) error {
		_, err := w.Metering.CaptureTx(t.Context(), tx, metering.Charge{
			CompanyID: w.ours.ID, Reference: id.New(w.now.Now()), Item: pricing.ChatContactMessage, Quantity: 10_000,
		})
		return err
	}))
}

func (w *world) settleBooks(t *testing.T) {
	t.Helper()
	_, err := w.Metering.Settle(t.Context())
	require.NoError(t, err)
	require.NoError(t, w.Bus.Drain(t.Context()))
}

// An invoice is no news to who has made it; reading is everyone's own, and the
// reader's other tabs hear of it.
func TestBellOfInvoices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.now.Step(2 * time.Second) // what comes next is the newest
	require.NoError(t, w.Bus.Drain(t.Context()))
	owner, accountant := w.ours.Person(t, access.Owner), w.ours.Person(t, access.Accountant)
	require.Equal(t, 2, w.bell(t, owner, "").Unread, "two payments")
	all := w.bell(t, accountant, "")
	require.Equal(t, 3, all.Unread)
	require.Equal(t, "invoice", all.Items[0].Kind)
	require.Equal(t, w.ours.ids["invoice"], all.Items[0].Args["invoice"])
	require.Equal(t, "500.00", all.Items[0].Args["total"])

	path := "/api/v1/companies/" + w.ours.ids["company"] + "/notices/read"
	for _, body := range []string{`{}`, `{"ids":[]}`, `{"all":false}`, `{"all":true,"ids":["` + all.Items[0].ID + `"]}`} {
		require.Equal(t, 422, w.ask(t, &accountant, "POST", path, body).Code, body)
	}
	require.Equal(t, 204, w.ask(t, &accountant, "POST", path, `{"ids":["`+all.Items[0].ID+`"]}`).Code)
	require.Equal(t, 2, w.bell(t, accountant, "").Unread)
	require.Equal(t, 204, w.ask(t, &accountant, "POST", path, `{"all":true}`).Code)
	require.Zero(t, w.bell(t, accountant, "").Unread)
	require.Equal(t, 2, w.bell(t, owner, "").Unread)

	first := w.bell(t, accountant, "?limit=1")
	require.Len(t, first.Items, 1)
	second := w.bell(t, accountant, "?limit=1&cursor="+*first.Next)
	require.Equal(t, all.Items[1].ID, second.Items[0].ID)
	third := w.bell(t, accountant, "?limit=1&cursor="+*second.Next)
	require.Equal(t, all.Items[2].ID, third.Items[0].ID)
	require.Nil(t, third.Next)
	require.Equal(t, 422, w.ask(t, &owner, "GET", "/api/v1/companies/"+w.ours.ids["company"]+"/notices?cursor=x", "").Code)
}

// Open pages of those who see money hear of a notice; a mark concerns its
// reader's other tabs only.
func TestBellsRing(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	require.NoError(t, l.Bus.Drain(t.Context()))
	owner, accountant, operator := l.ours.Person(t, access.Owner), l.ours.Person(t, access.Accountant), l.ours.Person(t, access.Operator)
	ownersTab, accountantsTab, operatorsTab := l.mustOpen(t, owner, l.ours.Firm), l.mustOpen(t, accountant, l.ours.Firm), l.mustOpen(t, operator, l.ours.Firm)
	const rung = `{"type":"notice"}`
	l.notices(t)
	require.Equal(t, rung, heard(t, ownersTab))
	require.Equal(t, rung, heard(t, accountantsTab))

	path := "/api/v1/companies/" + l.ours.ids["company"] + "/notices/read"
	require.Equal(t, 204, l.ask(t, &accountant, "POST", path, `{"all":true}`).Code)
	require.Equal(t, rung, heard(t, accountantsTab))
	// What comes next on the others' sockets is not that mark.
	l.Live.Publish(realtime.UserChannel(l.ours.ID, owner.ID), map[string]string{"type": "next"})
	l.Live.Publish(realtime.UserChannel(l.ours.ID, operator.ID), map[string]string{"type": "next"})
	require.Equal(t, `{"type":"next"}`, heard(t, ownersTab))
	require.Equal(t, `{"type":"next"}`, heard(t, operatorsTab))
}
