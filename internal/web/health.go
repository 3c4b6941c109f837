package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/doctor"
	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
)

// showLive says that the process runs.
func (s *Server) showLive(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintln(w, "alive")
	return nil
}

// showReady says whether requests should be sent here: the database can be written to, by this version, and the server is not
// shutting down.
func (s *Server) showReady(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	if s.closing.Load() {
		http.Error(w, "shutting down", http.StatusServiceUnavailable)
		return nil
	}
	err := s.DB.Probes().Ready(r.Context())
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, postgres.ErrOutdated): // the log has it already
		http.Error(w, "a newer version has upgraded the database", http.StatusServiceUnavailable)
		return nil
	case err != nil:
		if !s.DB.Away() { // the log has that already
			s.Log.Warn("not ready", "id", page.RequestID(r), "error", postgres.Words(err))
		}
		http.Error(w, "the database does not answer or takes no writes", http.StatusServiceUnavailable)
		return nil
	}
	fmt.Fprintf(w, "ready\nsite version %d\nlast write %v ago\n", s.Version.Load(), s.DB.LastWrite().Round(time.Second))
	if s.certificateUntil != nil { // without one, the authority must still be able to reach us through a balancer
		fmt.Fprintln(w, "certificate:", untilWords(s.certificateUntil()))
	}
	// Mail that waits is for people to know, not for a balancer: another instance would send it no sooner.
	if q, err := s.DB.Probes().Queue(r.Context()); err == nil {
		fmt.Fprintf(w, "deliveries: %d waiting, %d of them failing, %d given up, %d on hold; the oldest waits %v\n",
			q.Waiting, q.Failing, q.Failed, q.OnHold, q.Oldest.Round(time.Second))
	}
	return nil
}

// showDoctor tells the site's own doctor how its request arrived. Strangers have no token for it.
func (s *Server) showDoctor(w http.ResponseWriter, r *http.Request) error {
	proof, ours := doctor.Proof(s.Secret, chi.URLParam(r, "token"))
	if !ours {
		return fault.NotFound
	}
	answer := s.Arrival(r)
	answer.Proof = proof
	answer.MemoryUsed, answer.MemoryLimit = doctor.Memory()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}

// untilWords returns the time, or that there is no certificate.
func untilWords(until time.Time) string {
	if until.IsZero() {
		return "none yet"
	}
	return "until " + until.UTC().Format(time.RFC3339)
}
