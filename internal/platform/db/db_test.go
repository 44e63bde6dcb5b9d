package db_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
)

func TestInCompany(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	ctx := t.Context()
	insert := `INSERT INTO company (id, kind, name, currency, time_zone, created_at, parent_id) VALUES ($1, $2, $3, 'RUB', 'UTC', now(), $4)`
	_, err := d.Worker().Exec(ctx, insert, 1, "platform", "Platform", nil)
	require.NoError(t, err)
	for i, name := range []string{"Ours", "Theirs"} {
		_, err := d.Worker().Exec(ctx, insert, 10+i, "company", name, 1)
		require.NoError(t, err)
	}

	t.Run("sees one company even without a WHERE", func(t *testing.T) {
		t.Parallel()
		require.NoError(t, d.InCompany(ctx, 10, func(tx *db.Tx) error {
			var name string
			require.NoError(t, tx.QueryRow(ctx, "SELECT string_agg(name, ' ') FROM company").Scan(&name))
			require.Equal(t, "Ours", name)
			tag, err := tx.Exec(ctx, "UPDATE company SET name = 'Mine' WHERE id = 11")
			require.NoError(t, err)
			require.Zero(t, tag.RowsAffected())
			return nil
		}))
	})
	t.Run("refuses rows of another company", func(t *testing.T) {
		t.Parallel()
		err := d.InCompany(ctx, 10, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO company_counter (company_id, name, value) VALUES (11, 'x', 1)")
			return err
		})
		require.ErrorContains(t, err, "row-level security")
	})
	t.Run("rolls back and runs nothing after", func(t *testing.T) {
		t.Parallel()
		no, ran := errors.New("no"), false
		err := d.InCompany(ctx, 11, func(tx *db.Tx) error {
			tx.AfterCommit(func() { ran = true })
			_, err := tx.Exec(ctx, "INSERT INTO company_counter (company_id, name, value) VALUES (11, 'y', 1)")
			require.NoError(t, err)
			return no
		})
		require.ErrorIs(t, err, no)
		require.False(t, ran)
		var n int
		require.NoError(t, d.Worker().QueryRow(ctx, "SELECT count(*) FROM company_counter WHERE name = 'y'").Scan(&n))
		require.Zero(t, n)
	})
	t.Run("names the company for one transaction only", func(t *testing.T) {
		t.Parallel()
		require.NoError(t, d.InCompany(ctx, 10, func(*db.Tx) error { return nil }))
		var n int
		require.NoError(t, d.AppPool().QueryRow(ctx, "SELECT count(*) FROM company").Scan(&n))
		require.Zero(t, n, "a connection from the pool must not remember a company")
	})
	t.Run("a view cannot write", func(t *testing.T) {
		t.Parallel()
		err := d.ViewCompany(ctx, 10, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE company SET name = 'x'")
			return err
		})
		require.ErrorContains(t, err, "read-only")
	})
	t.Run("append-only tables take no changes", func(t *testing.T) {
		t.Parallel()
		for _, table := range []string{"entry", "usage", "audit_record", "price_item"} {
			_, err := d.Worker().Exec(ctx, "DELETE FROM "+table)
			require.ErrorContains(t, err, "permission denied", table)
		}
	})
}
