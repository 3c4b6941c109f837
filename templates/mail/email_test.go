package mail_test

import (
	"regexp"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/static"
	"tiebreak/templates/mail"
)

// html returns the letter as a mail reader shows it that shows pages.
func html(t *testing.T, l mail.Email) string {
	t.Helper()
	var page strings.Builder
	if err := l.HTML().Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

func TestEmailsHaveTheColoursOfTheSite(t *testing.T) {
	t.Parallel()
	sheet := string(static.Assets()[static.Path("site.css")].Content)
	colours := regexp.MustCompile(`#[0-9a-f]{3,6}\b`).FindAllString(html(t, mail.LeadEmail(lead.ConfirmationMail, mail.LeadData{})), -1)
	if len(colours) < 10 {
		t.Fatalf("the colours are %v", colours)
	}
	for _, colour := range colours {
		if !strings.Contains(sheet, colour+";") {
			t.Errorf("%s is not a colour of the site", colour)
		}
	}
}

// TestEmailsShowTheMarkWithoutAPicture holds that nothing of a letter is fetched or left out by a careful mail reader.
func TestEmailsShowTheMarkWithoutAPicture(t *testing.T) {
	t.Parallel()
	for _, kind := range []lead.DeliveryKind{
		lead.ConfirmationMail, lead.PlacedMail, lead.NewMail, lead.NoteMail, lead.WithdrawnMail, lead.ResumedMail,
		lead.CorrectedMail, lead.ReminderMail, lead.OverdueMail, lead.ReplyMail, lead.SuspectsMail,
	} {
		page := html(t, mail.LeadEmail(kind, mail.LeadData{}))
		if !strings.Contains(page, `<span class="mark-a">●</span>|<span class="mark-b">■</span>`) {
			t.Errorf("%s has no mark", kind)
		}
		for _, not := range []string{"<img", "<svg", "url(", "data:", "cid:", "@import"} {
			if strings.Contains(page, not) {
				t.Errorf("%s has %s", kind, not)
			}
		}
	}
}
