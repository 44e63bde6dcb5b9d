package billing

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"

	"parley/internal/platform/fault"
)

// MaxPicture is how large a picture's file may be, in bytes.
const MaxPicture = 2 << 20

const (
	largestSide = 4000 // pixels; a file of a few bytes may claim millions
	keptSide    = 600  // pixels; 38 mm of paper at 400 dpi
)

// picture is a PNG file.
type picture struct {
	file          []byte
	width, height int // pixels
}

// readPicture makes a small PNG of a PNG or JPEG file. Its content says what it
// is, and its size is read before anything is unpacked. One at a time: a picture
// of the largest size takes some 200 MB for a moment.
func (s *Service) readPicture(ctx context.Context, from io.Reader) (picture, error) {
	data, err := io.ReadAll(io.LimitReader(from, MaxPicture+1))
	if err != nil {
		return picture{}, fmt.Errorf("read picture: %w", err)
	}
	if len(data) > MaxPicture {
		return picture{}, fault.New(fault.TooLarge, "The file is larger than %d MB.", MaxPicture>>20)
	}
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	case <-ctx.Done():
		return picture{}, ctx.Err()
	}
	full, err := decode(data)
	if err != nil {
		return picture{}, err
	}
	small := scaled(full)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, small); err != nil {
		return picture{}, fmt.Errorf("write picture: %w", err)
	}
	return picture{out.Bytes(), small.Rect.Dx(), small.Rect.Dy()}, nil
}

func decode(data []byte) (image.Image, error) {
	measure, unpack := png.DecodeConfig, png.Decode
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		measure, unpack = jpeg.DecodeConfig, jpeg.Decode
	default:
		return nil, fault.New(fault.UnsupportedMedia, "The picture must be a PNG or JPEG file.")
	}
	size, err := measure(bytes.NewReader(data))
	if err != nil {
		return nil, fault.Field("file", fault.BadFormat, "The picture is broken.")
	}
	if size.Width > largestSide || size.Height > largestSide {
		return nil, fault.Field("file", fault.OutOfRange,
			fmt.Sprintf("The picture is %d × %d pixels; %d × %d is the most.", size.Width, size.Height, largestSide, largestSide))
	}
	full, err := unpack(bytes.NewReader(data))
	if err != nil || full.Bounds().Empty() {
		return nil, fault.Field("file", fault.BadFormat, "The picture is broken.")
	}
	return full, nil
}

// scaled is a picture made to fit, never enlarged.
func scaled(full image.Image) *image.RGBA {
	width, height := full.Bounds().Dx(), full.Bounds().Dy()
	if side := max(width, height); side > keptSide {
		width, height = max(1, width*keptSide/side), max(1, height*keptSide/side)
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(out, out.Rect, full, full.Bounds(), draw.Src, nil)
	return out
}
