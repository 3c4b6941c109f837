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
		{forEveryone, get, "/livez", s.live},
		{forEveryone, get, "/readyz", s.ready},
		{forEveryone, get, static.Prefix + "*", s.showAsset},

		{forVisitors, get, "/", s.drawn(s.showHome)},
		{forVisitors, get, "/search", s.drawn(s.showSearch)},
		{forVisitors, get, "/compare/{slug}", s.drawn(s.showGuide)},
		{forVisitors, get, "/compare/{slug}/changes", s.drawn(s.showChanges)},
		{forVisitors, get, "/compare/{slug}/decision.md", s.drawn(s.showDecision)},
		{forVisitors, get, "/options/{slug}", s.drawn(s.showOption)},
		{forVisitors, get, "/about", s.drawn(s.showAbout)},
		{forVisitors, get, "/privacy", s.drawn(s.showPrivacy)},

		{forMachines, get, "/robots.txt", s.drawn(s.showRobots)},
		{forMachines, get, "/sitemap.xml", s.drawn(s.showSitemap)},
		{forMachines, get, "/llms.txt", s.drawn(s.showLLMs)},
		{forMachines, get, "/feed.atom", s.drawn(s.feedSite)},
		{forMachines, get, "/compare/{slug}.json", s.drawn(s.showRecord)},
		{forMachines, get, "/compare/{slug}.md", s.drawn(s.showDocument)},
		{forMachines, get, "/compare/{slug}/changes.atom", s.drawn(s.feedChanges)},
		{forMachines, get, "/compare/{slug}/card.png", s.drawn(s.showCard)},
	}
}

// prospectRoutes take requests and show what became of them.
func (s *Server) prospectRoutes() []route {
	return []route{
		{forProspects, get, intakePath, s.showIntake},
		{forProspects, post, intakePath, s.receiveLead},
		{forProspects, get, "/requests/{token}", s.showReceipt},
		{forProspects, post, "/requests/{token}/notes", s.addNote},
		{forProspects, post, "/requests/{token}/withdrawal", s.withdraw},
		{forProspects, post, "/requests/{token}/erasure", s.erase},
	}
}

// deskRoutes are where the staff deal with leads.
func (s *Server) deskRoutes() []route {
	return []route{
		{forReaders, get, "/staff", redirect(leadsPath)},
		{forReaders, get, "/staff/leads", s.listLeads},
		{forAdmins, get, "/staff/leads.csv", s.exportCSV},
		{forAdmins, get, "/staff/leads.json", s.exportJSON},
		{forReaders, post, "/staff/leads/views", s.saveView},
		{forReaders, post, "/staff/leads/views/{id}/removal", s.deleteView},
		{forEditors, post, "/staff/leads/changes", s.changeLeads},
		{forEditors, post, "/staff/leads/changes/{batch}/undo", s.undoChange},

		{forReaders, get, "/staff/leads/{reference}", s.showLead},
		{forReaders, get, "/staff/leads/{reference}/guide", s.showLeadGuide},
		{forEditors, post, "/staff/leads/{reference}/reply", s.reply},
		{forEditors, post, "/staff/leads/{reference}/draft", s.keepDraft},
		{forEditors, post, "/staff/leads/{reference}/team-notes", s.addTeamNote},
		{forEditors, post, "/staff/leads/{reference}/assignee", s.assignLead},
		{forEditors, post, "/staff/leads/{reference}/status", s.moveLead},
		{forEditors, post, "/staff/leads/{reference}/email", s.correctEmail},
		{forEditors, post, "/staff/leads/{reference}/suspicion", s.judgeLead},
		{forAdmins, post, "/staff/leads/{reference}/erasure", s.eraseLead},

		{forReaders, get, "/staff/templates", s.listTemplates},
		{forEditors, post, "/staff/templates", s.saveTemplate},
		{forEditors, post, "/staff/templates/{id}/removal", s.deleteTemplate},
		{forReaders, get, deliveriesPath, s.listDeliveries},
		{forEditors, post, "/staff/deliveries/attempts", s.deliverFailed},
		{forEditors, post, "/staff/deliveries/{id}/attempt", s.deliverNow},
		{forEditors, post, "/staff/deliveries/{id}/acknowledgement", s.acknowledge},
		{forReaders, get, "/staff/insights", s.showInsights},
		{forReaders, get, "/staff/insights/{part}.csv", s.exportInsights},
	}
}

