package main

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"time"

	"parley/internal/platform/db"
	"parley/internal/platform/i18n"
	"parley/internal/platform/pgserver"
)

// pingTime is what the database gets to answer a health check.
const pingTime = 2 * time.Second

// healthy answers GET /healthz: 200 as long as requests can be served, else 503 with the
// reason.
func healthy(d *db.DB, server database) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), pingTime)
		defer cancel()
		err := server.health()
		if err == nil {
			err = d.Ping(ctx)
		}
		writeHealth(w, err)
	})
}

func writeHealth(w http.ResponseWriter, err error) {
	answer := map[string]string{"status": "ok"}
	status := http.StatusOK
	if err != nil {
		answer = map[string]string{"status": "unavailable", "reason": reason(err)}
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// reason is what anybody may hear of what is wrong; the log has the rest.
func reason(err error) string {
	switch {
	case errors.Is(err, errStarting):
		return "starting"
	case errors.Is(err, pgserver.ErrDiskFull):
		return "the disk is full"
	}
	return "the database does not answer"
}

// startingPage stands until the program is ready. It looks again by itself.
func startingPage(platform string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeHealth(w, errStarting) })
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
