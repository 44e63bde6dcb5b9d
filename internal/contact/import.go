package contact

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/contact/internal/contactdb"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
	"parley/internal/platform/sheet"
)

// The states of an import.
const (
	ImportUploaded  = "uploaded" // it waits for its mapping
	ImportRunning   = "running"
	ImportFinished  = "finished"
	ImportFailed    = "failed" // what was done until then stays
	ImportCancelled = "cancelled"
)

// Bounds of imports.
const (
	DefaultImportSize = 512 << 20 // bytes of a file
	MostImportRows    = 5_000_000
)

// Import is a file on its way into a list.
type Import struct {
	ID         uuid.UUID
	FileName   string
	FileSize   int64
	State      string
	Reason     string // why it failed
	Reading    Reading
	Mapping    []Column
	ListID     *uuid.UUID // nil until it starts, and when the list was deleted since
	Rows       int        // done, without the header
	Permille   int        // of the file
	Created    int        // new contacts
	Added      int        // new entries of the list
	Updated    int        // entries that were there before
	Doubles    int        // rows joined with one nearby that is about the same contact
	Failed     int        // rows
	CreatedAt  time.Time
	StartedAt  *time.Time
	FinishedAt *time.Time
}

// Reading is how a file is read.
type Reading struct {
	sheet.Reading
	Header bool `json:"header"` // the first row names the columns
}

// ImportEnded says that an import has come to its end, good or bad.
type ImportEnded struct {
	ImportID uuid.UUID  `json:"import_id"`
	ListID   *uuid.UUID `json:"list_id"`
	UserID   *int64     `json:"user_id"` // who has uploaded the file
	State    string     `json:"state"`
}

// EventName names the event.
func (ImportEnded) EventName() string { return "contact.import_ended" }

// ImportOptions bound imports; zero values are the defaults above.
type ImportOptions struct {
	MaxSize int64 // bytes of a file
	MaxRows int
	Log     *slog.Logger
}

// Importer brings files into lists.
type Importer struct {
	*Service
	files   *blob.Store
	options ImportOptions

	afterChunk func() // a test's
}

