package web

import (
	"net/http"
	"slices"

	"tiebreak/internal/fault"
	"tiebreak/static"
)

// intakePath is where requests are sent.
const intakePath = "/intake"

// Pages that members are sent to from others.
const (
	signInPath        = "/staff/sign-in"
	codePath          = "/staff/sign-in/code"
	signOutPath       = "/staff/sign-out"
	proofPath         = "/staff/account/proof"
	factorsPath       = "/staff/account/factors"
	authenticatorPath = "/staff/account/authenticator"
	accountPath       = "/staff/account"
	teamPath          = "/staff/team"
	templatesPath     = "/staff/templates"
	deliveriesPath    = "/staff/deliveries"
	welcomePath       = leadsPath + "?done=joined"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is the whole site. Each line says who may.
func (s *Server) routes() []route {
	return slices.Concat(s.visitorRoutes(), s.prospectRoutes(), s.doorRoutes(), s.accountRoutes(), s.deskRoutes(), s.teamRoutes())
}

// visitorRoutes are the pages for people who decide, and the forms of them that programs read: see ServeHTTP for those in memory.
func (s *Server) visitorRoutes() []route {
	return []route{
		{everybody, get, "/livez", s.live},
		{everybody, get, "/readyz", s.ready},
		{everybody, get, static.Prefix + "*", s.showAsset},

		{visitor, get, "/", s.drawn(s.showHome)},
		{visitor, get, "/search", s.drawn(s.showSearch)},
		{visitor, get, "/compare/{slug}", s.drawn(s.showGuide)},
		{visitor, get, "/compare/{slug}/changes", s.drawn(s.showChanges)},
		{visitor, get, "/compare/{slug}/decision.md", s.drawn(s.showDecision)},
		{visitor, get, "/options/{slug}", s.drawn(s.showOption)},
		{visitor, get, "/about", s.drawn(s.showAbout)},
		{visitor, get, "/privacy", s.drawn(s.showPrivacy)},

		{machine, get, "/robots.txt", s.drawn(s.showRobots)},
		{machine, get, "/sitemap.xml", s.drawn(s.showSitemap)},
		{machine, get, "/llms.txt", s.drawn(s.showLLMs)},
		{machine, get, "/feed.atom", s.drawn(s.feedSite)},
		{machine, get, "/compare/{slug}.json", s.drawn(s.showRecord)},
		{machine, get, "/compare/{slug}.md", s.drawn(s.showDocument)},
		{machine, get, "/compare/{slug}/changes.atom", s.drawn(s.feedChanges)},
		{machine, get, "/compare/{slug}/card.png", s.drawn(s.showCard)},
	}
}

// prospectRoutes take requests and show what became of them.
func (s *Server) prospectRoutes() []route {
	return []route{
		{prospect, get, intakePath, s.showIntake},
		{prospect, post, intakePath, s.receiveLead},
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
		{editor, post, "/staff/leads/{reference}/email", s.correctEmail},
		{editor, post, "/staff/leads/{reference}/suspicion", s.judgeLead},
		{admin, post, "/staff/leads/{reference}/erasure", s.eraseLead},

		{reader, get, "/staff/templates", s.listTemplates},
		{editor, post, "/staff/templates", s.saveTemplate},
		{editor, post, "/staff/templates/{id}/removal", s.deleteTemplate},
		{reader, get, deliveriesPath, s.listDeliveries},
		{editor, post, "/staff/deliveries/attempts", s.deliverFailed},
		{editor, post, "/staff/deliveries/{id}/attempt", s.deliverNow},
		{editor, post, "/staff/deliveries/{id}/acknowledgement", s.acknowledge},
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
