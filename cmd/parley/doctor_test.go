package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/doctor"
)

func TestDoctor(t *testing.T) {
	t.Parallel()
	folder := place(t)
	var out strings.Builder
	err := run(t.Context(), []string{"doctor", "--data", folder, "--address", "127.0.0.1:0"}, &out, io.Discard)
	require.NoError(t, err, "a machine that nothing was started on is not broken:\n%s", out.String())
	require.Contains(t, out.String(), "There is no database yet")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, entries, "it makes nothing")

	address, stop := served(t, "--data", folder)
	states := func(args ...string) (map[string]doctor.Finding, error) {
		var out strings.Builder
		err := run(t.Context(), append([]string{"doctor", "--json", "--data", folder, "--address", strings.TrimPrefix(address, "http://")}, args...), &out, io.Discard)
		found := map[string]doctor.Finding{}
		for line := range strings.Lines(out.String()) {
			var f doctor.Finding
			require.NoError(t, json.Unmarshal([]byte(line), &f), line)
			found[f.Check] = f
		}
		return found, err
	}
	found, err := states("--audit")
	require.NoError(t, err)
	for _, check := range []string{"address", "key_file", "data_folder", "files", "database", "postgres", "logins", "schema", "keys", "events", "books"} {
		require.Equal(t, doctor.OK, found[check].State, "%+v", found[check])
	}
	require.NoError(t, stop())

	require.NoError(t, os.Remove(filepath.Join(folder, "secret.key")))
	found, err = states()
	require.ErrorContains(t, err, "something is wrong")
	require.Equal(t, doctor.Problem, found["keys"].State, "the private Postgres is started to look")
	require.NoFileExists(t, filepath.Join(folder, "secret.key"))
}

// A key file that was lost and made anew does not seal beside the old one.
func TestServeRefusesOtherKeys(t *testing.T) {
	t.Parallel()
	folder := place(t)
	_, stop := served(t, "--data", folder)
	require.NoError(t, stop())
	key := filepath.Join(folder, "secret.key")
	require.NoError(t, os.Rename(key, key+".kept"))
	serve := []string{"serve", "--address", "127.0.0.1:0", "--data", folder}
	require.ErrorContains(t, run(t.Context(), serve, io.Discard, io.Discard), "sealed with other keys")
	require.NoError(t, os.Rename(key+".kept", key))
	require.Contains(t, printed(t, "admin", "rotate-keys", "--data", folder), "Key 2 seals")
	_, stop = served(t, "--data", folder)
	require.NoError(t, stop())

	require.NoError(t, os.Remove(key))
	require.Contains(t, printed(t, "admin", "accept-keys", "--data", folder), "anew")
	_, stop = served(t, "--data", folder)
	require.NoError(t, stop())
}
