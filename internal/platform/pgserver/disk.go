package pgserver

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// ErrDiskFull says that Postgres has no room to write. Its text is for the person who runs
// the machine.
var ErrDiskFull = errors.New("the disk is full")

// least is the room below which starting makes no sense: a new cluster takes about 45 MB
// and the next write-ahead log segment 16 MB.
const (
	leastForNew  = 96 * megabyte
	leastForNext = 24 * megabyte
)

func diskFull(folder string) error {
	room := ""
	if free, err := freeSpace(folder); err == nil {
		room = fmt.Sprintf(" (%d MB free)", free/megabyte)
	}
	return fmt.Errorf("%w: Postgres cannot write to %s%s. Free some space; nothing that was accepted is lost", ErrDiskFull, folder, room)
}

// asDiskFull gives err the clear message when it is about a full disk.
func asDiskFull(err error, folder string) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return diskFull(folder)
	}
	return err
}

// requireSpace fails with ErrDiskFull when the disk below folder has less room than least.
func requireSpace(folder string, least int64) error {
	free, err := freeSpace(folder)
	if err != nil || free >= least {
		return nil // a file system that does not tell is no reason to refuse
	}
	return diskFull(folder)
}

func freeSpace(folder string) (int64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, fmt.Errorf("ask for free space: %w", err)
	}
	return int64(stat.Bavail) * int64(stat.Bsize), nil
}

// sqlstateDiskFull is Postgres's code disk_full.
const sqlstateDiskFull = "53100"

func mentionsDiskFull(text string) bool {
	return strings.Contains(text, "No space left on device") || strings.Contains(text, "Disk quota exceeded")
}
