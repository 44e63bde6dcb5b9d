package billing_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/billing"
	"parley/internal/ledger"
	"parley/internal/platform/blob"
	"parley/internal/platform/fault"
)

// drawn is a PNG of what is blue, and transparent elsewhere.
func drawn(t testing.TB, width, height int, blue func(x, y float64) bool) []byte {
	t.Helper()
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			if blue(float64(x)/float64(width)*2-1, float64(y)/float64(height)*2-1) {
				out.Set(x, y, color.NRGBA{40, 70, 180, 200})
			}
		}
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, out))
	return b.Bytes()
}

// stamp is two rings.
func stamp(t testing.TB) []byte {
	return drawn(t, 300, 300, func(x, y float64) bool {
		r := math.Hypot(x, y)
		return r > 0.92 && r < 0.99 || r > 0.6 && r < 0.63
	})
}

// signature is a wave.
func signature(t testing.TB) []byte {
	return drawn(t, 400, 140, func(x, y float64) bool { return math.Abs(y-0.7*math.Sin(9*x)*(1-x*x)) < 0.12 })
}

// bomb is a PNG that claims a size and has nothing of it.
func bomb(width, height uint32) string {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), width), height)
	head = append(head, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return string(binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head)))
}

func TestPicturesThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	owner := h.Platform.Actor(t, access.Owner)
	whole := string(stamp(t))
	for name, c := range map[string]struct {
		file string
		code fault.Code
	}{
		"nothing":            {"", fault.UnsupportedMedia},
		"a text":             {"hello", fault.UnsupportedMedia},
		"a page":             {"<svg xmlns='http://www.w3.org/2000/svg'/>", fault.UnsupportedMedia},
		"a GIF":              {"GIF89a\x01\x00\x01\x00", fault.UnsupportedMedia},
		"cut off":            {whole[:len(whole)/2], fault.Invalid},
		"a cut-off JPEG":     {"\xff\xd8\xff\xe0\x00", fault.Invalid},
		"too wide":           {bomb(4001, 1), fault.Invalid},
		"too high":           {bomb(1, 4001), fault.Invalid},
		"a bomb":             {bomb(2_000_000_000, 2_000_000_000), fault.Invalid},
		"more than two MB":   {whole + strings.Repeat("x", billing.MaxPicture), fault.TooLarge},
		"4000 without pixel": {bomb(4000, 4000), fault.Invalid},
	} {
		_, err := h.billing.SetPaperImage(ctx, owner, billing.Stamp, strings.NewReader(c.file))
		require.Equal(t, c.code, fault.CodeOf(err), name)
	}
	left, err := h.billing.PaperImages(ctx, owner)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestOnlySellersHavePictures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	_, err := h.billing.SetPaperImage(ctx, h.Platform.Actor(t, access.Operator), billing.Stamp, bytes.NewReader(stamp(t)))
	require.True(t, fault.Is(err, fault.Forbidden), err)
	_, err = h.billing.SetPaperImage(ctx, h.First.Actor(t, access.Owner), billing.Stamp, bytes.NewReader(stamp(t)))
	require.True(t, fault.Is(err, fault.Conflict), err)
	i, err := h.billing.SetPaperImage(ctx, h.Reseller.Actor(t, access.Owner), billing.Stamp, bytes.NewReader(stamp(t)))
	require.NoError(t, err)
	for _, stranger := range []access.Actor{h.Platform.Actor(t, access.Owner), h.First.Actor(t, access.Owner)} {
		_, err = h.billing.OpenPaperImage(ctx, stranger, i.ID)
		require.True(t, fault.Is(err, fault.NotFound), err)
		require.True(t, fault.Is(h.billing.RemovePaperImage(ctx, stranger, i.ID), fault.NotFound))
	}
}

// What is kept is small, a PNG, and nothing of the file but its picture.
func TestPicturesAreMadeAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	owner := h.Platform.Actor(t, access.Owner)
	var photo bytes.Buffer
	require.NoError(t, jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 1500, 750)), nil))
	file := append(photo.Bytes()[:2:2], "\xff\xfe\x00\x0bmy secret"...) // a comment
	file = append(file, photo.Bytes()[2:]...)
	i, err := h.billing.SetPaperImage(ctx, owner, billing.Signature, bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, []int{600, 300}, []int{i.Width, i.Height})
	f, err := h.billing.OpenPaperImage(ctx, owner, i.ID)
	require.NoError(t, err)
	kept, err := io.ReadAll(f)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.NotContains(t, string(kept), "my secret")
	size, err := png.DecodeConfig(bytes.NewReader(kept))
	require.NoError(t, err)
	require.Equal(t, []int{600, 300}, []int{size.Width, size.Height})
}

// An invoice keeps the pictures it was issued with, and stands without them.
func TestInvoicesKeepTheirPictures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-11-21T09:00:00Z", ledger.Options{})
	files, err := blob.Open(t.TempDir())
	require.NoError(t, err)
	h.billing = h.service(files)
	owner, buyer := h.Platform.Actor(t, access.Owner), h.Direct.Actor(t, access.Owner)
	issue := func() billing.Invoice {
		i, err := h.billing.TopUp(ctx, buyer, rubles(1000))
		require.NoError(t, err)
		i, err = h.billing.ByID(ctx, buyer, i.ID)
		require.NoError(t, err)
		return i
	}
	paper := func(i billing.Invoice) string {
		require.NoError(t, files.Delete(ctx, blob.Key{CompanyID: i.CompanyID, ID: i.ID}))
		f, err := h.billing.OpenFile(ctx, buyer, i.ID)
		require.NoError(t, err)
		defer f.Close() //nolint:errcheck // only read
		data, err := io.ReadAll(f)
		require.NoError(t, err)
		return string(data)
	}
	plain := issue()
	require.Zero(t, plain.Seller.Stamp)
	without := paper(plain)

	sealed, err := h.billing.SetPaperImage(ctx, owner, billing.Stamp, bytes.NewReader(stamp(t)))
	require.NoError(t, err)
	signed, err := h.billing.SetPaperImage(ctx, owner, billing.Signature, bytes.NewReader(signature(t)))
	require.NoError(t, err)
	first := issue()
	require.Equal(t, []uuid.UUID{sealed.ID, signed.ID}, []uuid.UUID{first.Seller.Stamp, first.Seller.Signature})
	with := paper(first)
	require.Contains(t, with, "/SMask")

	replaced, err := h.billing.SetPaperImage(ctx, owner, billing.Stamp, bytes.NewReader(signature(t)))
	require.NoError(t, err)
	require.NoError(t, h.billing.RemovePaperImage(ctx, owner, signed.ID))
	require.True(t, fault.Is(h.billing.RemovePaperImage(ctx, owner, signed.ID), fault.NotFound))
	current, err := h.billing.PaperImages(ctx, owner)
	require.NoError(t, err)
	require.Len(t, current, 1)
	require.Equal(t, replaced.ID, current[0].ID)
	second := issue()
	require.Equal(t, []uuid.UUID{replaced.ID, uuid.Nil}, []uuid.UUID{second.Seller.Stamp, second.Seller.Signature})
	require.Equal(t, with, paper(first), "an invoice that was issued has changed")
	require.Equal(t, without, paper(plain))

	for _, one := range []uuid.UUID{sealed.ID, signed.ID} {
		require.NoError(t, files.Delete(ctx, blob.Key{CompanyID: h.Platform.ID, ID: one}))
	}
	require.NotContains(t, paper(first), "/SMask")
}
