package web

import (
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/templates"
)

// How many guides of a shelf the home page shows, and how many the page of one shelf.
const (
	frontOfShelf = 12
	wholeShelf   = 500
)

const homeDescription = "Options side by side, each value with its source and date, a verdict, and what would flip it."

// showHome shows the front of each shelf or, with ?field=, one shelf.
func (s *Server) showHome(w http.ResponseWriter, r *http.Request) error {
	page, err := s.frame(r.Context(), "Decision guides with sources")
	if err != nil {
		return err
	}
	page.Description = homeDescription
	page.Canonical = s.link("/")

	list := postgres.GuideList{Field: r.URL.Query().Get("field"), Most: frontOfShelf}
	if list.Field != "" {
		list.Most = wholeShelf
		page.Title = list.Field + ": decision guides"
		page.Canonical = s.link("/") + "?" + url.Values{"field": {list.Field}}.Encode()
	}
	guides, err := s.db.Guides(r.Context(), list)
	if err != nil {
		return err
	}
	if list.Field != "" && len(guides) == 0 {
		return fault.NotFound
	}
	home := templates.HomePage{Page: page, OneShelf: list.Field != ""}
	for _, g := range guides {
		if n := len(home.Shelves); n == 0 || home.Shelves[n-1].Field != g.Field {
			home.Shelves = append(home.Shelves, templates.Shelf{Field: g.Field, Guides: g.OnShelf})
		}
		shelf := &home.Shelves[len(home.Shelves)-1]
		shelf.Shown = append(shelf.Shown, g.Edition)
	}
	if list.Field == "" {
		told, err := s.db.Changes(r.Context(), "", homeTold)
		if err != nil {
			return err
		}
		home.Told = toldProps(told)
	}
	return render(w, r, http.StatusOK, home.View())
}

// showGuide answers from memory, or draws the page with the reader's ticks.
func (s *Server) showGuide(w http.ResponseWriter, r *http.Request) error {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return err
	}
	if ticks := r.URL.Query()["tick"]; len(ticks) > 0 {
		return render(w, r, http.StatusOK, s.guideProps(c, ticks).View())
	}
	page, err := s.pageOf(r.Context(), c)
	if err != nil {
		return err
	}
	page.write(w, r)
	return nil
}

func (s *Server) showAbout(w http.ResponseWriter, r *http.Request) error {
	page, err := s.frame(r.Context(), "About")
	if err != nil {
		return err
	}
	page.Description = "Who is behind these guides, what we gain, and what we promise."
	page.Canonical = s.link("/about")
	return render(w, r, http.StatusOK, templates.AboutPage{Page: page}.View())
}

func (s *Server) showPrivacy(w http.ResponseWriter, r *http.Request) error {
	page, err := s.frame(r.Context(), "Privacy")
	if err != nil {
		return err
	}
	page.Description = "What this site keeps of you, and why."
	page.Canonical = s.link("/privacy")
	return render(w, r, http.StatusOK, templates.PrivacyPage{Page: page}.View())
}
