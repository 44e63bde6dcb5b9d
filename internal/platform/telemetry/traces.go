package telemetry

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// Traces sends spans to a collector. The zero value and nil send none.
type Traces struct{ provider *trace.TracerProvider }

// NewTraces returns traces to the collector at address (OTLP over HTTP), of a share (0 to 1)
// of those requests that do not come with a decision already. No address, no traces.
func NewTraces(ctx context.Context, address string, share float64, version string) (*Traces, error) {
	if address == "" {
		return &Traces{}, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("trace collector %q is no address such as http://127.0.0.1:4318", address)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/traces"
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(u.String()))
	if err != nil {
		return nil, fmt.Errorf("trace to %s: %w", u.Host, err)
	}
	about := resource.NewSchemaless(attribute.String("service.name", "parley"), attribute.String("service.version", version))
	return &Traces{trace.NewTracerProvider(
		trace.WithBatcher(exporter), trace.WithResource(about),
		trace.WithSampler(trace.ParentBased(trace.TraceIDRatioBased(share))),
	)}, nil
}

// Middleware makes a span of each request. Sockets get none: they last for hours.
func (t *Traces) Middleware(next http.Handler) http.Handler {
	if t == nil || t.provider == nil {
		return next
	}
	return otelhttp.NewHandler(next, "request",
		otelhttp.WithTracerProvider(t.provider), otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithFilter(func(r *http.Request) bool { return r.Header.Get("Upgrade") == "" }))
}

// Stop sends what is left.
func (t *Traces) Stop(ctx context.Context) error {
	if t == nil || t.provider == nil {
		return nil
	}
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send last traces: %w", err)
	}
	return nil
}
