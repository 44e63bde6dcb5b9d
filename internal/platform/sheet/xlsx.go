package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"parley/internal/platform/fault"
)

// mostSeen bounds the blank rows of a sheet, which cost nearly nothing in a file. Programs
// write 1,048,576 rows at most.
const mostSeen = 6_000_000

// xlsxRows reads a sheet: values as they were when the file was saved, formulas never.
type xlsxRows struct {
	part   *part
	texts  *texts
	dates  []bool // by style
	epoch  time.Time
	line   int
	seen   int // rows, blank ones too
	ended  bool
	length int // bytes of the row's cells
}

func openXLSX(f io.ReadSeeker, size int64, sheet int) (*xlsxRows, error) {
	w, err := openWorkbook(f, size)
	if err != nil {
		return nil, err
	}
	if sheet < 0 || sheet >= len(w.parts) {
		return nil, fault.New(fault.Invalid, "There is no such sheet.")
	}
	r := &xlsxRows{epoch: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	if w.from04 {
		r.epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if r.dates, err = w.dateStyles(); err != nil {
		return nil, err
	}
	if r.texts, err = w.shared(); err != nil {
		return nil, err
	}
	r.part, err = w.open(w.parts[sheet])
	return r, err
}

func (r *xlsxRows) read() float64 {
	if r.ended || r.part.size == 0 {
		return 1
	}
	return float64(r.part.counted.n) / float64(r.part.size)
}

func (r *xlsxRows) next() (Row, error) {
	for !r.ended {
		token, err := r.part.token()
		if errors.Is(err, io.EOF) {
			r.end()
			break
		} else if err != nil {
			return Row{}, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "row" {
				return r.row(t)
			}
		case xml.EndElement:
			if t.Name.Local == "sheetData" { // what follows is of no interest
				r.end()
			}
		}
	}
	return Row{}, io.EOF
}

func (r *xlsxRows) end() {
	r.ended = true
	r.part.close()
}

// row reads the cells of a row that has begun.
func (r *xlsxRows) row(start xml.StartElement) (Row, error) {
	r.line++
	if r.seen++; r.seen > mostSeen {
		return Row{}, errBomb
	}
	if line, err := strconv.Atoi(attribute(start, "r")); err == nil && line > r.line && line < math.MaxInt32 {
		r.line = line
	}
	row := Row{Line: r.line}
	r.length = 0
	for column := 0; ; {
		token, err := r.part.token()
		if errors.Is(err, io.EOF) {
			return row, errBroken
		} else if err != nil {
			return row, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			if n, ok := columnOf(attribute(t, "r")); ok {
				column = n
			}
			text, err := r.cell(t)
			if err != nil {
				return row, err
			}
			row.put(column, text)
			if r.length += len(text); r.length > LongestRow {
				row.Problem, row.Cells, r.length = TooLong, nil, 0
			}
			column++
		}
	}
}

// put sets a cell, unless the row has too many.
func (r *Row) put(column int, text string) {
	if text == "" || r.Problem == TooLong {
		return
	}
	if column >= MostColumns {
		r.Problem = TooManyColumns
		return
	}
	for len(r.Cells) <= column {
		r.Cells = append(r.Cells, "")
	}
	r.Cells[column] = text
}

// columnOf returns the column that a reference such as "AB12" names, counted from 0.
func columnOf(reference string) (int, bool) {
	n := 0
	for i := range len(reference) {
		c := reference[i]
		if c < 'A' || c > 'Z' {
			return n - 1, i > 0
		}
		if n = n*26 + int(c-'A') + 1; n > 1<<20 {
			return 0, false
		}
	}
	return 0, false
}

// cell returns the value of a cell that has begun, as text.
func (r *xlsxRows) cell(start xml.StartElement) (string, error) {
	kind, style := attribute(start, "t"), attribute(start, "s")
	var value []byte
	inValue := false
	for {
		token, err := r.part.token()
		if errors.Is(err, io.EOF) {
			return "", errBroken
		} else if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			inValue = t.Name.Local == "v"
			if t.Name.Local == "is" {
				if value, err = r.part.rich(value[:0], "is"); err != nil {
					return "", err
				}
			}
		case xml.CharData:
			if inValue && len(value) < longestOne {
				value = append(value, t...)
			}
		case xml.EndElement:
			inValue = false
			if t.Name.Local == "c" {
				return r.text(kind, style, value)
			}
		}
	}
}

func (r *xlsxRows) text(kind, style string, value []byte) (string, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(string(value))
		text, ok := r.texts.at(n)
		if err != nil || !ok {
			return "", errBroken
		}
		return text, nil
	case "", "n":
		return r.number(string(value), style), nil
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[string(value)], nil
	case "e":
		return "", nil // #N/A and the like
	}
	return string(value), nil
}

// number writes a number in full, as 79123456789 and not 7.9123456789E10, and a day as a
// date.
func (r *xlsxRows) number(value, style string) string {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return value
	}
	if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(r.dates) && r.dates[n] && f >= 0 && f < 2_958_466 {
		return r.date(f)
	}
	if !strings.ContainsAny(value, "eE.") || math.Abs(f) >= 1e18 {
		return value
	}
	return strconv.FormatFloat(math.Round(f*1e9)/1e9, 'f', -1, 64)
}

func (r *xlsxRows) date(days float64) string {
	at := r.epoch.AddDate(0, 0, int(days)).Add(time.Duration(math.Round((days-math.Floor(days))*86_400)) * time.Second)
	switch {
	case days == math.Floor(days):
		return at.Format(time.DateOnly)
	case days < 1:
		return at.Format(time.TimeOnly)
	}
	return at.Format("2006-01-02 15:04:05")
}
