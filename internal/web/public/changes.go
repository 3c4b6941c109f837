package public

import (
	"context"
	"net/http"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/web/page"
	"tiebreak/templates/public"
	"tiebreak/templates/ui"
)

// How many editions the change log of a guide and a feed tell of, and how many the home page reads for its few lines.
const (
	maxChanges     = 200
	maxFeedChanges = 30
	maxHomeChanges = 20
)

// ShowChanges shows the change log of a guide.
func (h *Handlers) ShowChanges(r *http.Request, c *CachedGuide) (*page.Encoded, error) {
	return h.keepSitePage(r, "", func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		changes, err := h.Readers.Changes(ctx, c.slug, maxChanges)
		if err != nil {
			return nil, err
		}
		address := h.Link("/compare/" + c.slug)
		frame := h.FrameOf(now.Settings, "What changed in "+c.edition.Guide.Title)
		frame.Description = "What changed in this guide, and when: facts, rankings, reasons and the verdict."
		frame.Canonical = address + "/changes"
		frame.Feeds = append(frame.Feeds, changesFeed(c.edition.Guide.Title, address))
		return page.EncodeHTML(ctx, public.ChangesPage{Page: frame, Edition: c.edition, Changes: changes}.View(), pageMedium)
	})
}

func changesFeed(title, address string) ui.Feed {
	return ui.Feed{Title: "Changes to " + title, Address: address + "/changes.atom"}
}

// FeedChanges sends the change log of a guide as a feed.
func (h *Handlers) FeedChanges(r *http.Request, c *CachedGuide) (*page.Encoded, error) {
	shown := h.Link("/compare/" + c.slug)
	return h.keepSitePage(r, "", func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		return h.feed(ctx, now, changesFeed(c.edition.Guide.Title, shown), shown+"/changes", c.slug)
	})
}

// FeedSite sends every guide's changes as a feed.
func (h *Handlers) FeedSite(r *http.Request) (*page.Encoded, error) {
	return h.keepSitePage(r, "", func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		return h.feed(ctx, now, h.FrameOf(now.Settings, "").Feeds[0], h.Link("/"), "")
	})
}

var feedMedium = page.NewMedium("application/atom+xml; charset=utf-8", page.FeedCaching, page.GoodCompression)

// feed returns an Atom feed of the editions of a guide, or of all if slug is "". The id of a guide's feed outlasts a rename. The
// site's feed is there before its first guide, since every page names it.
func (h *Handlers) feed(ctx context.Context, now *page.SiteState, f ui.Feed, shown, slug string) (*page.Encoded, error) {
	changes, err := h.Readers.Changes(ctx, slug, maxFeedChanges)
	if err != nil {
		return nil, err
	}
	id, updated := f.Address, time.Time{}
	switch {
	case len(changes) > 0:
		updated = changes[0].MadeAt
	case slug != "":
		return nil, fault.NotFound
	default:
		if updated, err = h.Readers.Began(ctx); err != nil {
			return nil, err
		}
	}
	if slug != "" {
		id = changesFeed("", h.Link("/compare/"+changes[0].FirstSlug)).Address
	}
	feed := newFeed(f, id, shown, h.FrameOf(now.Settings, "").Brand(), updated)
	for _, e := range changes {
		feed.add(h.Link("/compare/"+e.Slug), h.Link("/compare/"+e.ThenSlug), e)
	}
	return page.EncodeXML(feed, feedMedium)
}
