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
// is shown on; a guide that nobody read is then fault.Unavailable.
func (s *Server) guide(ctx context.Context, slug string) (*cached, error) {
	known := s.pages.get(slug)
	if known != nil && known.goodFor(s.version.Load(), s.settings.Load()) {
		return known, nil
	}
	fresh, err := s.readGuide(ctx, slug, known)
	if known != nil && errors.Is(err, fault.Unavailable) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	if fresh != known {
		s.pages.put(fresh)
	}
	return fresh, nil
}

// readGuide is what is known, if the database says that it still holds, or the page drawn anew. It is good for the settings
// that it was drawn with, not for later ones that were heard of meanwhile.
func (s *Server) readGuide(ctx context.Context, slug string, known *cached) (*cached, error) {
	settings, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	standing, err := s.db.Standing(ctx, slug)
	if err != nil {
		return nil, err
	}
	if known != nil && known.settings == settings.Settings && known.standing.Same(standing) {
		known.good.Store(settings)
		return known, nil
	}
	fresh := &cached{slug: slug, standing: standing, settings: settings.Settings}
	if fresh.edition, err = s.db.CurrentEdition(ctx, slug); err != nil {
		return nil, err
	}
	fresh.good.Store(settings)
	return fresh, s.draw(ctx, fresh)
}

// draw makes the page of a guide as everybody reads it.
func (s *Server) draw(ctx context.Context, c *cached) error {
	var page bytes.Buffer
	if err := s.guideProps(c, nil).View().Render(context.WithoutCancel(ctx), &page); err != nil {
		return err
	}
	c.page = encode(page.Bytes(), htmlType, guideCaching)
	s.pages.drawn.Add(1)
	return nil
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
