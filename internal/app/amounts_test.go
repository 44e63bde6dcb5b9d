package app_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
)

// What is no amount is reported where it was typed, not as a broken body.
func TestWrongAmountsAreReportedAtTheirField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.ours.Person(t, access.Owner)
	path := fmt.Sprintf("/api/v1/companies/%d/invoices", w.ours.ID)
	for _, amount := range []string{`"1000000000.01"`, `"1000000001"`, `"99999999999"`, `"ten"`, `""`, `"1e3"`, `"1.0000001"`, `5`, `"-1"`, `"1000000000"`} {
		got := w.ask(t, &owner, "POST", path, `{"amount":`+amount+`}`)
		require.Equal(t, 422, got.Code, "%s: %s", amount, got.Body)
		fields, ok := got.body["fields"].(map[string]any)
		require.True(t, ok, "%s: %s", amount, got.Body)
		require.Contains(t, fields, "amount", "%s: %s", amount, got.Body)
		require.Len(t, fields, 1, amount)
	}
	for _, amount := range []string{`"500"`, `"0500.5"`, `"500.000000"`} {
		got := w.ask(t, &owner, "POST", path, `{"amount":`+amount+`}`)
		require.Equal(t, 201, got.Code, "%s: %s", amount, got.Body)
	}
}
