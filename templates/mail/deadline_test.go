package mail_test

import (
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/templates/mail"
)

func TestLeadWithoutADeadlineShowsNoDate(t *testing.T) {
	t.Parallel()
	data := mail.LeadData{Lead: lead.Lead{NeedsAnswer: true}}
	for _, kind := range []lead.DeliveryKind{
		lead.ConfirmationMail, lead.NewMail, lead.NoteMail, lead.ResumedMail, lead.ReminderMail, lead.OverdueMail,
	} {
		letter := mail.LeadEmail(kind, data)
		for _, wrong := range []string{"0000", "0001", "by no deadline"} {
			if text := letter.Subject + "\n" + strings.Join(letter.Lines, "\n"); strings.Contains(text, wrong) {
				t.Errorf("%s says %q:\n%s", kind, wrong, text)
			}
		}
	}
}
