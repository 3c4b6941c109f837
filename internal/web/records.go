package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

const markdownType = "text/markdown; charset=utf-8"

var (
	jsonMedium     = mediumOf("application/json; charset=utf-8", pageCaching, thoroughly)
	markdownMedium = mediumOf(markdownType, pageCaching, thoroughly)
)

// showRecord is the guide for machines.
func (s *Server) showRecord(r *http.Request) (*encoded, error) {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return nil, err
	}
	return s.keep(r, "", c.text, func(context.Context) (*encoded, error) {
		record, err := json.MarshalIndent(c.edition.Record(s.link("/compare/"+c.slug)), "", "  ")
		if err != nil {
			return nil, err
		}
		return encode(append(record, '\n'), jsonMedium), nil
	})
}

// showDocument is the guide as Markdown.
func (s *Server) showDocument(r *http.Request) (*encoded, error) {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return nil, err
	}
	return s.keep(r, "", c.text, func(context.Context) (*encoded, error) {
		return encode([]byte(c.edition.Markdown(s.link("/compare/"+c.slug))), markdownMedium), nil
	})
}

// showDecision is a decision record of the ticks, to be kept where the decision is argued about.
func (s *Server) showDecision(r *http.Request) (*encoded, error) {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return nil, err
	}
	ticks, query := ticksAsKept(c.edition, r.URL.Query()["tick"])
	return s.keep(r, query, c.text, func(context.Context) (*encoded, error) {
		address := s.link("/compare/" + c.slug)
		if len(ticks) > 0 {
			address += "?" + url.Values{"tick": ticks}.Encode()
		}
		name := fmt.Sprintf(`inline; filename="%s-decision.md"`, c.slug)
		medium := mediumOf(markdownType, pageCaching, quickly,
			header{name: "Content-Disposition", value: []string{name}}, header{name: "X-Robots-Tag", value: []string{"noindex"}})
		return encode([]byte(c.edition.Decision(c.edition.Tally(ticks), address)), medium), nil
	})
}
