package sheet

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/platform/fault"
)

// Encodings and Delimiters are what a person may choose from.
var (
	Encodings  = []string{UTF8, Windows1251, UTF16LE, UTF16BE}
	Delimiters = []string{",", ";", "\t", "|"}
)

const sampleRows = 20

func detectCSV(f io.ReadSeeker, head []byte) (Known, error) {
	known := Known{Reading: Reading{Format: CSV, Delimiter: ","}}
	var err error
	if known.Encoding, err = encodingOf(f, head); err != nil {
		return Known{}, err
	}
	if known.Encoding == "" || !looksLikeText(head, known.Encoding) {
		return Known{}, unsupported("This is neither a CSV nor an XLSX file.")
	}
	best := 0
	for _, delimiter := range Delimiters {
		if score := evenness(head, known.Encoding, delimiter); score > best {
			best, known.Delimiter = score, delimiter
		}
	}
	return known, nil
}

// looksLikeText refuses what begins as mark-up or as a known binary format, or has control
// characters that no table has.
func looksLikeText(head []byte, encoding string) bool {
	text, err := io.ReadAll(io.LimitReader(decoded(bytes.NewReader(head), encoding), 4096))
	if err != nil || len(text) == 0 {
		return false
	}
	start := bytes.TrimSpace(text)
	if bytes.HasPrefix(start, []byte("<")) || bytes.HasPrefix(start, []byte("%PDF")) || bytes.HasPrefix(start, []byte("{\\rtf")) {
		return false
	}
	odd := 0
	for _, b := range text {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != 0 || b == 0x7F {
			odd++
		}
	}
	return odd <= len(text)/200
}

// evenness is how well the first rows fall into columns at a delimiter: the same number of
// cells in most rows weighs more than many cells in some.
func evenness(head []byte, encoding, delimiter string) int {
	r := newCSV(decoded(bytes.NewReader(head), encoding), delimiter[0])
	counts := map[int]int{}
	for range sampleRows {
		row, err := r.next()
		if err != nil {
			break
		}
		if row.Problem == "" && !blank(row.Cells) {
			counts[len(row.Cells)]++
		}
	}
	best := 0
	for cells, rows := range counts {
		if cells > 1 {
			best = max(best, rows*100+min(cells, 99))
		}
	}
	return best
}

// csvRows reads RFC 4180 as spreadsheets write it: with any of the delimiters, any ends of
// lines, and quotes that matter at the beginning of a cell only.
type csvRows struct {
	from      io.Reader
	counted   *counter // raw bytes
	size      int64
	delimiter byte
	room      []byte
	window    []byte // the part of room that was read and not yet used
	ended     bool
	line      int
	text      []byte // of a row's cells, one after the other
	ends      []int  // of the cells in text
}

