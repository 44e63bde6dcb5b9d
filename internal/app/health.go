package app

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"parley/internal/platform/pgserver"
)

// pingTime is what the database gets to answer a health check.
const pingTime = 2 * time.Second

// Health answers GET /healthz and GET /readyz: 200 as long as requests can be
// served, else 503 with a reason that anybody may hear.
func (a *App) Health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pingTime)
	defer cancel()
	WriteHealth(w, a.trouble(ctx))
}

// trouble is what is wrong, in few words; the log has the rest.
func (a *App) trouble(ctx context.Context) string {
	var err error
	if a.options.PostgresHealth != nil {
		err = a.options.PostgresHealth()
	}
	if err == nil {
		err = a.DB.Ping(ctx)
	}
	switch {
	case err == nil:
		return ""
	case errors.Is(err, pgserver.ErrDiskFull):
		return "the disk is full"
	}
	return "the database does not answer"
}

// WriteHealth answers a health check; an empty reason is good health.
func WriteHealth(w http.ResponseWriter, reason string) {
	status, answer := http.StatusOK, map[string]string{"status": "ok"}
	if reason != "" {
		status, answer = http.StatusServiceUnavailable, map[string]string{"status": "unavailable", "reason": reason}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}
