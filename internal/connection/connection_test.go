package connection_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/connection"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
)

type bundle struct {
	ctx         context.Context
	db          *db.DB
	clock       *clock.Fixed
	connections *connection.Service
}

// setup makes companies 10 and 11.
func setup(t *testing.T) bundle {
	t.Helper()
	d := dbtest.New(t)
	_, err := d.Worker().Exec(t.Context(), `INSERT INTO company (id, kind, parent_id, name, currency, time_zone, created_at)
		VALUES (1, 'platform', NULL, 'P', 'RUB', 'UTC', now()), (10, 'company', 1, 'A', 'RUB', 'UTC', now()), (11, 'company', 1, 'B', 'RUB', 'UTC', now())`)
	require.NoError(t, err)
	c := clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	return bundle{t.Context(), d, c, connection.New(d, c)}
}

func (b bundle) create(t *testing.T, company int64, sites ...string) connection.Connection {
	t.Helper()
	var made connection.Connection
	require.NoError(t, b.db.InCompany(b.ctx, company, func(tx *db.Tx) (err error) {
		made, err = b.connections.CreateWebTx(b.ctx, tx, company, connection.NewWeb{Name: "Site", AllowedSites: sites})
		return err
	}))
	return made
}

func TestByKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.create(t, 10, "HTTPS://Shop.example/", "https://shop.example", "*.shop.example")
	require.Equal(t, connection.Sites{"https://shop.example", "*.shop.example"}, made.AllowedSites)

	found, err := b.connections.ByKey(b.ctx, made.PublicKey)
	require.NoError(t, err)
	require.Equal(t, made, found)

	for _, key := range []string{"", "short", "has spaces in it all over", "'; DROP TABLE web_key; --", "AAAAAAAAAAAAAAAAAAAAAAAA"} {
		_, err := b.connections.ByKey(b.ctx, key)
		require.True(t, fault.Is(err, fault.NotFound), key)
	}
}

func TestByKeySeesChanges(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.create(t, 10)
	_, err := b.connections.ByKey(b.ctx, made.PublicKey)
	require.NoError(t, err)

	require.NoError(t, b.db.InCompany(b.ctx, 10, func(tx *db.Tx) error {
		return b.connections.SetStateTx(b.ctx, tx, 10, made.ID, connection.Disabled)
	}))
	found, err := b.connections.ByKey(b.ctx, made.PublicKey)
	require.NoError(t, err)
	require.Equal(t, connection.Disabled, found.State, "this node's own change is seen at once")

	// Another node changes it: seen when the two seconds are over.
	other := connection.New(b.db, b.clock)
	require.NoError(t, b.db.InCompany(b.ctx, 10, func(tx *db.Tx) error {
		return other.SetSitesTx(b.ctx, tx, 10, made.ID, connection.Sites{"shop.example"})
	}))
	b.clock.Step(2 * time.Second)
	found, err = b.connections.ByKey(b.ctx, made.PublicKey)
	require.NoError(t, err)
	require.Equal(t, connection.Sites{"shop.example"}, found.AllowedSites)
}

func TestForeignConnection(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.create(t, 10)
	require.NoError(t, b.db.InCompany(b.ctx, 11, func(tx *db.Tx) error {
		for _, company := range []int64{10, 11} {
			err := b.connections.SetNameTx(b.ctx, tx, company, made.ID, "Mine")
			require.True(t, fault.Is(err, fault.NotFound))
			found, err := b.connections.ByIDsTx(b.ctx, tx, company, []uuid.UUID{made.ID})
			require.NoError(t, err)
			require.Empty(t, found)
		}
		return nil
	}))
}

func TestCreateWebRefusesWhatIsNoSite(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.NoError(t, b.db.InCompany(b.ctx, 10, func(tx *db.Tx) error {
		_, err := b.connections.CreateWebTx(b.ctx, tx, 10, connection.NewWeb{AllowedSites: []string{"shop.example", "no good", "*.ru"}})
		var f *fault.Error
		require.ErrorAs(t, err, &f)
		require.Contains(t, f.Fields, "allowed_sites.1")
		require.Contains(t, f.Fields, "allowed_sites.2")
		require.NotContains(t, f.Fields, "allowed_sites.0")

		_, err = b.connections.CreateWebTx(b.ctx, tx, 10, connection.NewWeb{AllowedSites: make([]string, connection.MaxSites+1)})
		require.ErrorAs(t, err, &f)
		require.Equal(t, fault.TooLong, f.Fields["allowed_sites"].Code)
		return nil
	}))
}