// NewImporter returns an importer. Its files are worked on by whoever runs [Importer.Run].
func NewImporter(s *Service, files *blob.Store, o ImportOptions) *Importer {
	if o.MaxSize == 0 {
		o.MaxSize = DefaultImportSize
	}
	if o.MaxRows == 0 {
		o.MaxRows = MostImportRows
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Importer{Service: s, files: files, options: o, afterChunk: func() {}}
}

// Upload keeps a file and finds out how to read it. A file that is no table is refused with
// the fault unsupported_media, one above the limit with too_large.
func (m *Importer) Upload(ctx context.Context, actor access.Actor, name string, from io.Reader) (Import, error) {
	now := m.clock.Now()
	key := blob.Key{CompanyID: actor.CompanyID, ID: id.New(now)}
	// The row comes first, so that a file of which nobody knows is never left behind.
	err := m.db.InCompany(ctx, key.CompanyID, func(tx *db.Tx) error {
		return m.q.BeginImport(ctx, tx, contactdb.BeginImportParams{
			CompanyID: key.CompanyID, ID: key.ID, FileName: fileName(name), CreatedBy: &actor.UserID, CreatedAt: now,
		})
	})
	if err != nil {
		return Import{}, fmt.Errorf("begin import: %w", err)
	}
	i, err := m.keep(ctx, key, from)
	if err != nil {
		// The request may be over; the sweeper would come for it a day later.
		m.drop(context.WithoutCancel(ctx), key)
		return Import{}, err
	}
	return i, nil
}

func (m *Importer) keep(ctx context.Context, key blob.Key, from io.Reader) (Import, error) {
	info, err := m.files.Put(ctx, key, from, m.options.MaxSize)
	if err != nil {
		return Import{}, err
	}
	f, err := m.files.Get(ctx, key)
	if err != nil {
		return Import{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	known, err := sheet.Detect(f, f.Size)
	if err != nil {
		return Import{}, err
	}
	how, mapping, err := m.suggest(f, Reading{Reading: known.Reading})
	if err != nil {
		return Import{}, err
	}
	p := contactdb.EndImportUploadParams{CompanyID: key.CompanyID, ID: key.ID, FileSize: info.Size, Format: how.Format}
	if p.Reading, p.Mapping, err = encodeHow(how, mapping); err != nil {
		return Import{}, err
	}
	var row contactdb.ContactImport
	err = m.db.InCompany(ctx, key.CompanyID, func(tx *db.Tx) (err error) {
		row, err = m.q.EndImportUpload(ctx, tx, p)
		return err
	})
	if err != nil {
		return Import{}, fmt.Errorf("end upload of import: %w", err)
	}
	return importOf(row)
}

// drop forgets a file that was not taken.
func (m *Importer) drop(ctx context.Context, key blob.Key) {
	now := m.clock.Now()
	err := m.db.InCompany(ctx, key.CompanyID, func(tx *db.Tx) error {
		_, err := m.q.EndImport(ctx, tx, contactdb.EndImportParams{CompanyID: key.CompanyID, ID: key.ID, State: ImportCancelled, FinishedAt: &now})
		return err
	})
	if err == nil {
		err = m.removeFile(ctx, key)
	}
	if err != nil {
		m.options.Log.WarnContext(ctx, "file of an import stays until the sweeper comes", "import", key.ID, "error", err)
	}
}

func (m *Importer) removeFile(ctx context.Context, key blob.Key) error {
	if err := m.files.Delete(ctx, key); err != nil {
		return err
	}
	return m.db.InCompany(ctx, key.CompanyID, func(tx *db.Tx) error {
		return m.q.ForgetImportFile(ctx, tx, contactdb.ForgetImportFileParams{CompanyID: key.CompanyID, ID: key.ID})
	})
}

// Import returns an import of the actor's company.
func (m *Importer) Import(ctx context.Context, actor access.Actor, importID uuid.UUID) (Import, error) {
	var row contactdb.ContactImport
	err := m.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
		row, err = m.q.ImportByID(ctx, tx, contactdb.ImportByIDParams{CompanyID: actor.CompanyID, ID: importID})
		return err
	})
	if err != nil {
		return Import{}, importErr(err)
	}
	return importOf(row)
}

// Imports returns imports that were started, the newest first: of one list, or of all, below
// an id when one is given.
func (m *Importer) Imports(ctx context.Context, actor access.Actor, listID, before *uuid.UUID, most int) ([]Import, error) {
	var rows []contactdb.ContactImport
	err := m.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
		rows, err = m.q.Imports(ctx, tx, contactdb.ImportsParams{CompanyID: actor.CompanyID, ListID: listID, Before: before, Most: int32(most)})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	out := make([]Import, len(rows))
	for i, r := range rows {
		if out[i], err = importOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Start is what an import needs to run.
type Start struct {
	ListID   *uuid.UUID // nil makes a new list
	ListName string     // of the new list
	Reading  Reading
	Mapping  []Column
}

// Start lets an uploaded file run into a list.
func (m *Importer) Start(ctx context.Context, actor access.Actor, importID uuid.UUID, start Start) (Import, error) {
	mapping, err := checkMapping(start.Mapping)
	if err != nil {
		return Import{}, err
	}
	var row contactdb.ContactImport
	err = m.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		before, err := m.q.LockImport(ctx, tx, contactdb.LockImportParams{CompanyID: actor.CompanyID, ID: importID})
		switch {
		case err != nil:
			return importErr(err)
		case before.State != ImportUploaded:
			return fault.New(fault.Conflict, "This file was imported or given up already.")
		}
		start.Reading.Format = before.Format
		list, err := m.listForTx(ctx, tx, actor, start, mapping)
		if err != nil {
			return err
		}
		now := m.clock.Now()
		p := contactdb.StartImportParams{CompanyID: actor.CompanyID, ID: importID, ListID: &list.ID, StartedAt: &now}
		if p.Reading, p.Mapping, err = encodeHow(start.Reading, mapping); err != nil {
			return err
		}
		if row, err = m.q.StartImport(ctx, tx, p); err != nil {
			return fmt.Errorf("start import: %w", err)
		}
		return m.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "contact_list.import_started", Subject: subjectOf(list.ID), New: map[string]any{"file": before.FileName, "size": before.FileSize},
		})
	})
	if err != nil {
		return Import{}, err
	}
	return importOf(row)
}

