package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// metrics tells Prometheus how the site does. Nothing in it names a person.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	suspects *prometheus.CounterVec
	leads    *prometheus.CounterVec
	refusals *prometheus.CounterVec
	incoming *prometheus.CounterVec
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
	m.suspects = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tiebreak_suspects_total", Help: "Leads kept as suspects, by cause; one lead may have several.",
	}, []string{"cause"})
	m.leads = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tiebreak_leads_total", Help: "Requests sent with the intake form, by outcome; a repeat is taken again.",
	}, []string{"outcome"})
	m.refusals = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tiebreak_mail_refusals_total", Help: "Attempts to send an email that a mail server refused for good, or " +
			"because of our settings, by problem.",
	}, []string{"problem"})
	m.incoming = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tiebreak_incoming_emails_total", Help: "Emails read in the mailbox, by what became of them.",
	}, []string{"outcome"})
	// All outcomes are there from the start: an alarm sees a count grow, but not appear.
	for _, outcome := range outcomes {
		m.leads.WithLabelValues(outcome)
	}
	m.leads.WithLabelValues(internalError)
	m.registry.MustRegister(m.requests, m.seconds, m.suspects, m.leads, m.refusals, m.incoming,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector())
	return m
}

// Metrics serves the counts; it belongs on an address of its own, out of visitors' reach.
func (s *Server) Metrics() http.Handler {
	return promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})
}

// CountRefusal counts an attempt that a mail server refused for good, or because of our settings.
func (s *Server) CountRefusal(p lead.Problem) { s.metrics.refusals.WithLabelValues(string(p)).Inc() }

// CountIncoming counts an email that was read in the mailbox, by what became of it.
func (s *Server) CountIncoming(outcome string) { s.metrics.incoming.WithLabelValues(outcome).Inc() }

// gauge is a number that is read when Prometheus asks for it.
type gauge struct {
	name, help string
	read       func() float64
}

// watch adds what is read off the server whenever Prometheus asks, or was read from the database a moment before.
func (m *metrics) watch(s *Server, version string) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "tiebreak_build_info", Help: "The version of the program; always 1.",
		ConstLabels: prometheus.Labels{"version": version},
	}, func() float64 { return 1 }))
	for _, g := range slices.Concat(s.databaseGauges(), s.cacheGauges(), s.deliveryGauges(), s.promiseGauges(),
		s.backupGauges(), s.certificateGauges()) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: g.name, Help: g.help}, g.read))
	}
}

func (s *Server) databaseGauges() []gauge {
	of := func(read func(postgres.Load) float64) func() float64 {
		return func() float64 { return read(s.DB.Pool()) }
	}
	return []gauge{
		{"tiebreak_database_answers", "1 if the database answered when it was last asked, which it is every 15 seconds, and " +
			"0 otherwise.", s.databaseAnswers},
		{
			"tiebreak_last_write_seconds", "Time since a write of one row, tried every 15 seconds, last succeeded.",
			func() float64 { return s.DB.LastWrite().Seconds() },
		},
		{
			"tiebreak_deletion_paused", "1 while nothing is deleted for its age, since the database's clock jumped, else 0.",
			func() float64 { return oneIf(!s.DeletionWaits().IsZero()) },
		},
		{
			"tiebreak_pool_connections_in_use", "Connections to PostgreSQL that work.",
			of(func(l postgres.Load) float64 { return float64(l.InUse) }),
		},
		{
			"tiebreak_pool_connections_open", "Connections to PostgreSQL.",
			of(func(l postgres.Load) float64 { return float64(l.Open) }),
		},
		{
			"tiebreak_pool_connections_most", "Connections to PostgreSQL that there may be.",
			of(func(l postgres.Load) float64 { return float64(l.Most) }),
		},
		{
			"tiebreak_pool_wait_seconds", "Time that requests have waited for a connection so far.",
			of(func(l postgres.Load) float64 { return l.Waited.Seconds() }),
		},
	}
}

func (s *Server) cacheGauges() []gauge {
	return []gauge{
		{
			"tiebreak_cache_bytes", "Bytes that the page cache holds.",
			func() float64 { bytes, _ := s.public.CacheLoad(); return float64(bytes) },
		},
		{
			"tiebreak_cache_pages", "Pages that the page cache holds.",
			func() float64 { _, pages := s.public.CacheLoad(); return float64(pages) },
		},
		{
			"tiebreak_cache_drawn", "Pages drawn for the page cache so far; the others came from it.",
			func() float64 { return float64(s.public.DrawnPages()) },
		},
	}
}

