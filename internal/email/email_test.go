package email_test

import (
	"strings"
	"testing"

	"tiebreak/internal/email"
)

func TestPastedAddressIsCleaned(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ann@example.org":                      "ann@example.org",
		" ann@example.org\n":                   "ann@example.org",
		"\u202aann@example.org\u202c":          "ann@example.org",
		"ann@example.org\u200b":                "ann@example.org",
		"\ufeffann@exam\u2060ple.org":          "ann@example.org",
		"\u00a0ann@example.org":                "ann@example.org",
		"ａｎｎ＠example.org":                      "ann@example.org",
		"Ann@EXAMPLE.org":                      "Ann@example.org",
		"ann@bücher.example":                   "ann@bücher.example",
		"ann@xn--bcher-kva.example":            "ann@bücher.example",
		"ann@bu\u0308cher.example":             "ann@bücher.example",
		"ann@例え。example":                       "ann@例え.example",
		"no address":                           "no address",
		"ann@example.org.":                     "ann@example.org",
		"ann@bücher.example.":                  "ann@bücher.example",
		"ann@例え。example。":                      "ann@例え.example",
		"ann@example.":                         "ann@example.",
		"ann@example.org..":                    "ann@example.org..",
		"ann@not_a_domain.":                    "ann@not_a_domain.",
		"ann@127.0.0.1.":                       "ann@127.0.0.1.",
		"ann.":                                 "ann.",
		"ann@not_a_domain.example":             "ann@not_a_domain.example",
		"tiebreak@localhost":                   "tiebreak@localhost",
		"o'brien+lead/1=x@mail-1.example.org ": "o'brien+lead/1=x@mail-1.example.org",
	} {
		got := email.Clean(typed)
		if got != want {
			t.Errorf("%q was cleaned to %q, want %q", typed, got, want)
		}
		if again := email.Clean(got); again != got {
			t.Errorf("%q is cleaned again to %q", got, again)
		}
	}
	if email.Key("ann@example.org.") != email.Key("Ann@example.org") {
		t.Error("a full stop makes another mailbox")
	}
	if email.Key("ANN@Bücher.example") != email.Key("ann@xn--bcher-kva.example") {
		t.Error("one mailbox has two keys")
	}
}

func TestDomainIsSentInASCII(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"ann@bücher.example":         "ann@xn--bcher-kva.example",
		"ann@xn--bcher-kva.example":  "ann@xn--bcher-kva.example",
		"ann@straße.example\u200b":   "ann@xn--strae-oqa.example",
		"jürgen@example.org":         "jürgen@example.org",
		"ann@[127.0.0.1]":            "",
		"ann@example.org\r\nBcc: x":  "",
		"ann@example.org>RCPT TO:<b": "",
		"":                           "",
	} {
		got, err := email.ForServer(address)
		if (err != nil) != (want == "") || err == nil && got != want {
			t.Errorf("%q goes to %q (%v), want %q", address, got, err, want)
		}
	}
}

func TestProblemIsNamedInTheReadersWords(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"ann@example.org":                         "",
		"jürgen@example.org":                      "",
		"ann@bücher.example":                      "",
		"ann @example.org":                        "a space",
		"ann@example.org, bob@example.org":        "“,”",
		"“ann@example.org”":                       "““”",
		"Ann <ann@example.org>":                   "a space",
		"<ann@example.org>":                       "“<”",
		"ann@exam\x07ple.org":                     "cannot be seen (U+0007)",
		"ann\ufffd@example.org":                   "cannot be seen (U+FFFD)",
		"ann":                                     "in the correct format",
		"@example.org":                            "in the correct format",
		"ann@":                                    "in the correct format",
		"ann@bob@example.org":                     "more than one @",
		"ann..b@example.org":                      "a dot too many",
		".ann@example.org":                        "a dot too many",
		"ann@example..org":                        "“example..org” is not the name of a domain",
		"ann@-example.org":                        "is not the name of a domain",
		"ann@not_a_domain.org":                    "is not the name of a domain",
		"ann@[127.0.0.1]":                         "“[”",
		"ann@127.0.0.1":                           "numbers after the @",
		"ann@2130706433":                          "numbers after the @",
		"ann@example":                             "ends before the dot",
		"ann@example.":                            "ends before the dot",
		"ann@localhost":                           "ends before the dot",
		"ann@printer.local":                       ".local only work inside a network",
		"ann@db.internal":                         ".internal only work inside a network",
		strings.Repeat("a", 250) + "@b.org":       "longer than an email address",
		"ann@" + strings.Repeat("a", 64) + ".org": "is not the name of a domain",
	} {
		got := email.PublicProblem(email.Clean(address))
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
	if problem := email.Problem("root@localhost"); problem != "" {
		t.Errorf("an admin cannot name a mailbox of this machine: %s", problem)
	}
}

func TestDomainsInATextAreReadable(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"Write to <ann@xn--bcher-kva.example>, please.": "Write to <ann@bücher.example>, please.",
		"XN--BCHER-KVA.example and www.xn--bcher-kva":   "bücher.example and www.bücher",
		"xn--, xn--\xff and xn--99999999999 stay":       "xn--, xn--\xff and xn--99999999999 stay",
	} {
		if got := email.Readable(s); got != want {
			t.Errorf("%q is read as %q", s, got)
		}
	}
}

func TestOnlyThisMachineIsALocalServer(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.8.8.8": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "mail.example.org": false, "localhost.example.org": false, "127.0.0.1.example.org": false,
		"0.0.0.0": false, "10.0.0.1": false, "::": false, "192.168.1.1": false,
	} {
		if got := email.IsLocalServer(host); got != want {
			t.Errorf("%q is local: %t", host, got)
		}
	}
}
