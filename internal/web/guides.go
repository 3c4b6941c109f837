package web

import (
	"context"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/templates/public"
)

// How many guides of a shelf the home page shows, and how many the page of one shelf.
const (
	frontOfShelf = 12
	wholeShelf   = 500
)

const homeDescription = "Options side by side, each value with its source and date, a verdict, and what would flip it."

// showHome shows the front of each shelf or, with ?field=, one shelf.
func (s *Server) showHome(r *http.Request) (*encoded, error) {
	field, query := r.URL.Query().Get("field"), ""
	if field != "" {
		query = url.Values{"field": {field}}.Encode()
	}
	return s.keepOfSite(r, query, func(ctx context.Context, now *settled) (*encoded, error) {
		home := public.HomePage{Page: s.frameOf(now.Settings, "Decision guides with sources")}
		home.Description, home.Canonical = homeDescription, s.link("/")
		if field != "" {
			home.OneShelf, home.Title, home.Canonical = true, field+": decision guides", s.link("/")+"?"+query
		}
		if err := s.readHome(ctx, field, &home); err != nil {
			return nil, err
		}
		return encodeHTML(ctx, home.View(), pageMedium)
	})
}

// readHome reads the shelves and, on the page of all, what changed last. A shelf without guides is fault.NotFound.
func (s *Server) readHome(ctx context.Context, field string, home *public.HomePage) error {
	most := frontOfShelf
	if field != "" {
		most = wholeShelf
	}
	guides, err := s.readers.Guides(ctx, postgres.GuideList{Field: field, Most: most})
	if err != nil {
		return err
	}
	if field != "" && len(guides) == 0 {
		return fault.NotFound
	}
	for _, g := range guides {
		if n := len(home.Shelves); n == 0 || home.Shelves[n-1].Field != g.Field {
			home.Shelves = append(home.Shelves, public.Shelf{Field: g.Field, Guides: g.OnShelf})
		}
		shelf := &home.Shelves[len(home.Shelves)-1]
		shelf.Shown = append(shelf.Shown, lineProps(g))
	}
	if field != "" {
		return nil
	}
	told, err := s.readers.Changes(ctx, "", homeTold)
	home.Told = toldProps(told)
	return err
}

func lineProps(g postgres.GuideLine) public.GuideLine {
	line := public.GuideLine{Address: "/compare/" + g.Slug, Title: g.Title}
	for _, o := range g.Options {
		line.Options = append(line.Options, public.OptionLine(o))
	}
	return line
}

func (s *Server) showAbout(r *http.Request) (*encoded, error) {
	return s.keepOfSite(r, "", func(ctx context.Context, now *settled) (*encoded, error) {
		page := s.frameOf(now.Settings, "About")
		page.Description = "Who is behind these guides, what we gain, and what we promise."
		page.Canonical = s.link("/about")
		return encodeHTML(ctx, public.AboutPage{Page: page}.View(), pageMedium)
	})
}

func (s *Server) showPrivacy(r *http.Request) (*encoded, error) {
	return s.keepOfSite(r, "", func(ctx context.Context, now *settled) (*encoded, error) {
		page := s.frameOf(now.Settings, "Privacy")
		page.Description = "What this site keeps of you, and why."
		page.Canonical = s.link("/privacy")
		return encodeHTML(ctx, public.PrivacyPage{Page: page}.View(), pageMedium)
	})
}
