package web_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

func TestRequestIsAnsweredWithItsReceipt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	edition := s.get("/compare/django-vs-fastapi").value("[name=edition]")

	receipt := s.get(s.ask("A sample project", "edition", edition)).wantStatus(http.StatusOK)
	receipt.wantText("main .code", "TB-0001").wantAttr("main", "data-place", "held").wantHeader("Cache-Control", "no-store")
	receipt.wantText("main", "We will reply by", "A sample project", s.reason("ready-admin")).wantNoText("main", "You are number")
	l := s.leads()[0]
	if l.Edition != edition || l.Option != "django" || l.Ticks[0].ID != "ready-admin" || l.Consent != ourConsent {
		t.Errorf("the lead is %+v", l)
	}
}

func TestRequestWithoutAGuideIsAGeneralOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.mustPost("/intake", "project", "Something else", "name", "Sample", "email", "sample@example.org", "consent", "on",
		"option", "cobol")
	if l := s.leads()[0]; l.Guide != "" || l.Option != lead.Undecided {
		t.Errorf("the lead is about %+v", l.Choices)
	}
}

func TestUnknownEditionIsTakenAsTheCurrentOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ask("A sample project", "edition", "0123456789abcdef")
	if l := s.leads()[0]; l.Edition == "" || len(l.Ticks) != 1 {
		t.Errorf("the lead is about %+v", l.Choices)
	}
}

func TestMistakesAreListedAndEverythingTypedStays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.post("/intake", fields("guide", "django-vs-fastapi", "project", "  ", "name", "Sämple <b>Person</b>",
		"email", "sample@example", "company", "Sample & Sons", "timeline", "soon", "budget", "some", "option", "fastapi",
		"tick", "openapi", "tick", "ready-admin", "key", "old key")).wantStatus(http.StatusUnprocessableEntity)

	page.wantText("[role=alert] h2", "Please correct 3 fields").wantText("#email-wrong", "ends before the dot")
	page.wantCount("[role=alert] a[href='#project'], [role=alert] a[href='#email'], [role=alert] a[href='#consent']", 3)
	page.wantCount("#email[aria-invalid=true][aria-describedby~=email-wrong]", 1).wantCount("[name=tick]:checked", 2)
	for selector, want := range map[string]string{
		"#name": "Sämple <b>Person</b>", "#email": "sample@example", "#company": "Sample & Sons", "#timeline": "soon",
		"#budget": "some", "[name=option]:checked": "fastapi",
	} {
		page.wantAttr(selector, "value", want)
	}
	if key := page.value("[name=key]"); key == "" || key == "old key" {
		t.Errorf("the key is %q, want a fresh one", key)
	}
	s.wantLeads(0)
}

func TestPastedEmailAddressIsCleanedOrItsMistakeIsNamed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/intake").wantCount("#email[type=text][inputmode=email][autocomplete=email][required]", 1)
	for typed, want := range map[string]string{
		"ann@[127.0.0.1]": "“[”", "ann@printer.local": "only work inside a network", "ann @example.org": "a space",
		"ann@exam\x07ple.org": "U+0007",
	} {
		s.post("/intake", request(fields("email", typed))).wantStatus(http.StatusUnprocessableEntity).
			wantText("#email-wrong", want)
	}
	s.ask("A sample project", "email", "\u202aann@b\u00fccher.example\u202c\u200b")
	s.ask("A sample project", "email", "Ann@xn--bcher-kva.example", "key", "another")
	for _, l := range s.leads() {
		if !strings.EqualFold(l.Email, "ann@bücher.example") {
			t.Errorf("%s has the address %q", l.Reference, l.Email)
		}
	}
	s.signIn(staff.Reader)
	s.get("/staff/leads/TB-0002").wantText("main", "Same sender or same text")
}

func TestLongTextIsRefusedAndShownAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	long := strings.Repeat("ü", lead.MaxProject+1)
	page := s.post("/intake", request(fields("project", long))).wantStatus(http.StatusUnprocessableEntity)
	page.wantText("#project-wrong", "20001 characters").wantExactText("#project", long)
	s.ask(long[2:])
}

func TestBodyOverTheLimitIsRefusedWithTheLimit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.post("/intake", request(fields("project", strings.Repeat("a", 1<<20)))).
		wantStatus(http.StatusRequestEntityTooLarge).wantText("main", "512 KiB")
}

func TestDamagedFormShowsWhatCouldBeRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.postBody("/intake", "name=Sample+Person&project=%zz").wantStatus(http.StatusBadRequest).
		wantAttr("#name", "value", "Sample Person")
}

