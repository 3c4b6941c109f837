package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/templates/intake"
	"tiebreak/templates/public"
	"tiebreak/templates/ui"
)

// guide is a guide as it stands, from memory if that is known to be good. While the database is away, what was shown last
// is shown on; a guide that nobody asked for is then fault.Unavailable.
func (s *Server) guide(ctx context.Context, slug string) (*cached, error) {
	if known := s.pages.guides.get(slug); known != nil && known.page.goodFor(s.version.Load(), s.settings.Load()) {
		return known, nil
	}
	// Of all who ask at once, one reads. It does so for the others too, so its own reader's leaving does not end it.
	read, err, _ := s.reading.Do(slug, func() (any, error) {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		return s.readGuide(limited, slug, s.pages.guides.get(slug))
	})
	if err != nil {
		return nil, err
	}
	return read.(*cached), nil
}

// readGuide is what is known, if the database says that it still holds or is away, or the guide read anew. It is good for
// the settings that it was read with, not for later ones that were heard of meanwhile.
func (s *Server) readGuide(ctx context.Context, slug string, known *cached) (*cached, error) {
	settings, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	fresh := &cached{slug: slug, settings: settings.Settings, page: &basis{}, text: &basis{}}
	fresh.standing, err = s.db.Standing(ctx, slug)
	switch {
	case known != nil && errors.Is(err, fault.Unavailable):
		return known, nil
	case err != nil:
		return nil, err
	case known != nil && known.settings == fresh.settings && known.standing.Same(fresh.standing):
		known.hold(settings)
		return known, nil
	case known != nil && known.standing.Digest == fresh.standing.Digest && known.settings.Site == fresh.settings.Site:
		fresh.edition, fresh.text = known.edition, known.text
	default:
		fresh.edition, err = s.db.CurrentEdition(ctx, slug)
	}
	if known != nil && errors.Is(err, fault.Unavailable) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	fresh.hold(settings)
	s.pages.guides.put(slug, fresh, inMemory*fresh.edition.Size)
	return fresh, nil
}

// inMemory is about how many bytes an edition takes for each of its document.
const inMemory = 3

// edition is what the guide at slug shows.
func (s *Server) edition(ctx context.Context, slug string) (*guide.Edition, error) {
	c, err := s.guide(ctx, slug)
	if err != nil {
		return nil, err
	}
	return c.edition, nil
}

// showGuide is the page of a guide, with the reader's ticks.
func (s *Server) showGuide(r *http.Request) (*encoded, error) {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return nil, err
	}
	ticks := r.URL.Query()["tick"]
	medium := guideMedium
	if len(ticks) > 0 {
		medium = tickedMedium
	}
	_, query := ticksAsKept(c.edition, ticks)
	return s.keep(r, query, c.page, func(ctx context.Context) (*encoded, error) {
		return encodeHTML(ctx, s.guideProps(c, ticks).View(), medium)
	})
}

// ticksAsKept returns the ticks that the guide knows in the page's order, as browsers send them, and the query that a page with
// the ticks is kept under. The page says how many ticks are unknown: no address has a space, so none is mistaken for that query.
func ticksAsKept(e *guide.Edition, ticks []string) (known []string, query string) {
	left := map[string]bool{}
	for _, id := range ticks {
		left[id] = true
	}
	for _, o := range e.Options {
		for _, c := range e.Guide.Conditions[o.Slug] {
			if left[c.ID] {
				known = append(known, c.ID)
				delete(left, c.ID)
			}
		}
	}
	query = url.Values{"tick": known}.Encode()
	if len(left) > 0 {
		query += fmt.Sprintf(" and %d unknown", len(left))
	}
	return known, query
}

// guideProps is the page of a guide. Without ticks it is the same for everybody.
func (s *Server) guideProps(c *cached, ticks []string) public.GuidePage {
	e := c.edition
	address := s.link("/compare/" + e.Guide.Slug)
	page := s.frameOf(c.settings, e.Guide.Title+": which to choose, and why")
	page.Description = description(e)
	page.Canonical = address
	page.NoIndex = len(ticks) > 0
	page.Script = true
	page.Card = &ui.Card{Address: address + "/card.png", Words: e.Guide.Title + ", the answer and the score line"}
	page.Feeds = append(page.Feeds, changesFeed(e.Guide.Title, address))
	g := public.NewGuidePage(page, e, ticks, intake.IntakeForm{
		Edition: e, Typed: lead.Form{Option: lead.Undecided}, Ticks: ticksIn(e, ticks),
	})
	for _, r := range c.standing.Related {
		g.Related = append(g.Related, ui.Link{Words: r.Title, Address: "/compare/" + r.Slug})
	}
	return g
}

// guideAsRead returns the page of an edition with ticks as a prospect read it.
func (s *Server) guideAsRead(e *guide.Edition, ticks []string) public.GuidePage {
	return s.guideProps(&cached{edition: e, settings: s.settings.Load().Settings}, ticks)
}

// description is what a search engine may show under the title: about as much as it has room for.
func description(e *guide.Edition) string {
	return fmt.Sprintf("%s %d criteria with sources and dates, a verdict, and a checklist that decides.",
		guide.Shorten(guide.PlainText(e.Guide.Subtitle), 100), len(e.Guide.Summary))
}
