package app

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// pages serves the built web app: hashed assets for ever, and for every other
// path the one page, whose script reads the path. The page gets a nonce for
// the styles that the component library writes, and nothing else runs.
type pages struct {
	files fs.FS
	index []byte

	mu     sync.Mutex
	packed map[string]asset
}

type asset struct {
	plain, gzipped []byte
	tag, mediaType string
}

const nonceMark = "__CSP_NONCE__"

// newPages reads the page from files; a binary built without the web app says
// so instead of serving blanks.
func newPages(files fs.FS) *pages {
	p := &pages{files: files, packed: map[string]asset{}}
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		index = []byte("<!doctype html><title>Parley</title><p>This binary was built without the web app. Build it with <code>make build</code>.")
	}
	p.index = index
	return p
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "Method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name != "" && name != "index.html" {
		if a, ok := p.asset(name); ok {
			p.serveAsset(w, r, name, a)
			return
		}
		if strings.HasPrefix(name, "assets/") || strings.HasPrefix(name, "api/") {
			http.NotFound(w, r)
			return
		}
	}
	p.servePage(w, r)
}

func (p *pages) servePage(w http.ResponseWriter, r *http.Request) {
	var random [16]byte
	_, _ = rand.Read(random[:])
	nonce := base64.RawStdEncoding.EncodeToString(random[:])
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src-elem 'self' 'nonce-" + nonce + "'",
		// Components set style attributes for positions and sizes.
		"style-src-attr 'unsafe-inline'",
		"img-src 'self' data: blob:",
		"font-src 'self'",
		"media-src 'self'",
		"connect-src 'self' " + socketOrigin(r),
		"frame-src 'self'",
		"manifest-src 'self'",
		"worker-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; "))
	page := bytes.ReplaceAll(p.index, []byte(nonceMark), []byte(nonce))
	if acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		h.Set("Vary", "Accept-Encoding")
		page = compress(page, gzip.BestSpeed)
	}
	_, _ = w.Write(page)
}

// socketOrigin names our own WebSocket, which older browsers do not count as
// 'self'. The host is only repeated when it is a plain one.
func socketOrigin(r *http.Request) string {
	if strings.ContainsAny(r.Host, " ;,'\"") {
		return ""
	}
	return "ws://" + r.Host + " wss://" + r.Host
}

func (p *pages) serveAsset(w http.ResponseWriter, r *http.Request, name string, a asset) {
	h := w.Header()
	h.Set("Content-Type", a.mediaType)
	h.Set("ETag", a.tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") { // names carry a hash of the content
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if strings.HasSuffix(name, ".html") || strings.HasSuffix(name, "sw.js") {
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'")
	}
	if r.Header.Get("If-None-Match") == a.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if a.gzipped != nil && acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = a.gzipped
	}
	_, _ = w.Write(body)
}

func (p *pages) asset(name string) (asset, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a, ok := p.packed[name]; ok {
		return a, true
	}
	if !fs.ValidPath(name) || strings.HasPrefix(path.Base(name), ".") {
		return asset{}, false
	}
	data, err := fs.ReadFile(p.files, name)
	if err != nil {
		return asset{}, false
	}
	sum := sha256.Sum256(data)
	a := asset{plain: data, tag: `"` + hex.EncodeToString(sum[:8]) + `"`, mediaType: mime.TypeByExtension(path.Ext(name))}
	if a.mediaType == "" {
		a.mediaType = "application/octet-stream"
	}
	if packed := compress(data, gzip.BestCompression); len(packed) < len(data)*9/10 {
		a.gzipped = packed
	}
	p.packed[name] = a
	return a, true
}

func acceptsGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

func compress(data []byte, level int) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, level)
	_, _ = w.Write(data)
	_ = w.Close()
	return out.Bytes()
}
