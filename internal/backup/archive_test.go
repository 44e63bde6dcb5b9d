package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func eachEntry(from io.Reader, visit func(name string)) error {
	r := tar.NewReader(from)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		visit(h.Name)
	}
}

func changed(file []byte, at int) []byte {
	file = slices.Clone(file)
	file[at] ^= 1
	return file
}

// edit packs a backup anew with entries changed; nil drops one.
func edit(t *testing.T, file []byte, change func(name string, content []byte) []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(file))
	require.NoError(t, err)
	r := tar.NewReader(z)
	var out bytes.Buffer
	packed := gzip.NewWriter(&out)
	w := tar.NewWriter(packed)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		if content = change(h.Name, content); content == nil {
			continue
		}
		h.Size = int64(len(content))
		require.NoError(t, w.WriteHeader(h))
		_, err = w.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, errors.Join(w.Close(), packed.Close()))
	return out.Bytes()
}

// rewritten replaces a text in the first entry of a name that has it.
func rewritten(t *testing.T, file []byte, name, old, with string) []byte {
	t.Helper()
	done := false
	out := edit(t, file, func(n string, content []byte) []byte {
		if done || !strings.HasPrefix(n, name) || !bytes.Contains(content, []byte(old)) {
			return content
		}
		done = true
		return bytes.Replace(content, []byte(old), []byte(with), 1)
	})
	require.True(t, done, "%s has no %q", name, old)
	return out
}

// without drops the first entry of a name.
func without(t *testing.T, file []byte, name string) []byte {
	t.Helper()
	done := false
	out := edit(t, file, func(n string, content []byte) []byte {
		if !done && strings.HasPrefix(n, name) {
			done = true
			return nil
		}
		return content
	})
	require.True(t, done, "there is no %s", name)
	return out
}
