package mailbox_test

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail/mailbox"
	"tiebreak/internal/mailtest"
	"tiebreak/templates/ui"
)

func TestConnectionThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	dial := func(cause error) error { return &net.OpError{Op: "dial", Err: cause} }
	for want, err := range map[lead.MailboxProblem]error{
		lead.MailboxUnknownServer: dial(&net.DNSError{Err: "no such host", IsNotFound: true}),
		lead.MailboxClosedPort:    dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)),
		lead.MailboxUnreachable:   dial(&net.DNSError{Err: "server misbehaving", IsTemporary: true}),
	} {
		if got := mailbox.NoConnection(err); got != want || ui.MailboxProblem(got) == "" {
			t.Errorf("%v is %q: %q", err, got, ui.MailboxProblem(got))
		}
	}
}

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
