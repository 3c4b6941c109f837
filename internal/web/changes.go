package web

import (
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
	"tiebreak/templates"
)

// How many editions the change log of a guide, a feed and the home page tell of.
const (
	mostTold  = 200
	feedTold  = 30
	homeTold  = 5
	feedCache = "public, max-age=300"
)

// showChanges is the change log of a guide.
func (s *Server) showChanges(w http.ResponseWriter, r *http.Request) error {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return err
	}
	told, err := s.db.Changes(r.Context(), c.slug, mostTold)
	if err != nil {
		return err
	}
	address := s.link("/compare/" + c.slug)
	page := s.frameOf(c.settings, "What changed in "+c.edition.Guide.Title)
	page.Description = "Each edition of the guide: what changed in its facts, edges, reasons and verdict, and when."
	page.Canonical = address + "/changes"
	page.Feeds = append(page.Feeds, changesFeed(c.edition.Guide.Title, address))
	return render(w, r, http.StatusOK, templates.ChangesPage{Page: page, Edition: c.edition, Told: toldProps(told)}.View())
}

func changesFeed(title, address string) templates.Feed {
	return templates.Feed{Title: "Changes of " + title, Address: address + "/changes.atom"}
}

func toldProps(told []postgres.Told) []templates.Told {
	props := make([]templates.Told, len(told))
	for i, t := range told {
		props[i] = templates.Told{
			Guide:  templates.Link{Words: t.Title, Address: "/compare/" + t.Slug + "/changes"},
			Digest: t.Digest, MadeAt: t.MadeAt, Changes: t.Changes,
		}
	}
	return props
}

// feedChanges is the change log of a guide as a feed.
func (s *Server) feedChanges(w http.ResponseWriter, r *http.Request) error {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return err
	}
	told, err := s.db.Changes(r.Context(), c.slug, feedTold)
	if err != nil {
		return err
	}
	id := ""
	if len(told) > 0 {
		id = changesFeed("", s.link("/compare/"+told[0].First)).Address
	}
	page := s.link("/compare/" + c.slug + "/changes")
	return s.writeFeed(w, changesFeed(c.edition.Guide.Title, s.link("/compare/"+c.slug)), id, page, told)
}

// feedSite is every guide's changes as a feed.
func (s *Server) feedSite(w http.ResponseWriter, r *http.Request) error {
	page, err := s.frame(r.Context(), "")
	if err != nil {
		return err
	}
	told, err := s.db.Changes(r.Context(), "", feedTold)
	if err != nil {
		return err
	}
	return s.writeFeed(w, page.Feeds[0], page.Feeds[0].Address, s.link("/"), told)
}

// writeFeed writes an Atom feed of editions. Its id outlasts a rename of the guide. One that has nothing to tell is not
// there yet.
func (s *Server) writeFeed(w http.ResponseWriter, f templates.Feed, id, page string, told []postgres.Told) error {
	if len(told) == 0 {
		return fault.NotFound
	}
	feed := newFeed(f, id, page, s.lastFrame("").Brand(), told[0].MadeAt)
	for _, t := range told {
		feed.tell(s.link("/compare/"+t.Slug), s.link("/compare/"+t.Then), t)
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", feedCache)
	return writeXML(w, feed)
}
