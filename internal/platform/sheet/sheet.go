package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"parley/internal/platform/fault"
)

// The formats.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

// Bounds of what is read.
const (
	MostColumns = 200
	LongestRow  = 1 << 20 // bytes
)

// What may be wrong with a row; it has no cells then, or the ones that could be read.
const (
	UnclosedQuote  = "unclosed_quote"
	StrayQuote     = "stray_quote" // a quote within a quoted cell that is not doubled
	TooLong        = "row_too_long"
	TooManyColumns = "too_many_columns"
	NotText        = "not_text"     // it holds NUL
	BadEncoding    = "bad_encoding" // it is not in the encoding of the file
)

// Reading says how a file is read.
type Reading struct {
	Format    string `json:"format"`
	Encoding  string `json:"encoding"`  // of CSV: utf-8, utf-16le, utf-16be, windows-1251
	Delimiter string `json:"delimiter"` // of CSV: one character
	Sheet     int    `json:"sheet"`     // of XLSX: counted from 0
}

// Row is a row that is not blank.
type Row struct {
	N       int // counted from 1
	Line    int // where it begins in the file as people see it, counted from 1
	Cells   []string
	Problem string // empty: it is well-formed
}

// rows yields rows without numbers; io.EOF ends them.
type rows interface {
	next() (Row, error)
	// read is how much of the file was read, from 0 to 1.
	read() float64
}

// Reader reads rows.
type Reader struct {
	rows
	n int
}

// Open begins to read a file that [Detect] knows. What cannot be read that way is refused
// with the fault unsupported_media or too_large.
func Open(f io.ReadSeeker, size int64, how Reading) (*Reader, error) {
	var from rows
	var err error
	if how.Format == XLSX {
		from, err = openXLSX(f, size, how.Sheet)
	} else {
		from, err = openCSV(f, size, how)
	}
	if err != nil {
		return nil, err
	}
	return &Reader{rows: from}, nil
}

// Next returns the next row that is not blank, or io.EOF.
func (r *Reader) Next() (Row, error) {
	for {
		row, err := r.next()
		if err != nil {
			return Row{}, err
		}
		if row.Problem == "" && blank(row.Cells) {
			continue
		}
		r.n++
		row.N = r.n
		return row, nil
	}
}

// Progress is how much of the file was read, from 0 to 1.
func (r *Reader) Progress() float64 { return min(max(r.read(), 0), 1) }

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// Known is what [Detect] finds out about a file.
type Known struct {
	Reading
	Sheets []string // names of an XLSX file's sheets
}

var oldExcel = []byte{0xD0, 0xCF, 0x11, 0xE0}

// Detect finds out what a file is and how it is best read. A file that is no table is
// refused with the fault unsupported_media.
func Detect(f io.ReadSeeker, size int64) (Known, error) {
	head := make([]byte, 64<<10)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Known{}, err
	}
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Known{}, err
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return detectXLSX(f, size)
	case bytes.HasPrefix(head, oldExcel):
		return Known{}, fault.New(fault.UnsupportedMedia, "This is an old or a protected Excel file. Save it as XLSX without a password.")
	}
	return detectCSV(f, head)
}

func unsupported(sentence string) error { return fault.New(fault.UnsupportedMedia, "%s", sentence) }
