package mailbox_test

import (
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail/mailbox"
	"tiebreak/internal/mailtest"
	"tiebreak/templates/ui"
)

func TestTrialOfAMailboxSaysWhatIsThere(t *testing.T) {
	t.Parallel()
	box := mailtest.NewIMAP(t, true)
	box.Add(t, []byte("Subject: A sample\r\n\r\nA sample text\r\n"))
	found := mailbox.TrySignIn(t.Context(), box.URL())
	if found.Problem != "" || found.Messages != 1 || !found.Tells || found.User != mailtest.IMAPUser {
		t.Errorf("%+v", found)
	}
	if words := ui.MailboxTest(found); !strings.Contains(words, "1 message") || strings.Contains(words, mailtest.IMAPPassword) {
		t.Error(words)
	}
	wrong := mailbox.TrySignIn(t.Context(), strings.Replace(box.URL(), mailtest.IMAPPassword, "wr0ng", 1))
	if words := ui.MailboxTest(wrong); wrong.Problem != lead.MailboxRefused || strings.Contains(words, "wr0ng") {
		t.Errorf("%+v: %s", wrong, words)
	}
}
