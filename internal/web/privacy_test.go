package web_test

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

const canary = "c4n4ry"

// canaries is a request with a canary in every field that people see, changed.
func canaries(changes url.Values) url.Values {
	form := request(nil)
	for _, field := range []string{"project", "name", "company", "timeline", "budget"} {
		form.Set(field, canary+"-"+field)
	}
	form.Set("email", canary+"@example.org")
	maps.Copy(form, changes)
	return form
}

func TestWhatIsTypedStandsInContentsAndMailOnlyAndNowhereOnceErased(t *testing.T) {
	t.Parallel()
	for how, erase := range map[string]func(s *site, receipt, reference string) answer{
		"by the prospect": func(s *site, receipt, _ string) answer { return s.post(receipt+"/erasure", nil) },
		"by an admin":     func(s *site, _, reference string) answer { return s.post("/staff/leads/"+reference+"/erasure", nil) },
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			address := pgtest.NewURL(t)
			s, box := siteOn(t, pgtest.Open(t, address)), mailtest.New(t)
			s.signIn(staff.Admin)
			receipt, suspect := s.typeEverywhere()
			s.breakRules(address)
			s.sendAgainstRefusals(address, box)
			if tables := pgtest.TablesWith(t, address, canary); !slices.Equal(tables,
				[]string{"lead_contents", "lead_notes", "replies", "reply_drafts", "team_notes"}) {
				t.Errorf("what is typed stands in %v", tables)
			}

			s.whileAMailIsOnItsWay(address, box, receipt, func() {
				erase(s, receipt, "TB-0001").wantStatus(http.StatusSeeOther)
				erase(s, suspect, "TB-0002").wantStatus(http.StatusSeeOther)
			})
			if tables := pgtest.TablesWith(t, address, canary); len(tables) > 0 {
				t.Errorf("after erasure it stands in %v", tables)
			}
			for where, text := range map[string]string{
				"log": s.log.String(), "log of PostgreSQL": pgtest.ServerLog(t), "counts": s.counts(),
				"address": receipt + suspect,
			} {
				if strings.Contains(text, canary) {
					t.Errorf("the %s holds what is typed", where)
				}
			}
			s.wantErased(receipt)
		})
	}
}

// typeEverywhere sends canaries by all ways on which people and programs send something, and returns the receipts of a
// lead with a note and of a suspect.
func (s *site) typeEverywhere() (receipt, suspect string) {
	s.t.Helper()
	receipt = s.post("/intake", canaries(nil)).wantStatus(http.StatusSeeOther).header.Get("Location")
	s.post(receipt+"/notes", url.Values{"note": {canary}}).wantStatus(http.StatusSeeOther)
	s.post("/staff/templates", url.Values{"name": {"Filled in"}, "text": {"{name} {company}"}}).wantStatus(http.StatusSeeOther)
	filled := s.get("/staff/leads/TB-0001?template=1").text("textarea[name=reply]")
	s.act("TB-0001", "/reply", url.Values{"reply": {filled}}).wantStatus(http.StatusSeeOther)
	s.post("/staff/leads/TB-0001/draft", url.Values{"reply": {canary}}).wantStatus(http.StatusNoContent)
	s.act("TB-0001", "/team-notes", url.Values{"note": {canary}}).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads?tab=all&q="+canary).wantText("main", canary)
	s.post("/staff/leads/views", url.Values{"name": {"Found"}, "query": {"q=" + canary}}).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0001").wantText("main", canary)
	hidden := url.Values{}
	for _, field := range []string{"website", "key", "stamp", "guide", "edition", "option", "tick"} {
		hidden.Set(field, canary)
	}
	suspect = s.post("/intake", canaries(hidden)).wantStatus(http.StatusSeeOther).header.Get("Location")
	s.post("/intake", url.Values{"name": {canary}, "email": {canary}}).wantStatus(http.StatusUnprocessableEntity)
	s.post("/staff/sign-in", url.Values{"email": {canary}, "password": {canary}}).wantStatus(http.StatusUnprocessableEntity)
	s.post("/staff/reset", url.Values{"email": {canary + "@example.org"}}).wantStatus(http.StatusOK)
	s.get("/staff/leads/" + canary).wantStatus(http.StatusNotFound)
	s.get("/staff/audit?reference=" + canary).wantStatus(http.StatusOK)
	s.get("/intake?project=" + canary).wantStatus(http.StatusOK)
	s.get("/search?q=" + canary).wantStatus(http.StatusOK)
	return receipt, suspect
}

// breakRules has PostgreSQL refuse a row for what was typed, which its error then quotes.
func (s *site) breakRules(address string) {
	s.t.Helper()
	s.exec(address, `ALTER TABLE lead_contents ADD CONSTRAINT no_canary CHECK (name = '') NOT VALID`)
	s.post("/intake", canaries(url.Values{"key": {"refused"}})).wantStatus(http.StatusInternalServerError)
	s.exec(address, `ALTER TABLE lead_contents DROP CONSTRAINT no_canary`)
	for where, log := range map[string]string{"site": s.log.String(), "server": pgtest.ServerLog(s.t)} {
		if !strings.Contains(log, "no_canary") {
			s.t.Errorf("the %s logs nothing of the refusal", where)
		}
	}
}

