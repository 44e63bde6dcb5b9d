package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func mayMount() bool {
	return os.Geteuid() == 0 && exec.Command("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", os.TempDir()).Run() == nil
}

// smallDisk mounts a file system of a few megabytes, which only root may do.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	folder := place(t)
	out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("mode=0755,size=%dm", megabytes), "tmpfs", folder).CombinedOutput()
	require.NoError(t, err, string(out))
	t.Cleanup(func() {
		out, err := exec.Command("umount", "-l", folder).CombinedOutput()
		require.NoError(t, err, string(out))
	})
	return folder
}

// fill writes a file until the disk has no room left.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	block := make([]byte, 1<<12)
	for err == nil {
		_, err = f.Write(block)
	}
	require.NoError(t, f.Close())
}

// The disk under the private Postgres becomes full and gets room again: people
// are told why nothing is stored, and nobody has to do anything afterwards.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if !mayMount() {
		return // the supervisor's and the API's own tests play a full disk without one
	}
	disk := smallDisk(t, 260)
	address, stop := served(t, "--data", disk, "--request-rate", "0")
	t.Cleanup(func() { require.NoError(t, stop()) })
	password := filepath.Join(place(t), "password")
	require.NoError(t, os.WriteFile(password, []byte("correct horse battery\n"), 0o600))
	printed(t, "admin", "create", "--data", disk, "--name", "Ada", "--email", "ada@example.com", "--password-file", password)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	ada := &http.Client{Jar: jar}
	post := func(path string, in any) (int, map[string]any) {
		body, err := json.Marshal(in)
		require.NoError(t, err)
		r, err := ada.Post(address+path, "application/json", bytes.NewReader(body))
		require.NoError(t, err)
		defer r.Body.Close() //nolint:errcheck // only read
		data, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		answer := map[string]any{}
		_ = json.Unmarshal(data, &answer)
		return r.StatusCode, answer
	}
	status, answer := post("/api/v1/sign-in", map[string]any{"login": "ada@example.com", "password": "correct horse battery"})
	require.Equal(t, 200, status, answer)
	store := func() (int, map[string]any) {
		return post("/api/v1/back-office/price-lists", map[string]any{"name": fmt.Sprint(time.Now().UnixNano()) + strings.Repeat(" long", 15)})
	}
	status, answer = store()
	require.Equal(t, 201, status, answer)

	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	full := map[string]bool{}
	require.Eventually(t, func() bool {
		status, answer := store()
		if status == 201 {
			return false
		}
		require.Equal(t, 503, status, answer)
		full[fmt.Sprint(answer["code"])] = true
		health, reason := health(t, address)
		return full["disk_full"] && health == 503 && reason["reason"] == "the disk is full"
	}, patience, time.Millisecond, "%v", full)

	require.NoError(t, os.Remove(ballast))
	require.Eventually(t, func() bool {
		status, _ := store()
		health, _ := health(t, address)
		return status == 201 && health == 200
	}, patience, 100*time.Millisecond, "it goes on by itself")
}
