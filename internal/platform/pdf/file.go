package pdf

import (
	"bytes"
	"fmt"
	"unicode/utf16"
)

// Bytes ends the paper: a file of PDF 1.5 (ISO 32000-1, section 7.5). It draws
// lots only from what was put on the paper, so the same paper is the same file.
func (p *Paper) Bytes() []byte {
	f := &file{}
	f.WriteString("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
	const catalog, tree, info, firstFont = 1, 2, 3, 4
	firstPage := firstFont + 5*len(p.cuts)
	f.object("<< /Type /Catalog /Pages %d 0 R >>", tree)
	var kids bytes.Buffer
	for n := range p.pages {
		fmt.Fprintf(&kids, "%d 0 R ", firstPage+2*n)
	}
	f.object("<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 %s %s] >>", kids.String(), len(p.pages), points(Width), points(Height))
	at := p.meta.At.UTC().Format("D:20060102150405Z")
	f.object("<< /Title %s /Author %s /Producer (Parley) /CreationDate (%s) /ModDate (%[3]s) >>", text16(p.meta.Title), text16(p.meta.Author), at)
	fonts := ""
	for n, face := range faces() {
		fonts += fmt.Sprintf("/F%d %d 0 R ", n, firstFont+5*n)
		f.font(face, *p.cuts[n], firstFont+5*n)
	}
	for n, page := range p.pages {
		f.object("<< /Type /Page /Parent %d 0 R /Resources << /Font << %s>> >> /Contents %d 0 R >>", tree, fonts, firstPage+2*n+1)
		f.stream("", compress(page.Bytes()))
	}
	f.end(catalog, info)
	return f.Bytes()
}

// file is a file being written, with the places of its objects.
type file struct {
	bytes.Buffer
	places []int
}

func (f *file) begin() {
	f.places = append(f.places, f.Len())
	fmt.Fprintf(f, "%d 0 obj\n", len(f.places))
}

func (f *file) object(format string, args ...any) {
	f.begin()
	fmt.Fprintf(f, format, args...)
	f.WriteString("\nendobj\n")
}

func (f *file) stream(entries string, packed []byte) {
	f.begin()
	fmt.Fprintf(f, "<< %s/Filter /FlateDecode /Length %d >>\nstream\n", entries, len(packed))
	f.Write(packed)
	f.WriteString("\nendstream\nendobj\n")
}

// font writes a face as five objects, the first of which pages name.
func (f *file) font(face *face, c cut, first int) {
	f.object("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", face.name, first+1, first+4)
	f.object("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "+
		"/FontDescriptor %d 0 R /CIDToGIDMap /Identity /DW %d /W [%s] >>", face.name, first+2, face.widths[0], c.widths)
	f.object("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R >>",
		face.name, face.box[0], face.box[1], face.box[2], face.box[3], face.ascent, face.descent, face.height, first+3)
	f.stream(fmt.Sprintf("/Length1 %d ", c.length), c.file)
	f.stream("", c.toUnicode)
}

func (f *file) end(catalog, info int) {
	start := f.Len()
	fmt.Fprintf(f, "xref\n0 %d\n0000000000 65535 f \n", len(f.places)+1)
	for _, place := range f.places {
		fmt.Fprintf(f, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(f, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(f.places)+1, catalog, info, start)
}

// text16 writes a text for a reader's program: UTF-16 with its mark.
func text16(s string) string {
	out := "<FEFF"
	for _, unit := range utf16.Encode([]rune(s)) {
		out += fmt.Sprintf("%04X", unit)
	}
	return out + ">"
}
