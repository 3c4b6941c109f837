package web

import (
	"context"
	"net/http"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/templates/public"
	"tiebreak/templates/ui"
)

// How many editions the change log of a guide, a feed and the home page tell of.
const (
	mostTold = 200
	feedTold = 30
	homeTold = 5
)

// showChanges is the change log of a guide.
func (s *Server) showChanges(r *http.Request) (*encoded, error) {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return nil, err
	}
	return s.keepOfSite(r, "", func(ctx context.Context, now *settled) (*encoded, error) {
		told, err := s.readers.Changes(ctx, c.slug, mostTold)
		if err != nil {
			return nil, err
		}
		address := s.link("/compare/" + c.slug)
		page := s.frameOf(now.Settings, "What changed in "+c.edition.Guide.Title)
		page.Description = "Each edition of the guide: what changed in its facts, edges, reasons and verdict, and when."
		page.Canonical = address + "/changes"
		page.Feeds = append(page.Feeds, changesFeed(c.edition.Guide.Title, address))
		return encodeHTML(ctx, public.ChangesPage{Page: page, Edition: c.edition, Told: toldProps(told)}.View(), pageMedium)
	})
}

func changesFeed(title, address string) ui.Feed {
	return ui.Feed{Title: "Changes of " + title, Address: address + "/changes.atom"}
}

func toldProps(told []postgres.Told) []public.Told {
	props := make([]public.Told, len(told))
	for i, t := range told {
		props[i] = public.Told{
			Guide:  ui.Link{Words: t.Title, Address: "/compare/" + t.Slug + "/changes"},
			Digest: t.Digest, MadeAt: t.MadeAt, Changes: t.Changes,
		}
	}
	return props
}

// feedChanges is the change log of a guide as a feed.
func (s *Server) feedChanges(r *http.Request) (*encoded, error) {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return nil, err
	}
	page := s.link("/compare/" + c.slug)
	return s.keepOfSite(r, "", func(ctx context.Context, now *settled) (*encoded, error) {
		return s.feed(ctx, now, changesFeed(c.edition.Guide.Title, page), page+"/changes", c.slug)
	})
}

// feedSite is every guide's changes as a feed.
func (s *Server) feedSite(r *http.Request) (*encoded, error) {
	return s.keepOfSite(r, "", func(ctx context.Context, now *settled) (*encoded, error) {
		return s.feed(ctx, now, s.frameOf(now.Settings, "").Feeds[0], s.link("/"), "")
	})
}

var feedMedium = mediumOf("application/atom+xml; charset=utf-8", feedCaching, thoroughly)

// feed is an Atom feed of the editions of a guide, or of all if slug is "". The id of a guide's feed outlasts a rename. The
// site's feed is there before its first guide, since every page names it.
func (s *Server) feed(ctx context.Context, now *settled, f ui.Feed, page, slug string) (*encoded, error) {
	told, err := s.readers.Changes(ctx, slug, feedTold)
	if err != nil {
		return nil, err
	}
	id, updated := f.Address, time.Time{}
	switch {
	case len(told) > 0:
		updated = told[0].MadeAt
	case slug != "":
		return nil, fault.NotFound
	default:
		if updated, err = s.readers.Began(ctx); err != nil {
			return nil, err
		}
	}
	if slug != "" {
		id = changesFeed("", s.link("/compare/"+told[0].First)).Address
	}
	feed := newFeed(f, id, page, s.frameOf(now.Settings, "").Brand(), updated)
	for _, t := range told {
		feed.tell(s.link("/compare/"+t.Slug), s.link("/compare/"+t.Then), t)
	}
	return encodeXML(feed, feedMedium)
}