// doorRoutes are how members come in.
func (s *Server) doorRoutes() []route {
	return []route{
		{forSignedOut, get, signInPath, s.showSignIn},
		{forSignedOut, post, signInPath, s.signIn},
		{forSignedOut, post, "/staff/sign-in/passkey", s.signInByPasskey},
		{forPendingSignIn, get, codePath, s.showCode},
		{forPendingSignIn, post, codePath, s.finishSignIn},
		{forSignedOut, post, signOutPath, s.signOut}, // whose session is over already is out, and told nothing else

		{forSignedOut, get, "/staff/setup/{token}", s.showSetup},
		{forSignedOut, post, "/staff/setup/{token}", s.setUp},
		{forSignedOut, get, "/staff/invitations/{token}", s.showInvitation},
		{forSignedOut, post, "/staff/invitations/{token}", s.acceptInvitation},
		{forSignedOut, get, "/staff/reset", s.showForgotten},
		{forSignedOut, post, "/staff/reset", s.requestReset},
		{forSignedOut, get, "/staff/reset/{token}", s.showReset},
		{forSignedOut, post, "/staff/reset/{token}", s.resetPassword},
	}
}

// accountRoutes are each member's own.
func (s *Server) accountRoutes() []route {
	return []route{
		{forReaders, get, "/staff/account", s.showAccount},
		{forReaders, post, "/staff/account/signature", s.changeSignature},
		{forReaders, post, "/staff/account/password", s.changePassword},

		{forMembers, get, proofPath, s.showProof},
		{forMembers, post, proofPath, s.takeProof},
		{forRecentAuth, post, "/staff/account/sessions/removal", s.endOtherSessions},
		{forRecentAuth, post, "/staff/account/sessions/{id}/removal", s.endOneSession},
		{forRecentAuth, get, factorsPath, s.showFactors},
		{forRecentAuth, get, authenticatorPath, s.showAuthenticator},
		{forRecentAuth, post, authenticatorPath, s.beginAuthenticator},
		{forRecentAuth, post, "/staff/account/authenticator/confirmation", s.confirmAuthenticator},
		{forRecentAuth, post, "/staff/account/authenticator/removal", s.removeAuthenticator},
		{forRecentAuth, post, "/staff/account/passkeys", s.addPasskey},
		{forRecentAuth, post, "/staff/account/passkeys/{id}/removal", s.removePasskey},
		{forRecentAuth, post, "/staff/account/recovery-codes", s.renewRecoveryCodes},
	}
}

// teamRoutes are who the team is, what it promises and what it did.
func (s *Server) teamRoutes() []route {
	return []route{
		{forReaders, get, "/staff/site", s.showSite},
		{forAdmins, get, "/staff/promise", s.showPromise},
		{forAdmins, post, "/staff/promise", s.changePromise},
		{forRecentAuthAdmins, get, teamPath, s.showTeam},
		{forRecentAuthAdmins, post, "/staff/team/{id}/role", s.changeRole},
		{forRecentAuthAdmins, post, "/staff/team/{id}/state", s.changeState},
		{forRecentAuthAdmins, post, "/staff/team/{id}/second-factor/removal", s.takeFactors},
		{forRecentAuthAdmins, post, "/staff/team/second-factor", s.requireFactor},
		{forRecentAuthAdmins, post, "/staff/team/invitations", s.invite},
		{forRecentAuthAdmins, post, "/staff/team/invitations/{id}/withdrawal", s.withdrawInvitation},
		{forAdmins, get, "/staff/audit", s.showAudit},
		{forAdmins, get, "/staff/audit.csv", s.exportAudit},
	}
}

func nothingHere(http.ResponseWriter, *http.Request) error { return fault.NotFound }

func redirect(to string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
}
