package keycheck_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/secret"
	"parley/internal/platform/secret/keycheck"
)

func box(t *testing.T, keys ...secret.Key) *secret.Box {
	t.Helper()
	b, err := secret.New(keys...)
	require.NoError(t, err)
	return b
}

func TestKeysOfAnotherDatabaseAreNoticed(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	first, second, foreign := secret.NewKey(1), secret.NewKey(2), secret.NewKey(1)
	require.NoError(t, keycheck.Verify(t.Context(), d.Worker(), box(t, foreign)), "nothing is sealed yet")
	for range 2 {
		require.NoError(t, keycheck.Note(t.Context(), d, box(t, first)))
	}
	require.ErrorIs(t, keycheck.Verify(t.Context(), d.Worker(), box(t, foreign)), keycheck.ErrOtherKeys)
	require.ErrorIs(t, keycheck.Note(t.Context(), d, box(t, foreign)), keycheck.ErrOtherKeys)
	require.NoError(t, keycheck.Note(t.Context(), d, box(t, first)), "the foreign key has left nothing")

	require.NoError(t, keycheck.Note(t.Context(), d, box(t, second, first)), "a new key on top")
	require.NoError(t, keycheck.Verify(t.Context(), d.Worker(), box(t, second)), "and the old one gone")

	require.NoError(t, keycheck.Accept(t.Context(), d, box(t, foreign)))
	require.NoError(t, keycheck.Note(t.Context(), d, box(t, foreign)))
	require.ErrorIs(t, keycheck.Verify(t.Context(), d.Worker(), box(t, second, first)), keycheck.ErrOtherKeys)
}
