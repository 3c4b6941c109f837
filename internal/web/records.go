package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"
)

// showRecord is the guide for machines.
func (s *Server) showRecord(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	record, err := json.MarshalIndent(e.Record(s.link("/compare/"+e.Guide.Slug)), "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(record, '\n'))
	return nil
}

// showDecision is a decision record of the ticks, to be kept where the decision is argued about.
func (s *Server) showDecision(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	ticks := r.URL.Query()["tick"]
	address := s.link("/compare/" + e.Guide.Slug)
	if len(ticks) > 0 {
		address += "?" + url.Values{"tick": ticks}.Encode()
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`inline; filename="%s-decision.md"`, e.Guide.Slug))
	w.Header().Set("X-Robots-Tag", "noindex")
	_, _ = io.WriteString(w, e.Decision(e.Tally(ticks), address))
	return nil
}
