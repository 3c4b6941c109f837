package ui

import (
	"fmt"
	"strings"

	"tiebreak/internal/mailcheck"
)

// TestOutcome says whether the test email went out, and what to do next.
func TestOutcome(t mailcheck.Email) string {
	switch {
	case t.Problem != "":
		return "The test email was not sent: " + MailProblem(t.Problem, t.Code) + "."
	case t.Folder != "":
		return "No mail server is set, so the test email is a file in " + t.Folder + ". Set TIEBREAK_SMTP_URL to send email."
	}
	return "The mail server accepted the test email to " + t.To + ". Check that it arrives, and in which folder."
}

// MailboxTest says how the test of the mailbox for answers went; "" if none is set.
func MailboxTest(m mailcheck.Mailbox) string {
	if m.Server == "" {
		return ""
	}
	place := fmt.Sprintf("the folder %s of %s at %s", m.Folder, m.User, m.Server)
	if m.Problem != "" {
		return fmt.Sprintf("Tiebreak cannot read %s. %s", place, MailboxProblem(m.Problem))
	}
	words := fmt.Sprintf("Tiebreak can read %s: %s.", place, Count(m.Messages, "message", "messages"))
	if m.Tells {
		return words + " The server tells of new email at once."
	}
	return words + " The server does not tell of new email (IDLE), so Tiebreak looks every few seconds."
}

// BounceWords says that bounces do not reach the mailbox for answers, and what to do; "" if they do.
func BounceWords(t mailcheck.Email) string {
	if !t.Unbounced {
		return ""
	}
	return "The mail server does not let Tiebreak use TIEBREAK_REPLY_ADDRESS as the envelope sender (MAIL FROM), so bounces " +
		"go to the address in TIEBREAK_MAIL_FROM. Allow it there, or forward that mailbox to the one for answers."
}

// SPFWords says what the SPF record of the test means and what to do about it.
func SPFWords(t mailcheck.Email) string {
	words := spfWords(t.SPF.Name, t.SPF)
	if t.Unaligned {
		words += fmt.Sprintf(" Emails from %s pass DMARC only by DKIM, because their envelope sender is at %s.", t.Domain,
			t.SPF.Name)
	}
	return words
}

func spfWords(domain string, r mailcheck.DNSRecord) string {
	switch {
	case r.Failed:
		return "DNS did not answer. Try the test again."
	case r.Count == 0:
		return fmt.Sprintf("%s has no SPF record. Ask the provider of your mail server which one to publish: without it, many "+
			"mailboxes reject email from you or treat it as spam.", domain)
	case r.Count > 1:
		return fmt.Sprintf("%s has %d SPF records, so receivers ignore them all. Merge them into one.", domain, r.Count)
	}
	return "Check that it names your mail server or its provider."
}

// DMARCWords says what the DMARC record of the domain means and what to do about it.
func DMARCWords(domain string, r mailcheck.DNSRecord) string {
	switch {
	case r.Failed:
		return "DNS did not answer. Try the test again."
	case r.Count == 0:
		return fmt.Sprintf("No DMARC record holds for %s. Large mailbox providers expect one. Publish “v=DMARC1; p=none” at "+
			"%s to start with.", domain, r.Name)
	case r.Count > 1:
		return fmt.Sprintf("%s has %d DMARC records, so receivers ignore them all. Keep one.", r.Name, r.Count)
	}
	switch dmarcPolicy(domain, r) {
	case "reject":
		return "Receivers reject email from you that passes neither SPF nor DKIM."
	case "quarantine":
		return "Receivers treat email from you as spam if it passes neither SPF nor DKIM."
	case "none":
		return "Receivers only report email that passes neither SPF nor DKIM."
	}
	return "It has no valid policy (p=none, p=quarantine or p=reject), so receivers ignore it."
}

// dmarcPolicy returns the policy that a DMARC record asks for email from the domain, "" if it has none. The record may be that of
// the organisation, which can ask for another one for its subdomains (RFC 7489, 6.3).
func dmarcPolicy(domain string, r mailcheck.DNSRecord) string {
	tags := map[string]string{}
	for tag := range strings.SplitSeq(r.Text, ";") {
		name, value, _ := strings.Cut(tag, "=")
		tags[strings.ToLower(strings.TrimSpace(name))] = strings.ToLower(strings.TrimSpace(value))
	}
	if own := tags["sp"]; own != "" && r.Name != "_dmarc."+domain {
		return own
	}
	return tags["p"]
}
