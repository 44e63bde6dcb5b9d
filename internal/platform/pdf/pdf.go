// Package pdf draws A4 papers that are the same byte for byte whenever they are
// made of the same things.
//
// Measures are millimetres from the top left corner, sizes of type are points.
// The typeface is Noto Sans (SIL Open Font License) in the Latin, Greek and
// Cyrillic scripts, with punctuation and the signs of currencies; what it has no
// sign for is drawn as "?".
package pdf

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"
	"time"
	"unicode"

	"github.com/signintech/gopdf"
	"rsc.io/qr"
)

// The size of a page.
const (
	Width  = 210.0
	Height = 297.0
)

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
	file  *gopdf.GoPdf
	drawn error // what went wrong first
}

// New returns a paper without a page.
func New(m Meta) *Paper {
	p := &Paper{file: &gopdf.GoPdf{}}
	p.file.Start(gopdf.Config{Unit: gopdf.UnitMM, PageSize: gopdf.Rect{W: Width, H: Height}})
	p.file.SetInfo(gopdf.PdfInfo{Title: m.Title, Author: m.Author, Producer: "Parley", CreationDate: m.At.UTC()})
	for _, f := range faces() {
		p.note(p.file.AddTTFFontFromFontContainer(f.name, &parsed))
	}
	return p
}

// note keeps the first error for Bytes, so that a paper can be drawn without a
// check at each stroke.
func (p *Paper) note(err error) {
	if p.drawn == nil {
		p.drawn = err
	}
}

// Page begins a page.
func (p *Paper) Page() { p.file.AddPage() }

// Pages is how many there are.
func (p *Paper) Pages() int { return p.file.GetNumberOfPages() }

// OnPage goes back to a page, the first being 1.
func (p *Paper) OnPage(n int) { p.note(p.file.SetPage(n)) }

// Bytes ends the paper. The file is made only of what was put on the paper, so
// the same paper is the same file.
func (p *Paper) Bytes() ([]byte, error) {
	if p.drawn != nil {
		return nil, fmt.Errorf("draw paper: %w", p.drawn)
	}
	out, err := p.file.GetBytesPdfReturnErr()
	if err != nil {
		return nil, fmt.Errorf("write paper: %w", err)
	}
	return out, nil
}

func (s Style) face() *face {
	if s.Bold {
		return faces()[1]
	}
	return faces()[0]
}

// width measures a text that was cleaned.
func width(text string, s Style) float64 {
	f := s.face()
	sum := 0
	for _, r := range text {
		sum += f.widths[r]
	}
	return float64(sum) * s.Size / float64(f.unit) * 25.4 / 72
}

// Width measures a line.
func (p *Paper) Width(text string, s Style) float64 {
	return width(known(text), s)
}

// Text writes a line whose top is at y into the box from x, w wide.
func (p *Paper) Text(x, y, w float64, text string, s Style) {
	text = known(text)
	switch s.Align {
	case Right:
		x += w - width(text, s)
	case Centre:
		x += (w - width(text, s)) / 2
	}
	if text == "" {
		return
	}
	p.note(p.file.SetFont(s.face().name, "", s.Size))
	p.file.SetTextColor(s.Colour[0], s.Colour[1], s.Colour[2])
	// The base line stands a little below the middle of the line's height.
	p.file.SetXY(x, y+s.leading()/2+s.Size*0.36*25.4/72)
	p.note(p.file.Text(text))
}

// Lines breaks a text to a width; a word that is wider is broken too.
func (p *Paper) Lines(text string, w float64, s Style) []string {
	var out []string
	for _, paragraph := range strings.Split(text, "\n") {
		out = append(out, wrap(strings.Fields(known(paragraph)), w, s)...)
	}
	return out
}

func wrap(words []string, w float64, s Style) []string {
	lines := []string{}
	line := ""
	for _, word := range words {
		whole := strings.TrimLeft(line+" "+word, " ")
		if line == "" || width(whole, s) <= w {
			line = whole
		} else {
			lines = append(lines, line)
			line = word
		}
		for width(line, s) > w {
			head := fitting(line, w, s)
			lines = append(lines, line[:head])
			line = line[head:]
		}
	}
	return append(lines, line)
}

// fitting is how many bytes of a line fit, at least one letter.
func fitting(line string, w float64, s Style) int {
	end := 0
	for i, r := range line {
		next := i + len(string(r))
		if end > 0 && width(line[:next], s) > w {
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
	p.file.SetLineWidth(thick)
	p.file.SetStrokeColor(c[0], c[1], c[2])
	p.file.Line(x1, y1, x2, y2)
}

// Box draws an outline.
func (p *Paper) Box(x, y, w, h, thick float64, c Colour) {
	p.file.SetLineWidth(thick)
	p.file.SetStrokeColor(c[0], c[1], c[2])
	p.file.RectFromUpperLeftWithStyle(x, y, w, h, "D")
}

// Fill paints a box.
func (p *Paper) Fill(x, y, w, h float64, c Colour) {
	p.file.SetFillColor(c[0], c[1], c[2])
	p.file.RectFromUpperLeftWithStyle(x, y, w, h, "F")
}

// QR draws a square code of medium error correction as vectors, without its
// quiet zone.
func (p *Paper) QR(x, y, size float64, content string) error {
	code, err := qr.Encode(content, qr.M)
	if err != nil {
		return fmt.Errorf("draw square code: %w", err)
	}
	module := size / float64(code.Size)
	p.file.SetFillColor(0, 0, 0)
	for row := range code.Size {
		for from := 0; from < code.Size; from++ {
			end := from
			for end < code.Size && code.Black(end, row) {
				end++
			}
			if end > from {
				// Rows overlap by a hair, so that no light shows between.
				p.file.RectFromUpperLeftWithStyle(x+float64(from)*module, y+float64(row)*module, float64(end-from)*module, 1.02*module, "F")
				from = end
			}
		}
	}
	return nil
}

// Picture draws a PNG file as large as it fits into a box, in its middle. What
// is transparent in it stays so.
func (p *Paper) Picture(x, y, w, h float64, file []byte) error {
	size, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return fmt.Errorf("draw picture: %w", err)
	}
	holder, err := gopdf.ImageHolderByBytes(file)
	if err != nil {
		return fmt.Errorf("draw picture: %w", err)
	}
	scale := min(w/float64(size.Width), h/float64(size.Height))
	width, height := scale*float64(size.Width), scale*float64(size.Height)
	if err := p.file.ImageByHolder(holder, x+(w-width)/2, y+(h-height)/2, &gopdf.Rect{W: width, H: height}); err != nil {
		return fmt.Errorf("draw picture: %w", err)
	}
	return nil
}

// known puts a question mark in the place of what cannot be drawn.
func known(text string) string {
	regular := faces()[0]
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0':
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Mn, unicode.Cf):
			return -1
		case regular.widths[r] > 0:
			return r
		}
		return '?'
	}, text)
}
