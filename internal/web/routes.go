package web

import (
	"net/http"
	"slices"

	"tiebreak/internal/doctor"
	"tiebreak/internal/fault"
	"tiebreak/internal/web/page"
	"tiebreak/static"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes returns all routes of the site. Each line says who may use it.
func (s *Server) routes() []route {
	return slices.Concat(s.visitorRoutes(), s.prospectRoutes(), s.signInRoutes(), s.accountRoutes(), s.leadRoutes(),
		s.mailRoutes(), s.guideRoutes(), s.factRoutes(), s.fileRoutes(), s.teamRoutes())
}

// visitorRoutes returns the pages for visitors, and their forms for programs: Markdown, JSON and feeds. ServeHTTP answers those
// that are in memory.
func (s *Server) visitorRoutes() []route {
	drawn, drawnGuide := s.public.Drawn, s.public.DrawnGuide
	return []route{
		{forEveryone, get, "/livez", s.showLive},
		{forEveryone, get, "/readyz", s.showReady},
		{forEveryone, get, static.Prefix + "*", s.showAsset},

		{forVisitors, get, "/", drawn(s.public.ShowHome)},
		{forVisitors, get, "/search", drawn(s.public.ShowSearch)},
		{forVisitors, get, "/compare/{slug}", s.public.RedirectForm(drawnGuide(s.public.ShowGuide))},
		{forVisitors, get, "/compare/{slug}/changes", drawnGuide(s.public.ShowChanges)},
		{forVisitors, get, "/compare/{slug}/decision", drawnGuide(s.public.ShowDecision)},
		{forVisitors, get, "/compare/{slug}/decision.md", drawnGuide(s.public.SendDecision)},
		{forVisitors, get, "/options/{slug}", drawn(s.public.ShowOption)},
		{forVisitors, get, "/about", drawn(s.public.ShowAbout)},
		{forVisitors, get, "/how-we-know", drawn(s.public.ShowMethod)},
		{forVisitors, get, "/privacy", drawn(s.public.ShowPrivacy)},

		{forMachines, get, doctor.Path + "{token}", s.showDoctor},
		{forMachines, get, "/robots.txt", drawn(s.public.ShowRobots)},
		{forMachines, get, "/sitemap.xml", drawn(s.public.ShowSitemap)},
		{forMachines, get, "/llms.txt", drawn(s.public.ShowLLMs)},
		{forMachines, get, "/feed.atom", drawn(s.public.FeedSite)},
		{forMachines, get, "/compare/{slug}.json", drawnGuide(s.public.ShowRecord)},
		{forMachines, get, "/compare/{slug}.md", drawnGuide(s.public.ShowDocument)},
		{forMachines, get, "/compare/{slug}/changes.atom", drawnGuide(s.public.FeedChanges)},
		{forMachines, get, "/compare/{slug}/card.png", drawnGuide(s.public.ShowCard)},
	}
}

// prospectRoutes take requests and show what became of them.
func (s *Server) prospectRoutes() []route {
	return []route{
		{forProspects, get, "/intake", s.intake.ShowIntake},
		{forProspects, post, "/intake", s.intake.ReceiveLead},
		{forProspects, get, "/requests/{token}", s.intake.ShowReceipt},
		{forProspects, post, "/requests/{token}/notes", s.intake.AddNote},
		{forProspects, post, "/requests/{token}/email", s.intake.CorrectEmail},
		{forProspects, post, "/requests/{token}/withdrawal", s.intake.Withdraw},
		{forProspects, post, "/requests/{token}/withdrawal/removal", s.intake.UndoWithdrawal},
		{forProspects, post, "/requests/{token}/erasure", s.intake.Erase},
	}
}

// leadRoutes returns the pages on which the staff deal with leads.
func (s *Server) leadRoutes() []route {
	return []route{
		{forReaders, get, "/staff", redirect("/staff/leads")},
		{forReaders, get, "/staff/leads", s.desk.ListLeads},
		{forAdmins, get, "/staff/leads.csv", s.desk.ExportCSV},
		{forAdmins, get, "/staff/leads.json", s.desk.ExportJSON},
		{forReaders, post, "/staff/leads/views", s.desk.SaveView},
		{forReaders, post, "/staff/leads/views/{id}/removal", s.desk.DeleteView},
		{forEditors, post, "/staff/leads/changes", s.desk.ChangeLeads},
		{forEditors, post, "/staff/leads/changes/{batch}/undo", s.desk.UndoChange},

		{forEditors, get, "/staff/leads/new", s.desk.ShowEntry},
		{forEditors, post, "/staff/leads/new", s.desk.EnterLead},
		{forReaders, get, "/staff/leads/{reference}", s.desk.ShowLead},
		{forReaders, get, "/staff/leads/{reference}/guide", s.desk.ShowLeadGuide},
		{forEditors, post, "/staff/leads/{reference}/reply", s.desk.Reply},
		{forEditors, post, "/staff/leads/{reference}/draft", s.desk.SaveDraft},
		{forEditors, post, "/staff/leads/{reference}/team-notes", s.desk.AddTeamNote},
		{forEditors, post, "/staff/leads/{reference}/calls", s.desk.AddCall},
		{forEditors, post, "/staff/leads/{reference}/answer", s.desk.NeedNoAnswer},
		{forEditors, post, "/staff/leads/{reference}/messages/{id}/removal", s.desk.DetachMail},
		{forEditors, post, "/staff/leads/{reference}/messages/{id}/team-note", s.desk.KeepMail},
		{forEditors, post, "/staff/leads/{reference}/messages/{id}/prospect", s.desk.RecogniseMail},
		{forEditors, post, "/staff/leads/{reference}/messages/{id}/dismissal", s.desk.DismissMemberMail},
		{forEditors, post, "/staff/leads/{reference}/assignee", s.desk.AssignLead},
		{forEditors, post, "/staff/leads/{reference}/follow-up", s.desk.SetFollowUp},
		{forEditors, post, "/staff/leads/{reference}/status", s.desk.MoveLead},
		{forEditors, post, "/staff/leads/{reference}/email", s.desk.CorrectEmail},
		{forEditors, post, "/staff/leads/{reference}/suspicion", s.desk.JudgeLead},
		{forAdmins, post, "/staff/leads/{reference}/erasure", s.desk.EraseLead},

		{forReaders, get, "/staff/insights", s.desk.ShowInsights},
		{forReaders, get, "/staff/insights/{part}.csv", s.desk.ExportInsights},
	}
}

// mailRoutes returns the pages of incoming email, of templates and of outgoing email.
func (s *Server) mailRoutes() []route {
	return []route{
		{forReaders, get, "/staff/inbox", s.desk.ShowInbox},
		{forReaders, get, "/staff/inbox/{id}", s.desk.ShowInboxMail},
		{forEditors, post, "/staff/inbox/{id}/lead", s.desk.AttachMail},
		{forEditors, post, "/staff/inbox/{id}/removal", s.desk.DismissMail},

		{forReaders, get, "/staff/templates", s.desk.ListTemplates},
		{forEditors, post, "/staff/templates", s.desk.SaveTemplate},
		{forEditors, post, "/staff/templates/{id}/removal", s.desk.DeleteTemplate},
		{forReaders, get, "/staff/deliveries", s.desk.ListDeliveries},
		{forEditors, post, "/staff/deliveries/test", s.desk.TestSettings},
		{forEditors, post, "/staff/deliveries/attempts", s.desk.DeliverFailed},
		{forEditors, post, "/staff/deliveries/{id}/attempt", s.desk.DeliverNow},
		{forEditors, post, "/staff/deliveries/{id}/acknowledgement", s.desk.Acknowledge},
		{forEditors, post, "/staff/deliveries/releases", s.desk.ReleaseAll},
		{forEditors, post, "/staff/deliveries/cancellations", s.desk.CancelAll},
		{forEditors, post, "/staff/deliveries/{id}/release", s.desk.Release},
		{forEditors, post, "/staff/deliveries/{id}/cancellation", s.desk.Cancel},
	}
}

// factRoutes returns the pages on which the staff edit options and their facts.
func (s *Server) factRoutes() []route {
	return []route{
		{forReaders, get, "/staff/options", s.edit.ListOptions},
		{forEditors, post, "/staff/options", s.edit.AddOption},
		{forReaders, get, "/staff/options/{slug}", s.edit.ShowOption},
		{forEditors, post, "/staff/options/{slug}", s.edit.ChangeOption},
		{forEditors, post, "/staff/options/{slug}/retirement", s.edit.RetireOption},
		{forEditors, post, "/staff/options/{slug}/retirement/removal", s.edit.UnretireOption},

		{forReaders, get, "/staff/facts", s.edit.ListFacts},
		{forEditors, post, "/staff/facts/confirmations", s.edit.ConfirmGuide},
		{forEditors, get, "/staff/options/{slug}/facts", s.edit.BeginFact},
		{forReaders, get, "/staff/options/{slug}/facts/{key}", s.edit.ShowFact},
		{forEditors, post, "/staff/options/{slug}/facts/{key}", s.edit.SaveFact},
		{forEditors, post, "/staff/options/{slug}/facts/{key}/check", s.edit.CheckFact},
		{forEditors, post, "/staff/options/{slug}/facts/{key}/versions/{version}/restoration", s.edit.RestoreFact},
	}
}

// guideRoutes returns the pages on which editors change and publish guides.
func (s *Server) guideRoutes() []route {
	const draft = "/staff/guides/{slug}"
	return []route{
		{forReaders, get, "/staff/guides", s.edit.ListGuides},
		{forEditors, post, "/staff/guides", s.edit.StartGuide},
		{forReaders, get, draft, s.edit.ShowOutline},
		{forReaders, get, draft + "/preview", s.edit.Preview},
		{forReaders, get, draft + "/difference", s.edit.ShowDifference},
		{forEditors, post, draft + "/publication", s.edit.Publish},
		{forEditors, post, draft + "/publication/removal", s.edit.Unpublish},
		{forEditors, post, draft + "/schedule/removal", s.edit.CancelSchedule},
		{forEditors, post, draft + "/revisions/{n}/restoration", s.edit.Restore},
		{forEditors, post, draft + "/address", s.edit.Move},
		{forEditors, post, draft + "/draft/removal", s.edit.Discard},
		{forEditors, post, draft + "/removal", s.edit.DeleteGuide},
		{forReaders, get, draft + "/options", s.edit.ShowGuideOptions},
		{forEditors, post, draft + "/options", s.edit.SaveGuideOptions},
		{forEditors, post, draft + "/options/{item}/removal", s.edit.ForgetOption},
		{forReaders, get, draft + "/{section}", s.edit.ShowSection},
		{forEditors, post, draft + "/{section}", s.edit.SaveSection},
		{forEditors, post, draft + "/{section}/choice", s.edit.SettleSection},
		{forReaders, get, draft + "/{section}/{item}", s.edit.ShowItem},
		{forEditors, post, draft + "/{section}/{item}", s.edit.SaveItem},
		{forEditors, post, draft + "/{section}/{item}/position", s.edit.MoveItem},
		{forEditors, post, draft + "/{section}/{item}/removal", s.edit.RemoveItem},
	}
}

// fileRoutes returns how content leaves the site as YAML files and comes back.
func (s *Server) fileRoutes() []route {
	return []route{
		{forReaders, get, "/staff/guides/{slug}.yaml", s.edit.ExportGuide},
		{forReaders, get, "/staff/options/{slug}.yaml", s.edit.ExportOption},
		{forEditors, get, "/staff/import", s.edit.ShowImport},
		{forEditors, post, "/staff/import", s.edit.ImportFiles},
	}
}

// signInRoutes returns how members sign in.
func (s *Server) signInRoutes() []route {
	return []route{
		{forSignedOut, get, "/staff/sign-in", s.auth.ShowSignIn},
		{forSignedOut, post, "/staff/sign-in", s.auth.SignIn},
		{forSignedOut, post, "/staff/sign-in/passkey", s.auth.SignInByPasskey},
		{forPendingSignIn, get, "/staff/sign-in/code", s.auth.ShowCode},
		{forPendingSignIn, post, "/staff/sign-in/code", s.auth.FinishSignIn},
		{forSignedOut, post, "/staff/sign-out", s.auth.SignOut}, // someone whose session has ended is simply signed out

		{forSignedOut, get, "/staff/setup/{token}", s.auth.ShowSetup},
		{forSignedOut, post, "/staff/setup/{token}", s.auth.SetUp},
		{forSignedOut, get, "/staff/invitations/{token}", s.auth.ShowInvitation},
		{forSignedOut, post, "/staff/invitations/{token}", s.auth.AcceptInvitation},
		{forSignedOut, get, "/staff/reset", s.auth.ShowForgotten},
		{forSignedOut, post, "/staff/reset", s.auth.RequestReset},
		{forSignedOut, get, "/staff/reset/{token}", s.auth.ShowReset},
		{forSignedOut, post, "/staff/reset/{token}", s.auth.ResetPassword},
	}
}

// accountRoutes returns the pages of each member's own account.
func (s *Server) accountRoutes() []route {
	return []route{
		{forReaders, get, "/staff/account", s.auth.ShowAccount},
		{forReaders, post, "/staff/account/signature", s.auth.ChangeSignature},
		{forReaders, post, "/staff/account/password", s.auth.ChangePassword},

		{forMembers, get, "/staff/account/reauthentication", s.auth.ShowReauth},
		{forMembers, post, "/staff/account/reauthentication", s.auth.Reauthenticate},
		{forRecentAuth, post, "/staff/account/sessions/removal", s.auth.EndOtherSessions},
		{forRecentAuth, post, "/staff/account/sessions/{id}/removal", s.auth.EndOneSession},
		{forRecentAuth, get, "/staff/account/factors", s.auth.ShowFactors},
		{forRecentAuth, get, "/staff/account/authenticator", s.auth.ShowAuthenticator},
		{forRecentAuth, post, "/staff/account/authenticator", s.auth.BeginAuthenticator},
		{forRecentAuth, post, "/staff/account/authenticator/confirmation", s.auth.ConfirmAuthenticator},
		{forRecentAuth, post, "/staff/account/authenticator/removal", s.auth.RemoveAuthenticator},
		{forRecentAuth, post, "/staff/account/passkeys", s.auth.AddPasskey},
		{forRecentAuth, post, "/staff/account/passkeys/{id}/removal", s.auth.RemovePasskey},
		{forRecentAuth, post, "/staff/account/recovery-codes", s.auth.RenewRecoveryCodes},
	}
}

// teamRoutes returns the pages about the team, its promise, the site and the audit.
func (s *Server) teamRoutes() []route {
	return []route{
		{forReaders, get, "/staff/site", s.edit.ShowSite},
		{forAdmins, post, "/staff/site", s.edit.SaveSite},
		{forAdmins, get, "/staff/promise", s.admin.ShowPromise},
		{forAdmins, post, "/staff/promise", s.admin.ChangePromise},
		{forAdmins, get, "/staff/closures", s.admin.ShowClosures},
		{forAdmins, post, "/staff/closures", s.admin.SaveClosure},
		{forAdmins, post, "/staff/closures/{id}/removal", s.admin.RemoveClosure},
		{forRecentAuthAdmins, get, "/staff/team", s.admin.ShowTeam},
		{forRecentAuthAdmins, post, "/staff/team/{id}/role", s.admin.ChangeRole},
		{forRecentAuthAdmins, post, "/staff/team/{id}/state", s.admin.ChangeState},
		{forRecentAuthAdmins, post, "/staff/team/{id}/second-factor/removal", s.admin.ResetFactors},
		{forRecentAuthAdmins, post, "/staff/team/second-factor", s.admin.RequireFactor},
		{forRecentAuthAdmins, post, "/staff/team/invitations", s.admin.Invite},
		{forRecentAuthAdmins, post, "/staff/team/invitations/{id}/withdrawal", s.admin.WithdrawInvitation},
		{forAdmins, get, "/staff/doctor", s.admin.ShowDoctor},
		{forAdmins, post, "/staff/doctor/checks", s.admin.CheckNow},
		{forAdmins, get, "/staff/audit", s.admin.ShowAudit},
		{forAdmins, get, "/staff/audit.csv", s.admin.ExportAudit},
	}
}

func notFound(http.ResponseWriter, *http.Request) error { return fault.NotFound }

func redirect(to string) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
}
