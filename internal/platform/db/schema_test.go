package db_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
)

func TestSchemaState(t *testing.T) {
	t.Parallel()
	url := dbtest.NewURL(t)
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	for _, step := range []struct {
		sql           string
		atHead, newer bool
	}{
		{"SELECT 1", true, false},
		{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)", false, true},
		{"DELETE FROM goose_db_version WHERE version_id > 3", false, false},
		{"DROP SCHEMA public CASCADE; CREATE SCHEMA public", false, false},
	} {
		_, err := conn.Exec(t.Context(), step.sql)
		require.NoError(t, err)
		state, err := db.SchemaState(t.Context(), url)
		require.NoError(t, err)
		require.Equal(t, step.atHead, state.AtHead(), "%s: %s", step.sql, state)
		require.Equal(t, step.newer, state.Newer(), "%s: %s", step.sql, state)
	}
	state, err := db.SchemaState(t.Context(), url)
	require.NoError(t, err)
	require.Zero(t, state.Have)
	require.NoError(t, db.Migrate(t.Context(), url))
	state, err = db.SchemaState(t.Context(), url)
	require.NoError(t, err)
	require.True(t, state.AtHead(), "%s", state)
}
