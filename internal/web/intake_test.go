package web_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// request is a form that a prospect filled in on the guide's page.
func request(changes url.Values) url.Values {
	form := url.Values{
		"guide": {"django-vs-fastapi"}, "project": {"A sample project"}, "name": {"Sample Person"},
		"email": {"sample@example.org"}, "option": {"django"}, "tick": {"ready-admin"}, "consent": {"yes"},
	}
	maps.Copy(form, changes)
	return form
}

func TestRequestIsAnsweredWithItsReceipt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	edition := s.get("/compare/django-vs-fastapi").attr("[name=edition]", "value")

	sent := s.post("/intake", request(url.Values{"edition": {edition}})).wantStatus(http.StatusSeeOther)
	receipt := s.get(sent.header.Get("Location")).wantStatus(http.StatusOK)

	receipt.wantText("main .code", "TB-0001")
	receipt.wantText("main", "We will reply by")
	receipt.wantText("main", "A sample project")
	receipt.wantText("main", s.reason("ready-admin"))
	if place := receipt.attr("main", "data-place"); place != "held" {
		t.Errorf("place %q", place)
	}
	if strings.Contains(receipt.text("main"), "waitlist") {
		t.Error("a receipt with a place speaks of a waitlist")
	}
	if cache := receipt.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("a receipt is kept %q", cache)
	}
	l := s.leads()[0]
	if l.Edition != edition || l.Option != "django" || l.Ticks[0].ID != "ready-admin" || l.Consent != lead.Consent {
		t.Errorf("kept %+v", l)
	}
}

func TestRequestWithoutAGuideIsAGeneralOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.post("/intake", url.Values{
		"project": {"Something else"}, "name": {"Sample"}, "email": {"sample@example.org"}, "consent": {"on"},
		"option": {"cobol"},
	}).wantStatus(http.StatusSeeOther)
	if l := s.leads()[0]; l.Guide != "" || l.Option != lead.Undecided {
		t.Errorf("kept %+v", l.Choices)
	}
}

func TestUnknownEditionIsTakenAsTheCurrentOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.post("/intake", request(url.Values{"edition": {"0123456789abcdef"}})).wantStatus(http.StatusSeeOther)
	if l := s.leads()[0]; l.Edition == "" || len(l.Ticks) != 1 {
		t.Errorf("kept %+v", l.Choices)
	}
}

func TestMistakesAreNamedAndEverythingTypedStays(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	page := s.post("/intake", url.Values{
		"guide": {"django-vs-fastapi"}, "project": {"  "}, "name": {"Sämple <b>Person</b>"}, "email": {"sample@example"},
		"company": {"Sample & Sons"}, "timeline": {"soon"}, "budget": {"some"}, "option": {"fastapi"},
		"tick": {"openapi", "ready-admin"}, "key": {"old key"},
	}).wantStatus(http.StatusUnprocessableEntity)

	page.wantText("[role=alert] h2", "Please correct 3 fields")
	page.wantText("#email-wrong", "ends before the dot")
	page.wantCount("[role=alert] a[href='#project'], [role=alert] a[href='#email'], [role=alert] a[href='#consent']", 3)
	page.wantCount("#email[aria-invalid=true][aria-describedby~=email-wrong]", 1)
	for selector, want := range map[string]string{
		"#name": "Sämple <b>Person</b>", "#email": "sample@example", "#company": "Sample & Sons", "#timeline": "soon",
		"#budget":               "some",
		"[name=option]:checked": "fastapi",
	} {
		if got := page.attr(selector, "value"); got != want {
			t.Errorf("%s holds %q, want %q", selector, got, want)
		}
	}
	page.wantCount("[name=tick]:checked", 2)
	if key := page.attr("[name=key]", "value"); key == "" || key == "old key" {
		t.Errorf("the key is %q, want a fresh one", key)
	}
	if len(s.leads()) != 0 {
		t.Error("a refused form was kept")
	}
}

func TestPastedAddressIsCleanedAndTheRestIsNamed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/intake").wantCount("#email[type=text][inputmode=email][autocomplete=email][required]", 1)
	for typed, want := range map[string]string{
		"ann@[127.0.0.1]": "“[”", "ann@printer.local": "only work inside a network", "ann @example.org": "a space",
		"ann@exam\x07ple.org": "U+0007",
	} {
		page := s.post("/intake", request(url.Values{"email": {typed}})).wantStatus(http.StatusUnprocessableEntity)
		page.wantText("#email-wrong", want)
	}
	s.post("/intake", request(url.Values{"email": {"\u202aann@b\u00fccher.example\u202c\u200b"}})).wantStatus(http.StatusSeeOther)
	s.post("/intake", request(url.Values{
		"email": {"Ann@xn--bcher-kva.example"},
		"key":   {"another"},
	})).wantStatus(http.StatusSeeOther)
	for _, l := range s.leads() {
		if !strings.EqualFold(l.Email, "ann@bücher.example") {
			t.Errorf("%s keeps %q", l.Reference, l.Email)
		}
	}
	s.signIn(staff.Reader)
	s.get("/staff/leads/TB-0002").wantText("main", "Same sender or same text")
}

func TestLongTextsAreRefusedWithEverythingKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	long := strings.Repeat("ü", lead.MaxProject+1)

	page := s.post("/intake", request(url.Values{"project": {long}})).wantStatus(http.StatusUnprocessableEntity)
	page.wantText("#project-wrong", "20001 characters")
	if got := page.Find("#project").Text(); got != long {
		t.Errorf("%d bytes of %d came back", len(got), len(long))
	}
	s.post("/intake", request(url.Values{"project": {long[2:]}})).wantStatus(http.StatusSeeOther)
}

func TestBodyOverTheLimitIsToldSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.post("/intake", request(url.Values{"project": {strings.Repeat("a", 1<<20)}})).
		wantStatus(http.StatusRequestEntityTooLarge).wantText("main", "512 KiB")
}

func TestDamagedFormShowsWhatCouldBeRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := s.request(http.MethodPost, "/intake", "name=Sample+Person&project=%zz")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	page := s.do(r).wantStatus(http.StatusBadRequest)
	if name := page.attr("#name", "value"); name != "Sample Person" {
		t.Errorf("the name is %q", name)
	}
}

func TestCharactersThatCannotBeStoredAreMarkedNotRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.post("/intake", request(url.Values{"project": {"before\x00after \xff end\r\nnext"}})).wantStatus(http.StatusSeeOther)
	if got := s.leads()[0].Project; got != "before\uFFFDafter \uFFFD end\nnext" {
		t.Errorf("kept %q", got)
	}
}

func TestFieldsOfOneLineHoldNoControlCharacters(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.post("/intake", request(url.Values{
		"name": {"Sample\x1b[2J\tPerson\r\nTB-0002"}, "company": {"\x07Sample"}, "timeline": {"a\u009bb"}, "budget": {"1\n2"},
		"project": {"one\n\ttwo"},
	})).wantStatus(http.StatusSeeOther)
	l := s.leads()[0]
	if got, want := []string{l.Name, l.Company, l.Timeline, l.Budget, l.Project},
		[]string{"Sample [2J Person TB-0002", "Sample", "a b", "1 2", "one\n\ttwo"}; !slices.Equal(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
}

func TestLinesEndInOneWayHoweverTheyWereSent(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	s.post("/intake", request(url.Values{"project": {"one\r\ntwo\rthree\nfour\r\r\nsix"}})).wantStatus(http.StatusSeeOther)
	if got := s.leads()[0].Project; got != "one\ntwo\nthree\nfour\n\nsix" {
		t.Errorf("kept %q", got)
	}
}

func TestTextGivenBackIsTheSameRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	sent := request(url.Values{"key": {"one"}, "project": {"\r\n\r\nA sample project\r\n"}})
	receipt := s.post("/intake", sent).wantStatus(http.StatusSeeOther).header.Get("Location")

	refused := maps.Clone(sent)
	refused.Del("consent")
	// read as a browser reads it
	back := s.post("/intake", refused).wantStatus(http.StatusUnprocessableEntity).Find("#project").Text()
	sent.Set("project", strings.ReplaceAll(back, "\n", "\r\n"))
	if again := s.post("/intake", sent).wantStatus(http.StatusSeeOther).header.Get("Location"); again != receipt {
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
			var wait sync.WaitGroup
			for i := range receipts {
				wait.Go(func() {
					// A machine that is too busy says 503, and a person presses again.
					s.within(time.Minute, "an answer", func() bool {
						receipts[i] = s.post("/intake", request(url.Values{"key": {key}})).header.Get("Location")
						return receipts[i] != ""
					})
				})
			}
			wait.Wait()
			for _, receipt := range receipts {
				if receipt == "" || receipt != receipts[0] {
					t.Fatalf("receipts %q and %q", receipts[0], receipt)
				}
			}
			if n := len(s.leads()); n != 1 {
				t.Errorf("%d leads, want 1", n)
			}
		})
	}
}

func TestTwoStrangersOnTheSamePageGetTwoReceipts(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	first := s.post("/intake", request(url.Values{"project": {"The first stranger's words"}})).header.Get("Location")
	second := s.post("/intake", request(url.Values{"project": {"The second stranger's words"}})).header.Get("Location")
	if first == second || len(s.leads()) != 2 {
		t.Errorf("receipts %s and %s, %d leads", first, second, len(s.leads()))
	}
	s.get(second).wantText("main", "The second stranger's words")
}

