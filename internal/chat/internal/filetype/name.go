package filetype

import (
	"path"
	"slices"
	"strings"

	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
)

const (
	longestName      = 120 // characters
	longestExtension = 10
)

// runs are the endings of files that do something when they are opened.
var runs = strings.Fields(`
	exe com scr pif bat cmd msi msp mst msc msix appx application gadget cpl hta jar jnlp js jse mjs vbs vbe vb ws wsf wsh wsc sct
	ps1 ps1xml ps2 psc1 psm1 msh sh bash zsh csh ksh command tool py pyc pyw pyz rb pl php phtml phar asp aspx jsp cgi
	reg lnk url scf inf ins isp job shb shs library-ms settingcontent-ms theme diagcab
	dll sys drv ocx so dylib app dmg pkg mpkg deb rpm apk aab ipa xap iso img vhd vhdx cab crx xpi
	xll xlam xlsm xltm xlsb docm dotm pptm potm ppsm ppam sldm accde mde ade adp mdb accdb slk iqy
	chm hlp class swf desktop service workflow action osascript scpt wasm`)

// claims are the endings that promise something a browser or a reader shows, with the types
// that keep the promise.
var claims = map[string][]string{
	"png": {"image/png", "image/apng"}, "apng": {"image/apng", "image/png"}, "jpg": {"image/jpeg"}, "jpeg": {"image/jpeg"}, "jpe": {"image/jpeg"},
	"jfif": {"image/jpeg"}, "gif": {"image/gif"}, "webp": {"image/webp"}, "avif": {"image/avif"}, "bmp": {"image/bmp"},
	"heic": {"image/heic", "image/heic-sequence", "image/heif", "image/heif-sequence"}, "heif": {"image/heif", "image/heif-sequence", "image/heic"},
	"tif": {"image/tiff"}, "tiff": {"image/tiff"},
	"mp3": {"audio/mpeg"}, "ogg": {"audio/ogg", "application/ogg", "video/ogg"}, "oga": {"audio/ogg", "application/ogg"}, "opus": {"audio/ogg", "application/ogg"},
	"wav": {"audio/wav"}, "m4a": {"audio/mp4", "audio/x-m4a", "video/mp4"}, "aac": {"audio/aac"}, "flac": {"audio/flac"},
	"mp4": {"video/mp4", "audio/mp4", "video/x-m4v", "audio/x-m4a"}, "m4v": {"video/x-m4v", "video/mp4"}, "webm": {"video/webm", "video/matroska", "video/x-matroska"}, "ogv": {"video/ogg", "application/ogg"},
	"mov": {"video/quicktime", "video/mp4"}, "avi": {"video/x-msvideo"}, "mkv": {"video/matroska", "video/x-matroska", "video/webm"},
	"pdf": {"application/pdf"},
}

// documents are further endings that a name may not hide another behind.
var documents = strings.Fields(`doc docx dot xls xlsx xlt ppt pptx pps odt ods odp odg rtf txt csv tsv htm html xhtml svg xml json zip 7z rar gz tgz bz2 xz
	epub msg eml vcf ics psd djvu dwg md log`)

// fit makes a name that is safe to keep, to show and to save a download under, and that does
// not lie about the type.
func fit(name string, t Type) (string, error) {
	name = clean(name)
	stem, ending := split(name)
	if slices.Contains(runs, ending) {
		return "", fault.New(fault.UnsupportedMedia, "Files that run as programs cannot be sent.").With("extension", ending)
	}
	promised, promises := claims[ending]
	switch {
	case promises && !slices.Contains(promised, t.MediaType):
		if !media(t) {
			return "", fault.New(fault.UnsupportedMedia, "The file is not what its name says.").With("media_type", t.MediaType).With("extension", ending)
		}
		ending = strings.TrimPrefix(t.Extension, ".")
	case t.Shown() && !promises:
		// A picture that is called something else: its name gets its ending.
		if ending != "" && !slices.Contains(documents, ending) {
			stem += "_" + ending
		}
		ending = strings.TrimPrefix(t.Extension, ".")
	case ending == "":
		ending = strings.TrimPrefix(t.Extension, ".")
	}
	return assemble(stem, ending), nil
}

// media says that the content is what pictures, sounds and films are: to confuse one with
// another happens without intent.
func media(t Type) bool {
	for _, types := range claims {
		if slices.Contains(types, t.MediaType) && t.MediaType != "application/pdf" {
			return true
		}
	}
	return false
}

// clean returns the last part of a path without what deceives the eye or means something to a
// file system.
func clean(name string) string {
	name = path.Base(strings.ReplaceAll(plain.Line(name), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*;%`, r) || r == '/' {
			return '_'
		}
		return r
	}, name)
	return strings.Trim(name, " .")
}

// split returns the name without its ending, and the ending in small letters. What is too long
// or has a space is no ending.
func split(name string) (stem, ending string) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return name, ""
	}
	ending = strings.ToLower(name[i+1:])
	known := slices.Contains(runs, ending) // some of these are long
	if len(ending) > longestExtension && !known || strings.ContainsRune(ending, ' ') {
		return name, ""
	}
	return name[:i], ending
}

// assemble puts a name together in which only the last point begins an ending: "photo.exe.png"
// would be a program to whoever does not see its end.
func assemble(stem, ending string) string {
	parts := strings.Split(stem, ".")
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			inner := strings.ToLower(strings.TrimSpace(part))
			_, claimed := claims[inner]
			if claimed || slices.Contains(runs, inner) || slices.Contains(documents, inner) {
				b.WriteByte('_')
			} else {
				b.WriteByte('.')
			}
		}
		b.WriteString(part)
	}
	stem = strings.Trim(b.String(), " .")
	if stem == "" || stem == "_" {
		stem = "file"
	}
	if reserved(stem) {
		stem = "_" + stem
	}
	stem = plain.Cut(stem, longestName-longestExtension-1)
	if ending == "" {
		return stem
	}
	return stem + "." + ending
}

// reserved are names that Windows gives to devices.
func reserved(stem string) bool {
	word, _, _ := strings.Cut(strings.ToLower(stem), ".")
	switch word = strings.TrimSpace(word); word {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(word) == 4 && (strings.HasPrefix(word, "com") || strings.HasPrefix(word, "lpt")) && word[3] >= '0' && word[3] <= '9'
}
