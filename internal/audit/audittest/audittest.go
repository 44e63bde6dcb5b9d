// Package audittest lets tests end with an audit.
package audittest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/audit"
	"parley/internal/platform/db"
)

// Differences returns what the audit finds.
func Differences(t testing.TB, d *db.DB) []audit.Difference {
	t.Helper()
	var out []audit.Difference
	_, err := audit.Run(context.Background(), d, func(x audit.Difference) { out = append(out, x) })
	require.NoError(t, err)
	return out
}

// Clean fails when the audit finds anything.
func Clean(t testing.TB, d *db.DB) {
	t.Helper()
	require.Empty(t, Differences(t, d))
}
