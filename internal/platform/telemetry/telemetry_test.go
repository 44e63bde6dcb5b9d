package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/platform/telemetry"
)

func TestLogIsMasked(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log, err := telemetry.NewLogger(&out, "info", format)
		require.NoError(t, err)
		log.With("Email", "anna@example.com").Info("letter sent", "user", 17, "detail", "rejected for anna@example.com, twice",
			"error", errors.New("550 no such user Anna.O@пример.рф"), slog.Group("contact_data", "phone", "+79991234567"))
		text := out.String()
		for _, private := range []string{"anna", "Anna", "пример", "7999"} {
			require.NotContains(t, text, private, format)
		}
		require.Contains(t, text, "17")
		require.Contains(t, text, "550 no such user")
	}
}

func TestLogAddsWhatTheContextKnows(t *testing.T) {
	t.Parallel()
	type key struct{}
	var out bytes.Buffer
	log, err := telemetry.NewLogger(&out, "warn", "text", func(ctx context.Context) slog.Attr {
		if id, ok := ctx.Value(key{}).(string); ok {
			return slog.String("request_id", id)
		}
		return slog.Attr{}
	})
	require.NoError(t, err)
	ctx := context.WithValue(t.Context(), key{}, "r-1")
	log.InfoContext(ctx, "too quiet")
	log.With("a", 1).WarnContext(ctx, "first")
	log.Warn("second")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	require.Contains(t, lines[0], "request_id=r-1")
	require.NotContains(t, lines[1], "request_id")
}

func TestLogSettingsAreChecked(t *testing.T) {
	t.Parallel()
	_, err := telemetry.NewLogger(io.Discard, "loud", "text")
	require.Error(t, err)
	_, err = telemetry.NewLogger(io.Discard, "info", "xml")
	require.Error(t, err)
}

func TestRequestsAreCountedByRoute(t *testing.T) {
	t.Parallel()
	registry := telemetry.NewRegistry("v1")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /dialogs/{id}", func(w http.ResponseWriter, _ *http.Request) {
		_, flushes := w.(http.Flusher)
		require.True(t, flushes, "streams still work")
		_, _ = io.WriteString(w, "hello")
	})
	h := telemetry.Requests(registry)(mux)
	for _, path := range []string{"/dialogs/1", "/dialogs/2", "/nowhere"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	w := httptest.NewRecorder()
	telemetry.MetricsHandler(registry).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text := w.Body.String()
	require.Contains(t, text, `parley_http_request_seconds_count{route="GET /dialogs/{id}",status="2xx"} 2`)
	require.Contains(t, text, `parley_http_request_seconds_count{route="none",status="4xx"} 1`)
	require.Contains(t, text, "parley_http_requests_running 0")
	require.Contains(t, text, `parley_build_info{version="v1"} 1`)
	require.Contains(t, text, "go_goroutines")
}

func TestTracesReachTheCollector(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		got <- r.URL.Path + " " + string(body)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(collector.Close)
	traces, err := telemetry.NewTraces(t.Context(), collector.URL, 1, "v1")
	require.NoError(t, err)

	var out bytes.Buffer
	log, err := telemetry.NewLogger(&out, "info", "text")
	require.NoError(t, err)
	h := traces.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		log.InfoContext(r.Context(), "inside")
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/here", nil))
	require.NoError(t, traces.Stop(t.Context()))
	sent := <-got
	require.True(t, strings.HasPrefix(sent, "/v1/traces "))
	require.Contains(t, sent, "parley")
	require.Contains(t, out.String(), "trace_id=")
}

func TestNoCollectorNoTraces(t *testing.T) {
	t.Parallel()
	none, err := telemetry.NewTraces(t.Context(), "", 1, "v1")
	require.NoError(t, err)
	h := http.NotFoundHandler()
	w := httptest.NewRecorder()
	none.Middleware(h).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	require.Equal(t, http.StatusNotFound, w.Code)
	require.NoError(t, none.Stop(t.Context()))

	_, err = telemetry.NewTraces(t.Context(), "here", 1, "v1")
	require.Error(t, err)
}
