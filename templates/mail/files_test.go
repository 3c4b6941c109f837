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

func TestNoticeOfAnEmailThatIsTooLargeSaysSo(t *testing.T) {
	t.Parallel()
	m := lead.Message{ID: 1, Kind: lead.MailMessage, Subject: "The video", Parts: lead.LargeMail(11_534_336)}
	text := mail.LeadEmail(lead.NoteMail, mail.LeadData{Message: m}).Text()
	if !strings.Contains(text, "Not read: “The video”, 11.5 MB: open it in the mailbox") || strings.Contains(text, "Files") {
		t.Errorf("the notice says:\n%s", text)
	}
}
