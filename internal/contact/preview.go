package contact

import (
	"context"
	"errors"
	"io"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/platform/blob"
	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
	"parley/internal/platform/sheet"
)

const (
	previewRows = 20
	shownOfCell = 200 // characters
)

// Preview is the beginning of a file, and what its columns seem to be.
type Preview struct {
	Import  Import
	Sheets  []string // names of an XLSX file's sheets
	Reading Reading
	Names   []string // of the columns, as the file has them; empty without a header
	Mapping []Column
	Rows    [][]string
	More    bool // there are rows after these
}

// Preview shows the beginning of an uploaded file, read as it was found to be or as the
// actor says.
func (m *Importer) Preview(ctx context.Context, actor access.Actor, importID uuid.UUID, how *Reading) (Preview, error) {
	i, err := m.Import(ctx, actor, importID)
	if err != nil {
		return Preview{}, err
	}
	if i.State != ImportUploaded {
		return Preview{}, fault.New(fault.Conflict, "This file was imported or given up already.")
	}
	f, err := m.files.Get(ctx, blob.Key{CompanyID: actor.CompanyID, ID: importID})
	if err != nil {
		return Preview{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	p := Preview{Import: i, Reading: i.Reading}
	if how != nil {
		how.Format = i.Reading.Format
		p.Reading = *how
	}
	if p.Reading.Format == sheet.XLSX {
		known, err := sheet.Detect(f, f.Size)
		if err != nil {
			return Preview{}, err
		}
		p.Sheets = known.Sheets
	}
	rows, more, err := beginning(f, p.Reading.Reading, previewRows+1)
	if err != nil {
		return Preview{}, err
	}
	if p.Reading.Header && len(rows) > 0 {
		p.Names, rows = rows[0], rows[1:]
	}
	if p.More = more; len(rows) > previewRows {
		p.More, rows = true, rows[:previewRows]
	}
	p.Rows = rows
	p.Mapping = guess(p.Names, rows, width(p.Names, rows))
	return p, nil
}

// suggest says how a file is best read and what its columns seem to be.
func (m *Importer) suggest(f *blob.File, how Reading) (Reading, []Column, error) {
	rows, _, err := beginning(f, how.Reading, previewRows+1)
	if err != nil {
		return how, nil, err
	}
	if len(rows) == 0 {
		return how, nil, fault.Field("file", fault.TooShort, "The file is empty.")
	}
	var names []string
	if how.Header = hasHeader(rows[0]); how.Header {
		names, rows = rows[0], rows[1:]
	}
	return how, guess(names, rows, width(names, rows)), nil
}

// beginning returns the first rows as people see them, and whether there are more.
func beginning(f *blob.File, how sheet.Reading, most int) (rows [][]string, more bool, err error) {
	r, err := sheet.Open(f, f.Size, how)
	if err != nil {
		return nil, false, err
	}
	for len(rows) < most {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, false, nil
		} else if err != nil {
			return nil, false, err
		}
		cells := make([]string, len(row.Cells))
		for i, cell := range row.Cells {
			cells[i] = plain.Cut(plain.Line(cell), shownOfCell)
		}
		rows = append(rows, cells)
	}
	_, err = r.Next()
	return rows, err == nil, nil
}

func width(names []string, rows [][]string) int {
	n := len(names)
	for _, cells := range rows {
		n = max(n, len(cells))
	}
	return n
}
