// Package blob keeps files of companies on disk: attachments, avatars, documents.
//
// A file is named by its company and a UUID, so no name that a person typed ever reaches
// the file system, and os.Root keeps even a mistake inside the folder. Files appear
// complete or not at all and are on disk before Put returns. What a file is called, what
// type it has and who may see it is kept in the database by whoever owns it.
//
//	<folder>/<company>/<last two digits of the id>/<id>
//	<folder>/incoming/<random>    files not complete yet
package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/platform/fault"
)

// Key names a file.
type Key struct {
	CompanyID int64
	ID        uuid.UUID
}

func (k Key) folder() string {
	id := k.ID.String()
	return path.Join(strconv.FormatInt(k.CompanyID, 10), id[len(id)-2:])
}

func (k Key) path() string { return path.Join(k.folder(), k.ID.String()) }

// Info is what Put learned about a file.
type Info struct {
	Size   int64
	SHA256 [sha256.Size]byte
}

// File is a stored file open for reading. Close it.
type File struct {
	io.ReadSeekCloser
	Size     int64
	StoredAt time.Time
}

// Store is a folder of files.
type Store struct{ root *os.Root }

const (
	incoming     = "incoming"
	abandonAfter = 24 * time.Hour
)

// Open opens the store in folder, which is made when missing, and removes what uploads
// that were cut off have left.
func Open(folder string) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make file folder: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open file folder: %w", err)
	}
	s := &Store{root}
	if err := root.MkdirAll(incoming, 0o700); err != nil {
		return nil, fmt.Errorf("make file folder: %w", err)
	}
	return s, s.removeAbandoned()
}

// Close releases the folder; files that are open stay readable.
func (s *Store) Close() error { return s.root.Close() }

// Put stores what from yields under key, replacing what was there. A file larger than limit
// bytes is refused with the fault too_large and leaves nothing behind.
func (s *Store) Put(ctx context.Context, key Key, from io.Reader, limit int64) (Info, error) {
	draft := path.Join(incoming, rand.Text())
	info, err := s.write(draft, &reader{ctx, from}, limit)
	if err == nil {
		err = s.place(draft, key)
	}
	if err != nil {
		_ = s.root.Remove(draft)
		return Info{}, err
	}
	return info, nil
}

func (s *Store) write(name string, from io.Reader, limit int64) (Info, error) {
	f, err := s.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return Info{}, fmt.Errorf("store file: %w", err)
	}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(f, hash), io.LimitReader(from, limit+1))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return Info{}, fmt.Errorf("store file: %w", err)
	}
	if size > limit {
		return Info{}, fault.New(fault.TooLarge, "The file is larger than %s.", readable(limit))
	}
	return Info{size, [sha256.Size]byte(hash.Sum(nil))}, nil
}

// place moves a complete file to its name and makes the name as durable as the content.
func (s *Store) place(draft string, key Key) error {
	if err := s.root.MkdirAll(key.folder(), 0o700); err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	if err := s.root.Rename(draft, key.path()); err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	folder, err := s.root.Open(key.folder())
	if err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	return nil
}

// Get opens a file, or returns the fault not_found.
func (s *Store) Get(_ context.Context, key Key) (*File, error) {
	f, err := s.root.Open(key.path())
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "There is no such file.")
	}
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("read file: %w", err)
	}
	return &File{ReadSeekCloser: f, Size: info.Size(), StoredAt: info.ModTime().UTC()}, nil
}

// Delete removes a file; one that is not there is no error.
func (s *Store) Delete(_ context.Context, key Key) error {
	if err := s.root.Remove(key.path()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("delete file: %w", err)
	}
	return nil
}

// Each calls fn for every stored file, in no order anybody should count on, until it fails.
func (s *Store) Each(ctx context.Context, fn func(Key) error) error {
	err := fs.WalkDir(s.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil // deleted meanwhile
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir() && name == incoming:
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		key, ok := keyOf(name)
		if !ok {
			return nil // not ours
		}
		return fn(key)
	})
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	return nil
}

// keyOf reads a key from the path of its file.
func keyOf(name string) (Key, bool) {
	company, _, _ := strings.Cut(name, "/")
	number, err := strconv.ParseInt(company, 10, 64)
	if err != nil {
		return Key{}, false
	}
	id, err := uuid.Parse(path.Base(name))
	key := Key{CompanyID: number, ID: id}
	return key, err == nil && key.path() == name
}

func (s *Store) removeAbandoned() error {
	folder, err := s.root.Open(incoming)
	if err != nil {
		return fmt.Errorf("look for abandoned files: %w", err)
	}
	defer folder.Close() //nolint:errcheck // only read
	drafts, err := folder.ReadDir(-1)
	if err != nil {
		return fmt.Errorf("look for abandoned files: %w", err)
	}
	for _, draft := range drafts {
		info, err := draft.Info()
		if err == nil && time.Since(info.ModTime()) > abandonAfter {
			_ = s.root.Remove(path.Join(incoming, draft.Name()))
		}
	}
	return nil
}

// reader ends with the context, so an upload stops when its request does.
type reader struct {
	ctx  context.Context
	from io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}

func readable(bytes int64) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
