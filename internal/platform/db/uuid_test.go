package db_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db/dbtest"
)

func TestIDs(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	id := uuid.New()
	var got uuid.UUID
	var some, none *uuid.UUID
	var list []uuid.UUID
	var text string
	err := d.Worker().QueryRow(t.Context(), "SELECT $1::uuid, $1::uuid, $2::uuid, $3::uuid[], $1::text",
		id, (*uuid.UUID)(nil), []uuid.UUID{id, uuid.Nil}).Scan(&got, &some, &none, &list, &text)
	require.NoError(t, err)
	require.Equal(t, id, got)
	require.Equal(t, id, *some)
	require.Nil(t, none)
	require.Equal(t, []uuid.UUID{id, uuid.Nil}, list)
	require.Equal(t, id.String(), text)
	require.NoError(t, d.Worker().QueryRow(t.Context(), "SELECT $1::uuid::text", id).Scan(&got), "text is read as before")
	require.Equal(t, id, got)
	require.Error(t, d.Worker().QueryRow(t.Context(), "SELECT 'x'").Scan(&got))
}

func BenchmarkScanIDs(b *testing.B) {
	d := dbtest.New(b)
	for b.Loop() {
		rows, err := d.Worker().Query(b.Context(), "SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid() FROM generate_series(1, 50)")
		require.NoError(b, err)
		for rows.Next() {
			var x, y uuid.UUID
			var z *uuid.UUID
			require.NoError(b, rows.Scan(&x, &y, &z))
		}
		require.NoError(b, rows.Err())
	}
}
