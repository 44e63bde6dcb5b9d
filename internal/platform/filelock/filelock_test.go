package filelock_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/filelock"
)

func TestOneHolderAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	first, err := filelock.Try(path)
	require.NoError(t, err)

	_, err = filelock.Try(path)
	require.ErrorIs(t, err, filelock.ErrHeld)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = filelock.Wait(ended, path)
	require.ErrorIs(t, err, filelock.ErrHeld)
	require.ErrorIs(t, err, context.Canceled)

	require.NoError(t, first.Close())
	second, err := filelock.Wait(t.Context(), path)
	require.NoError(t, err)
	require.NoError(t, second.Close())
}

func TestChildThatInheritsHoldsOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	lock, err := filelock.Try(path)
	require.NoError(t, err)

	stdin, hold, err := os.Pipe()
	require.NoError(t, err)
	child := exec.Command("cat")
	child.Stdin, child.ExtraFiles = stdin, []*os.File{lock}
	require.NoError(t, child.Start())
	require.NoError(t, stdin.Close())
	require.NoError(t, lock.Close())

	_, err = filelock.Try(path)
	require.ErrorIs(t, err, filelock.ErrHeld)

	require.NoError(t, hold.Close())
	require.NoError(t, child.Wait())
	lock, err = filelock.Try(path)
	require.NoError(t, err)
	require.NoError(t, lock.Close())
}
