package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"

	"go.opentelemetry.io/otel/trace"
)

// ContextAttr finds something worth logging in a context, such as the request's id. An
// empty attribute is left out.
type ContextAttr func(ctx context.Context) slog.Attr

// NewLogger returns a logger that writes lines of at least a level ("debug", "info", "warn",
// "error") in a format ("text", "json") and adds what the context knows.
func NewLogger(w io.Writer, level, format string, known ...ContextAttr) (*slog.Logger, error) {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level: %w", err)
	}
	options := &slog.HandlerOptions{Level: least, ReplaceAttr: mask}
	var h slog.Handler
	switch format {
	case "text":
		h = slog.NewTextHandler(w, options)
	case "json":
		h = slog.NewJSONHandler(w, options)
	default:
		return nil, fmt.Errorf("log format %q is neither text nor json", format)
	}
	return slog.New(contextHandler{h, append([]ContextAttr{traceID}, known...)}), nil
}

func traceID(ctx context.Context) slog.Attr {
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		return slog.String("trace_id", span.TraceID().String())
	}
	return slog.Attr{}
}

// contextHandler adds what the context knows to each line.
type contextHandler struct {
	slog.Handler
	known []ContextAttr
}

func (h contextHandler) Handle(ctx context.Context, r slog.Record) error {
	for _, know := range h.known {
		if a := know(ctx); !a.Equal(slog.Attr{}) {
			r.AddAttrs(a)
		}
	}
	return h.Handler.Handle(ctx, r)
}

func (h contextHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return contextHandler{h.Handler.WithAttrs(attrs), h.known}
}

func (h contextHandler) WithGroup(name string) slog.Handler {
	return contextHandler{h.Handler.WithGroup(name), h.known}
}

const masked = "[masked]"

// personal are names of attributes whose values are people's or open doors.
var personal = map[string]bool{
	"email": true, "phone": true, "login": true, "name": true, "first_name": true, "last_name": true,
	"text": true, "body": true, "message_text": true, "note": true, "contact": true,
	"password": true, "token": true, "secret": true, "cookie": true, "authorization": true,
}

var emailAddress = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+`)

func mask(_ []string, a slog.Attr) slog.Attr {
	if personal[strings.ToLower(a.Key)] {
		a.Value = slog.StringValue(masked)
		return a
	}
	switch a.Value.Kind() {
	case slog.KindString:
		if text := a.Value.String(); strings.Contains(text, "@") {
			a.Value = slog.StringValue(emailAddress.ReplaceAllString(text, masked))
		}
	case slog.KindAny:
		if err, ok := a.Value.Any().(error); ok && strings.Contains(err.Error(), "@") {
			a.Value = slog.StringValue(emailAddress.ReplaceAllString(err.Error(), masked))
		}
	default:
	}
	return a
}
