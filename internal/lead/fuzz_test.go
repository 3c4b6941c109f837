package lead_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
)

var secret = []byte("a secret of at least thirty-two bytes")

func FuzzAddressesAreOneAddressOrRefused(f *testing.F) {
	for _, seed := range []string{
		"sample@example.org", "a@b", "a@b\r\nBcc: c@d.org", "a,b@example.org", `"a> ORCPT=b"@example.org`,
		"Sample <a@example.org>", "ü@exämple.org", "@", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, email string) {
		form := lead.Form{Name: "Sample", Email: email, Project: "words", Agreed: true}
		if form.Check().For("email") != "" {
			return
		}
		kept := form.Contents().Email
		if strings.ContainsAny(kept, "\r\n<>, \x00") || strings.Count(kept, "@") != 1 {
			t.Errorf("%q is taken for an address", kept)
		}
	})
}

func FuzzStampsAreOursOrForged(f *testing.F) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	// A stamp of ours from before: each process that fuzzes would make one of its own.
	const good = "mww2n400.IQXMKYQTNJCYR2SOXSDAEJSUL2.46af413d28e8e5d6f4503ce0d30ae7d2"
	if s := (lead.Form{Stamp: good}).Signals(secret, now); s.StampForged {
		f.Fatal("a stamp of ours is taken for forged")
	}
	for _, seed := range []string{good, good + "0", "0" + good, "", ".", "zz.00", "-1." + strings.Repeat("0", 24)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stamp string) {
		s := lead.Form{Stamp: stamp}.Signals(secret, now)
		if s.Stamped && !s.StampForged && stamp != good {
			t.Errorf("%q is taken for ours", stamp)
		}
	})
}

func FuzzKeysTellOtherWords(f *testing.F) {
	f.Add("words", "other", "key")
	f.Fuzz(func(t *testing.T, project, company, key string) {
		identity := func(project, company string) string {
			f := lead.Form{Project: project, Company: company, Key: key}
			return fmt.Sprintf("%x %x", f.KeyDigest(secret), f.BodyDigest(secret))
		}
		if same := identity(project, "") == identity(project+company, ""); same != (company == "") {
			t.Errorf("%q and %q: same %v", project, project+company, same)
		}
		if project != company && identity(company, project) == identity(project, company) {
			t.Error("words that moved to another field are the same")
		}
	})
}

func FuzzFiltersMeanTheSameWhenTheyAreReadAgain(f *testing.F) {
	f.Add("tab=closed&status=won&guide=none&option=undecided&assignee=nobody&month=2026-11&overdue=yes&q=a+b&sort=oldest")
	f.Add("assignee=99999999999999999999&month=2026-13&tab=x")
	f.Add("sort=deadline&q=%00%ff")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		filter, err := lead.ReadFilter(values, 1)
		if err != nil {
			return
		}
		if again, err := lead.ReadFilter(filter.Query(), 1); err != nil || again != filter {
			t.Errorf("%q is %+v, and read again %+v (%v)", query, filter, again, err)
		}
	})
}

func FuzzTemplatesFillInNothingButTheirFields(f *testing.F) {
	f.Add("Hello {name}, {{option}} {me}{", "{me}", "Sample")
	f.Fuzz(func(t *testing.T, text, name, member string) {
		words := lead.ReplyTemplate{Name: "Sample", Text: text}
		if words.Check() != nil {
			return
		}
		filled := words.Fill(lead.Lead{Contents: lead.Contents{Name: name}}, member, strings.TrimSpace)
		if !strings.Contains(text, "{") && filled != text {
			t.Errorf("%q without a field becomes %q", text, filled)
		}
	})
}
