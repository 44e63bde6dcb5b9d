// Package filelock keeps processes of one machine from doing the same thing at once.
//
// A lock is held by an open file: it ends when the last copy of that file is closed, which
// the system does for a process that dies. A child that inherits the file holds it too.
package filelock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// ErrHeld says that somebody else holds the lock.
var ErrHeld = errors.New("lock is held by another process")

const pollEvery = 20 * time.Millisecond

// Try takes the lock on the file at path, which is created when missing, or returns ErrHeld.
// Close the file to let go.
func Try(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		return f, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, ErrHeld
	}
	return nil, fmt.Errorf("lock %s: %w", path, err)
}

// Wait takes the lock as soon as it is free, or returns ErrHeld when ctx ends before.
func Wait(ctx context.Context, path string) (*os.File, error) {
	for {
		f, err := Try(path)
		if !errors.Is(err, ErrHeld) {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", ErrHeld, ctx.Err())
		case <-time.After(pollEvery):
		}
	}
}
