package web

import (
	"compress/gzip"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5/middleware"

	"tiebreak/internal/fault"
	"tiebreak/static"
)

// guideRoute is answered from memory where it can be: see ServeHTTP.
const guideRoute = "/compare/{slug}"

// Pages that members are sent to from others.
const (
	signInPath        = "/staff/sign-in"
	codePath          = "/staff/sign-in/code"
	signOutPath       = "/staff/sign-out"
	proofPath         = "/staff/account/proof"
	factorsPath       = "/staff/account/factors"
	authenticatorPath = "/staff/account/authenticator"
	teamPath          = "/staff/team"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is the whole site. Each line says who may.
func (s *Server) routes() []route {
	return slices.Concat(s.visitorRoutes(), s.prospectRoutes(), s.doorRoutes(), s.accountRoutes(), s.deskRoutes(), s.teamRoutes())
}

// compressed are the kinds of answers that hold nothing personal and are made anew for each request: a length that depends
// on a secret and on what a stranger typed would tell of the secret. What comes from memory is compressed already.
var compressed = middleware.Compress(gzip.DefaultCompression,
	"text/html", "text/plain", "text/markdown", "application/json", "application/xml", "application/atom+xml")

// visitorRoutes are the pages for people who decide, and the forms of them that programs read.
func (s *Server) visitorRoutes() []route {
	return []route{
		{everybody, get, "/livez", s.live},
		{everybody, get, "/readyz", s.ready},
		{everybody, get, static.Prefix + "*", s.showAsset},

		{visitor, get, "/", s.showHome},
		{visitor, get, "/search", s.showSearch},
		{visitor, get, guideRoute, s.moved(s.showGuide)},
		{visitor, get, "/compare/{slug}/changes", s.moved(s.showChanges)},
		{visitor, get, "/compare/{slug}/decision.md", s.moved(s.showDecision)},
		{visitor, get, "/options/{slug}", s.showOption},
		{visitor, get, "/about", s.showAbout},
		{visitor, get, "/privacy", s.showPrivacy},

		{machine, get, "/robots.txt", s.showRobots},
		{machine, get, "/sitemap.xml", s.showSitemap},
		{machine, get, "/llms.txt", s.showLLMs},
		{machine, get, "/feed.atom", s.feedSite},
		{machine, get, "/compare/{slug}.json", s.moved(s.showRecord)},
		{machine, get, "/compare/{slug}.md", s.moved(s.showDocument)},
		{machine, get, "/compare/{slug}/changes.atom", s.moved(s.feedChanges)},
		{machine, get, "/compare/{slug}/card.png", s.moved(s.showCard)},
	}
}

// prospectRoutes take requests and show what became of them.
func (s *Server) prospectRoutes() []route {
	return []route{
		{prospect, get, "/intake", s.showIntake},
		{prospect, post, "/intake", s.receiveLead},
		{prospect, get, "/requests/{token}", s.showReceipt},
		{prospect, post, "/requests/{token}/notes", s.addNote},
		{prospect, post, "/requests/{token}/withdrawal", s.withdraw},
		{prospect, post, "/requests/{token}/erasure", s.erase},
	}
}

// deskRoutes are where the staff deal with leads.
func (s *Server) deskRoutes() []route {
	return []route{
		{reader, get, "/staff", redirect(leadsPath)},
		{reader, get, "/staff/", redirect(leadsPath)},
		{reader, get, "/staff/leads", s.listLeads},
		{admin, get, "/staff/leads.csv", s.exportCSV},
		{admin, get, "/staff/leads.json", s.exportJSON},
		{reader, post, "/staff/leads/views", s.saveView},
		{reader, post, "/staff/leads/views/{id}/removal", s.deleteView},
		{editor, post, "/staff/leads/changes", s.changeLeads},
		{editor, post, "/staff/leads/changes/{batch}/undo", s.undoChange},

		{reader, get, "/staff/leads/{reference}", s.showLead},
		{reader, get, "/staff/leads/{reference}/guide", s.showLeadGuide},
		{editor, post, "/staff/leads/{reference}/reply", s.reply},
		{editor, post, "/staff/leads/{reference}/draft", s.keepDraft},
		{editor, post, "/staff/leads/{reference}/team-notes", s.addTeamNote},
		{editor, post, "/staff/leads/{reference}/assignee", s.assignLead},
		{editor, post, "/staff/leads/{reference}/status", s.moveLead},
		{editor, post, "/staff/leads/{reference}/suspicion", s.judgeLead},
		{admin, post, "/staff/leads/{reference}/erasure", s.eraseLead},

		{reader, get, "/staff/templates", s.listTemplates},
		{editor, post, "/staff/templates", s.saveTemplate},
		{editor, post, "/staff/templates/{id}/removal", s.deleteTemplate},
		{reader, get, "/staff/deliveries", s.listDeliveries},
		{editor, post, "/staff/deliveries/{id}/attempt", s.deliverNow},
		{reader, get, "/staff/insights", s.showInsights},
		{reader, get, "/staff/insights/{part}.csv", s.exportInsights},
	}
}

// doorRoutes are how members come in.
func (s *Server) doorRoutes() []route {
	return []route{
		{stranger, get, signInPath, s.showSignIn},
		{stranger, post, signInPath, s.signIn},
		{stranger, post, "/staff/sign-in/passkey", s.signInByPasskey},
		{halfway, get, codePath, s.showCode},
		{halfway, post, codePath, s.finishSignIn},
		{stranger, post, signOutPath, s.signOut}, // whose session is over already is out, and told nothing else

		{stranger, get, "/staff/setup/{token}", s.showSetup},
		{stranger, post, "/staff/setup/{token}", s.setUp},
		{stranger, get, "/staff/invitations/{token}", s.showInvitation},
		{stranger, post, "/staff/invitations/{token}", s.acceptInvitation},
		{stranger, get, "/staff/reset", s.showForgotten},
		{stranger, post, "/staff/reset", s.requestReset},
		{stranger, get, "/staff/reset/{token}", s.showReset},
		{stranger, post, "/staff/reset/{token}", s.resetPassword},
	}
}

// accountRoutes are each member's own.
func (s *Server) accountRoutes() []route {
	return []route{
		{reader, get, "/staff/account", s.showAccount},
		{reader, post, "/staff/account/signature", s.changeSignature},
		{reader, post, "/staff/account/password", s.changePassword},

		{member, get, proofPath, s.showProof},
		{member, post, proofPath, s.takeProof},
		{proven, post, "/staff/account/sessions/removal", s.endOtherSessions},
		{proven, post, "/staff/account/sessions/{id}/removal", s.endOneSession},
		{proven, get, factorsPath, s.showFactors},
		{proven, get, authenticatorPath, s.showAuthenticator},
		{proven, post, authenticatorPath, s.beginAuthenticator},
		{proven, post, "/staff/account/authenticator/confirmation", s.confirmAuthenticator},
		{proven, post, "/staff/account/authenticator/removal", s.removeAuthenticator},
		{proven, post, "/staff/account/passkeys", s.addPasskey},
		{proven, post, "/staff/account/passkeys/{id}/removal", s.removePasskey},
		{proven, post, "/staff/account/recovery-codes", s.renewRecoveryCodes},
	}
}

// teamRoutes are who the team is, what it promises and what it did.
func (s *Server) teamRoutes() []route {
	return []route{
		{reader, get, "/staff/site", s.showSite},
		{admin, get, "/staff/promise", s.showPromise},
		{admin, post, "/staff/promise", s.changePromise},
		{governor, get, teamPath, s.showTeam},
		{governor, post, "/staff/team/{id}/role", s.changeRole},
		{governor, post, "/staff/team/{id}/state", s.changeState},
		{governor, post, "/staff/team/{id}/second-factor/removal", s.takeFactors},
		{governor, post, "/staff/team/second-factor", s.requireFactor},
		{governor, post, "/staff/team/invitations", s.invite},
		{governor, post, "/staff/team/invitations/{id}/withdrawal", s.withdrawInvitation},
		{admin, get, "/staff/audit", s.showAudit},
		{admin, get, "/staff/audit.csv", s.exportAudit},
	}
}

func nothingHere(http.ResponseWriter, *http.Request) error { return fault.NotFound }

func redirect(to string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
}
