package pdf_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/pdf"
)

var at = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func draw(t testing.TB, title string) []byte {
	t.Helper()
	p := pdf.New(pdf.Meta{Title: title, Author: "Parley", At: at})
	p.Page()
	p.Text(20, 20, 170, "Счёт № 1 — 1 000,00 ₽ · ₸ · €", pdf.Style{Size: 14, Bold: true})
	p.Paragraph(20, 30, 60, strings.Repeat("Очень длинное название общества ", 5), pdf.Style{Size: 9, Colour: pdf.Colour{90, 90, 90}})
	p.Rule(20, 60, 190, 60, 0.2, pdf.Colour{200, 200, 200})
	require.NoError(t, p.QR(20, 70, 30, "ST00012|Name=ООО «Ромашка»|Sum=100000"))
	out, err := p.Bytes()
	require.NoError(t, err)
	return out
}

func TestThePaperIsTheSameByteForByte(t *testing.T) {
	t.Parallel()
	first := draw(t, "One")
	for range 20 {
		require.True(t, bytes.Equal(first, draw(t, "One")))
	}
	require.False(t, bytes.Equal(first, draw(t, "Two")))
}

// Papers share the typeface and nothing else.
func TestPapersAreDrawnSideBySide(t *testing.T) {
	t.Parallel()
	want := draw(t, "One")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 5 {
				require.True(t, bytes.Equal(want, draw(t, "One")))
			}
		})
	}
	wait.Wait()
}

func TestLinesFit(t *testing.T) {
	t.Parallel()
	p := pdf.New(pdf.Meta{At: at})
	p.Page()
	s := pdf.Style{Size: 10}
	for _, text := range []string{
		"", "слово", "несколько слов в одну и другую строку, а затем ещё", strings.Repeat("Ы", 400), "a " + strings.Repeat("b", 300) + " c", "one\ntwo\n\nthree",
	} {
		lines := p.Lines(text, 40, s)
		require.NotEmpty(t, lines)
		for _, line := range lines {
			require.LessOrEqual(t, p.Width(line, s), 40.0, line)
		}
		require.Equal(t, strings.Join(strings.Fields(text), ""), strings.Join(strings.Fields(strings.Join(lines, "")), ""))
	}
	require.Len(t, p.Lines("one\ntwo\n\nthree", 40, s), 4)
}

func TestSignsThatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	p := pdf.New(pdf.Meta{At: at})
	p.Page()
	require.Equal(t, []string{"?? GmbH ? x"}, p.Lines("株式 GmbH 🙂\u0000\u200b x", 100, pdf.Style{Size: 10}))
	p.Text(10, 10, 100, "株式会社 🙂 \U0010FFFF", pdf.Style{Size: 10})
	out, err := p.Bytes()
	require.NoError(t, err)
	require.NotEmpty(t, out)
}

func BenchmarkPaper(b *testing.B) {
	for b.Loop() {
		draw(b, "One")
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	p := pdf.New(pdf.Meta{})
	p.Page()
	var file bytes.Buffer
	require.NoError(t, png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 20, 10))))
	require.NoError(t, p.Picture(10, 10, 40, 40, file.Bytes()))
	require.ErrorContains(t, p.Picture(10, 10, 40, 40, []byte("no picture")), "draw picture")
	data, err := p.Bytes()
	require.NoError(t, err)
	require.Contains(t, string(data), "/Subtype /Image")
	require.Contains(t, string(data), "/SMask", "what is transparent stays so")
}
