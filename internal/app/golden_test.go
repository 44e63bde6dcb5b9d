package app_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/app"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The API's document is part of the repository: a change of the API shows in
// its difference, and the web app's types are made from it.
func TestDocumentIsUpToDate(t *testing.T) {
	t.Parallel()
	const golden = "../../docs/api/openapi.yaml"
	document, err := app.Document()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(golden, document, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), string(document), "run: make generate")
}
