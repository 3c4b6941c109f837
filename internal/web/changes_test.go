package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

// memberChange is a form by which a member changes something, what it leaves in the audit, newest first, and a word of what the
// next page says of it. A form leaves nothing in the audit if it changes only what the member has: a draft, a view. It says
// nothing if it leads to the page that was asked for, or if the script sends it.
type memberChange struct {
	form  url.Values
	entry string
	says  string
}

// memberChanges are the changes by their routes.
var memberChanges = map[string]memberChange{
	"/staff/leads/new": {
		fields("channel", "phone", "received", "2026-01-02 10:00", "project", "A project", "name", "Sample"),
		"lead-received lead 4", "Lead entered",
	},
	"/staff/leads/views":                  {fields("name", "Mine", "query", "tab=mine"), "", "View saved"},
	"/staff/leads/views/{id}/removal":     {nil, "", "View removed"},
	"/staff/leads/{reference}/draft":      {fields("reply", "Begun"), "", ""},
	"/staff/leads/{reference}/reply":      {fields("reply", "Hello"), "lead-replied lead 1", "reply"},
	"/staff/leads/{reference}/team-notes": {fields("note", "A word"), "lead-team-note lead 1", "Note added"},
	"/staff/leads/{reference}/follow-up":  {fields("on", dayFromNow(2)), "lead-follow-up lead 1", "Follow-up saved"},
	"/staff/leads/{reference}/calls":      {fields("text", "We spoke"), "lead-call lead 1", "Call added"},
	"/staff/leads/{reference}/answer":     {nil, "", "no answer"}, // no message waits
	"/staff/leads/{reference}/assignee":   {fields("assignee", "1"), "lead-assigned lead 1", "Sample Member"},
	"/staff/leads/{reference}/status":     {fields("to", "qualified"), "lead-moved lead 1", "moved to Qualified"},
	"/staff/leads/{reference}/suspicion":  {fields("verdict", "spam"), "lead-suspected lead 1", "spam"},
	"/staff/leads/{reference}/erasure":    {nil, "lead-erased lead 1", "erased"},
	"/staff/leads/{reference}/email": {
		fields("email", "right@example.org"), "lead-email-corrected lead 1", "Email address saved",
	},
	"/staff/leads/changes": {
		fields("do", "assign", "assignee", "1"), "leads-changed batch 1, lead-assigned lead 1", "1 lead",
	},
	"/staff/leads/changes/{batch}/undo": {nil, "leads-put-back batch 1, lead-assigned lead 1", "1 lead"},
	"/staff/inbox/{id}/lead":            {fields("reference", "TB-0001"), "email-attached email 1", "Email added to this lead"},
	"/staff/inbox/{id}/removal":         {nil, "", "Dismissed"}, // it is on a lead by then
	"/staff/templates": {
		fields("name", "Hello", "text", "Hello {name}"), "template-saved template 1", "Template saved",
	},
	"/staff/templates/{id}/removal":          {nil, "template-deleted template 1", "Template deleted"},
	"/staff/deliveries/test":                 {nil, "", "the test email is a file"},
	"/staff/deliveries/attempts":             {nil, "", "sending the emails again"}, // nothing has failed
	"/staff/deliveries/{id}/attempt":         {nil, "delivery-tried delivery 1", "sending"},
	"/staff/deliveries/{id}/acknowledgement": {nil, "", "sent"},    // as above
	"/staff/deliveries/releases":             {nil, "", "on hold"}, // nothing is on hold
	"/staff/deliveries/cancellations":        {nil, "", "on hold"},
	"/staff/deliveries/{id}/release":         {nil, "", "no longer on hold"},
	"/staff/deliveries/{id}/cancellation":    {nil, "", "no longer on hold"},
	"/staff/account/signature":               {fields("signature", "Yours"), "signature-changed", "Signature saved"},
	"/staff/account/password": {
		fields("current", samplePassword, "password", newPassword), "password-changed", "Password changed",
	},
	"/staff/promise":               {nil, "promise-changed", "Saved"},
	"/staff/closures":              {fields("from", dayFromNow(9), "until", dayFromNow(9)), "closed-days-changed", "Saved"},
	"/staff/closures/{id}/removal": {nil, "closed-days-changed", "Saved"},
	"/staff/doctor/checks":         {nil, "", ""}, // it changes nothing
	"/staff/site":                  {nil, "site-changed", "Saved"},
	"/staff/sign-out":              {nil, "sign-out", "signed out"},
	"/staff/team/invitations": {
		fields("email", "new@example.org", "role", "reader"), "invitation-sent invitation 1", "on its way",
	},
	"/staff/team/invitations/{id}/withdrawal": {nil, "invitation-withdrawn invitation 1", "Invitation withdrawn"},
	"/staff/options": {
		fields("slug", "rails", "name", "Rails", "kind", "Framework", "homepage", "https://rubyonrails.org/"),
		"option-added option 13", "Option added",
	},
	"/staff/options/{slug}":                   {nil, "option-changed option 1", "Saved"},
	"/staff/options/{slug}/facts/{key}":       {fields("value", "Other"), "option-fact-saved option 1", "Fact saved"},
	"/staff/options/{slug}/facts/{key}/check": {nil, "option-fact-checked option 1", "Still true"},
	"/staff/options/{slug}/facts/{key}/versions/{version}/restoration": {
		nil, "option-fact-restored option 1", "Restored",
	},

	// after the change of the password
	"/staff/account/reauthentication":           {fields("password", newPassword), "proof", ""},
	"/staff/account/authenticator":              {nil, "", ""},
	"/staff/account/authenticator/confirmation": {nil, "authenticator-added", "Authenticator app set up"},
	"/staff/account/authenticator/removal":      {nil, "authenticator-removed", "Authenticator app removed"},
	"/staff/account/recovery-codes":             {nil, "recovery-codes-renewed", "New recovery codes"},
	"/staff/team/second-factor":                 {fields("required", "yes"), "second-factor-required", "two-step sign-in"},
}

