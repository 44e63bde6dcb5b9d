package db_test

import (
	"testing"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
)

// What naming the company costs: the same statement bare, in a company's
// transaction whose BEGIN carries the setting, and with a round trip for it.
func BenchmarkCompany(b *testing.B) {
	d := dbtest.New(b)
	ctx := b.Context()
	const query = "SELECT count(*) FROM company_counter WHERE company_id = 10"
	var n int
	b.Run("bare statement", func(b *testing.B) {
		for b.Loop() {
			if err := d.AppPool().QueryRow(ctx, query).Scan(&n); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("InCompany", func(b *testing.B) {
		for b.Loop() {
			if err := d.InCompany(ctx, 10, func(tx *db.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("own round trip for SET LOCAL", func(b *testing.B) {
		for b.Loop() {
			tx, err := d.AppPool().Begin(ctx)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := tx.Exec(ctx, "SET LOCAL app.company = '10'"); err != nil {
				b.Fatal(err)
			}
			if err := tx.QueryRow(ctx, query).Scan(&n); err != nil {
				b.Fatal(err)
			}
			if err := tx.Commit(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
}
