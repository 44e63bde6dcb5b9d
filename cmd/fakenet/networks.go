package main

import (
	"embed"
	"encoding/json"
	"html/template"
	"net/http"

	"parley/internal/provider/smppfake"
	"parley/internal/provider/smtpfake"
)

//go:embed page
var files embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{"size": size}).ParseFS(files, "page/*.html"))

// networks are the fake networks that run. Each has a file here with its page and its JSON.
type networks struct {
	mail *smtpfake.Server
	sms  *smppfake.Server
}

// handler serves the pages and the JSON of all networks.
func handler(n networks) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/smtp", http.StatusFound) })
	mux.HandleFunc("GET /page/{file}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "page/"+r.PathValue("file"))
	})
	mux.HandleFunc("POST /api/reset", func(w http.ResponseWriter, _ *http.Request) {
		n.mail.Clear()
		n.mail.Turn(smtpfake.Knobs{})
		n.sms.Clear()
		n.sms.Turn(smppfake.Knobs{})
		w.WriteHeader(http.StatusNoContent)
	})
	mailRoutes(mux, n)
	smsRoutes(mux, n)
	return secured(mux)
}

// secured keeps what strangers have sent from running in the page, and other sites from
// using it: a browser cannot send our JSON or DELETE from elsewhere without asking first.
func secured(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	}))
}

func show(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := pages.ExecuteTemplate(w, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

func problem(w http.ResponseWriter, status int, text string) {
	answer(w, status, map[string]string{"problem": text})
}