// testedElsewhere are routes of other tests: those that would end the session of member 1, who asks, or that take a session of
// another browser, passkeys, which take a browser, and those for an option or a guide in a state of its own.
var testedElsewhere = []string{
	"/staff/leads/{reference}/messages/{id}/removal",
	"/staff/leads/{reference}/messages/{id}/team-note", "/staff/leads/{reference}/messages/{id}/dismissal",
	"/staff/leads/{reference}/messages/{id}/prospect",
	"/staff/team/{id}/role", "/staff/team/{id}/state", "/staff/account/sessions/{id}/removal", "/staff/account/sessions/removal",
	"/staff/account/passkeys", "/staff/account/passkeys/{id}/removal", "/staff/team/{id}/second-factor/removal",
	"/staff/facts/confirmations", "/staff/options/{slug}/retirement", "/staff/options/{slug}/retirement/removal",
	"/staff/guides", "/staff/guides/{slug}/publication", "/staff/guides/{slug}/draft/removal", "/staff/guides/{slug}/{section}",
	"/staff/guides/{slug}/publication/removal", "/staff/guides/{slug}/schedule/removal",
	"/staff/guides/{slug}/revisions/{n}/restoration", "/staff/guides/{slug}/address",
	"/staff/guides/{slug}/{section}/choice", "/staff/guides/{slug}/{section}/{item}",
	"/staff/guides/{slug}/{section}/{item}/position", "/staff/guides/{slug}/{section}/{item}/removal",
	"/staff/import",
	"/staff/guides/{slug}/removal", "/staff/guides/{slug}/options", "/staff/guides/{slug}/options/{item}/removal",
}

