package widgetapi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"parley/internal/connection"
	"parley/internal/platform/fault"
)

// file is a built file, ready to be sent.
type file struct {
	plain, gzipped []byte
	tag, mediaType string
}

const missing = "<!doctype html><title>Parley</title><p>This binary was built without the widget. Build it with <code>make build</code>."

// Serve adds the widget's page, script and assets, as built, to a mux.
func (w *Widget) Serve(mux *http.ServeMux, built fs.FS) error {
	files, err := load(built)
	if err != nil {
		return fmt.Errorf("read the built widget: %w", err)
	}
	page, ok := files["index.html"]
	if !ok {
		page = pack("index.html", []byte(missing))
	}
	mux.HandleFunc("GET /widget/{key}", func(rw http.ResponseWriter, r *http.Request) { w.page(rw, r, page) })
	mux.HandleFunc("GET /widget/assets/{name...}", func(rw http.ResponseWriter, r *http.Request) {
		f, ok := files["assets/"+r.PathValue("name")]
		if !ok {
			http.NotFound(rw, r)
			return
		}
		// The name carries a hash of the content.
		rw.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		f.serve(rw, r)
	})
	mux.HandleFunc("GET /widget.js", func(rw http.ResponseWriter, r *http.Request) {
		f, ok := files["widget.js"]
		if !ok {
			http.NotFound(rw, r)
			return
		}
		// Pages of any site load it; which of them may show the chat is decided
		// where the chat is.
		rw.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		rw.Header().Set("Access-Control-Allow-Origin", "*")
		rw.Header().Set("Cache-Control", "public, max-age=300")
		f.serve(rw, r)
	})
	return nil
}

// page serves the page inside the iframe to the sites that may show it.
func (w *Widget) page(rw http.ResponseWriter, r *http.Request, page file) {
	c, err := w.Connections.ByKey(r.Context(), r.PathValue("key"))
	switch {
	case fault.Is(err, fault.NotFound), err == nil && c.State != connection.Active:
		http.NotFound(rw, r)
		return
	case err != nil:
		http.Error(rw, "The chat does not answer at the moment.", http.StatusServiceUnavailable)
		return
	}
	if site := r.Referer(); site != "" && !ours(site, r) && !c.AllowedSites.Allow(site) {
		http.Error(rw, "This chat is not offered on this site.", http.StatusForbidden)
		return
	}
	h := rw.Header()
	h.Set("Content-Security-Policy", policy(c.AllowedSites, r))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-cache")
	page.serve(rw, r)
}

// policy lets the page do what the widget does and nothing else. Without named
// sites everybody may frame it, pages from a disk included, for which no source
// expression stands.
func policy(sites connection.Sites, r *http.Request) string {
	parts := []string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'",
		"img-src 'self' data: blob: https:", "media-src 'self' blob:", "connect-src 'self'" + sockets(r),
		"base-uri 'none'", "form-action 'none'",
	}
	if len(sites) > 0 {
		parts = append(parts, "frame-ancestors 'self' "+sites.FrameAncestors())
	}
	return strings.Join(parts, "; ")
}

// sockets names our own WebSocket, which older browsers do not count as 'self'.
func sockets(r *http.Request) string {
	if r.Host == "" || strings.ContainsAny(r.Host, " ;,'\"") {
		return ""
	}
	return " ws://" + r.Host + " wss://" + r.Host
}

func load(built fs.FS) (map[string]file, error) {
	files := map[string]file{}
	err := fs.WalkDir(built, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(built, name)
		if err == nil {
			files[name] = pack(name, content)
		}
		return err
	})
	return files, err
}

func pack(name string, content []byte) file {
	sum := sha256.Sum256(content)
	f := file{plain: content, tag: `"` + hex.EncodeToString(sum[:16]) + `"`, mediaType: mime.TypeByExtension(path.Ext(name))}
	if f.mediaType == "" {
		f.mediaType = "application/octet-stream"
	}
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level exists
	_, _ = z.Write(content)                                    // to memory
	_ = z.Close()
	if packed.Len() < len(content) {
		f.gzipped = packed.Bytes()
	}
	return f
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	h.Set("ETag", f.tag)
	h.Set("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == f.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if f.gzipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		_, _ = w.Write(f.gzipped)
		return
	}
	_, _ = w.Write(f.plain)
}
