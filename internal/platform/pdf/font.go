package pdf

import (
	"bytes"
	"compress/zlib"
	_ "embed" // the typeface
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed fonts/NotoSans-Regular.ttf
var regularFile []byte

//go:embed fonts/NotoSans-Bold.ttf
var boldFile []byte

// faces are the two weights, read once.
var faces = sync.OnceValue(func() [2]*face {
	return [2]*face{newFace("NotoSans-Regular", regularFile), newFace("NotoSans-Bold", boldFile)}
})

// face is a TrueType font (ISO/IEC 14496-22), as far as a paper needs it. Glyph
// numbers are the file's own, in every cut.
type face struct {
	name                    string
	tables                  map[string][]byte
	glyphs                  map[rune]uint16
	widths                  []int // thousandths of the size, by glyph
	ascent, descent, height int   // the same unit
	box                     [4]int
	everyday, whole         cut
}

// cut is what a paper carries of a face. Most papers need no more than the
// everyday signs, so there are two cuts only, each made once.
type cut struct {
	glyphs    map[uint16]bool
	file      []byte // compressed
	length    int    // of the file as it was
	widths    string
	toUnicode []byte // compressed
}

// everydaySigns are those of Russian and English papers.
var everydaySigns = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x20, Hi: 0x7e, Stride: 1}, {Lo: 0xa0, Hi: 0xa0, Stride: 1}, {Lo: 0xab, Hi: 0xab, Stride: 1}, {Lo: 0xb7, Hi: 0xb7, Stride: 1},
	{Lo: 0xbb, Hi: 0xbb, Stride: 1}, {Lo: 0x401, Hi: 0x401, Stride: 1}, {Lo: 0x410, Hi: 0x44f, Stride: 1}, {Lo: 0x451, Hi: 0x451, Stride: 1},
	{Lo: 0x2013, Hi: 0x2014, Stride: 1}, {Lo: 0x2018, Hi: 0x201e, Stride: 1}, {Lo: 0x20ac, Hi: 0x20ac, Stride: 1}, {Lo: 0x20b8, Hi: 0x20b8, Stride: 1},
	{Lo: 0x20bd, Hi: 0x20bd, Stride: 1}, {Lo: 0x2116, Hi: 0x2116, Stride: 1}, {Lo: 0x2212, Hi: 0x2212, Stride: 1},
}}

// newFace reads a file that lies in the repository, so a broken one is a
// mistake of ours.
func newFace(name string, file []byte) *face {
	f := &face{name: name, tables: map[string][]byte{}, glyphs: map[rune]uint16{}}
	for n := range int(u16(file, 4)) {
		entry := file[12+16*n:]
		at, size := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		f.tables[string(entry[:4])] = file[at : at+size]
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	unit := int(u16(head, 18))
	scale := func(n uint16) int { return int(int16(n)) * 1000 / unit }
	for n := range f.box {
		f.box[n] = scale(u16(head, 36+2*n))
	}
	f.ascent, f.descent, f.height = scale(u16(hhea, 4)), scale(u16(hhea, 6)), scale(u16(f.tables["OS/2"], 88))
	metrics := int(u16(hhea, 34))
	for glyph := range int(u16(f.tables["maxp"], 4)) {
		f.widths = append(f.widths, scale(u16(f.tables["hmtx"], 4*min(glyph, metrics-1))))
	}
	f.readCharacters()
	signs, everyday := map[uint16]bool{}, map[uint16]bool{}
	for r, glyph := range f.glyphs {
		signs[glyph] = true
		if unicode.Is(everydaySigns, r) {
			everyday[glyph] = true
		}
	}
	f.everyday, f.whole = f.cut(everyday), f.cut(signs)
	return f
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }

// readCharacters reads which glyph draws which sign, from the table in format 4
// (Windows, Unicode).
func (f *face) readCharacters() {
	table := f.tables["cmap"]
	var sub []byte
	for n := range int(u16(table, 2)) {
		if entry := table[4+8*n:]; u16(entry, 0) == 3 && u16(entry, 2) == 1 {
			sub = table[binary.BigEndian.Uint32(entry[4:]):]
		}
	}
	double := int(u16(sub, 6)) // twice the number of segments
	for n := 0; n < double; n += 2 {
		last, first := int(u16(sub, 14+n)), int(u16(sub, 16+double+n))
		delta, offset := int(u16(sub, 16+2*double+n)), int(u16(sub, 16+3*double+n))
		for code := first; code <= last && code < 0xffff; code++ {
			glyph := uint16(code + delta)
			if offset != 0 {
				if glyph = u16(sub, 16+3*double+n+offset+2*(code-first)); glyph != 0 {
					glyph += uint16(delta)
				}
			}
			if glyph != 0 {
				f.glyphs[rune(code)] = glyph
			}
		}
	}
}

// outline returns the bytes that draw a glyph; none for a blank.
func (f *face) outline(glyph uint16) []byte {
	loca := f.tables["loca"]
	if u16(f.tables["head"], 50) == 0 {
		return f.tables["glyf"][2*int(u16(loca, 2*int(glyph))) : 2*int(u16(loca, 2*int(glyph)+2))]
	}
	return f.tables["glyf"][binary.BigEndian.Uint32(loca[4*int(glyph):]):binary.BigEndian.Uint32(loca[4*int(glyph)+4:])]
}

// parts are the glyphs that a composite one is made of.
func parts(outline []byte) (out []uint16) {
	if len(outline) < 10 || int16(u16(outline, 0)) >= 0 {
		return nil
	}
	const words, scale, more, scaleXY, matrix = 1, 8, 0x20, 0x40, 0x80
	for at := 10; ; {
		flags := u16(outline, at)
		out = append(out, u16(outline, at+2))
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&scaleXY != 0:
			at += 4
		case flags&matrix != 0:
			at += 8
		}
		if flags&more == 0 {
			return out
		}
	}
}