// listForTx returns the list that a file goes to, with columns for the file's variables.
func (m *Importer) listForTx(ctx context.Context, tx *db.Tx, actor access.Actor, start Start, mapping []Column) (List, error) {
	var list List
	if start.ListID == nil {
		var err error
		if list, err = m.createListTx(ctx, tx, actor, start.ListName); err != nil {
			var f *fault.Error
			if errors.As(err, &f) && f.Code == fault.Invalid { // the field has another name here
				return list, fault.Field("list_name", f.Fields["name"].Code, f.Fields["name"].Message)
			}
			return list, err
		}
	} else {
		row, err := m.q.LockList(ctx, tx, contactdb.LockListParams{CompanyID: actor.CompanyID, ID: *start.ListID})
		if db.NoRows(err) {
			return list, errNoList
		} else if err != nil {
			return list, fmt.Errorf("lock contact list: %w", err)
		}
		list = listOf(row)
	}
	columns := withColumns(list.Columns, mapping)
	if len(columns) > maxVariables {
		return list, fault.Field("mapping", fault.TooLong, fmt.Sprintf("A list has no more than %d columns.", maxVariables))
	}
	err := m.q.SetListColumns(ctx, tx, contactdb.SetListColumnsParams{CompanyID: actor.CompanyID, ID: list.ID, Columns: columns})
	if err != nil {
		return list, fmt.Errorf("set columns of contact list: %w", err)
	}
	return list, nil
}

// Cancel ends an import; rows that were done stay. One that has ended already stays as it is.
func (m *Importer) Cancel(ctx context.Context, actor access.Actor, importID uuid.UUID) (Import, error) {
	if _, err := m.Import(ctx, actor, importID); err != nil {
		return Import{}, err
	}
	m.drop(ctx, blob.Key{CompanyID: actor.CompanyID, ID: importID})
	return m.Import(ctx, actor, importID)
}

func fileName(name string) string {
	name = plain.Line(filepath.Base(strings.ReplaceAll(name, `\`, "/")))
	if name == "" || name == "." || name == "/" {
		name = "file"
	}
	return plain.Cut(name, 200)
}

func importErr(err error) error {
	if db.NoRows(err) {
		return fault.New(fault.NotFound, "There is no such import.")
	}
	return fmt.Errorf("read import: %w", err)
}

func encodeHow(how Reading, mapping []Column) (reading, columns json.RawMessage, err error) {
	if reading, err = json.Marshal(how); err != nil {
		return nil, nil, err
	}
	columns, err = json.Marshal(mapping)
	return reading, columns, err
}

func importOf(r contactdb.ContactImport) (Import, error) {
	i := Import{
		ID: r.ID, FileName: r.FileName, FileSize: r.FileSize, State: r.State, Reason: r.Reason, ListID: r.ListID, Rows: int(r.DoneRows),
		Permille: int(r.Permille), Created: int(r.Created), Added: int(r.Added), Updated: int(r.Updated), Doubles: int(r.Doubles),
		Failed: int(r.FailedRows), CreatedAt: r.CreatedAt, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt,
	}
	if err := json.Unmarshal(r.Reading, &i.Reading); err != nil {
		return i, fmt.Errorf("read how import %s is read: %w", r.ID, err)
	}
	if err := json.Unmarshal(r.Mapping, &i.Mapping); err != nil {
		return i, fmt.Errorf("read mapping of import %s: %w", r.ID, err)
	}
	return i, nil
}
