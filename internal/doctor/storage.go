package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"parley/internal/platform/secret"
)

func (e *examination) keyFile(context.Context) Finding {
	file := e.Config.KeyFile
	box, err := secret.Read(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return warning(fmt.Sprintf("There is no key file %s; the next start makes a new one.", file),
			"Fine before the first start. Else put back the copy: a new key opens nothing that was sealed.")
	case errors.Is(err, os.ErrPermission):
		return problem(fmt.Sprintf("The key file %s cannot be read by this user.", file), "Run this command as the server's user, or give the file to that user.")
	case err != nil:
		return problem(fmt.Sprintf("The key file is not usable: %v.", err), "Put back the copy that was kept apart from the backups.")
	}
	return ok(fmt.Sprintf("%d keys are in %s.", len(box.Fingerprints()), file))
}

func (e *examination) dataFolder(context.Context) Finding {
	return writable(e.Config.Data, "data folder")
}

func (e *examination) files(context.Context) Finding {
	return writable(e.Config.Folder("files"), "folder of files")
}

// writable tries to make a file, which is gone again at once.
func writable(folder, what string) Finding {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return warning(fmt.Sprintf("There is no %s %s yet; the first start makes it.", what, folder), "If the server has run before, see whether PARLEY_DATA is the same as then.")
	case err == nil && !info.IsDir():
		return problem(fmt.Sprintf("The %s %s is not a folder.", what, folder), "Move it away, or choose another place with PARLEY_DATA.")
	}
	draft, err := os.CreateTemp(folder, ".doctor-")
	if err == nil {
		err = errors.Join(draft.Close(), os.Remove(draft.Name()))
	}
	if err != nil {
		return problem(fmt.Sprintf("Nothing can be written to the %s: %v.", what, err), "Give the folder to the server's user; see that its disk is neither full nor mounted read-only.")
	}
	return ok(fmt.Sprintf("The %s %s can be written.", what, folder))
}

func (e *examination) disk(context.Context) Finding {
	folder := existing(e.Config.Data)
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return unknown(err)
	}
	free := int64(stat.Bavail) * int64(stat.Bsize)
	says := fmt.Sprintf("%s are free for %s.", size(free), folder)
	switch {
	case free < e.Limits.FreeOut:
		return problem(says, "Free some space now: when the disk is full nothing can be stored, and people are told so.")
	case free < e.Limits.FreeLow:
		return warning(says, "Free some space or get a larger disk before it is full.")
	}
	return ok(says)
}

// existing returns the nearest folder above that is there.
func existing(folder string) string {
	for {
		if _, err := os.Stat(folder); err == nil || folder == filepath.Dir(folder) {
			return folder
		}
		folder = filepath.Dir(folder)
	}
}

// size writes bytes for people.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(bytes)/(1<<30))
	default:
		return fmt.Sprintf("%d MB", bytes>>20)
	}
}
