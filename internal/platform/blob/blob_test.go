package blob_test

import (
	"context"
	"crypto/sha256"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/blob"
	"parley/internal/platform/fault"
)

func open(t *testing.T) (*blob.Store, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "files")
	s, err := blob.Open(folder)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, folder
}

func key(company int64) blob.Key { return blob.Key{CompanyID: company, ID: uuid.New()} }

func files(t *testing.T, folder string) []string {
	t.Helper()
	var found []string
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			found = append(found, path)
		}
		return err
	}))
	return found
}

func read(t *testing.T, s *blob.Store, k blob.Key) string {
	t.Helper()
	f, err := s.Get(t.Context(), k)
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Len(t, text, int(f.Size))
	return string(text)
}

func TestPutGetDelete(t *testing.T) {
	t.Parallel()
	s, folder := open(t)
	k := key(7)
	info, err := s.Put(t.Context(), k, strings.NewReader("hello"), 5)
	require.NoError(t, err)
	require.Equal(t, blob.Info{Size: 5, SHA256: sha256.Sum256([]byte("hello"))}, info)
	require.Equal(t, "hello", read(t, s, k))
	for _, f := range files(t, folder) {
		stat, err := os.Stat(f)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), stat.Mode().Perm())
	}

	_, err = s.Put(t.Context(), k, strings.NewReader("again"), 5)
	require.NoError(t, err)
	require.Equal(t, "again", read(t, s, k))

	_, err = s.Get(t.Context(), blob.Key{CompanyID: 8, ID: k.ID})
	require.True(t, fault.Is(err, fault.NotFound), "another company's file is not there")

	require.NoError(t, s.Delete(t.Context(), k))
	require.NoError(t, s.Delete(t.Context(), k))
	_, err = s.Get(t.Context(), k)
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestWhatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	s, folder := open(t)

	_, err := s.Put(t.Context(), key(7), strings.NewReader("123456"), 5)
	require.True(t, fault.Is(err, fault.TooLarge))

	_, err = s.Put(t.Context(), key(7), iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("12"))), 5)
	require.ErrorIs(t, err, iotest.ErrTimeout)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Put(ended, key(7), strings.NewReader("12"), 5)
	require.ErrorIs(t, err, context.Canceled)

	require.Empty(t, files(t, folder))
}

func TestLinksDoNotLeadOut(t *testing.T) {
	t.Parallel()
	s, folder := open(t)
	outside := filepath.Join(t.TempDir(), "outside")
	require.NoError(t, os.Mkdir(outside, 0o700))
	require.NoError(t, os.Symlink(outside, filepath.Join(folder, "7")))

	_, err := s.Put(t.Context(), key(7), strings.NewReader("hello"), 5)
	require.Error(t, err)
	require.Empty(t, files(t, outside))
}

func TestAbandonedUploadsGo(t *testing.T) {
	t.Parallel()
	s, folder := open(t)
	k := key(7)
	_, err := s.Put(t.Context(), k, strings.NewReader("hello"), 5)
	require.NoError(t, err)
	long := time.Now().Add(-25 * time.Hour)
	for name, at := range map[string]time.Time{"old": long, "new": time.Now()} {
		path := filepath.Join(folder, "incoming", name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Chtimes(path, at, at))
	}

	again, err := blob.Open(folder)
	require.NoError(t, err)
	require.NoFileExists(t, filepath.Join(folder, "incoming", "old"))
	require.FileExists(t, filepath.Join(folder, "incoming", "new"))
	require.Equal(t, "hello", read(t, again, k))
	require.NoError(t, again.Close())
}

func TestEach(t *testing.T) {
	t.Parallel()
	s, folder := open(t)
	want := map[blob.Key]bool{}
	for company := range int64(3) {
		k := key(company + 1)
		_, err := s.Put(t.Context(), k, strings.NewReader("x"), 5)
		require.NoError(t, err)
		want[k] = true
	}
	for _, foreign := range []string{"incoming/cut-off", "7/note.txt", "7/xx/" + uuid.NewString(), "lost+found"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, foreign)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, foreign), nil, 0o600))
	}
	got := map[blob.Key]bool{}
	require.NoError(t, s.Each(t.Context(), func(k blob.Key) error { got[k] = true; return nil }))
	require.Equal(t, want, got)
	require.ErrorIs(t, s.Each(t.Context(), func(blob.Key) error { return io.ErrShortWrite }), io.ErrShortWrite)
}
