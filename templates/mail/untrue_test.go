package mail

import (
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
)

func TestOverdueEmailSaysOnlyWhatIsTrueOfTheLead(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	of := func(channel lead.Channel, email string) string {
		return LeadEmail(lead.OverdueMail, LeadData{
			Lead: lead.Lead{
				Reference: "TB-0001", Channel: channel, DueAt: due, NeedsAnswer: true, Contents: lead.Contents{Email: email},
			},
			Now: due.Add(time.Hour), Promise: lead.Promise{TimeZone: "UTC"}, AnswersHere: true,
		}).Text()
	}
	for name, c := range map[string]struct{ text, want, not string }{
		"by the form": {of(lead.ByForm, "ada@example.org"), "We promised a reply", "no email address"},
		"by phone":    {of(lead.ByPhone, "ada@example.org"), "Your team entered this request.", "promised"},
		"no address":  {of(lead.ByPhone, ""), "The lead has no email address, so answer them another way.", "the reply."},
	} {
		if !strings.Contains(c.text, c.want) || strings.Contains(c.text, c.not) {
			t.Errorf("%s: want %q and not %q in\n%s", name, c.want, c.not, c.text)
		}
	}
}

func TestProspectReadsWhatTheConfirmationIsAboutAndThatItCanBeAnswered(t *testing.T) {
	t.Parallel()
	a := LeadData{Lead: lead.Lead{
		Reference: "TB-0001", Contents: lead.Contents{Name: "Words of a stranger"},
		Choices: lead.Choices{GuideTitle: "Django vs FastAPI"},
	}, Promise: lead.Promise{TimeZone: "UTC"}}
	for _, here := range []bool{true, false} {
		a.AnswersHere = here
		got := LeadEmail(lead.ConfirmationMail, a)
		if want := "We received your request about Django vs FastAPI (TB-0001)"; got.Subject != want {
			t.Errorf("the subject is %q", got.Subject)
		}
		if strings.Contains(got.Text(), "You can also answer this email.") != here {
			t.Errorf("answers reach us: %t\n%s", here, got.Text())
		}
		if strings.Contains(got.Text(), "Words of a stranger") {
			t.Error("it has words that were typed into the form")
		}
	}
	if reply := LeadEmail(lead.ReplyMail, a); reply.Subject != "Re: We received your request about Django vs FastAPI (TB-0001)" {
		t.Errorf("the subject of a reply is %q", reply.Subject)
	}
}
