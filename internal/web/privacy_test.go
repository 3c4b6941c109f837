package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

const canary = "c4n4ry"

// canaries returns a request with a canary in every field that people see, and in the others that are given.
func canaries(others ...string) url.Values {
	form := request(fields("email", canary+"@example.org"))
	for _, field := range append(others, "project", "name", "company", "timeline", "budget") {
		form.Set(field, canary+"-"+field)
	}
	return form
}

func TestTypedTextStandsInContentsAndMailOnlyAndNowhereOnceErased(t *testing.T) {
	t.Parallel()
	for how, erase := range map[string]func(s *site, receipt, reference string) answer{
		"by the prospect": func(s *site, receipt, _ string) answer { return s.post(receipt+"/erasure", nil) },
		"by an admin":     func(s *site, _, reference string) answer { return s.post("/staff/leads/"+reference+"/erasure", nil) },
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s, box := signedIn(t, staff.Admin), mailtest.New(t)
			receipt, suspect := s.typeEverywhere()
			s.breakRules()
			s.sendAgainstRefusals(box)
			s.wantTables(canary, "follow_ups", "lead_contents", "messages", "reply_drafts")

			s.whileAMailIsOnItsWay(box, receipt, func() {
				erase(s, receipt, "TB-0001").wantStatus(http.StatusSeeOther)
				erase(s, suspect, "TB-0002").wantStatus(http.StatusSeeOther)
			})
			s.wantTables(canary)
			for where, text := range map[string]string{
				"log of PostgreSQL": pgtest.ServerLog(t), "counts": s.counts(), "address": receipt + suspect,
			} {
				if strings.Contains(text, canary) {
					t.Errorf("the %s holds what is typed", where)
				}
			}
			for _, secret := range []string{canary, strings.TrimPrefix(receipt, "/requests/"), "127.0.0.1"} {
				s.wantLogged(secret, 0)
			}
			if !strings.Contains(s.log.String(), "route=/requests/{token}") {
				t.Error("the log names no route")
			}
			s.wantErased(receipt)
		})
	}
}

// typeEverywhere sends canaries by all ways on which people and programs send something, and returns the receipts of a
// lead with a note and of a suspect.
func (s *site) typeEverywhere() (receipt, suspect string) {
	s.t.Helper()
	receipt = s.correctEmail(s.correctEmail(s.send(canaries()), canary+"-wrong@example.org"), canary+"@example.org")
	s.mustPost(receipt+"/notes", "note", canary)
	s.mustPost("/staff/templates", "name", "Filled in", "text", "{name} {company}")
	filled := s.get("/staff/leads/TB-0001?template=1").text("textarea[name=reply]")
	s.mustAct("TB-0001", "/reply", "reply", filled)
	s.post("/staff/leads/TB-0001/draft", fields("reply", canary)).wantStatus(http.StatusNoContent)
	s.mustAct("TB-0001", "/team-notes", "note", canary)
	s.mustAct("TB-0001", "/follow-up", "on", dayFromNow(2), "note", canary)
	s.mustAct("TB-0001", "/calls", "text", canary)
	s.mustPost(receipt+"/notes", "note", canary+" after the reply")
	for _, act := range []string{"/lead", "/removal"} { // an email that is added to the lead, and one that is dismissed
		s.arrives(lead.Message{
			Text: canary, Quoted: canary, Subject: canary, SenderName: canary, SenderAddress: canary + "@example.org",
			MessageID: canary + "@example.org", Parts: []lead.Part{{Name: canary, Type: "text/" + canary}},
		})
		s.mustPost(s.get("/staff/inbox").wantText("tbody", canary).attr("tbody a", "href")+act, "reference", "TB-0001")
	}
	s.get("/staff/leads?tab=all&q="+canary).wantText("main", canary)
	s.mustPost("/staff/leads/views", "name", "Found", "query", "q="+canary)
	s.get("/staff/leads/TB-0001").wantText("main", canary)
	if file := s.body("/staff/leads.json?tab=all"); !strings.Contains(file, canary+" after the reply") {
		s.t.Errorf("the export says\n%s", file)
	}
	suspect = s.send(canaries("website", "key", "stamp", "guide", "edition", "option", "tick"))
	s.post("/intake", fields("name", canary, "email", canary)).wantStatus(http.StatusUnprocessableEntity)
	s.post("/staff/sign-in", fields("email", canary, "password", canary)).wantStatus(http.StatusUnprocessableEntity)
	s.post("/staff/reset", fields("email", canary+"@example.org")).wantStatus(http.StatusOK)
	s.get("/staff/leads/" + canary).wantStatus(http.StatusNotFound)
	s.get("/staff/audit?reference=" + canary).wantStatus(http.StatusOK)
	s.get("/intake?project=" + canary).wantStatus(http.StatusOK)
	s.get("/search?q=" + canary).wantStatus(http.StatusOK)
	return receipt, suspect
}

