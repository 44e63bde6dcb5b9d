package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"parley/internal/backup"
	"parley/internal/platform/blob"
	"parley/internal/platform/config"
	"parley/internal/platform/secret"
)

type backupCommand struct {
	To string `required:"" placeholder:"FILE" help:"File to make, which must not exist yet; - is standard output."`
}

// Run copies the installation into a file while the server goes on.
func (b backupCommand) Run(c *config.Config, e *environment) error {
	keys, err := secret.Read(c.KeyFile)
	if err != nil {
		return err
	}
	files, err := blob.Open(c.Folder("files"))
	if err != nil {
		return err
	}
	defer files.Close() //nolint:errcheck // only read
	database, err := openDatabase(e.ctx, c, e.log)
	if err != nil {
		return err
	}
	defer database.close()
	var made backup.Summary
	err = writeFile(b.To, e.out, func(to io.Writer) (err error) {
		made, err = backup.Write(e.ctx, to, backup.Source{
			URL: database.url, Files: files, Keys: keys.Fingerprints(), Program: version(), Now: time.Now(),
		})
		return err
	})
	if err != nil || b.To == "-" {
		return err
	}
	fmt.Fprintf(e.out, "Copied %d rows and %d files to %s.\n", made.Rows, made.Files, b.To)
	fmt.Fprintf(e.out, "The keys are not in it. Keep a copy of %s in another place: without it nobody opens what is sealed.\n", c.KeyFile)
	return nil
}

// writeFile makes a file appear complete and durable or not at all.
func writeFile(path string, out io.Writer, write func(io.Writer) error) (err error) {
	if path == "-" {
		return write(out)
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s exists already; a backup never replaces another", path)
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".parley-backup-") // 0600
	if err != nil {
		return fmt.Errorf("make backup: %w", err)
	}
	defer os.Remove(draft.Name()) //nolint:errcheck // a second name by then, or not wanted
	err = write(draft)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil {
		return fmt.Errorf("make backup: %w", err)
	}
	return nil
}

type restoreCommand struct {
	From        string `required:"" placeholder:"FILE" help:"A file that parley backup has made; - is standard input."`
	WithoutKeys bool   `help:"Restore although the key file with which credentials were sealed is lost. They have to be entered anew."`
}

// Run brings an installation back into an empty database and an empty folder.
func (r restoreCommand) Run(c *config.Config, e *environment) error {
	from, err := r.open()
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // only read
	var keys []string
	switch box, err := secret.Read(c.KeyFile); {
	case err == nil:
		keys = box.Fingerprints()
	case !r.WithoutKeys || !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%w; put back the key file that was kept with the backup, or lose what it sealed by --without-keys", err)
	}
	files, err := blob.Open(c.Folder("files"))
	if err != nil {
		return err
	}
	defer files.Close() //nolint:errcheck // written files are durable
	database, err := openOwnDatabase(e.ctx, c, e)
	if err != nil {
		return err
	}
	defer database.close()
	about, restored, err := backup.Restore(e.ctx, from, backup.Target{URL: database.url, Files: files, Keys: keys, WithoutKeys: r.WithoutKeys})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Restored %d rows and %d files as they were on %s.\n", restored.Rows, restored.Files, about.MadeAt.Format(time.RFC3339))
	fmt.Fprintf(e.out, "Run parley doctor and parley audit, then start the server.\n")
	return nil
}

func (r restoreCommand) open() (io.ReadCloser, error) {
	if r.From == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	f, err := os.Open(r.From)
	if err != nil {
		return nil, fmt.Errorf("open backup: %w", err)
	}
	return f, nil
}