func (s *site) exec(address, sql string) {
	s.t.Helper()
	if err := pgtest.Exec(s.t, address, sql); err != nil {
		s.t.Fatal(err)
	}
}

// mailed bounds what a test waits for: more than the longest wait between the attempts that it sees.
const mailed = 40 * time.Second

const noJobs = `NOT EXISTS (SELECT FROM river_job WHERE finalized_at IS NULL)`

// sendAgainstRefusals has the mails go out after the mail server has refused them, naming whom they are for, and the
// database has refused to note that, so that the queue kept an error.
func (s *site) sendAgainstRefusals(address string, box *mailtest.Mailbox) {
	s.t.Helper()
	box.Set(mailtest.Says550)
	s.exec(address, `ALTER TABLE deliveries ADD CONSTRAINT no_problem CHECK (problem = '')`)
	s.deliver(box)
	pgtest.Await(s.t, address, mailed, `EXISTS (SELECT FROM river_job WHERE errors::text LIKE '%no_problem%')`)
	s.exec(address, `ALTER TABLE deliveries DROP CONSTRAINT no_problem`)
	pgtest.Await(s.t, address, mailed, `EXISTS (SELECT FROM deliveries WHERE code = 550) AND NOT EXISTS (SELECT FROM deliveries WHERE state = 'waiting')`)
	box.Set(mailtest.Takes)
	s.post("/staff/deliveries/attempts", nil).wantStatus(http.StatusSeeOther)
	pgtest.Await(s.t, address, mailed, noJobs)
	told := map[string]string{}
	for _, letter := range box.Got() {
		told[letter.To[0]] += strings.ReplaceAll(letter.Text, "=\r\n", "")
	}
	if told[canary+"@example.org"] == "" || !strings.Contains(told["member@example.org"], canary+"-project") {
		s.t.Errorf("sent was %v", told)
	}
}

// whileAMailIsOnItsWay erases everything in the middle of a conversation with the mail server, which then breaks off.
func (s *site) whileAMailIsOnItsWay(address string, box *mailtest.Mailbox, receipt string, erase func()) {
	s.t.Helper()
	took, began := len(box.Got()), box.Conversations()
	box.Set(mailtest.Hangs)
	s.post(receipt+"/notes", url.Values{"note": {canary + " again"}}).wantStatus(http.StatusSeeOther)
	s.within(mailed, "a mail is on its way", func() bool { return box.Conversations() > began })
	erase()
	box.Set(mailtest.Takes)
	pgtest.Await(s.t, address, mailed, noJobs)
	if n := len(box.Got()) - took; n > 0 {
		s.t.Errorf("%d mails went out after the erasure", n)
	}
}

// deliver sends the site's mails to the box until the test ends.
func (s *site) deliver(box *mailtest.Mailbox) {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	service, err := mail.New(ctx, mail.Config{
		DB: s.db, BaseURL: &url.URL{Scheme: "https", Host: "guides.example.org"}, SMTP: "smtp://" + box.Address,
		From: "tiebreak@guides.example.org", Log: slog.New(slog.NewTextHandler(s.log, nil)),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { service.Run(ctx); close(done) }()
	s.t.Cleanup(func() { stop(); <-done })
}

// wantErased checks what prospect and staff see of an erased lead.
func (s *site) wantErased(receipt string) {
	s.t.Helper()
	gone := s.get(receipt).wantStatus(http.StatusOK)
	gone.wantText("h1", "Your request is erased.")
	gone.wantCount("main form", 0)
	s.get("/staff/leads?tab=all").wantText("tbody", "Erased")
	s.get("/staff/leads/TB-0001").wantText(".steps", "rased")
	s.post(receipt+"/erasure", nil).wantStatus(http.StatusSeeOther)
	s.post(receipt+"/notes", url.Values{"note": {"more"}}).wantStatus(http.StatusConflict)
}

func TestErasureIsForAdminsAndFreesThePlace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.post("/intake", request(nil)).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads/TB-0001").wantCount("form[action$='/erasure']", 0)
	s.post("/staff/leads/TB-0001/erasure", nil).wantStatus(http.StatusForbidden)
	if l := s.leads()[0]; l.Name == "" || l.Place != "held" {
		t.Errorf("the lead is %+v", l)
	}
	s.post("/requests/"+s.leads()[0].Token+"/erasure", nil).wantStatus(http.StatusSeeOther)
	if l := s.leads()[0]; l.Place != "none" || l.Status != "erased" {
		t.Errorf("the lead is %s and has %s", l.Status, l.Place)
	}
	s.post("/requests/GUESS/erasure", nil).wantStatus(http.StatusNotFound)
}
