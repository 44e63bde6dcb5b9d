package filetype

import (
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"parley/internal/platform/fault"
)

// HeadSize is how many of a file's first bytes tell what it is.
const HeadSize = 3072

// Type is what a file is.
type Type struct {
	MediaType string
	Extension string // the usual one, with its point; may be empty
}

// octets is the type of what must not be shown.
const octets = "application/octet-stream"

// Unshown is the type of a picture that is too big to be drawn, or broken.
var Unshown = Type{MediaType: octets}

// shown are the types that a page may draw or play.
var shown = []string{
	"image/png", "image/apng", "image/jpeg", "image/gif", "image/webp", "image/avif",
	"audio/mpeg", "audio/ogg", "application/ogg", "audio/wav", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/flac",
	"video/mp4", "video/webm", "video/ogg", "video/x-m4v",
}

// taken are the types that are for download.
var taken = []string{
	"image/heic", "image/heic-sequence", "image/heif", "image/heif-sequence", "image/tiff", "image/bmp", "image/x-icon", "image/svg+xml",
	"image/vnd.adobe.photoshop", "image/vnd.djvu", "image/vnd.dwg", "image/jp2", "image/jxl",
	"audio/amr", "audio/aiff", "audio/midi",
	"video/quicktime", "video/3gpp", "video/3gpp2", "video/x-msvideo", "video/matroska", "video/x-matroska", "video/mpeg", "video/x-ms-asf",
	"application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/vnd.ms-outlook",
	"application/x-ole-storage", "application/vnd.ms-visio.drawing.main+xml", "application/onenote", "application/epub+zip", "text/rtf",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.presentation",
	"application/vnd.oasis.opendocument.graphics",
	"application/zip", "application/x-7z-compressed", "application/vnd.rar", "application/x-rar-compressed", "application/gzip",
	"application/x-tar", "application/x-bzip2", "application/x-xz",
	"text/plain", "text/csv", "text/tab-separated-values", "text/html", "text/xml", "application/xhtml+xml", "application/json", "application/x-ndjson",
	"text/vcard", "text/calendar", "application/x-subrip", "text/vtt", "application/gpx+xml", "application/vnd.google-earth.kml+xml",
	"message/rfc822", "application/pkcs7-signature",
}

// active are types that can carry a program for a browser; no answer ever names them.
var active = []string{"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml"}

// Shown says that a page may draw or play it.
func (t Type) Shown() bool { return slices.Contains(shown, t.MediaType) }

// Picture says that it is a picture whose size can be told.
func (t Type) Picture() bool {
	switch t.MediaType {
	case "image/png", "image/apng", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// Served is what an answer may call the file.
func (t Type) Served() string {
	switch {
	case slices.Contains(active, t.MediaType), strings.HasSuffix(t.MediaType, "+xml"):
		return octets
	case t.MediaType == "image/apng":
		return "image/png"
	case strings.HasPrefix(t.MediaType, "text/"):
		return t.MediaType + "; charset=utf-8"
	}
	return t.MediaType
}

// Of tells the type from a file's first bytes and the name that goes with it, or refuses the
// file with the fault unsupported_media.
func Of(name string, head []byte) (Type, string, error) {
	found := mimetype.Detect(head[:min(len(head), HeadSize)])
	base, _, _ := strings.Cut(found.String(), ";")
	t := Type{MediaType: base, Extension: found.Extension()}
	if !slices.Contains(shown, base) && !slices.Contains(taken, base) {
		return Type{}, "", fault.New(fault.UnsupportedMedia, "Files of this kind cannot be sent.").With("media_type", base)
	}
	name, err := fit(name, t)
	return t, name, err
}