// TestTypedTextIsStoredClean sends characters that cannot be stored, control characters in fields of one line, and line breaks
// of all kinds.
func TestTypedTextIsStoredClean(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for typed, stored := range map[string]string{
		"before\x00after \xff end\r\nnext": "before\uFFFDafter \uFFFD end\nnext",
		"one\r\ntwo\rthree\nfour\r\r\nsix": "one\ntwo\nthree\nfour\n\nsix",
		"one\n\ttwo":                       "one\n\ttwo",
	} {
		s.ask(typed, "name", "Sample\x1b[2J\tPerson\r\nTB-0002", "company", "\x07Sample", "timeline", "a\u009bb",
			"budget", "1\n2")
		l := s.leads()[0]
		if l.Project != stored {
			t.Errorf("%q is stored as %q, want %q", typed, l.Project, stored)
		}
		if l.Name != "Sample [2J Person TB-0002" || l.Company != "Sample" || l.Timeline != "a b" || l.Budget != "1 2" {
			t.Errorf("stored are %q, %q, %q and %q", l.Name, l.Company, l.Timeline, l.Budget)
		}
	}
}

func TestTextGivenBackIsTheSameRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	sent := request(fields("key", "one", "project", "\r\n\r\nA sample project\r\n"))
	receipt := s.send(sent)

	refused := maps.Clone(sent)
	refused.Del("consent")
	// read as a browser reads it
	back := s.post("/intake", refused).wantStatus(http.StatusUnprocessableEntity).Find("#project").Text()
	sent.Set("project", strings.ReplaceAll(back, "\n", "\r\n"))
	if again := s.send(sent); again != receipt {
		t.Errorf("the text given back is %q, and its receipt %s, want %s", back, again, receipt)
	}
}

func TestParallelPressesAreOneLead(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"with a key": "KEYKEYKEYKEYKEYKEYKEYKEYKE", "without one": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			receipts := make([]string, 100)
			atOnce(len(receipts), func(i int) {
				// A machine that is too busy says 503, and a person presses again.
				s.within(time.Minute, "an answer", func() bool {
					receipts[i] = s.post("/intake", request(fields("key", key))).location()
					return receipts[i] != ""
				})
			})
			for _, receipt := range receipts {
				if receipt == "" || receipt != receipts[0] {
					t.Fatalf("receipts %q and %q", receipts[0], receipt)
				}
			}
			s.wantLeads(1)
		})
	}
}

func TestTwoStrangersOnTheSamePageGetTwoReceipts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	first, second := s.ask("The first stranger's words"), s.ask("The second stranger's words")
	if first == second {
		t.Errorf("both have the receipt %s", first)
	}
	s.wantLeads(2)
	s.get(second).wantText("main", "The second stranger's words")
}

func TestOtherWordsUnderTheSameKeyAreOfferedAsANewRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	key := s.get("/intake?guide=django-vs-fastapi").value("[name=key]")
	s.ask("A sample project", "key", key)

	page := s.post("/intake", request(fields("key", key, "project", "Other words"))).wantStatus(http.StatusConflict)
	page.wantText("#project", "Other words").wantText("form button", "Send as a new request")
	fresh := page.value("[name=key]")
	if fresh == key || fresh == "" {
		t.Errorf("the key is %q", fresh)
	}
	s.ask("Other words", "key", fresh)
	s.wantLeads(2)
}

func TestFormsWithAKeyAreNeverCached(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	key := s.get("/intake").wantHeader("Cache-Control", "no-store").value("[name=key]")
	if again := s.get("/intake").value("[name=key]"); key == again {
		t.Errorf("two forms share the key %s", key)
	}
}

func TestTypedTextIsNeverMarkup(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const payload = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	receipt := s.ask(payload, "name", payload, "company", payload, "timeline", payload, "budget", payload)
	s.signIn(staff.Editor)
	s.get(receipt).wantText("main", payload)
	for _, page := range []answer{
		s.get(receipt), s.get("/staff/leads"), s.get("/staff/leads/TB-0001"),
		s.post("/intake", fields("name", payload, "guide", payload, "edition", payload, "tick", payload, "email", payload)),
	} {
		page.wantCount("script:not([src^='/static/']), img", 0)
	}
}

// TestFormOpenedBeforeAGuideMovedKeepsItsGuideAndTicks sends a form that names the guide by the address that it had.
func TestFormOpenedBeforeAGuideMovedKeepsItsGuideAndTicks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	edition := s.edition().Digest
	s.rename("python-web")

	s.ask("A sample project", "edition", edition)
	if l := s.leads()[0]; l.Guide == "" || l.Option != "django" || len(l.Ticks) != 1 {
		t.Errorf("the lead is about %q, %q with the ticks %v", l.Guide, l.Option, l.Ticks)
	}
	s.signIn(staff.Reader)
	s.get("/staff/leads/TB-0001/guide").wantStatus(http.StatusOK)
}
