package pgserver

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the system user that Postgres runs as. The zero credential means: ours.
type account struct {
	name       string
	credential *syscall.Credential
}

// pickAccount returns our own user, or an unprivileged one when we are root.
func pickAccount() (account, error) {
	if os.Geteuid() != 0 {
		me, err := user.Current()
		if err != nil {
			return account{}, fmt.Errorf("the system user %d has no name (no line in /etc/passwd), and Postgres insists on one: %w", os.Geteuid(), err)
		}
		return account{name: me.Username}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseInt(u.Uid, 10, 64)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseInt(u.Gid, 10, 64)
		if err != nil {
			continue
		}
		// macOS calls nobody -2; the conversion keeps the bits the kernel compares.
		return account{name, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return account{}, errors.New("Postgres does not run as root, and there is neither a user postgres nor nobody to run it as")
}

// own makes a folder that only the account can enter.
func (a account) own(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", folder, err)
	}
	if err := os.Chmod(folder, 0o700); err != nil {
		return fmt.Errorf("close %s: %w", folder, err)
	}
	if a.credential == nil {
		return nil
	}
	if err := os.Chown(folder, int(a.credential.Uid), int(a.credential.Gid)); err != nil {
		return fmt.Errorf("give %s to %s: %w", folder, a.name, err)
	}
	return nil
}

// reach explains which folder above path keeps the account out, if one does.
func (a account) reach(path string) error {
	if a.credential == nil {
		return nil
	}
	for folder := path; ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		if err != nil {
			return fmt.Errorf("look at %s: %w", folder, err)
		}
		if !a.mayEnter(info) {
			return fmt.Errorf("the folder %s is closed to the user %s, as which Postgres runs when Parley is root; choose a place outside of it or open it with chmod o+x", folder, a.name)
		}
		if folder == filepath.Dir(folder) {
			return nil
		}
	}
}

func (a account) mayEnter(info os.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return true
	case owner.Uid == a.credential.Uid:
		return info.Mode()&0o100 != 0
	case owner.Gid == a.credential.Gid:
		return info.Mode()&0o010 != 0
	default:
		return info.Mode()&0o001 != 0
	}
}
