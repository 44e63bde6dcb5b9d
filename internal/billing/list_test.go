package billing_test

import (
	"crypto/sha256"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/billing"
	"parley/internal/ledger"
	"parley/internal/platform/blob"
	"parley/internal/platform/fault"
)

func TestList(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	actor := h.Direct.Actor(t, access.Accountant)
	var made []billing.Invoice
	for n := range 12 {
		made = append(made, h.topUp(t, int64(1000-100*(n%4))))
		h.clock.Step(time.Hour)
	}
	_, err := h.pay(t, made[3], 700, "1")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		filter billing.Filter
		want   int
	}{
		"all":               {billing.Filter{}, 12},
		"part of a number":  {billing.Filter{Number: "0001"}, 4},
		"the whole number":  {billing.Filter{Number: " t2026-000004 "}, 1},
		"an id":             {billing.Filter{Number: made[5].ID.String()}, 1},
		"no wildcard":       {billing.Filter{Number: "%"}, 0},
		"monthly":           {billing.Filter{Kind: billing.Monthly}, 0},
		"paid":              {billing.Filter{State: billing.Paid}, 1},
		"unpaid":            {billing.Filter{Unpaid: true}, 11},
		"from":              {billing.Filter{From: made[4].IssuedAt}, 8},
		"to":                {billing.Filter{To: made[4].IssuedAt}, 4},
		"issued, in a span": {billing.Filter{State: billing.Issued, From: made[2].IssuedAt, To: made[6].IssuedAt}, 3},
	} {
		c.filter.Limit = 100
		got, err := h.billing.List(ctx, actor, c.filter)
		require.NoError(t, err)
		require.Len(t, got, c.want, name)
	}
	for _, f := range []billing.Filter{{}, {Ascending: true}, {ByTotal: true}, {ByTotal: true, Ascending: true}} {
		f.Limit = 5
		var seen []billing.Invoice
		for {
			got, err := h.billing.List(ctx, actor, f)
			require.NoError(t, err)
			seen = append(seen, got...)
			if len(got) < f.Limit {
				break
			}
			last := got[len(got)-1]
			f.After = &billing.Place{IssuedAt: last.IssuedAt, Total: last.Total, ID: last.ID}
		}
		require.Len(t, seen, 12)
		for n := 1; n < 12; n++ {
			a, b := seen[n-1], seen[n]
			if f.Ascending {
				a, b = b, a
			}
			if f.ByTotal {
				require.GreaterOrEqual(t, a.Total, b.Total)
			} else {
				require.False(t, a.IssuedAt.Before(b.IssuedAt))
			}
		}
	}
	_, err = h.billing.List(ctx, h.Direct.Actor(t, access.Analyst), billing.Filter{Limit: 5})
	require.True(t, fault.Is(err, fault.Forbidden))
	theirs, err := h.billing.List(ctx, h.First.Actor(t, access.Owner), billing.Filter{Limit: 5})
	require.NoError(t, err)
	require.Empty(t, theirs)
	_, err = h.billing.ByID(ctx, h.First.Actor(t, access.Owner), made[0].ID)
	require.True(t, fault.Is(err, fault.NotFound))
}

// A paper that is lost is made again, byte for byte.
func TestPapersComeBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	i := h.topUp(t, 1000)
	actor := h.Direct.Actor(t, access.Accountant)
	read := func(s *billing.Service) [32]byte {
		f, err := s.OpenFile(ctx, actor, i.ID)
		require.NoError(t, err)
		defer f.Close() //nolint:errcheck // only read
		data, err := io.ReadAll(f)
		require.NoError(t, err)
		require.Equal(t, "%PDF", string(data[:4]))
		require.Len(t, data, i.FileSize)
		return sha256.Sum256(data)
	}
	empty, err := blob.Open(t.TempDir())
	require.NoError(t, err)
	hash := read(h.billing)
	require.Equal(t, hash, read(h.service(empty)))
	var stored []byte
	require.NoError(t, h.DB.Worker().QueryRow(ctx, "SELECT file_hash FROM invoice WHERE company_id = $1", h.Direct.ID).Scan(&stored))
	require.Equal(t, hash[:], stored)

	h.tamper(t, "UPDATE invoice SET file_size = NULL, file_hash = NULL WHERE company_id = $1", h.Direct.ID)
	n, err := h.billing.MakeFiles(ctx, 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	n, err = h.billing.MakeFiles(ctx, 10)
	require.NoError(t, err)
	require.Zero(t, n)
}
