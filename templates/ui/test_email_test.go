package ui_test

import (
	"strings"
	"testing"

	"tiebreak/internal/mailcheck"
	"tiebreak/templates/ui"
)

func TestDMARCOfASubdomainFollowsTheOrganisation(t *testing.T) {
	t.Parallel()
	const whole, part = "example.org", "mail.example.org"
	for _, c := range []struct{ domain, at, text, want string }{
		{whole, whole, "v=DMARC1; p=reject; sp=none", "Receivers reject"},
		{part, part, "v=DMARC1; p=none; sp=reject", "Receivers only report"},
		{part, whole, "v=DMARC1; p=none; SP = Quarantine", "as spam"},
		{part, whole, "v=DMARC1; p=reject", "Receivers reject"},
		{part, whole, "v=DMARC1", "no valid policy"},
	} {
		got := ui.DMARCWords(c.domain, mailcheck.DNSRecord{Name: "_dmarc." + c.at, Text: c.text, Count: 1})
		if !strings.Contains(got, c.want) {
			t.Errorf("%s by %q at %s: %s", c.domain, c.text, c.at, got)
		}
	}
}
