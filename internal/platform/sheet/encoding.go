package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings of CSV.
const (
	UTF8        = "utf-8"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	Windows1251 = "windows-1251"
)

var (
	markUTF8    = []byte{0xEF, 0xBB, 0xBF}
	markUTF16LE = []byte{0xFF, 0xFE}
	markUTF16BE = []byte{0xFE, 0xFF}
)

// encodingOf tells the encoding of a text by its mark, by where its zeros are, and else by
// whether it is UTF-8; "" is no text at all.
func encodingOf(f io.ReadSeeker, head []byte) (string, error) {
	switch {
	case bytes.HasPrefix(head, markUTF8):
		return UTF8, nil
	case bytes.HasPrefix(head, markUTF16LE):
		return UTF16LE, nil
	case bytes.HasPrefix(head, markUTF16BE):
		return UTF16BE, nil
	}
	even, odd := zeros(head)
	switch half := len(head) / 2; {
	case even == 0 && odd == 0:
		return utf8Or1251(f)
	case odd > half*2/5 && even <= half/20:
		return UTF16LE, nil
	case even > half*2/5 && odd <= half/20:
		return UTF16BE, nil
	case even+odd <= len(head)/1000+1 && len(head) > 16:
		return utf8Or1251(f) // a stray NUL spoils its row only
	}
	return "", nil
}

// zeros counts zero bytes at even and odd places: in UTF-16 the half of a Latin letter, a
// digit or a separator is one.
func zeros(head []byte) (even, odd int) {
	for i, b := range head {
		if b == 0 && i%2 == 0 {
			even++
		} else if b == 0 {
			odd++
		}
	}
	return even, odd
}

// utf8Or1251 reads the whole file: its first letters beyond ASCII may come late. A file that
// is mostly UTF-8 is that with some broken rows.
func utf8Or1251(f io.ReadSeeker) (string, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	r := bufio.NewReaderSize(f, 256<<10)
	var valid, broken int
	for {
		window, err := r.Peek(r.Size())
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		last := errors.Is(err, io.EOF)
		used := 0
		for used < len(window) && (last || len(window)-used >= utf8.UTFMax) {
			if window[used] < utf8.RuneSelf {
				used++
				continue
			}
			char, size := utf8.DecodeRune(window[used:])
			if char == utf8.RuneError && size == 1 {
				broken++
			} else {
				valid++
			}
			used += size
		}
		if last {
			break
		}
		if _, err := r.Discard(used); err != nil {
			return "", err
		}
	}
	if broken > valid/10 {
		return Windows1251, nil
	}
	return UTF8, nil
}

// decoded reads a text as UTF-8 without its mark.
func decoded(from io.Reader, encoding string) io.Reader {
	switch encoding {
	case UTF16LE:
		return transform.NewReader(from, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case UTF16BE:
		return transform.NewReader(from, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	case Windows1251:
		return transform.NewReader(from, charmap.Windows1251.NewDecoder())
	}
	r := bufio.NewReader(from)
	if mark, _ := r.Peek(len(markUTF8)); bytes.Equal(mark, markUTF8) {
		_, _ = r.Discard(len(markUTF8))
	}
	return r
}
