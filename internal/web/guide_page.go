package web

import (
	"bytes"
	"context"
	"errors"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/templates"
)

// guide is a guide as it stands, from memory if that is known to be good. While the database is away, what was shown last
// is shown on; a guide that nobody read is then fault.Unavailable.
func (s *Server) guide(ctx context.Context, slug string) (*cached, error) {
	known := s.pages.get(slug)
	if known != nil && known.goodFor(s.version.Load(), s.settings.Load().Today) {
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

// readGuide is what is known, if the database says that it still holds, or the page drawn anew. It is good for the version
// that its settings were read at, not for a later one that was heard of meanwhile.
func (s *Server) readGuide(ctx context.Context, slug string, known *cached) (*cached, error) {
	settings, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	if known != nil && known.settings == settings.Settings {
		digest, err := s.db.CurrentDigest(ctx, slug)
		if err != nil {
			return nil, err
		}
		if digest == known.edition.Digest {
			known.version.Store(settings.version)
			return known, nil
		}
	}
	e, err := s.db.CurrentEdition(ctx, slug)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := s.guideProps(settings.Settings, e, nil).View().Render(context.WithoutCancel(ctx), &page); err != nil {
		return nil, err
	}
	fresh := &cached{slug: slug, edition: e, page: encode(page.Bytes(), htmlType, guideCaching), settings: settings.Settings}
	fresh.version.Store(settings.version)
	return fresh, nil
}

// edition is what the guide at slug shows.
func (s *Server) edition(ctx context.Context, slug string) (*guide.Edition, error) {
	c, err := s.guide(ctx, slug)
	if err != nil {
		return nil, err
	}
	return c.edition, nil
}

// guideProps is the page of an edition. Without ticks it is the same for everybody.
func (s *Server) guideProps(settings postgres.Settings, e *guide.Edition, ticks []string) templates.GuidePage {
	page := frameOf(settings, e.Guide.Title)
	page.Description = e.Guide.Subtitle
	page.Canonical = s.link("/compare/" + e.Guide.Slug)
	page.NoIndex = len(ticks) > 0
	page.Script = true
	return templates.NewGuidePage(page, e, ticks, templates.IntakeForm{
		Edition: e, Typed: lead.Form{Option: lead.Undecided}, Ticks: ticksIn(e, ticks),
	})
}
