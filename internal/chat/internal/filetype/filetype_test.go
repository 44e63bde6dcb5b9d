package filetype_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"parley/internal/chat/internal/filetype"
	"parley/internal/platform/fault"
)

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))))
	return b.Bytes()
}

func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)), nil))
	return b.Bytes()
}

func gifOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, gif.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)), nil))
	return b.Bytes()
}

const (
	html = "<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
	svg  = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	zip  = "PK\x03\x04\x14\x00\x00\x00\x08\x00"
	exe  = "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"
	pdf  = "%PDF-1.7\n1 0 obj"
)

func TestOf(t *testing.T) {
	t.Parallel()
	picture := string(pngOf(t, 3, 2))
	for title, c := range map[string]struct {
		name, content string
		want          string // name; empty: refused
		media         string
		shown         bool
	}{
		"a picture":                      {"photo.png", picture, "photo.png", "image/png", true},
		"a picture by another's name":    {"photo.jpg", picture, "photo.png", "image/png", true},
		"a picture without an ending":    {"photo", picture, "photo.png", "image/png", true},
		"a picture called a document":    {"photo.docx", picture, "photo.png", "image/png", true},
		"a program behind a picture":     {"photo.exe.png", picture, "photo_exe.png", "image/png", true},
		"a page called a picture":        {"cat.png", html, "", "", false},
		"a drawing called a picture":     {"cat.png", svg, "", "", false},
		"text called a picture":          {"cat.jpeg", "hello", "", "", false},
		"a program called a picture":     {"cat.png", exe, "", "", false},
		"a page called a document":       {"report.pdf", html, "", "", false},
		"a page":                         {"page.html", html, "page.html", "text/html", false},
		"a drawing":                      {"logo.svg", svg, "logo.svg", "image/svg+xml", false},
		"a script with a picture's head": {"x.gif", "GIF89a/*" + strings.Repeat(" ", 40) + "*/=alert(1)", "x.gif", "image/gif", true},
		"a program":                      {"setup.exe", exe, "", "", false},
		"a program without a name":       {"", exe, "", "", false},
		"a program called text":          {"readme.txt", exe, "", "", false},
		"text called a program":          {"readme.bat", "echo hello", "", "", false},
		"a program with a long tail":     {"x.settingcontent-ms", "<xml/>", "", "", false},
		"trailing points and spaces":     {"setup.exe. . ", "hello", "", "", false},
		"a shell's script":               {"notes.txt", "#!/bin/sh\nrm -rf /", "", "", false},
		"macros":                         {"bill.docm", zip, "", "", false},
		"an archive":                     {"files.zip", zip, "files.zip", "application/zip", false},
		"a packed archive":               {"files.tar.gz", "\x1f\x8b\x08\x00", "files.tar.gz", "application/gzip", false},
		"a table as other programs do":   {"report.xls", html, "report.xls", "text/html", false},
		"a document":                     {"Счёт № 5.pdf", pdf, "Счёт № 5.pdf", "application/pdf", false},
		"a document with a version":      {"plan v1.2.pdf", pdf, "plan v1.2.pdf", "application/pdf", false},
		"text":                           {"readme.TXT", "hello", "readme.txt", "text/plain", false},
		"a reversed ending":              {"photo\u202Egnp.exe", picture, "", "", false},
		"a reversed harmless ending":     {"photo\u202Efdp.png", picture, "photofdp.png", "image/png", true},
		"invisible characters":           {"ph\u200Boto\uFEFF.p\u200Dng", picture, "photo.png", "image/png", true},
		"a NUL":                          {"photo.png\x00.exe", picture, "", "", false},
		"a path":                         {"../../etc/passwd", "hello", "passwd.txt", "text/plain", false},
		"a path of Windows":              {`C:\Users\x\photo.png`, picture, "photo.png", "image/png", true},
		"a stream of Windows":            {"photo.png::$DATA", picture, "photo_png__$data.png", "image/png", true},
		"a device":                       {"con.png", picture, "_con.png", "image/png", true},
		"only points":                    {"...", picture, "file.png", "image/png", true},
		"nothing":                        {"", "hello", "file.txt", "text/plain", false},
		"a header":                       {"a\r\nContent-Type: text/html;x.png", picture, "html_x.png", "image/png", true},
		"markup":                         {`<img src=x onerror=alert(1)>.png`, picture, "_img src=x onerror=alert(1)_.png", "image/png", true},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			got, name, err := filetype.Of(c.name, []byte(c.content))
			if c.want == "" {
				require.True(t, fault.Is(err, fault.UnsupportedMedia), "%s %v", name, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, name)
			require.Equal(t, c.media, got.MediaType)
			require.Equal(t, c.shown, got.Shown())
			require.False(t, strings.ContainsAny(name, "\r\n\x00/\\<>\"|*;:"), name)
			for _, active := range []string{"html", "svg", "xml", "javascript"} {
				require.NotContains(t, got.Served(), active)
			}
		})
	}
}

