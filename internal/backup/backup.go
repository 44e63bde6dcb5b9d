package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/backup/internal/backupdb"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Form is the version of the file's form.
const Form = 1

// About is what a backup says of itself.
type About struct {
	Form    int       `json:"form"`
	Program string    `json:"program"` // version that made it
	Schema  string    `json:"schema"`  // see db.Fingerprint
	MadeAt  time.Time `json:"made_at"` // what was committed then is in it
	Keys    []string  `json:"keys"`    // fingerprints of the keys that seal credentials, newest first

	Tables []backupdb.Table `json:"tables"`
}

// end closes the file.
type end struct {
	Summary
	SHA256 string `json:"sha256"` // over names and contents of all before
}

// Summary says how much was copied.
type Summary struct {
	Rows  int64 `json:"rows"`
	Files int64 `json:"files"`
	Bytes int64 `json:"bytes"` // before compression
}

// Source is the installation that is copied.
type Source struct {
	URL     string // of the database, as the owner of its tables
	Files   *blob.Store
	Keys    []string // fingerprints of the keys
	Program string   // our version
	Now     time.Time
}

// partSize is where a table's rows are cut into another part, in bytes.
const partSize = 4 << 20

// Write writes a backup. Whoever reads it needs all of it: when Write fails,
// what it has written is worth nothing.
func Write(ctx context.Context, to io.Writer, s Source) (Summary, error) {
	conn, err := backupdb.Connect(ctx, s.URL)
	if err != nil {
		return Summary{}, err
	}
	defer conn.Close(ctx)
	w := &writer{archive: newArchive(to)}
	if err := w.database(ctx, conn, s); err != nil {
		return Summary{}, err
	}
	if err := w.files(ctx, s.Files); err != nil {
		return Summary{}, err
	}
	w.Bytes = w.archive.bytes
	if err := w.json("end.json", end{w.Summary, w.archive.sum()}); err != nil {
		return Summary{}, err
	}
	return w.Summary, w.archive.close()
}

// writer writes one backup.
type writer struct {
	Summary
	archive *archive
}

func (w *writer) database(ctx context.Context, conn *backupdb.Conn, s Source) error {
	if state, err := db.SchemaState(ctx, s.URL); err != nil {
		return err
	} else if !state.AtHead() {
		return fmt.Errorf("the schema is not that of this program (%s); start the program or run parley migrate first", state)
	}
	if hidden, err := conn.Hidden(ctx); err != nil {
		return err
	} else if len(hidden) > 0 {
		return fmt.Errorf("policies hide rows of %s from this database user; use the owner of the tables", strings.Join(hidden, ", "))
	}
	if err := conn.View(ctx); err != nil {
		return err
	}
	tables, err := conn.Tables(ctx)
	if err != nil {
		return err
	}
	about := About{Form: Form, Program: s.Program, Schema: db.Fingerprint(), MadeAt: s.Now.UTC(), Keys: s.Keys, Tables: tables}
	if err := w.json("about.json", about); err != nil {
		return err
	}
	for _, t := range tables {
		if err := w.table(ctx, conn, t); err != nil {
			return err
		}
	}
	sequences, err := conn.Sequences(ctx)
	if err != nil {
		return err
	}
	if err := w.json("sequences.json", sequences); err != nil {
		return err
	}
	return conn.EndView(ctx)
}

func (w *writer) table(ctx context.Context, conn *backupdb.Conn, t backupdb.Table) error {
	p := &parts{archive: w.archive, table: t.Name}
	rows, err := conn.CopyOut(ctx, t, p)
	if err != nil {
		return err
	}
	w.Rows += rows
	return p.flush()
}

// parts gathers rows into parts of a table.
type parts struct {
	archive *archive
	table   string
	number  int
	rows    bytes.Buffer
}

// Write takes one row.
func (p *parts) Write(row []byte) (int, error) {
	n, _ := p.rows.Write(row)
	if p.rows.Len() < partSize {
		return n, nil
	}
	return n, p.flush()
}

func (p *parts) flush() error {
	if p.rows.Len() == 0 {
		return nil
	}
	p.number++
	name := fmt.Sprintf("tables/%s/%06d.copy", p.table, p.number)
	err := p.archive.add(name, int64(p.rows.Len()), &p.rows)
	p.rows.Reset()
	return err
}

// files copies what is stored now: all that the rows know and perhaps some
// that came after them.
func (w *writer) files(ctx context.Context, from *blob.Store) error {
	return from.Each(ctx, func(key blob.Key) error {
		f, err := from.Get(ctx, key)
		if fault.Is(err, fault.NotFound) {
			return nil // deleted meanwhile
		}
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // only read
		w.Files++
		return w.archive.add(fileName(key), f.Size, f)
	})
}

func fileName(key blob.Key) string {
	return path.Join("files", strconv.FormatInt(key.CompanyID, 10), key.ID.String())
}

// fileKey is the way back from fileName.
func fileKey(name string) (blob.Key, error) {
	var key blob.Key
	company, id, _ := strings.Cut(strings.TrimPrefix(name, "files/"), "/")
	number, err := strconv.ParseInt(company, 10, 64)
	if err == nil {
		key.CompanyID = number
		key.ID, err = uuid.Parse(id)
	}
	if err != nil || fileName(key) != name {
		return blob.Key{}, fmt.Errorf("%w: %q is no name of a file", ErrDamaged, name)
	}
	return key, nil
}

func (w *writer) json(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return w.archive.add(name, int64(len(text)), bytes.NewReader(text))
}
