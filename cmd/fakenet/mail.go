package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"parley/internal/provider/smtpfake"
)

// mailRoutes adds the mail server's page, letters and JSON.
func mailRoutes(mux *http.ServeMux, n networks) {
	s := n.mail
	m := mail{s, n}
	mux.HandleFunc("GET /smtp", m.page)
	mux.HandleFunc("GET /smtp/letters/{id}", m.page)
	mux.HandleFunc("GET /smtp/letters/{id}/html", m.html)
	mux.HandleFunc("GET /smtp/letters/{id}/raw", m.raw)
	mux.HandleFunc("GET /smtp/letters/{id}/attachments/{number}", m.attachment)
	mux.HandleFunc("GET /api/smtp/letters", m.list)
	mux.HandleFunc("GET /api/smtp/letters/wait", m.wait)
	mux.HandleFunc("GET /api/smtp/letters/newest", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"newest": n.newestLetter()})
	})
	mux.HandleFunc("DELETE /api/smtp/letters", func(w http.ResponseWriter, _ *http.Request) {
		s.Clear()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /api/smtp/knobs", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, s.Turned()) })
	mux.HandleFunc("PUT /api/smtp/knobs", m.turn)
}

type mail struct {
	server *smtpfake.Server
	all    networks
}

func (m mail) page(w http.ResponseWriter, r *http.Request) {
	data := struct {
		frame
		Knobs smtpfake.Knobs
		Items []smtpfake.Letter
		Open  *smtpfake.Letter
	}{m.all.frame(w, r, "smtp"), m.server.Turned(), m.server.List(smtpfake.Filter{}), nil}
	if id := r.PathValue("id"); id != "" {
		l, ok := m.server.ByID(id)
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		} else {
			data.Open = &l
		}
	}
	show(w, "smtp.html", data)
}

// letter finds the letter that the path names, or answers that there is none.
func (m mail) letter(w http.ResponseWriter, r *http.Request) (smtpfake.Letter, bool) {
	l, ok := m.server.ByID(r.PathValue("id"))
	if !ok {
		problem(w, http.StatusNotFound, "There is no such letter.")
	}
	return l, ok
}

// html serves a letter's own page, which may do nothing: no scripts, forms, or requests.
func (m mail) html(w http.ResponseWriter, r *http.Request) {
	l, ok := m.letter(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
	_, _ = w.Write([]byte(l.HTML))
}

func (m mail) raw(w http.ResponseWriter, r *http.Request) {
	if l, ok := m.letter(w, r); ok {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(l.Raw)
	}
}

func (m mail) attachment(w http.ResponseWriter, r *http.Request) {
	l, ok := m.letter(w, r)
	if !ok {
		return
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 0 || number >= len(l.Attachments) {
		problem(w, http.StatusNotFound, "There is no such attachment.")
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", "attachment")
	_, _ = w.Write(l.Attachments[number].Content)
}

func (m mail) list(w http.ResponseWriter, r *http.Request) {
	f, err := filter(r)
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	answer(w, http.StatusOK, map[string]any{"items": m.server.List(f)})
}

func (m mail) wait(w http.ResponseWriter, r *http.Request) {
	f, err := filter(r)
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	wait, err := seconds(r)
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	l, ok := m.server.Wait(ctx, f)
	if !ok {
		problem(w, http.StatusNotFound, "No such letter came.")
		return
	}
	answer(w, http.StatusOK, l)
}

func (m mail) turn(w http.ResponseWriter, r *http.Request) {
	var k smtpfake.Knobs
	if err := knobs(w, r, &k, func() error { return k.Check() }); err != nil {
		return
	}
	m.server.Turn(k)
	answer(w, http.StatusOK, k)
}

func filter(r *http.Request) (smtpfake.Filter, error) {
	f := smtpfake.Filter{To: r.FormValue("to"), Subject: r.FormValue("subject")}
	var err error
	f.After, err = after(r)
	return f, err
}

// size writes a number of bytes for people.
func size(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f kB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}