// breakRules has PostgreSQL refuse a row for what was typed, which its error then quotes.
func (s *site) breakRules() {
	s.t.Helper()
	s.sql(`ALTER TABLE lead_contents ADD CONSTRAINT no_canary CHECK (name = '') NOT VALID`)
	refused := canaries()
	refused.Set("key", "refused")
	s.post("/intake", refused).wantStatus(http.StatusInternalServerError)
	s.sql(`ALTER TABLE lead_contents DROP CONSTRAINT no_canary`)
	for where, log := range map[string]string{"site": s.log.String(), "server": pgtest.ServerLog(s.t)} {
		if !strings.Contains(log, "no_canary") {
			s.t.Errorf("the %s logs nothing of the refusal", where)
		}
	}
}

// mailed bounds what a test waits for: more than the longest wait between the attempts that it sees.
const mailed = 40 * time.Second

const noJobs = `NOT EXISTS (SELECT FROM river_job WHERE finalized_at IS NULL)`

// sendAgainstRefusals has the mails go out after the mail server has refused them, naming whom they are for, and the
// database has refused to note that, so that the queue kept an error.
func (s *site) sendAgainstRefusals(box *mailtest.Mailbox) {
	s.t.Helper()
	box.Set(mailtest.Says550)
	s.sql(`ALTER TABLE deliveries ADD CONSTRAINT no_problem CHECK (problem = '')`)
	s.deliver(box)
	s.await(mailed, `EXISTS (SELECT FROM river_job WHERE errors::text LIKE '%no_problem%')`)
	s.sql(`ALTER TABLE deliveries DROP CONSTRAINT no_problem`)
	s.await(mailed, `EXISTS (SELECT FROM deliveries WHERE code = 550)
		AND NOT EXISTS (SELECT FROM deliveries WHERE state = 'waiting')`)
	box.Set(mailtest.Takes)
	s.mustPost("/staff/deliveries/attempts")
	s.await(mailed, noJobs)
	sent := map[string]string{}
	for _, mail := range box.Got() {
		sent[mail.To[0]] += strings.ReplaceAll(mail.Text, "=\r\n", "")
	}
	if sent[canary+"@example.org"] == "" || !strings.Contains(sent[memberEmail], canary+"-project") {
		s.t.Errorf("sent was %v", sent)
	}
}

// whileAMailIsOnItsWay erases everything in the middle of a conversation with the mail server, which then breaks off.
func (s *site) whileAMailIsOnItsWay(box *mailtest.Mailbox, receipt string, erase func()) {
	s.t.Helper()
	took, began := len(box.Got()), box.Conversations()
	box.Set(mailtest.Hangs)
	s.mustPost(receipt+"/notes", "note", canary+" again")
	s.within(mailed, "a mail is on its way", func() bool { return box.Conversations() > began })
	erase()
	box.Set(mailtest.Takes)
	s.await(mailed, noJobs)
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
	noError(s.t, err)
	done := make(chan struct{})
	go func() { service.Run(ctx); close(done) }()
	s.t.Cleanup(func() { stop(); <-done })
}

// wantErased checks what prospect and staff see of an erased lead.
func (s *site) wantErased(receipt string) {
	s.t.Helper()
	s.get(receipt).wantStatus(http.StatusOK).wantText("h1", "Your request is erased.").wantCount("main form", 0)
	s.get("/staff/leads?tab=all").wantText("tbody", "Erased")
	s.get("/staff/leads/TB-0001").wantText(".thread", "rased")
	if file := s.body("/staff/leads.json?tab=all"); strings.Contains(file, canary) || !strings.Contains(file, `"erased"`) {
		s.t.Errorf("the export says\n%s", file)
	}
	s.mustPost(receipt + "/erasure")
	s.post(receipt+"/notes", fields("note", "more")).wantStatus(http.StatusConflict)
}

func TestErasureIsForAdminsAndFreesThePlace(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	s.get("/staff/leads/TB-0001").wantCount("form[action$='/erasure']", 0)
	s.post("/staff/leads/TB-0001/erasure", nil).wantStatus(http.StatusForbidden)
	if l := s.leads()[0]; l.Name == "" || l.Place != "held" {
		t.Errorf("the lead is %+v", l)
	}
	s.mustPost("/requests/" + s.leads()[0].Token + "/erasure")
	if l := s.leads()[0]; l.Place != "none" || l.Status != "erased" {
		t.Errorf("the lead is %s and has the place %s", l.Status, l.Place)
	}
	s.post("/requests/GUESS/erasure", nil).wantStatus(http.StatusNotFound)
}
