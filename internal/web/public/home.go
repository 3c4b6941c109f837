package public

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/public"
	"tiebreak/templates/ui"
)

// How many guides the home page lists in all, shared among the shelves, and how many the page of one shelf.
const (
	maxOnHome  = 600
	maxInField = 500
)

const homeDescription = "Side-by-side guides to technology choices: sources and dates, a verdict, and what would change it."

// ShowHome shows the home page or, with ?field=, one shelf.
func (h *Handlers) ShowHome(r *http.Request) (*page.Encoded, error) {
	field, query := r.URL.Query().Get("field"), ""
	read := h.readHome
	if field != "" {
		query = url.Values{"field": {field}}.Encode()
		read = func(ctx context.Context, home *public.HomePage) error { return h.readShelf(ctx, field, home) }
	}
	return h.keepSitePage(r, query, func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		home := public.HomePage{Page: h.FrameOf(now.Settings, "Decision guides with sources")}
		home.Description, home.Canonical = homeDescription, h.Link("/")
		if field != "" {
			home.OneShelf, home.Title, home.Canonical = true, field+": decision guides", h.Link("/")+"?"+query
		}
		if err := read(ctx, &home); err != nil {
			return nil, err
		}
		return page.EncodeHTML(ctx, home.View(), pageMedium)
	})
}

// readHome reads what the home page shows.
func (h *Handlers) readHome(ctx context.Context, home *public.HomePage) error {
	found, err := h.Readers.Home(ctx, postgres.GuideList{Most: public.ShelfFront, Share: maxOnHome}, maxHomeChanges)
	home.Shelves, home.Featured, home.News = shelves(found.Guides), found.Featured, news(found)
	return err
}

// readShelf reads one shelf. One without guides is fault.NotFound.
func (h *Handlers) readShelf(ctx context.Context, field string, home *public.HomePage) error {
	guides, err := h.Readers.Guides(ctx, postgres.GuideList{Field: field, Most: maxInField})
	if err == nil && len(guides) == 0 {
		err = fault.NotFound
	}
	home.Shelves = shelves(guides)
	return err
}

// shelves puts the guides, which come shelf by shelf, on theirs.
func shelves(guides []guide.Teaser) (all []public.Shelf) {
	for _, g := range guides {
		if n := len(all); n == 0 || all[n-1].Field != g.Field {
			all = append(all, public.Shelf{Field: g.Field, Guides: g.OnShelf})
		}
		shelf := &all[len(all)-1]
		shelf.Shown = append(shelf.Shown, g)
	}
	return all
}

// maxNews is how many lines the latest changes take.
const maxNews = 5

// news returns what was published or changed, the latest first, in few lines: one for all guides that were published on one day,
// and one for all guides in which the same changed on one day, because a fact is shown on each guide that uses it.
func news(home postgres.Home) (lines []public.News) {
	for _, p := range home.Publications {
		line := public.News{MadeAt: p.MadeAt, Changes: []string{"First published."}}
		if p.Guides > len(p.First) {
			line.Many, line.Changes = p.Guides, []string{"On " + ui.Count(p.Fields, "topic.", "topics.")}
		} else {
			for _, g := range p.First {
				line.Guides = append(line.Guides, ui.Link{Words: g.Title, Address: "/compare/" + g.Slug})
			}
		}
		lines = append(lines, line)
	}
	for _, c := range home.Changes {
		link := ui.Link{Words: c.Title, Address: "/compare/" + c.Slug + "/changes"}
		same := slices.IndexFunc(lines, func(n public.News) bool {
			return ui.Day(n.MadeAt) == ui.Day(c.MadeAt) && slices.Equal(n.Changes, c.Changes)
		})
		if same < 0 {
			lines = append(lines, public.News{MadeAt: c.MadeAt, Guides: []ui.Link{link}, Changes: c.Changes})
		} else if !slices.Contains(lines[same].Guides, link) {
			lines[same].Guides = append(lines[same].Guides, link)
		}
	}
	slices.SortStableFunc(lines, func(a, b public.News) int { return b.MadeAt.Compare(a.MadeAt) })
	return lines[:min(len(lines), maxNews)]
}