func openCSV(f io.ReadSeeker, size int64, how Reading) (*csvRows, error) {
	if !slices.Contains(Encodings, how.Encoding) || !slices.Contains(Delimiters, how.Delimiter) {
		return nil, fault.New(fault.Invalid, "There is no such encoding or delimiter.")
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	counted := &counter{from: f}
	r := newCSV(decoded(counted, how.Encoding), how.Delimiter[0])
	r.counted, r.size = counted, size
	return r, nil
}

func newCSV(from io.Reader, delimiter byte) *csvRows {
	return &csvRows{from: from, delimiter: delimiter, counted: &counter{}, line: 1}
}

func (r *csvRows) read() float64 {
	if r.size == 0 {
		return 1
	}
	return float64(r.counted.n-int64(len(r.window))) / float64(r.size)
}

// errMore says that a row does not end within what was read so far.
var errMore = errors.New("the row goes on")

func (r *csvRows) next() (Row, error) {
	for {
		used, err := r.parse()
		switch {
		case err == nil && used == 0:
			return Row{}, io.EOF
		case err == nil:
			return r.take(used), nil
		case !errors.Is(err, errMore):
			return r.give(firstLine(r.window), StrayQuote), nil
		case r.ended:
			return r.give(firstLine(r.window), UnclosedQuote), nil
		case len(r.window) >= LongestRow:
			return r.tooLong()
		}
		if err := r.fill(); err != nil {
			return Row{}, err
		}
	}
}

// parse finds the first row of the window. It returns the bytes that it takes, 0 at the end.
func (r *csvRows) parse() (int, error) {
	r.text, r.ends = r.text[:0], r.ends[:0]
	at := 0
	for {
		var err error
		if at < len(r.window) && r.window[at] == '"' {
			at, err = r.quoted(at + 1)
		} else {
			at, err = r.bare(at)
		}
		if err != nil {
			return 0, err
		}
		r.ends = append(r.ends, len(r.text))
		switch {
		case at >= len(r.window): // the end of the file
			return at, nil
		case r.window[at] == r.delimiter:
			at++
		case r.window[at] == '\r' && at+1 >= len(r.window) && !r.ended:
			return 0, errMore
		case r.window[at] == '\r' && at+1 < len(r.window) && r.window[at+1] == '\n':
			return at + 2, nil
		default:
			return at + 1, nil
		}
	}
}

// bare reads a cell without quotes and returns where it ends.
func (r *csvRows) bare(at int) (int, error) {
	for end := at; end < len(r.window); end++ {
		if b := r.window[end]; b == r.delimiter || b == '\n' || b == '\r' {
			r.text = append(r.text, r.window[at:end]...)
			return end, nil
		}
	}
	if !r.ended {
		return 0, errMore
	}
	r.text = append(r.text, r.window[at:]...)
	return len(r.window), nil
}

var errStray = errors.New("a quote that is not doubled")

// quoted reads a cell behind its opening quote and returns where it ends.
func (r *csvRows) quoted(at int) (int, error) {
	for {
		length := bytes.IndexByte(r.window[at:], '"')
		if length < 0 {
			return 0, errMore
		}
		r.text = append(r.text, r.window[at:at+length]...)
		at += length + 1
		switch {
		case at >= len(r.window) && !r.ended:
			return 0, errMore
		case at >= len(r.window), r.window[at] == r.delimiter, r.window[at] == '\n', r.window[at] == '\r':
			return at, nil
		case r.window[at] != '"':
			return 0, errStray
		}
		r.text = append(r.text, '"')
		at++
	}
}

// fill reads on.
func (r *csvRows) fill() error {
	const step = 64 << 10
	left := copy(r.room, r.window)
	r.room = slices.Grow(r.room[:left], step)
	n, err := r.from.Read(r.room[left : left+step])
	r.room = r.room[:left+n]
	r.window = r.room
	if errors.Is(err, io.EOF) {
		r.ended = true
		return nil
	}
	return err
}

// take returns the row that parse has found.
func (r *csvRows) take(used int) Row {
	row := Row{Line: r.line}
	switch {
	case len(r.ends) > MostColumns:
		row.Problem, r.ends = TooManyColumns, r.ends[:MostColumns]
	case bytes.IndexByte(r.text, 0) >= 0:
		row.Problem = NotText
	case !utf8.Valid(r.text):
		row.Problem = BadEncoding
	}
	row.Cells = make([]string, len(r.ends))
	text, from := string(r.text), 0
	for i, end := range r.ends {
		row.Cells[i], from = text[from:end], end
		if row.Problem == BadEncoding {
			row.Cells[i] = strings.ToValidUTF8(row.Cells[i], "\uFFFD")
		}
	}
	r.skip(used)
	return row
}

// give returns a row of which only the first line is known, with its problem.
func (r *csvRows) give(used int, problem string) Row {
	row := Row{Line: r.line, Problem: problem, Cells: []string{strings.ToValidUTF8(strings.TrimRight(string(r.window[:used]), "\r\n"), "\uFFFD")}}
	r.skip(used)
	return row
}

// tooLong goes on behind the line in which a row has begun that takes too much: the lines
// after an opening quote that is never closed are rows of their own.
func (r *csvRows) tooLong() (Row, error) {
	if end := bytes.IndexByte(r.window, '\n'); end >= 0 {
		return r.give(end+1, UnclosedQuote), nil
	}
	row := Row{Line: r.line, Problem: TooLong, Cells: []string{strings.ToValidUTF8(string(r.window[:1024]), "\uFFFD")}}
	for !r.ended {
		r.skip(len(r.window))
		if err := r.fill(); err != nil {
			return Row{}, err
		}
		if end := bytes.IndexByte(r.window, '\n'); end >= 0 {
			r.skip(end + 1)
			return row, nil
		}
	}
	r.skip(len(r.window))
	return row, nil
}

func (r *csvRows) skip(used int) {
	r.line += bytes.Count(r.window[:used], []byte{'\n'})
	r.window = r.window[used:]
}

func firstLine(window []byte) int {
	if end := bytes.IndexByte(window, '\n'); end >= 0 {
		return end + 1
	}
	return len(window)
}

// counter counts what was read.
type counter struct {
	from io.Reader
	n    int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
