package pgserver

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// pack makes an npm archive and returns its path and hash.
func pack(t *testing.T, files map[string]string) (string, string) {
	t.Helper()
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zipped)
	for name, text := range files {
		require.NoError(t, archive.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644}))
		_, err := archive.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	require.NoError(t, zipped.Close())
	path := filepath.Join(t.TempDir(), "package.tgz")
	require.NoError(t, os.WriteFile(path, packed.Bytes(), 0o600))
	sum := sha512.Sum512(packed.Bytes())
	return path, base64.StdEncoding.EncodeToString(sum[:])
}

func TestUnpack(t *testing.T) {
	t.Parallel()
	archive, hash := pack(t, map[string]string{
		"package/native/bin/postgres":     "program",
		"package/native/lib/libpq.so.5.1": "library",
		"package/native/pg-symlinks.json": `[{"source":"native/lib/libpq.so.5.1","target":"native/lib/libpq.so"}]`,
		"package/dist/index.js":           "not ours",
	})
	folder := filepath.Join(t.TempDir(), "postgres")
	require.NoError(t, unpackChecked(archive, hash, folder))

	program, err := os.Stat(filepath.Join(folder, "bin", "postgres"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o755), program.Mode().Perm())
	link, err := os.Readlink(filepath.Join(folder, "lib", "libpq.so"))
	require.NoError(t, err)
	require.Equal(t, "libpq.so.5.1", link)
	require.NoFileExists(t, filepath.Join(folder, "index.js"))
}

func TestUnpackRefusesAnotherPackage(t *testing.T) {
	t.Parallel()
	archive, _ := pack(t, map[string]string{"package/native/bin/postgres": "program"})
	folder := filepath.Join(t.TempDir(), "postgres")
	require.ErrorContains(t, unpackChecked(archive, packageHashes["linux-x64"], folder), "nothing was installed")
	require.NoDirExists(t, folder)
}

func TestUnpackStaysInItsFolder(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"file": {"package/native/bin/../../../../evil": "x"},
		"link": {"package/native/pg-symlinks.json": `[{"source":"native/lib/a","target":"native/../../evil"}]`},
	} {
		archive, hash := pack(t, files)
		parent := t.TempDir()
		_ = unpackChecked(archive, hash, filepath.Join(parent, "a", "b"))
		require.NoFileExists(t, filepath.Join(parent, "evil"), name)
		require.NoFileExists(t, filepath.Join(parent, "a", "evil"), name)
	}
}
