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

// line is what is said and counted of one request: the route, never the address, for a receipt's address is a secret.
type line struct {
	kind
	id    string
	bytes int
	began time.Time
}

// kind is what requests have in common.
type kind struct {
	method, route string
	status        int
}

// methodOf is the request's method, or "other" for one that nobody here answers: what strangers send must not fill memory.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return r.Method
	}
	return "other"
}

// account logs and counts a request.
func (s *Server) account(ctx context.Context, l line) {
	known, ok := s.accounts.Load(l.kind)
	if !ok {
		known, _ = s.accounts.LoadOrStore(l.kind, s.openAccount(l.kind))
	}
	a := known.(account)
	now := time.Now()
	took := now.Sub(l.began)
	a.requests.Inc()
	a.seconds.Observe(took.Seconds())
	if a.leads != nil {
		a.leads.Inc()
	}
	// Straight to the handler: the logger would first look up which line of code logs.
	record := slog.NewRecord(now, slog.LevelInfo, "request", 0)
	record.AddAttrs(slog.String("id", l.id), slog.Int("bytes", l.bytes), slog.Duration("took", took))
	// Where the log cannot be written there is nowhere to say so.
	_ = a.log.Handle(ctx, record)
}

// account is what is ready for each kind of request: looking the counters up by their labels, or writing the same words
// into each log line anew, would cost more than counting.
type account struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
	leads    prometheus.Counter // nil unless the intake form was sent
	log      slog.Handler
}

func (s *Server) openAccount(k kind) account {
	a := account{
		requests: s.metrics.requests.WithLabelValues(k.route, strconv.Itoa(k.status)),
		seconds:  s.metrics.seconds.WithLabelValues(k.route),
		log: s.log.Handler().WithAttrs([]slog.Attr{
			slog.String("method", k.method), slog.String("route", k.route), slog.Int("status", k.status),
		}),
	}
	if k.method == http.MethodPost && k.route == intakePath {
		a.leads = s.metrics.leads.WithLabelValues(outcomeOf(k.status))
	}
	return a
}

// ids names requests: a prefix of the process and a number.
type ids struct {
	prefix string
	last   atomic.Uint64
}

func newIDs() ids { return ids{prefix: rand.Text()[:6] + "-"} }

func (s *Server) nextID() string { return s.ids.prefix + strconv.FormatUint(s.ids.last.Add(1), 10) }
