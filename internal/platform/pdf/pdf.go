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
	"strconv"
	"strings"
	"time"
	"unicode"

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
	meta  Meta
	pages []*bytes.Buffer
	page  *bytes.Buffer // that is drawn on
	cuts  [2]*cut       // what was needed so far of each face
}

// New returns a paper without a page.
func New(m Meta) *Paper {
	p := &Paper{meta: m}
	for n, face := range faces() {
		p.cuts[n] = &face.everyday
	}
	return p
}

// Page begins a page.
func (p *Paper) Page() {
	p.page = &bytes.Buffer{}
	p.pages = append(p.pages, p.page)
}

// Pages is how many there are.
func (p *Paper) Pages() int { return len(p.pages) }

// OnPage goes back to a page, the first being 1.
func (p *Paper) OnPage(n int) { p.page = p.pages[n-1] }

func (s Style) weight() int {
	if s.Bold {
		return 1
	}
	return 0
}

// glyphs translates a text.
func glyphs(text string, s Style) []uint16 {
	face := faces()[s.weight()]
	out := make([]uint16, 0, len(text))
	for _, r := range text {
		out = append(out, face.glyphs[r])
	}
	return out
}

// width measures a text that was cleaned.
func width(text string, s Style) float64 {
	face := faces()[s.weight()]
	sum := 0
	for _, r := range text {
		sum += face.widths[face.glyphs[r]]
	}
	return float64(sum) * s.Size / 1000 * 25.4 / 72
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
	// The base line stands a little below the middle of the line's height.
	y += s.leading()/2 + s.Size*0.36*25.4/72
	fmt.Fprintf(p.page, "BT /F%d %s Tf %s rg %s %s Td <", s.weight(), number(s.Size), s.Colour, points(x), points(Height-y))
	for _, glyph := range glyphs(text, s) {
		if c := p.cuts[s.weight()]; !c.glyphs[glyph] {
			p.cuts[s.weight()] = &faces()[s.weight()].whole
		}
		fmt.Fprintf(p.page, "%04X", glyph)
	}
	p.page.WriteString("> Tj ET\n")
}

// String is the colour as three shares.
func (c Colour) String() string {
	return number(float64(c[0])/255) + " " + number(float64(c[1])/255) + " " + number(float64(c[2])/255)
}

// number writes a number with at most three places.
func number(n float64) string {
	return strconv.FormatFloat(float64(int64(n*1000+0.5))/1000, 'f', -1, 64)
}

// points writes millimetres as the file's unit.
func points(mm float64) string { return number(mm * 72 / 25.4) }

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
	fmt.Fprintf(p.page, "%s w %s RG %s %s m %s %s l S\n", points(thick), c, points(x1), points(Height-y1), points(x2), points(Height-y2))
}

// Box draws an outline.
func (p *Paper) Box(x, y, w, h, thick float64, c Colour) {
	fmt.Fprintf(p.page, "%s w %s RG %s %s %s %s re S\n", points(thick), c, points(x), points(Height-y-h), points(w), points(h))
}

// Fill paints a box.
func (p *Paper) Fill(x, y, w, h float64, c Colour) {
	fmt.Fprintf(p.page, "%s rg %s %s %s %s re f\n", c, points(x), points(Height-y-h), points(w), points(h))
}

// QR draws a square code of medium error correction as vectors, without its
// quiet zone.
func (p *Paper) QR(x, y, size float64, content string) error {
	code, err := qr.Encode(content, qr.M)
	if err != nil {
		return fmt.Errorf("draw square code: %w", err)
	}
	// One path in a grid whose unit is a module; rows overlap by a hair, so that
	// no light shows between.
	module := size / float64(code.Size)
	fmt.Fprintf(p.page, "q %s 0 0 -%[1]s %s %s cm 0 g", points(module), points(x), points(Height-y))
	for row := range code.Size {
		for from := 0; from < code.Size; from++ {
			end := from
			for end < code.Size && code.Black(end, row) {
				end++
			}
			if end > from {
				b := append(p.page.AvailableBuffer(), '\n')
				b = append(strconv.AppendInt(b, int64(from), 10), ' ')
				b = append(strconv.AppendInt(b, int64(row), 10), ' ')
				b = append(strconv.AppendInt(b, int64(end-from), 10), " 1.02 re"...)
				p.page.Write(b)
				from = end
			}
		}
	}
	p.page.WriteString("\nf Q\n")
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
		case regular.glyphs[r] != 0:
			return r
		}
		return '?'
	}, text)
}
