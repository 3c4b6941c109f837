package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// requestRecord is what is said and counted of one request: the route, never the address, for a receipt's address is a secret.
type requestRecord struct {
	routeKey
	id    string
	bytes int
	began time.Time
}

// routeKey is what requests have in common.
type routeKey struct {
	method, route string
	status        int
}

// methodOf returns the request's method, or "other" for one that nobody here answers: what strangers send must not fill memory.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return r.Method
	}
	return "other"
}

// logRequest logs and counts a request.
func (s *Server) logRequest(ctx context.Context, l requestRecord) {
	known, ok := s.requestMetrics.Load(l.routeKey)
	if !ok {
		known, _ = s.requestMetrics.LoadOrStore(l.routeKey, s.newRequestMetrics(l.routeKey))
	}
	a := known.(requestMetrics)
	now := time.Now()
	took := now.Sub(l.began)
	a.requests.Inc()
	a.seconds.Observe(took.Seconds())
	if a.leads != nil {
		a.leads.Inc()
	}
	if (l.route == "/livez" || l.route == "/readyz") && l.status == http.StatusOK {
		return // systemd, balancers and the like ask all day
	}
	// Straight to the handler: the logger would first look up which line of code logs.
	record := slog.NewRecord(now, slog.LevelInfo, "request", 0)
	record.AddAttrs(slog.String("id", l.id), slog.Int("bytes", l.bytes), slog.Duration("took", took))
	// If the log cannot be written, there is nowhere to say so.
	_ = a.log.Handle(ctx, record)
}

// requestMetrics is what is ready for each kind of request: looking the counters up by their labels, or writing the same words
// into each log line anew, would cost more than counting.
type requestMetrics struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
	leads    prometheus.Counter // nil unless the intake form was sent
	log      slog.Handler
}

func (s *Server) newRequestMetrics(k routeKey) requestMetrics {
	a := requestMetrics{
		requests: s.metrics.requests.WithLabelValues(k.route, strconv.Itoa(k.status)),
		seconds:  s.metrics.seconds.WithLabelValues(k.route),
		log: s.Log.Handler().WithAttrs([]slog.Attr{
			slog.String("method", k.method), slog.String("route", k.route), slog.Int("status", k.status),
		}),
	}
	if k.method == http.MethodPost && k.route == "/intake" {
		a.leads = s.metrics.leads.WithLabelValues(outcomeOf(k.status))
	}
	return a
}

// requestIDs names requests: a prefix of the process and a number.
type requestIDs struct {
	prefix string
	last   atomic.Uint64
}

func newIDs() requestIDs { return requestIDs{prefix: rand.Text()[:6] + "-"} }

func (s *Server) nextID() string { return s.ids.prefix + strconv.FormatUint(s.ids.last.Add(1), 10) }
