package telemetry

import (
	"net/http"
	"strconv"

	"github.com/felixge/httpsnoop"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// NewRegistry returns a registry that knows the process, the Go runtime and which version
// of the program runs.
func NewRegistry(version string) *prometheus.Registry {
	r := prometheus.NewRegistry()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "parley_build_info", Help: "1, with the version as a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), build)
	return r
}

// MetricsHandler serves what the registry has gathered, for Prometheus.
func MetricsHandler(r *prometheus.Registry) http.Handler {
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{Registry: r})
}

// Requests measures HTTP requests by route. Put it right around the mux: only there the
// matched route's pattern is known, and a path would make a series of its own for each id.
func Requests(r prometheus.Registerer) func(http.Handler) http.Handler {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "parley_http_request_seconds", Help: "How long HTTP requests took, by route and status class.",
		Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"route", "status"})
	running := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "parley_http_requests_running", Help: "HTTP requests being answered, open sockets included.",
	})
	r.MustRegister(seconds, running)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			running.Inc()
			defer running.Dec()
			if r.Header.Get("Upgrade") != "" {
				next.ServeHTTP(w, r) // a socket's life is no answering time
				return
			}
			answer := httpsnoop.CaptureMetrics(next, w, r)
			route := r.Pattern
			if route == "" {
				route = "none"
			}
			seconds.WithLabelValues(route, strconv.Itoa(answer.Code/100)+"xx").Observe(answer.Duration.Seconds())
		})
	}
}
