// Package pdf draws A4 papers that are the same byte for byte whenever they are
// made of the same things.
//
// Measures are millimetres from the top left corner, sizes of type are points.
// The typeface is Noto Sans (SIL Open Font License), cut down to the Latin,
// Greek and Cyrillic scripts, their punctuation and the signs of currencies, so
// that reading it takes a millisecond; what it has no sign for is drawn as "?".
package pdf

import (
	"bytes"
	_ "embed" // the typeface
	"fmt"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode/qr"
)

//go:embed fonts/NotoSans-Regular.ttf
var regular []byte

//go:embed fonts/NotoSans-Bold.ttf
var bold []byte

// The size of a page.
const (
	Width  = 210.0
	Height = 297.0
)

const family = "noto"

// Meta is what a reader's program says of a paper.
type Meta struct {
	Title, Author string
	At            time.Time // takes the place of the hour at which it is drawn
}

// Colour is red, green, blue.
type Colour [3]uint8

// Align is where text stands in its box.
type Align int

// The alignments.
const (
	Left Align = iota
	Right
	Centre
)

// Style is how text looks. The zero colour is black.
type Style struct {
	Size   float64
	Bold   bool
	Colour Colour
	Align  Align
	Lead   float64 // from line to line, in sizes; 0 is 1.35
}

func (s Style) leading() float64 {
	lead := s.Lead
	if lead == 0 {
		lead = 1.35
	}
	return s.Size * lead * 25.4 / 72
}

// Paper is a paper that is being drawn.
type Paper struct {
	f     *fpdf.Fpdf
	style Style
}

// New returns a paper without a page.
func New(m Meta) *Paper {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	f.SetCellMargin(0)
	f.SetCatalogSort(true)
	f.SetCreationDate(m.At.UTC())
	f.SetModificationDate(m.At.UTC())
	f.SetProducer("Parley", true)
	f.SetTitle(m.Title, true)
	f.SetAuthor(m.Author, true)
	f.AddUTF8FontFromBytes(family, "", regular)
	f.AddUTF8FontFromBytes(family, "B", bold)
	return &Paper{f: f}
}

// Page begins a page.
func (p *Paper) Page() {
	p.f.AddPage()
	p.style = Style{}
}

// Pages is how many there are.
func (p *Paper) Pages() int { return p.f.PageCount() }

// OnPage goes back to a page, the first being 1.
func (p *Paper) OnPage(n int) {
	p.f.SetPage(n)
	p.style = Style{}
}

func (p *Paper) use(s Style) {
	if s.Size != p.style.Size || s.Bold != p.style.Bold {
		weight := ""
		if s.Bold {
			weight = "B"
		}
		p.f.SetFont(family, weight, s.Size)
	}
	if s.Colour != p.style.Colour {
		p.f.SetTextColor(int(s.Colour[0]), int(s.Colour[1]), int(s.Colour[2]))
	}
	p.style = s
}

// Width measures a line.
func (p *Paper) Width(text string, s Style) float64 {
	p.use(s)
	return p.f.GetStringWidth(known(text))
}

// Text writes a line whose top is at y into the box from x, w wide.
func (p *Paper) Text(x, y, w float64, text string, s Style) {
	p.use(s)
	text = known(text)
	switch s.Align {
	case Right:
		x += w - p.f.GetStringWidth(text)
	case Centre:
		x += (w - p.f.GetStringWidth(text)) / 2
	}
	// The base line stands a little below the middle of the line's height.
	p.f.Text(x, y+s.leading()/2+s.Size*0.36*25.4/72, text)
}

// Lines breaks a text to a width; a word that is wider is broken too.
func (p *Paper) Lines(text string, w float64, s Style) []string {
	p.use(s)
	var out []string
	for _, paragraph := range strings.Split(text, "\n") {
		out = append(out, p.wrap(strings.Fields(known(paragraph)), w)...)
	}
	return out
}

func (p *Paper) wrap(words []string, w float64) []string {
	lines := []string{}
	line := ""
	for _, word := range words {
		whole := strings.TrimLeft(line+" "+word, " ")
		if line == "" || p.f.GetStringWidth(whole) <= w {
			line = whole
		} else {
			lines = append(lines, line)
			line = word
		}
		for p.f.GetStringWidth(line) > w {
			head := p.fitting(line, w)
			lines = append(lines, line[:head])
			line = line[head:]
		}
	}
	return append(lines, line)
}

