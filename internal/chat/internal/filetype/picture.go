package filetype

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	_ "image/gif"  // readers of headers
	_ "image/jpeg" // readers of headers
	_ "image/png"  // readers of headers
	"io"

	_ "golang.org/x/image/webp" // readers of headers
)

const (
	mostPixels   = 50_000_000 // a good camera's picture; drawing needs four bytes for each
	longestSide  = 16_384
	headerSize   = 1 << 20
	exifSegments = 64
)

// ErrPicture says that a picture is broken, or too big to be drawn.
var ErrPicture = errors.New("not a picture that can be drawn")

// Size tells a picture's width and height as it is drawn, from its header alone.
func Size(from io.Reader) (width, height int, err error) {
	var read bytes.Buffer
	config, _, err := image.DecodeConfig(io.TeeReader(io.LimitReader(from, headerSize), &read))
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width > longestSide || config.Height > longestSide ||
		config.Width*config.Height > mostPixels {
		return 0, 0, ErrPicture
	}
	if turned(read.Bytes()) {
		return config.Height, config.Width, nil
	}
	return config.Width, config.Height, nil
}

// turned says that a JPEG's Exif orientation (5 to 8) lays it on its side, as telephones do
// with upright pictures.
func turned(jpeg []byte) bool {
	if !bytes.HasPrefix(jpeg, []byte{0xff, 0xd8}) {
		return false
	}
	rest := jpeg[2:]
	for range exifSegments {
		if len(rest) < 4 || rest[0] != 0xff {
			return false
		}
		marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if size < 2 || len(rest) < 2+size {
			return false
		}
		if exif, ok := bytes.CutPrefix(rest[4:2+size], []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return orientation(exif) >= 5
		}
		rest = rest[2+size:]
	}
	return false
}

// orientation reads the tag 0x0112 of the first directory of a TIFF header (Exif 2.3, 4.6.4);
// 1, upright, when there is none.
func orientation(tiff []byte) uint16 {
	const entrySize, tag = 12, 0x0112
	var order binary.ByteOrder
	switch {
	case len(tiff) < 8:
		return 1
	case bytes.HasPrefix(tiff, []byte("II")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM")):
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entrySize {
			return 1
		}
		if order.Uint16(entries) == tag {
			if value := order.Uint16(entries[8:]); value >= 1 && value <= 8 {
				return value
			}
			return 1
		}
		entries = entries[entrySize:]
	}
	return 1
}
