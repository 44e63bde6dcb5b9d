package main

import (
	"html"
	"net/http"

	"parley/internal/app"
	"parley/internal/platform/i18n"
)

// startingPage stands until the program is ready. It looks again by itself.
func startingPage(platform string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { app.WriteHealth(w, "starting") })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		speak := i18n.Accept(r.Header.Get("Accept-Language"))
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		h.Set("Cache-Control", "no-store")
		h.Set("Retry-After", "2")
		w.WriteHeader(http.StatusServiceUnavailable)
		title := html.EscapeString(speak.Text("page.starting.title", nil))
		text := html.EscapeString(speak.Text("page.starting.text", i18n.Args{"Platform": platform}))
		_, _ = w.Write([]byte(`<!doctype html><html lang="` + speak.Language + `"><meta charset="utf-8"><meta http-equiv="refresh" content="2">` +
			`<meta name="viewport" content="width=device-width"><title>` + title + `</title><style>` + pageStyle + `</style>` +
			`<main><h1>` + title + `</h1><p>` + text + `</p></main>`))
	})
	return mux
}

const pageStyle = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;` +
	`font:16px/1.5 system-ui,sans-serif}main{max-width:32rem;padding:2rem}h1{font-size:1.5rem;font-weight:600}`
