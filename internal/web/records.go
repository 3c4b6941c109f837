package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// showRecord is the guide for machines.
func (s *Server) showRecord(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r.Context(), slugOf(r))
	if err != nil {
		return err
	}
	record, err := json.MarshalIndent(e.Record(s.link("/compare/"+e.Guide.Slug)), "", "  ")
	if err != nil {
		return err
	}
	writeText(w, "application/json", string(record)+"\n")
	return nil
}

// showDocument is the guide as Markdown.
func (s *Server) showDocument(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r.Context(), slugOf(r))
	if err != nil {
		return err
	}
	writeText(w, "text/markdown", e.Markdown(s.link("/compare/"+e.Guide.Slug)))
	return nil
}

// writeText writes a whole text in UTF-8.
func writeText(w http.ResponseWriter, kind, text string) {
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	// The reader may be gone; there is nobody left to tell.
	_, _ = io.WriteString(w, text)
}

// showDecision is a decision record of the ticks, to be kept where the decision is argued about.
func (s *Server) showDecision(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r.Context(), slugOf(r))
	if err != nil {
		return err
	}
	ticks := r.URL.Query()["tick"]
	address := s.link("/compare/" + e.Guide.Slug)
	if len(ticks) > 0 {
		address += "?" + url.Values{"tick": ticks}.Encode()
	}
	w.Header().Set("Content-Disposition", fmt.Sprintf(`inline; filename="%s-decision.md"`, e.Guide.Slug))
	w.Header().Set("X-Robots-Tag", "noindex")
	writeText(w, "text/markdown", e.Decision(e.Tally(ticks), address))
	return nil
}