func TestLongName(t *testing.T) {
	t.Parallel()
	_, name, err := filetype.Of(strings.Repeat("я", 3000)+".png", pngOf(t, 1, 1))
	require.NoError(t, err)
	require.LessOrEqual(t, utf8.RuneCountInString(name), 120)
	require.True(t, strings.HasSuffix(name, "….png"))
}

// hugePNG claims a size that would take gigabytes to draw.
func hugePNG(w, h uint32) []byte {
	head := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
	head = binary.BigEndian.AppendUint32(head, w)
	head = binary.BigEndian.AppendUint32(head, h)
	head = append(head, 8, 2, 0, 0, 0)
	return binary.BigEndian.AppendUint32(head, crc32.ChecksumIEEE(head[12:]))
}

// onItsSide puts an Exif header with an orientation into a JPEG.
func onItsSide(jpeg []byte, orientation byte) []byte {
	exif := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00")
	exif[25] = orientation
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xff, 0xd8}, segment...), jpeg[2:]...)
}

func TestSize(t *testing.T) {
	t.Parallel()
	for title, c := range map[string]struct {
		content []byte
		w, h    int // 0: refused
	}{
		"png":                   {pngOf(t, 30, 20), 30, 20},
		"jpeg":                  {jpegOf(t, 30, 20), 30, 20},
		"gif":                   {gifOf(t, 30, 20), 30, 20},
		"upright":               {onItsSide(jpegOf(t, 30, 20), 1), 30, 20},
		"turned":                {onItsSide(jpegOf(t, 30, 20), 6), 20, 30},
		"turned beyond reason":  {onItsSide(jpegOf(t, 30, 20), 200), 30, 20},
		"too many pixels":       {hugePNG(10_000, 10_000), 0, 0},
		"too wide":              {hugePNG(100_000, 1), 0, 0},
		"as big as can be said": {hugePNG(0x7fffffff, 0x7fffffff), 0, 0},
		"no pixels":             {hugePNG(0, 5), 0, 0},
		"cut off":               {pngOf(t, 30, 20)[:15], 0, 0},
		"nothing":               {nil, 0, 0},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w, h, err := filetype.Size(bytes.NewReader(c.content))
			if c.w == 0 {
				require.ErrorIs(t, err, filetype.ErrPicture)
				return
			}
			require.NoError(t, err)
			require.Equal(t, []int{c.w, c.h}, []int{w, h})
		})
	}
}

func FuzzOf(f *testing.F) {
	f.Add("photo.exe.png", []byte("\x89PNG\r\n\x1a\n"))
	f.Add("..\\x\u202E\x00.", []byte(html))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		got, kept, err := filetype.Of(name, content)
		if err != nil {
			require.True(t, fault.Is(err, fault.UnsupportedMedia))
			return
		}
		require.NotEmpty(t, kept)
		require.True(t, utf8.ValidString(kept))
		require.LessOrEqual(t, utf8.RuneCountInString(kept), 140)
		require.False(t, strings.ContainsAny(kept, "\r\n\x00/\\<>\"|*;:"), "%q", kept)
		require.False(t, strings.HasSuffix(strings.ToLower(kept), ".exe"))
		require.NotEmpty(t, got.Served())
		_, again, err := filetype.Of(kept, content)
		require.NoError(t, err)
		require.Equal(t, kept, again, "a name that was made fit stays")
	})
}

func FuzzSize(f *testing.F) {
	f.Add(onItsSide(jpegOf(f, 3, 2), 6))
	f.Add(pngOf(f, 3, 2))
	f.Add(gifOf(f, 3, 2))
	f.Fuzz(func(t *testing.T, content []byte) {
		w, h, err := filetype.Size(bytes.NewReader(content))
		if err == nil {
			require.Positive(t, w)
			require.Positive(t, h)
			require.LessOrEqual(t, w*h, 50_000_000)
		}
	})
}