func (s *Server) deliveryGauges() []gauge {
	of := func(read func(*lead.Queue) float64) func() float64 {
		return func() float64 { return read(s.Queue.Load()) }
	}
	return []gauge{
		{
			"tiebreak_deliveries_waiting", "Mails that are to go out.",
			of(func(q *lead.Queue) float64 { return float64(q.Waiting) }),
		},
		{
			"tiebreak_deliveries_failing", "Mails of those that were tried and not sent.",
			of(func(q *lead.Queue) float64 { return float64(q.Failing) }),
		},
		{
			"tiebreak_deliveries_unserved", "Mails of those that wait because the mail server cannot be used.",
			of(func(q *lead.Queue) float64 { return float64(q.Unserved) }),
		},
		{
			"tiebreak_deliveries_failed", "Mails given up that nobody has dealt with yet.",
			of(func(q *lead.Queue) float64 { return float64(q.Failed) }),
		},
		{
			"tiebreak_deliveries_on_hold", "Mails on hold since the site was restored, until a member decides.",
			of(func(q *lead.Queue) float64 { return float64(q.OnHold) }),
		},
		{
			"tiebreak_deliveries_oldest_seconds", "How long the oldest mail waits.",
			of(func(q *lead.Queue) float64 { return q.Oldest.Seconds() }),
		},
		{
			"tiebreak_inbox_emails", "Emails that no lead claims.",
			of(func(q *lead.Queue) float64 { return float64(q.Inbox) }),
		},
		{
			"tiebreak_mailbox_failing_seconds", "How long the mailbox could not be read; 0 if it can, or if none is read.",
			of(func(q *lead.Queue) float64 { return q.MailboxFailing.Seconds() }),
		},
	}
}

func (s *Server) promiseGauges() []gauge {
	return []gauge{
		{
			"tiebreak_places_taken", "Intake places taken this month.",
			func() float64 { return float64(s.Settings.Load().Places.Taken) },
		},
		{"tiebreak_places_left", "Intake places left this month; -1 without a limit.", s.placesLeft},
		{
			"tiebreak_places_waiting", "Leads on the waitlist.",
			func() float64 { return float64(s.Settings.Load().Places.Waiting) },
		},
		{
			"tiebreak_replies_due", "Leads of the last 90 days whose reply was due.",
			func() float64 { return float64(s.Settings.Load().Record.Due) },
		},
		{
			"tiebreak_replies_in_time", "Leads of those that were answered in time.",
			func() float64 { return float64(s.Settings.Load().Record.InTime) },
		},
	}
}

func (s *Server) backupGauges() []gauge {
	of := func(read func(*postgres.BackupStatus) float64) func() float64 {
		return func() float64 { return read(s.Backup.Load()) }
	}
	return []gauge{
		{
			"tiebreak_backup_last_success_timestamp_seconds", "When the last nightly backup was made; 0 if there was none.",
			of(func(b *postgres.BackupStatus) float64 { return timestamp(b.Good) }),
		},
		{
			"tiebreak_backup_failed", "1 if the last nightly backup failed, and 0 otherwise.",
			of(func(b *postgres.BackupStatus) float64 { return oneIf(b.Problem != "") }),
		},
		{
			"tiebreak_backup_drill_last_success_timestamp_seconds", "When a backup was last restored to try it; 0 if none was.",
			of(func(b *postgres.BackupStatus) float64 { return timestamp(b.GoodDrill) }),
		},
		{
			"tiebreak_backup_drill_failed", "1 if the last backup that was tried could not be restored, and 0 otherwise.",
			of(func(b *postgres.BackupStatus) float64 { return oneIf(b.DrillProblem != "") }),
		},
	}
}

// certificateGauges returns none where a proxy does TLS.
func (s *Server) certificateGauges() []gauge {
	if s.certificateUntil == nil {
		return nil
	}
	return []gauge{{
		"tiebreak_certificate_expires_timestamp_seconds", "When the certificate in use expires; 0 before the first one.",
		func() float64 { return timestamp(s.certificateUntil()) },
	}}
}

// timestamp returns the seconds since 1970, 0 for no time.
func timestamp(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.UnixMilli()) / 1000
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func (s *Server) placesLeft() float64 {
	if p := s.Settings.Load().Places; !p.Unlimited {
		return float64(p.Left())
	}
	return -1
}

func (s *Server) databaseAnswers() float64 { return oneIf(s.Answers.Load()) }

// outcomes are what becomes of a request sent with the intake form, by the status of the answer.
var outcomes = map[int]string{
	http.StatusSeeOther:              "taken",
	http.StatusBadRequest:            "not readable",
	http.StatusForbidden:             "from another site",
	http.StatusConflict:              "key used before",
	http.StatusRequestEntityTooLarge: "too large",
	http.StatusUnprocessableEntity:   "to correct",
	http.StatusTooManyRequests:       "too many",
	http.StatusServiceUnavailable:    "not stored",
}

// internalError is the outcome of every other status.
const internalError = "internal error"

// outcomeOf returns what became of a request with the intake form.
func outcomeOf(status int) string {
	if outcome, known := outcomes[status]; known {
		return outcome
	}
	return internalError
}

// countSuspect counts a cause for which a lead is kept as a suspect.
func (s *Server) countSuspect(cause lead.Cause) {
	s.metrics.suspects.WithLabelValues(string(cause)).Inc()
}
