package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

// wantDamaged checks the answer to a damaged form: it says what to do, gives back what was typed and offers no way to send it
// again as it is.
func (a answer) wantDamaged(what string, form url.Values) {
	a.t.Helper()
	if a.status != http.StatusBadRequest {
		a.t.Errorf("%s: status %d, want 400: %.300s", what, a.status, a.text("main"))
		return
	}
	a.wantStaffFrame()
	a.wantText("h1", "Part of the form is missing")
	a.wantText("main", "Nothing was changed.")
	a.wantText("main", "Go back")
	a.wantCount("main form", 0)
	for _, name := range []string{"reply", "note", "signature", "name", "text", "email", "places", "reply_hours", "keep_won"} {
		field := a.Find("#" + name)
		if got := strings.TrimSpace(field.AttrOr("value", field.Text())); got != form.Get(name) {
			a.t.Errorf("%s: %s reads %q, want %q", what, name, got, form.Get(name))
		}
	}
}

// TestStaffFormsWithAWrongEncodingAreGivenBack sends one to each route of the staff.
func TestStaffFormsWithAWrongEncodingAreGivenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := url.Values{"reply": {"Hello"}, "note": {"A note"}, "name": {"A name"}, "text": {"A text"}, "email": {"a@example.org"}}
	for _, one := range s.everyRoute(s.targets()) {
		if one.method != http.MethodPost || !strings.HasPrefix(one.path, "/staff/") {
			continue
		}
		role := staff.Admin
		if one.audience == "pending" {
			role = pendingMember
		}
		member := s.as(role)
		before := len(s.audited())
		member.postBody(one.path, form.Encode()+"&x=%zz").wantDamaged(one.path, form)
		if after := len(s.audited()); after != before {
			t.Errorf("%s left %d entries", one.path, after-before)
		}
	}
}

// TestStaffFormsWithoutWhatOurPagesSendAreGivenBack sends forms that lack a field, and forms whose fields hold what no page of
// ours sends.
func TestStaffFormsWithoutWhatOurPagesSendAreGivenBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.ask("A sample project")
	lead := s.get("/staff/leads/TB-0001").attr("[name=seen]", "value")
	ticked := s.get("/staff/leads?tab=all").attr("[name=lead]", "value")
	before := len(s.audited())
	for _, one := range []struct {
		path string
		form url.Values
	}{
		{"/staff/leads/TB-0001/reply", url.Values{"reply": {"Hello"}}},
		{"/staff/leads/TB-0001/reply", url.Values{"reply": {"Hello"}, "seen": {"x"}}},
		{"/staff/leads/TB-0001/reply", url.Values{"reply": {"Hello"}, "seen": {lead}, "do": {"burn"}}},
		{"/staff/leads/TB-0001/reply", url.Values{"seen": {lead}, "do": {"draft"}}},
		{"/staff/leads/TB-0001/draft", nil},
		{"/staff/leads/TB-0001/email", url.Values{"email": {"right@example.org"}}},
		{"/staff/leads/TB-0001/assignee", url.Values{"assignee": {"1"}}},
		{"/staff/leads/TB-0001/assignee", url.Values{"seen": {lead}}},
		{"/staff/leads/TB-0001/assignee", url.Values{"seen": {lead}, "assignee": {"x"}}},
		{"/staff/leads/TB-0001/status", url.Values{"to": {"contacted"}}},
		{"/staff/leads/TB-0001/status", url.Values{"seen": {lead}}},
		{"/staff/leads/TB-0001/status", url.Values{"seen": {lead}, "to": {"sold"}}},
		{"/staff/leads/TB-0001/status", url.Values{"seen": {lead}, "to": {"lost"}, "answered": {"perhaps"}}},
		{"/staff/leads/TB-0001/suspicion", nil},
		{"/staff/leads/TB-0001/suspicion", url.Values{"verdict": {"perhaps"}}},
		{"/staff/leads/changes", nil},
		{"/staff/leads/changes", url.Values{"do": {"burn"}, "lead": {ticked}}},
		{"/staff/leads/changes", url.Values{"do": {"assign"}, "lead": {ticked}}},
		{"/staff/leads/changes", url.Values{"do": {"assign"}, "assignee": {"x"}, "lead": {ticked}}},
		{"/staff/leads/changes", url.Values{"do": {"move"}, "status": {"sold"}, "lead": {ticked}}},
		{"/staff/leads/changes", url.Values{"do": {"spam"}, "lead": {ticked, "TB-0001"}}},
		{"/staff/leads/changes", url.Values{"do": {"spam"}, "lead": {"TB-0001@x"}}},
		{"/staff/leads/views", url.Values{"name": {"Mine"}, "query": {"%zz"}}},
		{"/staff/leads/views", url.Values{"name": {"Mine"}, "query": {"tab=nonsense"}}},
		{"/staff/templates", url.Values{"name": {"Hello"}, "text": {"Hello {name}"}, "id": {"x"}}},
		{"/staff/promise", url.Values{"places": {"3"}, "reply_hours": {"24"}, "keep_won": {"9"}}},
		{"/staff/promise", promise("saw_places", "many")},
		{"/staff/team/1/role", nil},
		{"/staff/team/1/role", url.Values{"role": {"owner"}}},
		{"/staff/team/1/state", url.Values{"state": {"asleep"}}},
		{"/staff/team/second-factor", nil},
	} {
		s.post(one.path, one.form).wantDamaged(one.path+"?"+one.form.Encode(), one.form)
	}
	if after := len(s.audited()); after != before {
		t.Errorf("they left %d entries", after-before)
	}
}
