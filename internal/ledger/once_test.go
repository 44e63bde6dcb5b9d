package ledger_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/ledger"
	"parley/internal/metering/meteringtest"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
)

func TestOneChangeOfAWalletInATransaction(t *testing.T) {
	t.Parallel()
	f := meteringtest.New(t, dbtest.New(t))
	f.FundAll(t)
	spend := func(tx *db.Tx) error {
		_, err := f.Ledger.SpendTx(ctx, tx, ledger.Spend{CompanyID: f.First.ID, Amount: money.Unit})
		return err
	}
	before := f.Balance(t, f.First.ID)
	err := f.DB.InCompany(ctx, f.First.ID, func(tx *db.Tx) error {
		require.NoError(t, spend(tx))
		return spend(tx)
	})
	require.ErrorContains(t, err, "changes the wallet of company")
	require.Equal(t, before, f.Balance(t, f.First.ID), "nothing of it stays")

	// What a savepoint took back was no change; what it kept was one.
	require.NoError(t, f.DB.InCompany(ctx, f.First.ID, func(tx *db.Tx) error {
		failed := errors.New("not this way")
		require.ErrorIs(t, tx.Try(ctx, func(tx *db.Tx) error { require.NoError(t, spend(tx)); return failed }), failed)
		require.NoError(t, tx.Try(ctx, spend))
		require.Error(t, tx.Try(ctx, spend))
		return nil
	}))
	require.Equal(t, before.Balance-money.Unit, f.Balance(t, f.First.ID).Balance)
}
