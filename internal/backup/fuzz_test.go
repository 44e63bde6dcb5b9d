package backup

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A file that somebody hands us is read without harm up to where it is wrong.
func FuzzRead(f *testing.F) {
	var good bytes.Buffer
	a := newArchive(&good)
	require.NoError(f, a.add("about.json", 10, strings.NewReader(`{"form":1}`)))
	require.NoError(f, a.add("files/7/0190a000-0000-7000-8000-000000000001", 5, strings.NewReader("hello")))
	require.NoError(f, a.close())
	f.Add(good.Bytes())
	f.Add([]byte("-- PostgreSQL database dump"))
	f.Fuzz(func(t *testing.T, file []byte) {
		o, err := open(bytes.NewReader(file))
		for err == nil {
			var name string
			var content io.Reader
			if name, content, err = o.next(); err != nil {
				break
			}
			if key, keyErr := fileKey(name); keyErr == nil {
				require.Equal(t, name, fileName(key))
				require.NotContains(t, name, "..")
			}
			_, err = io.Copy(io.Discard, io.LimitReader(content, 1<<20))
		}
		require.ErrorIs(t, err, ErrDamaged)
	})
}
