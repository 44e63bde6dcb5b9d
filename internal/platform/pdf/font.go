package pdf

import (
	"bytes"
	_ "embed" // the typeface
	"sync"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/NotoSans-Regular.ttf
var regularFile []byte

//go:embed fonts/NotoSans-Bold.ttf
var boldFile []byte

// parsed holds the two weights for all papers, read once.
var parsed gopdf.FontContainer

// faces are the two weights, read once.
var faces = sync.OnceValue(func() [2]*face {
	return [2]*face{newFace("NotoSans-Regular", regularFile), newFace("NotoSans-Bold", boldFile)}
})

// face is what must be known of a weight to lay out text.
type face struct {
	name   string
	unit   int          // of the widths, in a size
	widths map[rune]int // of the signs that it has
}

// newFace reads a file that lies in the repository, so a broken one is a
// mistake of ours.
func newFace(name string, file []byte) *face {
	f, err := sfnt.Parse(file)
	if err == nil {
		err = parsed.AddTTFFontByReader(name, bytes.NewReader(file))
	}
	if err != nil {
		panic(err)
	}
	out := &face{name: name, unit: int(f.UnitsPerEm()), widths: map[rune]int{}}
	var b sfnt.Buffer
	for r := rune(' '); r <= 0xffff; r++ {
		glyph, err := f.GlyphIndex(&b, r)
		if err != nil || glyph == 0 {
			continue
		}
		if width, err := f.GlyphAdvance(&b, glyph, fixed.I(out.unit), 0); err == nil {
			out.widths[r] = width.Round()
		}
	}
	return out
}
