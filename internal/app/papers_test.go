package app_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
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