// cut makes a font file that draws only some glyphs, under their own numbers,
// and what a reader must know of them.
func (f *face) cut(glyphs map[uint16]bool) cut {
	drawn := maps.Clone(glyphs)
	drawn[0] = true
	queue := slices.Sorted(maps.Keys(drawn))
	for n := 0; n < len(queue); n++ {
		for _, part := range parts(f.outline(queue[n])) {
			if !drawn[part] {
				drawn[part] = true
				queue = append(queue, part)
			}
		}
	}
	var glyf, loca []byte
	for glyph := range f.widths {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if drawn[uint16(glyph)] {
			glyf = append(glyf, f.outline(uint16(glyph))...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head := slices.Clone(f.tables["head"])
	head[50], head[51] = 0, 1 // loca counts bytes
	file := assemble(map[string][]byte{
		"head": head, "hhea": f.tables["hhea"], "maxp": f.tables["maxp"], "hmtx": f.tables["hmtx"], "loca": loca, "glyf": glyf,
	})
	return cut{glyphs: glyphs, file: compress(file), length: len(file), widths: f.widthsOf(glyphs), toUnicode: compress(f.unicodeOf(glyphs))}
}

// assemble puts tables into a font file.
func assemble(tables map[string][]byte) []byte {
	names := slices.Sorted(maps.Keys(tables))
	power := 0
	for 2<<power <= len(names) {
		power++
	}
	out := []byte{0, 1, 0, 0}
	for _, n := range []int{len(names), 16 << power, power, 16*len(names) - 16<<power} {
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	}
	at := 12 + 16*len(names)
	var body []byte
	for _, name := range names {
		data := tables[name]
		padded := append(slices.Clone(data), make([]byte, -len(data)&3)...)
		sum := uint32(0)
		for n := 0; n < len(padded); n += 4 {
			sum += binary.BigEndian.Uint32(padded[n:])
		}
		out = append(out, name...)
		for _, n := range []uint32{sum, uint32(at + len(body)), uint32(len(data))} {
			out = binary.BigEndian.AppendUint32(out, n)
		}
		body = append(body, padded...)
	}
	return append(out, body...)
}

// widthsOf writes the glyphs' widths as a reader wants them: "7 [600 590] …".
func (f *face) widthsOf(glyphs map[uint16]bool) string {
	var b strings.Builder
	for _, glyph := range slices.Sorted(maps.Keys(glyphs)) {
		fmt.Fprintf(&b, "%d[%d]", glyph, f.widths[glyph])
	}
	return b.String()
}

// unicodeOf says which sign a glyph stands for, so that text can be found and
// copied.
func (f *face) unicodeOf(glyphs map[uint16]bool) []byte {
	signs := map[uint16]rune{}
	for _, r := range slices.Sorted(maps.Keys(f.glyphs)) {
		if _, known := signs[f.glyphs[r]]; !known && glyphs[f.glyphs[r]] {
			signs[f.glyphs[r]] = r
		}
	}
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for group := range slices.Chunk(slices.Sorted(maps.Keys(signs)), 100) { // no more may stand together
		fmt.Fprintf(&b, "%d beginbfchar\n", len(group))
		for _, glyph := range group {
			fmt.Fprintf(&b, "<%04X> <%04X>\n", glyph, signs[glyph])
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

var packers = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

// compress packs bytes the way readers of papers unpack them.
func compress(data []byte) []byte {
	var b bytes.Buffer
	w := packers.Get().(*zlib.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	_, _ = w.Write(data) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}
