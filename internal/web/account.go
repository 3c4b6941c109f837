package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// line is what is said and counted of one request: the route, never the address, for a receipt's address is a secret.
type line struct {
	id, method, route string
	status, bytes     int
	began             time.Time
}

// account logs and counts a request.
func (s *Server) account(ctx context.Context, l line) {
	now := time.Now()
	took := now.Sub(l.began)
	// Straight to the handler: the logger would first look up which line of code logs.
	record := slog.NewRecord(now, slog.LevelInfo, "request", 0)
	record.AddAttrs(
		slog.String("id", l.id),
		slog.String("method", l.method),
		slog.String("route", l.route),
		slog.Int("status", l.status),
		slog.Int("bytes", l.bytes),
		slog.Duration("took", took))
	// Where the log cannot be written there is nowhere to say so.
	_ = s.log.Handler().Handle(ctx, record)
	s.metrics.count(l.route, l.status, took)
}

// ids names requests: a prefix of the process and a number.
type ids struct {
	prefix string
	last   atomic.Uint64
}

func newIDs() ids { return ids{prefix: rand.Text()[:6] + "-"} }

func (s *Server) nextID() string { return s.ids.prefix + strconv.FormatUint(s.ids.last.Add(1), 10) }

// metrics counts requests for Prometheus.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	handles  sync.Map // handle by handleKey: looking one up by its labels costs more than counting
}

type handleKey struct {
	route  string
	status int
}

type handle struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tiebreak_requests_total", Help: "Requests answered, by route and status.",
		}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tiebreak_request_seconds", Help: "Time taken to answer a request, by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.seconds)
	return m
}

func (m *metrics) count(route string, status int, took time.Duration) {
	key := handleKey{route, status}
	known, ok := m.handles.Load(key)
	if !ok {
		known, _ = m.handles.LoadOrStore(key, handle{
			requests: m.requests.WithLabelValues(route, strconv.Itoa(status)),
			seconds:  m.seconds.WithLabelValues(route),
		})
	}
	h := known.(handle)
	h.requests.Inc()
	h.seconds.Observe(took.Seconds())
}

// Metrics serves the counts; it belongs on an address of its own, out of visitors' reach.
func (s *Server) Metrics() http.Handler {
	return promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})
}