func TestOtherWordsUnderTheSameKeyAreOfferedAsANewRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	key := s.get("/intake?guide=django-vs-fastapi").attr("[name=key]", "value")
	s.post("/intake", request(url.Values{"key": {key}})).wantStatus(http.StatusSeeOther)

	page := s.post("/intake", request(url.Values{"key": {key}, "project": {"Other words"}})).wantStatus(http.StatusConflict)
	page.wantText("#project", "Other words")
	page.wantText("form button", "Send as a new request")
	fresh := page.attr("[name=key]", "value")
	if fresh == key || fresh == "" {
		t.Errorf("the key is %q", fresh)
	}
	s.post("/intake", request(url.Values{"key": {fresh}, "project": {"Other words"}})).wantStatus(http.StatusSeeOther)
	if n := len(s.leads()); n != 2 {
		t.Errorf("%d leads, want 2", n)
	}
}

func TestFormsWithAKeyAreNeverCached(t *testing.T) {
	t.Parallel()
	s := newSite(t)

	first, second := s.get("/intake"), s.get("/intake")
	if first.attr("[name=key]", "value") == second.attr("[name=key]", "value") {
		t.Error("two forms share a key")
	}
	if cache := first.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("kept %q", cache)
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)

	for _, path := range []string{
		"/intake", "/staff/sign-in", "/staff/sign-out", "/staff/leads/TB-0001/status",
		"/staff/setup/guess",
	} {
		for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://other.example"} {
			r := s.request(http.MethodPost, path, request(nil).Encode())
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(header, value)
			if a := s.do(r); a.status != http.StatusForbidden {
				t.Errorf("%s with %s: %d", path, header, a.status)
			}
		}
	}
	if len(s.leads()) != 0 {
		t.Error("a lead was kept")
	}
}

func TestWhatIsTypedIsTextNeverMarkup(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	payload := `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	all := url.Values{}
	for _, field := range []string{"project", "name", "company", "timeline", "budget"} {
		all.Set(field, payload)
	}
	receipt := s.post("/intake", request(all)).wantStatus(http.StatusSeeOther).header.Get("Location")
	s.signIn(staff.Editor)

	pages := []answer{
		s.get(receipt), s.get("/staff/leads"), s.get("/staff/leads/TB-0001"),
		s.post("/intake", url.Values{
			"name": {payload}, "guide": {payload}, "edition": {payload}, "tick": {payload},
			"email": {payload},
		}),
	}
	for _, page := range pages {
		page.wantCount("script:not([src^='/static/']), img", 0)
	}
	pages[0].wantText("main", payload)
}

func TestTypedWordsAndSecretsStayOutOfTheLog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.post("/intake", request(url.Values{"project": {"CANARY"}, "key": {"CANARYKEY"}})).header.Get("Location")
	s.get(receipt)
	s.get("/intake?project=CANARY")

	log := s.log.String()
	for _, word := range []string{"CANARY", "sample@example.org", strings.TrimPrefix(receipt, "/requests/"), "127.0.0.1"} {
		if strings.Contains(log, word) {
			t.Errorf("the log holds %q", word)
		}
	}
	if !strings.Contains(log, "route=/requests/{token}") {
		t.Errorf("the log names no route: %s", log)
	}
}

func (s *site) leads() []lead.Lead {
	s.t.Helper()
	return pgtest.Leads(s.t, s.db)
}

// act posts what the member does to the lead, having seen it as it stands.
func (s *site) act(reference, noun string, form url.Values) answer {
	s.t.Helper()
	form.Set("seen", s.get("/staff/leads/"+reference).attr("input[name=seen]", "value"))
	return s.post("/staff/leads/"+reference+noun, form)
}

// TestFormOpenedBeforeAGuideMovedKeepsItsGuideAndTicks sends a form that names the guide by the address that it had.
func TestFormOpenedBeforeAGuideMovedKeepsItsGuideAndTicks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	e := s.edition()
	g := e.Guide
	g.Slug, g.Formerly = "python-web", []string{"django-vs-fastapi"}
	s.publish(g)

	s.ask("A sample project", url.Values{
		"guide": {"django-vs-fastapi"}, "edition": {e.Digest}, "option": {"django"}, "tick": {"ready-admin"},
	})
	l, err := s.db.LeadByReference(context.Background(), "TB-0001")
	if err != nil || l.Guide == "" || l.Option != "django" || len(l.Ticks) != 1 {
		t.Errorf("the lead is about %q, %q with the ticks %v (%v)", l.Guide, l.Option, l.Ticks, err)
	}
	s.signIn(staff.Reader)
	s.get("/staff/leads/TB-0001/guide").wantStatus(http.StatusOK)
}