// fitting is how many bytes of a line fit, at least one letter.
func (p *Paper) fitting(line string, w float64) int {
	end := 0
	for i, r := range line {
		next := i + len(string(r))
		if end > 0 && p.f.GetStringWidth(line[:next]) > w {
			break
		}
		end = next
	}
	return end
}

// Paragraph writes a text over lines and returns how high it is.
func (p *Paper) Paragraph(x, y, w float64, text string, s Style) float64 {
	lines := p.Lines(text, w, s)
	for i, line := range lines {
		p.Text(x, y+float64(i)*s.leading(), w, line, s)
	}
	return float64(len(lines)) * s.leading()
}

// Tall is how high a text of so many lines is.
func (s Style) Tall(lines int) float64 { return float64(lines) * s.leading() }

// Rule draws a line.
func (p *Paper) Rule(x1, y1, x2, y2, thick float64, c Colour) {
	p.f.SetLineWidth(thick)
	p.f.SetDrawColor(int(c[0]), int(c[1]), int(c[2]))
	p.f.Line(x1, y1, x2, y2)
}

// Box draws an outline.
func (p *Paper) Box(x, y, w, h, thick float64, c Colour) {
	p.f.SetLineWidth(thick)
	p.f.SetDrawColor(int(c[0]), int(c[1]), int(c[2]))
	p.f.Rect(x, y, w, h, "D")
}

// Fill paints a box.
func (p *Paper) Fill(x, y, w, h float64, c Colour) {
	p.f.SetFillColor(int(c[0]), int(c[1]), int(c[2]))
	p.f.Rect(x, y, w, h, "F")
}

// QR draws a square code of medium error correction as vectors, without its
// quiet zone.
func (p *Paper) QR(x, y, size float64, content string) error {
	code, err := qr.Encode(content, qr.M, qr.Unicode)
	if err != nil {
		return fmt.Errorf("draw square code: %w", err)
	}
	n := code.Bounds().Dx()
	module := size / float64(n)
	p.f.SetFillColor(0, 0, 0)
	for row := range n {
		for from := 0; from < n; from++ {
			end := from
			for end < n && dark(code.At(end, row).RGBA()) {
				end++
			}
			if end > from {
				// A hair more than a module, so that no light shows between.
				p.f.Rect(x+float64(from)*module, y+float64(row)*module, float64(end-from)*module+0.01, module+0.01, "F")
				from = end
			}
		}
	}
	return nil
}

func dark(r, _, _, _ uint32) bool { return r == 0 }

// Bytes ends the paper.
func (p *Paper) Bytes() ([]byte, error) {
	var b bytes.Buffer
	if err := p.f.Output(&b); err != nil {
		return nil, fmt.Errorf("write pdf: %w", err)
	}
	return b.Bytes(), nil
}

// drawn are the signs that the typeface was cut down to.
var drawn = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x20, Hi: 0x7e, Stride: 1}, {Lo: 0xa0, Hi: 0x17f, Stride: 1}, {Lo: 0x218, Hi: 0x21b, Stride: 1}, {Lo: 0x384, Hi: 0x3ce, Stride: 1},
	{Lo: 0x400, Hi: 0x52f, Stride: 1}, {Lo: 0x1e00, Hi: 0x1eff, Stride: 1}, {Lo: 0x2010, Hi: 0x2015, Stride: 1}, {Lo: 0x2018, Hi: 0x201e, Stride: 1},
	{Lo: 0x2020, Hi: 0x2022, Stride: 1}, {Lo: 0x2026, Hi: 0x2026, Stride: 1}, {Lo: 0x2030, Hi: 0x2033, Stride: 1}, {Lo: 0x2039, Hi: 0x203a, Stride: 1},
	{Lo: 0x20a0, Hi: 0x20bf, Stride: 1}, {Lo: 0x2116, Hi: 0x2116, Stride: 1}, {Lo: 0x2122, Hi: 0x2122, Stride: 1}, {Lo: 0x2212, Hi: 0x2212, Stride: 1},
}}

// known puts a question mark in the place of what cannot be drawn.
func known(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(drawn, r):
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Mn, unicode.Cf):
			return -1
		}
		return '?'
	}, text)
}
