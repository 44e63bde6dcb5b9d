package secret_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/platform/secret"
)

var place = secret.Place{CompanyID: 7, Table: "connection", Row: "a1"}

func box(t *testing.T, keys ...secret.Key) *secret.Box {
	t.Helper()
	b, err := secret.New(keys...)
	require.NoError(t, err)
	return b
}

func TestSealedOpensAtItsPlace(t *testing.T) {
	t.Parallel()
	b := box(t, secret.NewKey(1))
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed, err := b.Seal(plain, place)
		require.NoError(t, err)
		opened, err := b.Open(sealed, place)
		require.NoError(t, err)
		require.True(t, bytes.Equal(plain, opened))
	})
}

func TestSealingTwiceDiffers(t *testing.T) {
	t.Parallel()
	b := box(t, secret.NewKey(1))
	first, err := b.Seal([]byte("token"), place)
	require.NoError(t, err)
	second, err := b.Seal([]byte("token"), place)
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	require.NotContains(t, string(first), "token")
}

func TestElsewhereItDoesNotOpen(t *testing.T) {
	t.Parallel()
	b := box(t, secret.NewKey(1))
	sealed, err := b.Seal([]byte("token"), place)
	require.NoError(t, err)
	for name, other := range map[string]secret.Place{
		"another company":       {CompanyID: 8, Table: "connection", Row: "a1"},
		"another table":         {CompanyID: 7, Table: "trunk", Row: "a1"},
		"another row":           {CompanyID: 7, Table: "connection", Row: "a2"},
		"same letters, shifted": {CompanyID: 7, Table: "connectiona", Row: "1"},
	} {
		_, err := b.Open(sealed, other)
		require.ErrorIs(t, err, secret.ErrOpen, name)
	}
}

func TestEveryChangedByteIsNoticed(t *testing.T) {
	t.Parallel()
	b := box(t, secret.NewKey(1))
	sealed, err := b.Seal([]byte("a token of some length"), place)
	require.NoError(t, err)
	for i := range sealed {
		tampered := bytes.Clone(sealed)
		tampered[i] ^= 1
		_, err := b.Open(tampered, place)
		require.ErrorIs(t, err, secret.ErrOpen, "byte %d", i)
	}
	for n := range sealed {
		_, err := b.Open(sealed[:n], place)
		require.ErrorIs(t, err, secret.ErrOpen, "cut to %d bytes", n)
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	_, err := box(t, secret.NewKey(1)).Seal(make([]byte, 1<<20+1), place)
	require.Error(t, err)
}

func TestRotation(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "secret.key")
	before, err := secret.Load(path)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	old, err := before.Seal([]byte("token"), place)
	require.NoError(t, err)

	id, err := secret.Rotate(path)
	require.NoError(t, err)
	require.Equal(t, uint32(2), id)
	after, err := secret.Load(path)
	require.NoError(t, err)
	opened, err := after.Open(old, place)
	require.NoError(t, err)
	require.Equal(t, "token", string(opened))
	require.True(t, after.Old(old))

	fresh, err := after.Seal([]byte("token"), place)
	require.NoError(t, err)
	require.False(t, after.Old(fresh))
	_, err = before.Open(fresh, place)
	require.ErrorIs(t, err, secret.ErrOpen, "a box without the new key")
	require.ErrorContains(t, err, "key 2")
}

func TestFirstStartOfManyMakesOneKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret.key")
	boxes := make([]*secret.Box, 8)
	var group sync.WaitGroup
	for i := range boxes {
		group.Go(func() {
			var err error
			boxes[i], err = secret.Load(path)
			require.NoError(t, err)
		})
	}
	group.Wait()
	sealed, err := boxes[0].Seal([]byte("token"), place)
	require.NoError(t, err)
	for _, b := range boxes {
		_, err := b.Open(sealed, place)
		require.NoError(t, err)
	}
}

func TestBadKeyFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		says string
	}{
		"readable by others": {"1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 0o644, "chmod 600"},
		"empty":              {"\n# no key\n", 0o600, "is empty"},
		"short key":          {"1 AAAA\n", 0o600, "32 bytes"},
		"no number":          {"AAAA\n", 0o600, "key number"},
		"twice":              {"1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 0o600, "twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "secret.key")
			require.NoError(t, os.WriteFile(path, []byte(c.text), 0o600))
			require.NoError(t, os.Chmod(path, c.mode))
			_, err := secret.Load(path)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func FuzzOpen(f *testing.F) {
	b, err := secret.New(secret.NewKey(1))
	require.NoError(f, err)
	sealed, err := b.Seal([]byte("token"), place)
	require.NoError(f, err)
	f.Add(sealed)
	f.Add([]byte{1, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		if plain, err := b.Open(data, place); err == nil {
			require.Equal(t, "token", string(plain))
		}
	})
}

func TestDerive(t *testing.T) {
	t.Parallel()
	older, newer := secret.NewKey(1), secret.NewKey(2)
	one, err := secret.New(older)
	require.NoError(t, err)
	both, err := secret.New(newer, older)
	require.NoError(t, err)

	require.Len(t, both.Derive("tokens"), 2)
	require.Equal(t, one.Derive("tokens")[0], both.Derive("tokens")[1], "what the older key signed can still be checked")
	require.NotEqual(t, one.Derive("tokens"), one.Derive("files"), "each purpose has its own key")
	require.Len(t, one.Derive("tokens")[0], 32)
}

func TestReadMakesNoFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret.key")
	_, err := secret.Read(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	made, err := secret.Load(path)
	require.NoError(t, err)
	read, err := secret.Read(path)
	require.NoError(t, err)
	require.Equal(t, made.Fingerprints(), read.Fingerprints())
}

func TestFingerprintsTellKeysApart(t *testing.T) {
	t.Parallel()
	older, newer := secret.NewKey(1), secret.NewKey(2)
	both := box(t, newer, older).Fingerprints()
	require.Equal(t, both, append(box(t, newer).Fingerprints(), box(t, older).Fingerprints()...))
	require.NotEqual(t, both[0], both[1])
}
