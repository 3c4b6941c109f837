package web_test

import (
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// A person who asks for their data gets all of it.
func TestJSONHasTheWholeConversationAndCSVIsATable(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	receipt := s.ask("A sample project", "email", "ada@example.org")
	s.mustPost(receipt+"/notes", "note", "From the private page.")
	s.mustAct("TB-0001", "/reply", "reply", "The reply.")
	s.mustAct("TB-0001", "/calls", "text", "What was said on the phone.")
	s.mustAct("TB-0001", "/team-notes", "note", "Only for the team.")
	s.mustAct("TB-0001", "/follow-up", "on", dayFromNow(2), "note", "Ask again.")
	s.onLead(1, lead.Message{
		SenderName: "Ada", SenderAddress: "ada@example.org", Subject: "The plan", Text: "By email.", Quoted: "> Hello",
		Parts: []lead.Part{{Name: "plan.pdf", Type: "application/pdf", Size: 7}},
	})
	var lines []lead.Line
	s.json("/staff/leads.json?tab=all", &lines)
	if len(lines) != 1 || lines[0].Conversation == nil {
		t.Fatalf("as JSON %+v", lines)
	}
	c, kinds := lines[0].Conversation, ""
	for _, m := range c.Messages {
		kinds += string(m.Kind) + ": " + m.Text + "\n"
	}
	want := "note: From the private page.\nreply: The reply.\ncall: What was said on the phone.\n" +
		"team-note: Only for the team.\nmail: By email.\n"
	if kinds != want {
		t.Errorf("the messages are\n%s", kinds)
	}
	if m := c.Messages[4]; m.Subject != "The plan" || m.SenderAddress != "ada@example.org" || m.Quoted == "" ||
		m.Attachments[0].Name != "plan.pdf" || c.Messages[1].Member != "Sample Member" {
		t.Errorf("the email is %+v", m)
	}
	if c.ArrivedBy != lead.ByForm || c.FollowUpNote != "Ask again." || c.Consent == "" || len(c.Events) < 6 ||
		c.Events[0].Kind != lead.Received || c.Events[0].At.IsZero() {
		t.Errorf("the rest is %+v", c)
	}
	if table := s.body("/staff/leads.csv?tab=all"); strings.Contains(table, "By email.") || !strings.Contains(table, "A sample") {
		t.Errorf("the CSV is\n%s", table)
	}
}
