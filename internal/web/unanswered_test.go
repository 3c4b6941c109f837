package web_test

import (
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/staff"
)

func TestLeadSaysHowManyMessagesAreNotAnswered(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project")
	s.mustPost(receipt+"/notes", "note", "zeroth")
	s.mustAct("TB-0001", "/reply", "reply", "An answer", "key", "a")
	s.mustPost(receipt+"/notes", "note", "first")
	s.get("/staff/leads/TB-0001").wantText("#latest", "first").wantNoText("#latest", "not answered")
	s.mustPost(receipt+"/notes", "note", "second")
	s.mustPost(receipt+"/notes", "note", "third")
	page := s.get("/staff/leads/TB-0001").wantText("#latest", "third", "2 earlier messages are not answered either.")
	to, _ := page.Find("#latest p > a").Attr("href")
	page.wantText(to, "first")
	s.mustAct("TB-0001", "/calls", "text", "We spoke.", "key", "b")
	s.mustPost(receipt+"/notes", "note", "fourth")
	s.get("/staff/leads/TB-0001").wantText("#latest", "fourth").wantNoText("#latest", "not answered")
}

func TestNoticesNameWhoWroteIfItIsNotTheProspect(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project", "name", "Ada Sample", "email", "ada@example.org")
	s.arrives(lead.Message{SenderName: "Carl", SenderAddress: "chief@example.org", Text: "At most 45,000."})
	s.mustPost("/staff/inbox/1/lead", "reference", "TB-0001")
	s.arrives(lead.Message{
		SenderName: "Eve <script>", SenderAddress: "eve@example.org", Text: "Hello",
		Subject: "A shop " + strings.Repeat("long ", 30),
	})
	box := mailtest.New(t)
	s.deliver(box)
	s.await(mailed, noJobs)
	subjects := ""
	for _, letter := range box.Got() {
		subjects += letter.Subject(t) + "\n"
		if strings.HasPrefix(letter.Subject(t), "An email waits in the inbox") {
			for _, want := range []string{
				"From: Eve <script>, eve@example.org", "Eve &lt;script&gt;, eve@example.org", "Subject: A shop long", "…",
			} {
				if !strings.Contains(decoded(letter), want) {
					t.Errorf("the notice lacks %q:\n%s", want, unfold(letter))
				}
			}
		}
	}
	for _, want := range []string{
		"chief@example.org wrote about the request of Ada Sample (TB-0001)", "An email waits in the inbox",
	} {
		if !strings.Contains(subjects, want) {
			t.Errorf("no subject is %q:\n%s", want, subjects)
		}
	}
}

// decoded is unfold with ellipses as they are.
func decoded(l mailtest.Letter) string { return strings.ReplaceAll(unfold(l), "=E2=80=A6", "…") }
