package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

func TestFormOfADecidedEmailMakesNoLeadUntilPressedAgain(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	leads := func(want int) {
		t.Helper()
		var count int
		noError(t, s.db.Conns().QueryRow(t.Context(), `SELECT count(*) FROM leads`).Scan(&count))
		if count != want {
			t.Errorf("there are %d leads, not %d", count, want)
		}
	}
	for i, c := range []struct{ path, field, value, heading, words string }{
		{"removal", "", "", "This email was dismissed", "Sample Member dismissed it on"},
		{"lead", "reference", "TB-0001", "This email is on the lead TB-0001", "Sample Member added it on"},
	} {
		id := i + 1
		s.arrives(lead.Message{SenderName: "Ada Sample", SenderAddress: "ada@example.org", Text: "We need a shop."})
		form := s.get(fmt.Sprintf("/staff/leads/new?mail=%d", id)).form("form[action='/staff/leads/new']")
		form.Set("channel", "email")
		form.Set("budget", "10,000 crowns")
		s.mustPost(fmt.Sprintf("/staff/inbox/%d/%s", id, c.path), c.field, c.value)

		page := s.post("/staff/leads/new", form).wantStatus(http.StatusConflict).
			wantText(".alert", c.heading, c.words, "No lead was made.", "without the email").
			wantAttr("#budget", "value", "10,000 crowns").wantText("#project", "We need a shop.")
		leads(id)
		again := page.form("form[action='/staff/leads/new']")
		again.Set("channel", "email")
		for range 2 { // two presses are one lead
			s.follow(s.post("/staff/leads/new", again)).wantText("[role=status]", "Lead entered").
				wantText("h1", "Ada Sample").wantNoText("main", "wrote by email")
		}
		leads(id + 1)
	}
}
