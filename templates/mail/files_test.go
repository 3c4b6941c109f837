package mail_test

import (
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/templates/mail"
)

func TestNoticeOfAnEmailListsItsFiles(t *testing.T) {
	t.Parallel()
	parts := []lead.Part{{Name: "brief.pdf"}, {Name: "plan.png"}}
	for _, kind := range []lead.MessageKind{lead.MailMessage, lead.MemberMail} {
		m := lead.Message{ID: 1, Kind: kind, Text: "Sample words", Parts: parts}
		text := mail.LeadEmail(lead.NoteMail, mail.LeadData{Message: m}).Text()
		if !strings.Contains(text, "Files in the mailbox: brief.pdf, plan.png") {
			t.Errorf("the notice of a %s says:\n%s", kind, text)
		}
		if strings.Contains(text, "The prospect has not received it.") != (kind == lead.MemberMail) {
			t.Errorf("the notice of a %s is wrong about who wrote:\n%s", kind, text)
		}
	}
}
