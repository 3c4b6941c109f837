package main

import (
	"fmt"
	"net/mail"
	"strings"
	"testing"
	"time"

	. "github.com/chromedp/chromedp"

	"tiebreak/internal/mailtest"
)

// answerByEmail puts the prospect's answer to the letter into the studio's mailbox.
func answerByEmail(t *testing.T, mailbox *mailtest.IMAP, letter, words string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	mailbox.Add(t, fmt.Appendf(nil, "From: Sample Person <sample@example.org>\r\nTo: %s\r\nSubject: Re: %s\r\n"+
		"Message-ID: <%s@example.org>\r\nIn-Reply-To: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+
		"%s\r\n\r\nOn Mon, 30 Nov 2026 the studio wrote:\r\n> quoted\r\n",
		m.Header.Get("Reply-To"), m.Header.Get("Subject"), strings.ReplaceAll(words, " ", "-"), m.Header.Get("Message-ID"),
		words))
}

// TestConversationByEmailIsOnTheLeadUntilItIsErased is the whole way with SMTP and IMAP: form, reply, answer by email, second
// reply, erasure.
func TestConversationByEmailIsOnTheLeadUntilItIsErased(t *testing.T) {
	t.Parallel()
	mailbox := mailtest.NewIMAP(t, true)
	tab := openBrowser(t)
	site, box := serveWithMail(t, "TIEBREAK_IMAP_URL="+mailbox.URL(), "TIEBREAK_REPLY_ADDRESS=reply@studio.example.org")
	setUp(t, tab, site)
	do(t, tab,
		Navigate(site.base+"/intake"),
		SendKeys(CSS("#project"), "A sample project for a browser"),
		SendKeys(CSS("#name"), "Sample Person"),
		SendKeys(CSS("#email"), "sample@example.org"),
		Click(CSS("#consent")),
		Click(CSS("form[action='/intake'] button:not([type])")),
		WaitVisible(CSS("button[data-copy]")),
	)
	receipt := valueOf(t, tab, Location())
	const lead = "/staff/leads/TB-0001"
	reply := func(words string) string {
		t.Helper()
		do(t, tab, Navigate(site.base+lead), SendKeys(CSS("#reply"), words), Click(CSS("button[value=send]")),
			WaitVisible(CSS(".notice")))
		return mailTo(t, box, "sample@example.org", words)
	}
	letter := reply("We could meet on Monday")
	answerByEmail(t, mailbox, letter, "Monday suits me")
	began := time.Now()
	mailTo(t, box, "member@example.org", "Monday suits me")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the answer was on the lead after %v", took)
	}
	do(t, tab, Navigate(site.base+"/staff/leads"), WaitVisible(CSS(".leads")))
	wantRead(t, tab, ".leads", "new message")
	answerByEmail(t, mailbox, reply("See you at ten"), "Until then")
	mailTo(t, box, "member@example.org", "Until then")
	do(t, tab, Navigate(site.base+lead), WaitVisible(CSS("#timeline")))
	wantRead(t, tab, "main", "We could meet on Monday", "Monday suits me", "See you at ten", "Until then")
	do(t, tab, Navigate(receipt), WaitVisible(CSS("#messages")))
	wantRead(t, tab, "#messages", "Monday suits me", "See you at ten", "Until then")

	do(t, tab,
		Click(CSS("section:has(form[action$='/erasure']) summary")),
		Click(CSS("form[action$='/erasure'] button")),
		WaitNotPresent(CSS("#messages")),
	)
	do(t, tab, Navigate(site.base+lead), WaitVisible(CSS("h1")))
	for _, words := range []string{"Monday", "See you", "Until then", "Sample Person"} {
		if page := valueOf(t, tab, Text(CSS("main"))); strings.Contains(page, words) {
			t.Errorf("the erased lead says %q", words)
		}
	}
	answerByEmail(t, mailbox, letter, "After the erasure")
	eventually(t, "the email waits in the inbox", func() bool {
		do(t, tab, Navigate(site.base+"/staff/inbox"), WaitVisible(CSS("h1")))
		return strings.Contains(valueOf(t, tab, Text(CSS("main"))), "After the erasure")
	})
}
