package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/templates"
)

// guide is a guide as it stands, from memory if that is known to be good. While the database is away, what was shown last
// is shown on; a guide that nobody asked for is then fault.Unavailable.
func (s *Server) guide(ctx context.Context, slug string) (*cached, error) {
	if known := s.pages.get(slug); known != nil && known.goodFor(s.version.Load(), s.settings.Load()) {
		return known, nil
	}
	// Of all who ask at once, one reads. It does so for the others too, so its own reader's leaving does not end it.
	read, err, _ := s.reading.Do(slug, func() (any, error) {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		return s.readGuide(limited, slug, s.pages.get(slug))
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
	fresh := &cached{slug: slug, settings: settings.Settings, card: &picture{}}
	fresh.good.Store(settings)
	fresh.standing, err = s.db.Standing(ctx, slug)
	switch {
	case known != nil && errors.Is(err, fault.Unavailable):
		return known, nil
	case err != nil:
		return nil, err
	case known != nil && known.settings == fresh.settings && known.standing.Same(fresh.standing):
		known.good.Store(settings)
		return known, nil
	case known != nil && known.standing.Digest == fresh.standing.Digest && known.settings.Site == fresh.settings.Site:
		fresh.edition, fresh.card = known.edition, known.card
	default:
		fresh.edition, err = s.db.CurrentEdition(ctx, slug)
	}
	if known != nil && errors.Is(err, fault.Unavailable) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	s.pages.put(fresh)
	return fresh, nil
}

// pageOf is the guide as everybody reads it, drawn by whoever reads it first.
func (s *Server) pageOf(ctx context.Context, c *cached) (*encoded, error) {
	if page := c.page.Load(); page != nil {
		return page, nil
	}
	c.drawing.Lock()
	defer c.drawing.Unlock()
	if page := c.page.Load(); page != nil {
		return page, nil
	}
	var html bytes.Buffer
	if err := s.guideProps(c, nil).View().Render(context.WithoutCancel(ctx), &html); err != nil {
		return nil, err
	}
	page := encode(html.Bytes(), htmlType, guideCaching)
	s.pages.read(c, page)
	return page, nil
}

// edition is what the guide at slug shows.
func (s *Server) edition(ctx context.Context, slug string) (*guide.Edition, error) {
	c, err := s.guide(ctx, slug)
	if err != nil {
		return nil, err
	}
	return c.edition, nil
}

// guideProps is the page of a guide. Without ticks it is the same for everybody.
func (s *Server) guideProps(c *cached, ticks []string) templates.GuidePage {
	e := c.edition
	address := s.link("/compare/" + e.Guide.Slug)
	page := s.frameOf(c.settings, e.Guide.Title+": which to choose, and why")
	page.Description = description(e)
	page.Canonical = address
	page.NoIndex = len(ticks) > 0
	page.Script = true
	page.Card = &templates.Card{Address: address + "/card.png", Words: e.Guide.Title + ", the answer and the score line"}
	page.Feeds = append(page.Feeds, changesFeed(e.Guide.Title, address))
	g := templates.NewGuidePage(page, e, ticks, templates.IntakeForm{
		Edition: e, Typed: lead.Form{Option: lead.Undecided}, Ticks: ticksIn(e, ticks),
	})
	for _, r := range c.standing.Related {
		g.Related = append(g.Related, templates.Link{Words: r.Title, Address: "/compare/" + r.Slug})
	}
	return g
}

// description is what a search engine may show under the title: about as much as it has room for.
func description(e *guide.Edition) string {
	return fmt.Sprintf("%s %d criteria with sources and dates, a verdict, and a checklist that decides.",
		guide.Shorten(guide.PlainText(e.Guide.Subtitle), 100), len(e.Guide.Summary))
}
