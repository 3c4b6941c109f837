package web_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// honest is how long a reader waits at most for the truth about an outage.
const honest = 5 * time.Second

func TestNothingTypedIsLostWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	folder, err := pgtest.Folder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	cluster := pgtest.Start(t, folder)
	db := pgtest.Open(t, cluster.URL())
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := siteOn(t, db)
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	receipt := s.post("/intake", request(url.Values{"email": {"earlier@example.org"}})).header.Get("Location")
	s.signIn(staff.Editor)
	seen := s.get("/staff/leads/TB-0001").attr("[name=seen]", "value")
	form := request(url.Values{"key": {"KEYKEYKEYKEYKEYKEYKEYKEYKE"}, "company": {"Sample & Sons"}})

	if err := cluster.Close(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	page := s.post("/intake", form).wantStatus(http.StatusServiceUnavailable)
	if waited := time.Since(began); waited > honest {
		t.Errorf("the answer took %v", waited)
	}
	if page.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	page.wantText("[role=alert]", "Everything you typed is still below")
	page.wantText("#project", "A sample project")
	again := page.filledIn()
	for field, values := range form {
		if again.Get(field) != values[0] {
			t.Errorf("%s holds %q, want %q", field, again.Get(field), values[0])
		}
	}
	s.get("/compare/django-vs-fastapi").wantStatus(http.StatusOK)
	s.get("/compare/django-vs-fastapi?tick=ready-admin").wantStatus(http.StatusOK)
	s.get("/compare/nobody-vs-read-it").wantStatus(http.StatusServiceUnavailable)
	s.get("/readyz").wantStatus(http.StatusServiceUnavailable)
	s.get("/livez").wantStatus(http.StatusOK)

	note := url.Values{"note": {"What I forgot"}, "key": {"NOTE"}}
	kept := s.post(receipt+"/notes", note).wantStatus(http.StatusServiceUnavailable)
	kept.wantText("#note", "What I forgot")
	reply := s.post("/staff/leads/TB-0001/reply",
		url.Values{"reply": {"Hello"}, "seen": {seen}, "key": {"REPLY"}, "do": {"send"}}).
		wantStatus(http.StatusServiceUnavailable)

	pgtest.Start(t, folder)
	action, words := reply.given()
	s.post(action, words).wantStatus(http.StatusSeeOther)
	for range 2 {
		s.post(kept.attr("form", "action"), url.Values{"note": {kept.text("#note")}, "key": {kept.attr("[name=key]", "value")}}).
			wantStatus(http.StatusSeeOther)
	}
	s.get(receipt).wantCount(".list .quote", 1)
	s.post("/intake", again).wantStatus(http.StatusSeeOther)
	s.post("/intake", again).wantStatus(http.StatusSeeOther)
	if s.replies() != 1 {
		t.Error("the reply was not sent")
	}
	if n := len(s.leads()); n != 2 {
		t.Errorf("%d leads, want the earlier one and this", n)
	}
}

// filledIn is the intake form on the page as a browser would send it.
func (a answer) filledIn() url.Values {
	form := url.Values{}
	a.Find("form[action='/intake']").Find("input, textarea").Each(func(_ int, field *goquery.Selection) {
		name, kind := field.AttrOr("name", ""), field.AttrOr("type", "")
		_, checked := field.Attr("checked")
		switch {
		case field.Is("textarea"):
			form.Add(name, field.Text())
		case kind != "checkbox" && kind != "radio" || checked:
			form.Add(name, field.AttrOr("value", ""))
		}
	})
	return form
}
