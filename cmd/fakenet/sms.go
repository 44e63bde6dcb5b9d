package main

import (
	"context"
	"net/http"

	"parley/internal/provider/smppfake"
)

// smsRoutes adds the SMSC's page and JSON.
func smsRoutes(mux *http.ServeMux, n networks) {
	m := messages{n.sms, n}
	mux.HandleFunc("GET /sms", m.page)
	mux.HandleFunc("GET /api/sms/messages", m.list)
	mux.HandleFunc("GET /api/sms/messages/wait", m.wait)
	mux.HandleFunc("GET /api/sms/messages/newest", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"newest": n.newestMessage()})
	})
	mux.HandleFunc("DELETE /api/sms/messages", func(w http.ResponseWriter, _ *http.Request) {
		n.sms.Clear()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /api/sms/drop", func(w http.ResponseWriter, _ *http.Request) {
		n.sms.Drop()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /api/sms/knobs", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, n.sms.Turned()) })
	mux.HandleFunc("PUT /api/sms/knobs", m.turn)
}

type messages struct {
	server *smppfake.Server
	all    networks
}

func (m messages) page(w http.ResponseWriter, r *http.Request) {
	show(w, "sms.html", struct {
		frame
		Knobs smppfake.Knobs
		Stats []string
		Items []smppfake.Message
	}{m.all.frame(w, r, "sms"), m.server.Turned(), smppfake.Receipts(), m.server.List(smppfake.Filter{})})
}

func (m messages) filter(w http.ResponseWriter, r *http.Request) (smppfake.Filter, bool) {
	at, err := after(r)
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
	}
	return smppfake.Filter{To: r.FormValue("to"), After: at}, err == nil
}

func (m messages) list(w http.ResponseWriter, r *http.Request) {
	if f, ok := m.filter(w, r); ok {
		answer(w, http.StatusOK, map[string]any{"items": m.server.List(f)})
	}
}

func (m messages) wait(w http.ResponseWriter, r *http.Request) {
	f, ok := m.filter(w, r)
	if !ok {
		return
	}
	wait, err := seconds(r)
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	message, ok := m.server.Wait(ctx, f)
	if !ok {
		problem(w, http.StatusNotFound, "No such message came.")
		return
	}
	answer(w, http.StatusOK, message)
}

func (m messages) turn(w http.ResponseWriter, r *http.Request) {
	var k smppfake.Knobs
	if err := knobs(w, r, &k, func() error { return k.Check() }); err != nil {
		return
	}
	m.server.Turn(k)
	answer(w, http.StatusOK, k)
}
