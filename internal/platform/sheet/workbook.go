package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

const mostSheets = 200

// workbook is what an XLSX file says about its sheets.
type workbook struct {
	archive
	names  []string
	parts  []string // of the sheets
	from04 bool     // days are counted from 1904
}

func openWorkbook(f io.ReadSeeker, size int64) (*workbook, error) {
	a, err := openArchive(f, size)
	if err != nil {
		return nil, err
	}
	if a.parts["xl/workbook.xml"] == nil {
		return nil, unsupported("This is neither a CSV nor an XLSX file.")
	}
	targets := map[string]string{}
	err = a.each("xl/_rels/workbook.xml.rels", func(t xml.StartElement) {
		if t.Name.Local == "Relationship" && len(targets) < 4*mostSheets {
			targets[attribute(t, "Id")] = target(attribute(t, "Target"))
		}
	})
	if err != nil {
		return nil, err
	}
	w := &workbook{archive: a}
	err = a.each("xl/workbook.xml", func(t xml.StartElement) {
		switch t.Name.Local {
		case "workbookPr":
			flag := attribute(t, "date1904")
			w.from04 = flag == "1" || flag == "true"
		case "sheet":
			part := targets[relation(t)]
			if a.parts[part] != nil && strings.HasPrefix(part, "xl/worksheets/") && len(w.names) < mostSheets {
				w.names, w.parts = append(w.names, attribute(t, "name")), append(w.parts, part)
			}
		}
	})
	if err == nil && len(w.parts) == 0 {
		err = unsupported("There is no sheet with a table in the XLSX file.")
	}
	return w, err
}

func detectXLSX(f io.ReadSeeker, size int64) (Known, error) {
	w, err := openWorkbook(f, size)
	if err != nil {
		return Known{}, err
	}
	return Known{Reading: Reading{Format: XLSX}, Sheets: w.names}, nil
}

// each calls fn for every element of a part that is read whole.
func (a archive) each(name string, fn func(t xml.StartElement)) error {
	p, err := a.open(name)
	if err != nil {
		return err
	}
	defer p.close()
	for {
		t, err := p.token()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if start, ok := t.(xml.StartElement); ok {
			fn(start)
		}
	}
}

// relation returns r:id of a sheet, whatever its prefix; sheetId has another name.
func relation(t xml.StartElement) string {
	for _, a := range t.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// target returns the part that a relation of the workbook leads to.
func target(value string) string {
	if strings.HasPrefix(value, "/") {
		return path.Clean(value)[1:]
	}
	return path.Join("xl", value)
}

// dateStyles says which styles of cells show a number as a date.
func (w *workbook) dateStyles() ([]bool, error) {
	const name, most = "xl/styles.xml", 65_536
	if w.archive.parts[name] == nil {
		return nil, nil
	}
	own := map[string]bool{}
	var styles []bool
	inside := false
	err := w.each(name, func(t xml.StartElement) {
		switch t.Name.Local {
		case "numFmt":
			if len(own) < most {
				own[attribute(t, "numFmtId")] = datePattern(attribute(t, "formatCode"))
			}
		case "cellXfs":
			inside = true
		case "cellStyles", "dxfs":
			inside = false
		case "xf":
			if inside && len(styles) < most {
				id := attribute(t, "numFmtId")
				styles = append(styles, own[id] || builtInDate(id))
			}
		}
	})
	return styles, err
}

// builtInDate knows the formats 14 to 22 and 45 to 47 (ISO/IEC 29500-1, 18.8.30).
func builtInDate(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 45 && n <= 47)
}

// datePattern says that a format has days, months, years or hours outside of its literal
// texts and conditions.
func datePattern(code string) bool {
	literal := byte(0)
	for i := 0; i < len(code); i++ {
		c := code[i]
		switch {
		case literal != 0:
			if c == literal {
				literal = 0
			}
		case c == '"':
			literal = '"'
		case c == '[':
			literal = ']'
		case c == '\\', c == '_', c == '*':
			i++
		case strings.IndexByte("dDmMyYhHsS", c) >= 0:
			return true
		}
	}
	return false
}
