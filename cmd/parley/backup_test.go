package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// signedIn tries a login and returns the answer's status.
func signedIn(t *testing.T, address, login, password string) int {
	t.Helper()
	body := `{"login":"` + login + `","password":"` + password + `"}`
	r, err := http.Post(address+"/api/v1/sign-in", "application/json", strings.NewReader(body))
	require.NoError(t, err)
	defer r.Body.Close() //nolint:errcheck // only read
	_, _ = io.Copy(io.Discard, r.Body)
	return r.StatusCode
}

// The restore drill: a machine is gone, and a copy of its data and its keys are there.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	lost, kept, fresh := place(t), t.TempDir(), place(t)
	file, password := filepath.Join(kept, "parley.backup"), filepath.Join(kept, "password")
	require.NoError(t, os.WriteFile(password, []byte("correct horse battery\n"), 0o600))
	address, stop := served(t, "--data", lost)
	printed(t, "admin", "create", "--data", lost, "--name", "Ada", "--email", "ada@example.com", "--password-file", password)
	require.Contains(t, printed(t, "backup", "--data", lost, "--to", file), "Copied", "while the server works")
	require.Equal(t, 200, signedIn(t, address, "ada@example.com", "correct horse battery"))
	require.NoError(t, stop())
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.ErrorContains(t, run(t.Context(), []string{"backup", "--data", lost, "--to", file}, io.Discard, io.Discard), "exists already")
	keys, err := os.ReadFile(filepath.Join(lost, "secret.key"))
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(lost))

	restore := func(args ...string) error {
		return run(t.Context(), append([]string{"restore", "--data", fresh, "--from", file}, args...), io.Discard, io.Discard)
	}
	require.ErrorContains(t, restore(), "key file")
	require.NoFileExists(t, filepath.Join(fresh, "secret.key"), "no new key is made instead")
	require.NoError(t, os.WriteFile(filepath.Join(fresh, "secret.key"), keys, 0o600))
	require.NoError(t, restore())
	require.ErrorContains(t, restore(), "not empty")
	require.Contains(t, printed(t, "audit", "--data", fresh), "0 differences")

	address, stop = served(t, "--data", fresh)
	require.Equal(t, 200, signedIn(t, address, "ada@example.com", "correct horse battery"))
	require.Equal(t, 401, signedIn(t, address, "ada@example.com", "another horse battery"))
	require.ErrorContains(t, restore(), "another Parley is running")
	require.NoError(t, stop())
}

func TestBackupToStandardOutput(t *testing.T) {
	t.Parallel()
	folder := place(t)
	printed(t, "admin", "create", "--data", folder, "--name", "Ada", "--email", "ada@example.com")
	require.ErrorContains(t, run(t.Context(), []string{"backup", "--data", folder, "--to", "-"}, io.Discard, io.Discard), "key file", "there are no keys yet")
	_, stop := served(t, "--data", folder)
	require.NoError(t, stop())
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"backup", "--data", folder, "--to", "-"}, &out, io.Discard))
	require.True(t, bytes.HasPrefix(out.Bytes(), []byte{0x1f, 0x8b}), "nothing but the file")
	require.ErrorContains(t, run(t.Context(), []string{"restore", "--data", place(t), "--from", filepath.Join(folder, "nowhere")}, io.Discard, io.Discard), "open backup")
}
