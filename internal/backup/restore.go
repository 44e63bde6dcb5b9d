package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"parley/internal/backup/internal/backupdb"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
)

// Reasons why nothing is restored.
var (
	ErrUsed     = backupdb.ErrUsed
	ErrBusy     = backupdb.ErrBusy
	ErrNotOurs  = errors.New("the backup was made on another version of the schema")
	ErrNoKeys   = errors.New("the keys that the backup's credentials are sealed with are not in the key file")
	errTooNew   = errors.New("the backup has a form that this program does not know; use a newer program")
	errNotFirst = fmt.Errorf("%w: it does not begin with about.json", ErrDamaged)
)

// Target is where an installation is restored: an empty database, which may
// have the schema already, and an empty folder of files.
type Target struct {
	URL   string
	Files *blob.Store
	Keys  []string // fingerprints of the keys in the key file
	// WithoutKeys restores although keys are missing: what they sealed is lost.
	WithoutKeys bool
}

// Restore brings an installation back, wholly or not at all.
func Restore(ctx context.Context, from io.Reader, t Target) (About, Summary, error) {
	file, err := open(from)
	if err != nil {
		return About{}, Summary{}, err
	}
	about, err := begin(file, t)
	if err != nil {
		return about, Summary{}, err
	}
	if err := requireNoFiles(ctx, t.Files); err != nil {
		return about, Summary{}, err
	}
	conn, err := backupdb.Connect(ctx, t.URL)
	if err != nil {
		return about, Summary{}, err
	}
	defer conn.Close(ctx)
	if err := conn.Prepare(ctx); err != nil {
		return about, Summary{}, err
	}
	r := &restorer{file: file, about: about, files: t.Files}
	if err := r.all(ctx, conn); err != nil {
		return about, Summary{}, errors.Join(err, removeFiles(context.WithoutCancel(ctx), t.Files))
	}
	return about, r.Summary, nil
}

// begin reads what the backup says of itself and whether it can be restored.
func begin(file *opened, t Target) (About, error) {
	var about About
	name, content, err := file.next()
	if err != nil {
		return about, err
	}
	if name != "about.json" {
		return about, errNotFirst
	}
	if err := file.json(name, content, &about); err != nil {
		return about, err
	}
	switch {
	case about.Form != Form:
		return about, errTooNew
	case about.Schema != db.Fingerprint():
		return about, fmt.Errorf("%w: use parley %s to restore it and upgrade then", ErrNotOurs, about.Program)
	case !t.WithoutKeys && !holds(t.Keys, about.Keys):
		return about, fmt.Errorf("%w; put back the file that was kept with the backup", ErrNoKeys)
	}
	return about, nil
}

func holds(keys, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(k string) bool { return !slices.Contains(keys, k) })
}

var errSomeFile = errors.New("there is a file")

func requireNoFiles(ctx context.Context, files *blob.Store) error {
	err := files.Each(ctx, func(blob.Key) error { return errSomeFile })
	if errors.Is(err, errSomeFile) {
		return fmt.Errorf("%w: there are stored files; move the folder files out of the data folder", ErrUsed)
	}
	return err
}

// removeFiles takes back what a restoring that failed has stored.
func removeFiles(ctx context.Context, files *blob.Store) error {
	return files.Each(ctx, func(key blob.Key) error { return files.Delete(ctx, key) })
}

// restorer restores one backup.
type restorer struct {
	Summary
	file  *opened
	about About
	files *blob.Store
	load  *backupdb.Load
}

func (r *restorer) all(ctx context.Context, conn *backupdb.Conn) error {
	there, err := conn.Tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range r.about.Tables {
		if !slices.ContainsFunc(there, func(o backupdb.Table) bool { return o.Name == t.Name && slices.Equal(o.Columns, t.Columns) }) {
			return fmt.Errorf("%w: table %s is another", ErrNotOurs, t.Name)
		}
	}
	if r.load, err = conn.Begin(ctx, r.about.Tables); err != nil {
		return err
	}
	for {
		name, content, err := r.file.next()
		if err != nil {
			return err
		}
		if name == "end.json" {
			return r.end(ctx, content)
		}
		if err := r.entry(ctx, name, content); err != nil {
			return err
		}
	}
}

func (r *restorer) entry(ctx context.Context, name string, content io.Reader) error {
	switch kind, rest, _ := strings.Cut(name, "/"); kind {
	case "tables":
		return r.rows(ctx, rest, content)
	case "sequences.json":
		return r.sequences(ctx, name, content)
	case "files":
		key, err := fileKey(name)
		if err != nil {
			return err
		}
		r.Files++
		_, err = r.files.Put(ctx, key, content, math.MaxInt64-1)
		return err
	}
	return fmt.Errorf("%w: nothing is known of an entry %q", ErrDamaged, name)
}

func (r *restorer) rows(ctx context.Context, name string, content io.Reader) error {
	table, _, _ := strings.Cut(name, "/")
	i := slices.IndexFunc(r.about.Tables, func(t backupdb.Table) bool { return t.Name == table })
	if i < 0 {
		return fmt.Errorf("%w: rows of an unknown table %q", ErrDamaged, table)
	}
	n, err := r.load.CopyIn(ctx, r.about.Tables[i], content)
	r.Rows += n
	return err
}

func (r *restorer) sequences(ctx context.Context, name string, content io.Reader) error {
	var list []backupdb.Sequence
	if err := r.file.json(name, content, &list); err != nil {
		return err
	}
	for _, s := range list {
		if err := r.load.Count(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// end commits if all is there as it was written.
func (r *restorer) end(ctx context.Context, content io.Reader) error {
	sum := r.file.sum
	var e end
	if err := r.file.json("end.json", content, &e); err != nil {
		return err
	}
	if e.SHA256 != sum || e.Rows != r.Rows || e.Files != r.Files {
		return fmt.Errorf("%w: its hash is another", ErrDamaged)
	}
	if err := r.file.finish(); err != nil {
		return err
	}
	r.Bytes = e.Bytes
	if err := r.load.PlaceEvents(ctx); err != nil {
		return err
	}
	return r.load.Commit(ctx)
}
