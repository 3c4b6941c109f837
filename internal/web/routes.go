package web

import (
	"compress/gzip"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/static"
)

// guideRoute is answered from memory where it can be: see ServeHTTP.
const guideRoute = "/compare/{slug}"

// routes is the whole site, grouped by who it is for.
func (s *Server) routes() chi.Router {
	r := chi.NewRouter()
	r.Use(s.identify, s.accounted, s.protected, s.recovered, s.sameOrigin, middleware.GetHead)
	r.NotFound(s.page(nothingHere))
	r.MethodNotAllowed(s.page(nothingHere))

	r.Get("/livez", s.live)
	r.Get("/readyz", s.ready)
	r.Get(static.Prefix+"*", s.page(s.showAsset))
	r.Group(s.machineRoutes)
	r.Group(s.visitorRoutes)
	r.Group(s.prospectRoutes)
	r.Route("/staff", s.staffRoutes)
	return r
}

// compressed are the kinds of answers that hold nothing personal and are made anew for each request: a length that depends
// on a secret and on what a stranger typed would tell of the secret. What comes from memory is compressed already.
var compressed = middleware.Compress(gzip.DefaultCompression,
	"text/html", "text/plain", "text/markdown", "application/json", "application/xml", "application/atom+xml")

// machineRoutes are the forms of the guides that programs read.
func (s *Server) machineRoutes(r chi.Router) {
	r.Use(compressed)
	r.Get("/robots.txt", s.showRobots)
	r.Get("/sitemap.xml", s.page(s.showSitemap))
	r.Get("/llms.txt", s.page(s.showLLMs))
	r.Get("/feed.atom", s.page(s.feedSite))
	r.Get("/compare/{slug}.json", s.page(s.moved(s.showRecord)))
	r.Get("/compare/{slug}.md", s.page(s.moved(s.showDocument)))
	r.Get("/compare/{slug}/changes.atom", s.page(s.moved(s.feedChanges)))
	r.Get("/compare/{slug}/card.png", s.page(s.moved(s.showCard)))
}

// visitorRoutes are the pages for people who decide.
func (s *Server) visitorRoutes(r chi.Router) {
	r.Use(compressed)
	r.Get("/", s.page(s.showHome))
	r.Get("/search", s.page(s.showSearch))
	r.Get(guideRoute, s.page(s.moved(s.showGuide)))
	r.Get("/compare/{slug}/changes", s.page(s.moved(s.showChanges)))
	r.Get("/compare/{slug}/decision.md", s.page(s.moved(s.showDecision)))
	r.Get("/options/{slug}", s.page(s.showOption))
	r.Get("/about", s.page(s.showAbout))
	r.Get("/privacy", s.page(s.showPrivacy))
}

// prospectRoutes take requests and show what became of them.
func (s *Server) prospectRoutes(r chi.Router) {
	r.Use(private, s.addressed)
	r.Get("/intake", s.page(s.showIntake))
	r.Post("/intake", s.page(s.receiveLead))
	r.Get("/requests/{token}", s.page(s.showReceipt))
	r.Post("/requests/{token}/notes", s.page(s.addNote))
	r.Post("/requests/{token}/withdrawal", s.page(s.withdraw))
	r.Post("/requests/{token}/erasure", s.page(s.erase))
}

// staffRoutes is closed: only the door stands outside of the guard.
func (s *Server) staffRoutes(r chi.Router) {
	r.Use(private)

	// Strangers
	r.Get("/sign-in", s.page(s.showSignIn))
	r.With(s.addressed).Post("/sign-in", s.page(s.signIn))
	r.Get("/setup/{token}", s.page(s.showSetup))
	r.Post("/setup/{token}", s.page(s.setUp))

	// Readers
	r.Group(func(r chi.Router) {
		r.Use(s.members(staff.Reader))
		r.Get("/", redirect("/staff/leads"))
		r.Post("/sign-out", s.page(s.signOut))
		r.Get("/leads", s.page(s.listLeads))
		r.Get("/site", s.page(s.showSite))
		r.Get("/deliveries", s.page(s.listDeliveries))
		r.Get("/insights", s.page(s.showInsights))
		r.Get("/insights/{part}.csv", s.page(s.exportInsights))
		r.Get("/leads/{reference}", s.page(s.showLead))
		r.Get("/leads/{reference}/guide", s.page(s.showLeadGuide))
		r.Post("/leads/views", s.page(s.saveView))
		r.Post("/leads/views/{id}/removal", s.page(s.deleteView))
		r.Get("/templates", s.page(s.listTemplates))
		r.Get("/account", s.page(s.showAccount))
		r.Post("/account/signature", s.page(s.changeSignature))
		r.NotFound(s.page(nothingHere))
	})

	// Editors
	r.Group(func(r chi.Router) {
		r.Use(s.members(staff.Editor))
		r.Post("/leads/changes", s.page(s.changeLeads))
		r.Post("/leads/changes/{batch}/undo", s.page(s.undoChanges))
		r.Post("/leads/{reference}/reply", s.page(s.reply))
		r.Post("/leads/{reference}/draft", s.page(s.keepDraft))
		r.Post("/leads/{reference}/team-notes", s.page(s.addTeamNote))
		r.Post("/leads/{reference}/assignee", s.page(s.assignLead))
		r.Post("/leads/{reference}/status", s.page(s.moveLead))
		r.Post("/leads/{reference}/suspicion", s.page(s.judgeLead))
		r.Post("/deliveries/{id}/attempt", s.page(s.deliverNow))
		r.Post("/templates", s.page(s.saveTemplate))
		r.Post("/templates/{id}/removal", s.page(s.deleteTemplate))
	})

	// Admins
	r.Group(func(r chi.Router) {
		r.Use(s.members(staff.Admin))
		r.Get("/promise", s.page(s.showPromise))
		r.Post("/promise", s.page(s.changePromise))
		r.Post("/leads/{reference}/erasure", s.page(s.eraseLead))
		r.Get("/leads.csv", s.page(s.exportCSV))
		r.Get("/leads.json", s.page(s.exportJSON))
	})
}

func nothingHere(http.ResponseWriter, *http.Request) error { return fault.NotFound }

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusSeeOther) }
}
