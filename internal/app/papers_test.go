package app_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/notify"
)

// An invoice is written to the payers of its buyer and to the addresses that
// the buyer has named, with the paper; a payment to the payers.
func TestPapersAreWrittenToPayers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	owner := w.ours.Person(t, access.Owner)
	operator := w.ours.Person(t, access.Operator)
	_, err := w.DB.Worker().Exec(ctx, "UPDATE users SET email_confirmed = true WHERE id = ANY ($1)", []int64{owner.ID, operator.ID})
	require.NoError(t, err)
	_, err = w.DB.Worker().Exec(ctx, "DELETE FROM letter")
	require.NoError(t, err)
	got := w.ask(t, &owner, "POST", "/api/v1/companies/"+w.ours.ids["company"]+"/invoices", `{"amount":"5000.00"}`, "Idempotency-Key", "papers")
	require.Equal(t, 201, got.Code, got.Body)
	var made struct {
		ID     string
		Number string
	}
	require.NoError(t, json.Unmarshal(got.Body.Bytes(), &made))
	admin := w.people.Platform.Person(t, access.Administrator)
	got = w.ask(t, &admin, "POST", "/api/v1/back-office/invoices/"+w.ours.ids["company"]+"/"+made.ID+"/payments",
		`{"amount":"5000.00","currency":"RUB","received_on":"2026-01-15","document":"17"}`, "Idempotency-Key", "papers")
	require.Less(t, got.Code, 300, got.Body)
	require.NoError(t, w.Bus.Drain(ctx))

	rows, err := w.DB.Worker().Query(ctx, "SELECT kind, recipient, data->>'Number', files::text FROM letter ORDER BY kind")
	require.NoError(t, err)
	defer rows.Close()
	type letter struct{ kind, to, number, files string }
	var letters []letter
	for rows.Next() {
		var l letter
		var number *string
		require.NoError(t, rows.Scan(&l.kind, &l.to, &number, &l.files))
		if number != nil {
			l.number = *number
		}
		letters = append(letters, l)
	}
	require.NoError(t, rows.Err())
	toOwner := map[string]letter{}
	for _, l := range letters {
		require.NotEqual(t, operator.Email, l.to, "operators do not pay")
		if l.to == owner.Email {
			toOwner[l.kind] = l
		}
	}
	require.Equal(t, made.Number, toOwner["invoice"].number)
	require.Contains(t, toOwner["invoice"].files, made.ID)
	require.Contains(t, toOwner, "payment_received")
}

// A month is told by its documents and not as an invoice besides: to the
// payers, and in the form's language to the addresses named for documents.
func TestDocumentsOfAMonthAreWrittenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, owner := t.Context(), w.ours.Person(t, access.Owner)
	_, err := w.DB.Worker().Exec(ctx, `UPDATE company_details SET requisites = requisites || '{"document_emails":["papers@red.example"]}' WHERE company_id = $1`, w.ours.ID)
	require.NoError(t, err)
	_, err = w.Ledger.Deposit(ctx, w.people.Platform.Actor(t, access.Owner), ledger.Deposit{CompanyID: w.ours.ID, Amount: 50_000 * money.Unit, Reason: "Cash", Reference: "month"})
	require.NoError(t, err)
	w.overspend(t)
	w.settleBooks(t)
	_, err = w.DB.Worker().Exec(ctx, "DELETE FROM letter")
	require.NoError(t, err)
	month := w.now.Now().In(w.ours.Location)
	w.now.Step(32 * 24 * time.Hour)
	_, err = w.Billing.Bill(ctx)
	require.NoError(t, err)
	require.NoError(t, w.Bus.Drain(ctx))

	rows, err := w.DB.Worker().Query(ctx, `SELECT recipient, kind || ' ' || language || ' ' || (data->>'Month') || ' due:' || (data->>'DueOn') FROM letter
		WHERE recipient = ANY ($1) ORDER BY recipient`, []string{owner.Email, "papers@red.example"})
	require.NoError(t, err)
	defer rows.Close()
	got := map[string]string{}
	for rows.Next() {
		var to, says string
		require.NoError(t, rows.Scan(&to, &says))
		require.NotContains(t, got, to)
		got[to] = says
	}
	require.NoError(t, rows.Err())
	require.Equal(t, map[string]string{
		owner.Email:          "documents_of_month en " + notify.Month(month, "en") + " due:",
		"papers@red.example": "documents_of_month ru " + notify.Month(month, "ru") + " due:",
	}, got, "all of it was covered by the balance")
	kinds := w.bell(t, owner, "").kinds()
	require.Equal(t, 1, kinds["documents_of_month"])
	require.Equal(t, 1, kinds["invoice"], "the top-up of the world")
}