func TestEachChangeByAMemberIsAuditedAndConfirmed(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.ask("A sample project")
	order := []string{
		"/reauthentication", "/authenticator", "/confirmation", "/recovery-codes", "/changes", "/undo", "/reply", "/status",
		"/suspicion", "/templates", "/removal", "/restoration", "/erasure", "/second-factor", "/sign-out",
	}
	s.targets()
	routes := slices.DeleteFunc(s.everyRoute(noTargets()), func(one asked) bool {
		return slices.Contains(testedElsewhere, one.pattern) || one.method != http.MethodPost ||
			!strings.HasPrefix(one.pattern, "/staff/") || one.audience == "signed out" || one.audience == "pending"
	})
	position := func(one asked) int {
		return slices.IndexFunc(order, func(end string) bool { return strings.HasSuffix(one.pattern, end) })
	}
	slices.SortStableFunc(routes, func(a, b asked) int { return position(a) - position(b) })
	for _, one := range routes {
		change, known := memberChanges[one.pattern]
		if !known {
			t.Errorf("the test does not know what %s leaves", one.pattern)
			continue
		}
		path := strings.NewReplacer("{reference}", "TB-0001", "{batch}", "1", "{id}", "1", "{slug}", "django", "{key}", "admin",
			"{version}", "1").Replace(one.pattern)
		form := s.filledIn(one.pattern, change.form)
		var a answer
		entries := s.newEntries(func() { a = s.post(path, form) })
		if got := strings.Join(entries, ", "); got != change.entry {
			t.Errorf("%s left %q, want %q", path, got, change.entry)
		}
		if change.says != "" {
			s.follow(a).wantText("main [role=status]", change.says)
		}
	}
}

// filledIn returns the form with what the page had in it.
func (s *site) filledIn(pattern string, form url.Values) url.Values {
	s.t.Helper()
	filled := url.Values{}
	maps.Copy(filled, form)
	switch {
	case strings.HasSuffix(pattern, "/changes"):
		filled.Set("lead", s.get("/staff/leads?tab=all").value("[name=lead][value^='TB-0001@']"))
	case strings.Contains(pattern, "{reference}"):
		filled.Set("seen", s.seen("TB-0001"))
	case strings.Contains(pattern, "{key}"):
		filled.Set("seen", s.get(adminFact).value("#now [name=seen]"))
	case pattern == "/staff/options/{slug}":
		filled = s.get("/staff/options/django").form("form[action='/staff/options/django']")
		filled.Set("name", "Another name")
	case strings.HasSuffix(pattern, "/confirmation"):
		filled.Set("code", s.shownApp().code(0))
	case pattern == "/staff/promise":
		filled = s.get("/staff/promise").form("form[action='/staff/promise']")
		filled.Set("places", "9")
	case pattern == sitePath:
		filled = s.siteForm("contact", "other@example.org")
	}
	return filled
}

// follow returns the page that the answer leads to, behind all redirects, or the one that it has.
func (s *site) follow(a answer) answer {
	s.t.Helper()
	for range 3 {
		if a.status != http.StatusSeeOther {
			break
		}
		to, _, _ := strings.Cut(a.location(), "#")
		a = s.get(to)
	}
	return a.wantStatus(http.StatusOK)
}

func TestChangesOfTheTeamAndOfSessionsAreAuditedAndConfirmed(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.addMember("second@example.org", staff.Reader)
	s.browsers(2)
	for _, change := range []struct {
		path string
		form url.Values
		want []string
		says string
	}{
		{"/staff/team/2/role", fields("role", "editor"), []string{"member-made-editor member 2"}, "Role changed"},
		{"/staff/team/2/state", fields("state", "disabled"), []string{"member-disabled member 2"}, "Disabled"},
		{"/staff/team/2/state", fields("state", "active"), []string{"member-enabled member 2"}, "Enabled"},
		{"/staff/team/2/second-factor/removal", nil, nil, "reset"},
		{"/staff/account/sessions/2/removal", nil, []string{"sessions-ended"}, "Signed out"},
		{"/staff/account/sessions/removal", nil, []string{"sessions-ended"}, "Signed out"},
	} {
		a := s.post(change.path, change.form)
		s.wantAudit(change.want...)
		s.follow(a).wantText("main [role=status]", change.says)
	}
	s.get("/staff/audit").wantText("tbody", "Disabled")
	s.get("/staff/audit?kind=member-made-editor").wantEntry("Sample Member", "Made an editor of", "Sample Member")
}

// TestOnlyMessagesOfTheProgramAreShown has the address ask for words that follow no change.
func TestOnlyMessagesOfTheProgramAreShown(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.get("/staff/account?done=Call+this+number").wantStatus(http.StatusOK).wantCount("main [role=status]", 0)
}
