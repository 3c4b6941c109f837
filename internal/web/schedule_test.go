package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/starter"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// Forms of the outline.
const (
	publishForm  = "form[action$='/publication']"
	scheduleForm = "form[action$='/publication']:has([name=at])"
	cancelForm   = "form[action$='/schedule/removal']"
	removalForm  = "form[action$='/publication/removal']"
	addressForm  = "form[action$='/address']"
)

// hence returns the time after now as a member types it on a site in UTC.
func hence(d time.Duration) string { return time.Now().Add(d).UTC().Format("2006-01-02T15:04") }

// schedule changes the headline of the draft and schedules it for in a day.
func (s *site) schedule(headline string) {
	s.t.Helper()
	s.mustEdit(djangoDraft+"/verdict", "headline", headline)
	s.press(djangoDraft, scheduleForm, "at", hence(24*time.Hour)).wantText("main [role=status]", "Scheduled")
}

// headline returns the headline that visitors read.
func (s *site) headline() string {
	s.t.Helper()
	return s.edition().Guide.Verdict.Headline
}

func TestScheduledGuideIsPublishedOnceByInstancesThatSweepAtOnce(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.schedule("The scheduled headline")
	s.get("/staff/guides").wantText("tbody", "Scheduled for")
	s.mustEdit(djangoDraft+"/verdict", "headline", "A later headline")
	s.get(djangoDraft).wantText("#schedule", "Version 2 will be published on", "Sample Member", "The draft changed since")
	s.sweep()
	if got := s.headline(); strings.Contains(got, "scheduled") {
		t.Fatal("it was published before its time")
	}

	one := s.later("25 hours")
	instances := []*site{one, one.instance(), one.instance()}
	one.get("/compare/django-vs-fastapi").wantNoText("main", "The scheduled headline")
	atOnce(len(instances), func(i int) {
		if err := instances[i].db.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
	})
	for _, other := range instances {
		other.within(noticed, "the page is shown", func() bool {
			return strings.Contains(other.get("/compare/django-vs-fastapi").text("main"), "The scheduled headline")
		})
	}
	s.wantEntries(staff.GuidePublished, 1)
	if e := s.edition(); e.Revision != 2 {
		t.Errorf("revision %d is published", e.Revision)
	}
	s.mustSignInAgain(one)
	one.get(djangoDraft).wantCount("#schedule", 0).wantText("#versions", "published", "Sample Member")
	if got := one.draft().Verdict.Headline; got != "A later headline" {
		t.Errorf("the draft says %q", got)
	}
}

// mustSignInAgain signs in at an instance for which the session is too old.
func (s *site) mustSignInAgain(later *site) {
	s.t.Helper()
	if !later.isIn() {
		later.mustSignIn(memberEmail)
	}
}

func TestPublicationThatAKilledInstanceBeganHappensOnce(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.schedule("The scheduled headline")
	one := s.later("25 hours")
	// The publication waits at its last statement, and then the connection that made it is cut.
	s.sql(`
		CREATE FUNCTION wait_at_end() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN OLD; END $$;
		CREATE TRIGGER waits AFTER DELETE ON guide_schedules FOR EACH ROW EXECUTE FUNCTION wait_at_end()`)
	release := pgtest.Hold(t, s.address, 4711)
	ended := make(chan error, 1)
	go func() { ended <- one.db.Sweep(context.WithoutCancel(t.Context())) }()
	const waiting = `FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted`
	s.await(10*time.Second, `EXISTS (SELECT `+waiting+`)`)
	s.sql(`SELECT pg_terminate_backend(pid) ` + waiting)
	release()
	if err := <-ended; err == nil {
		t.Error("the sweep that was cut reports no error")
	}
	s.wantEntries(staff.GuidePublished, 0)
	one.instance().sweep()
	if got := s.headline(); got != "The scheduled headline" {
		t.Errorf("visitors read %q", got)
	}
	s.wantEntries(staff.GuidePublished, 1)
}

func TestWrongTimesAreGivenBack(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.sql(`UPDATE promise SET time_zone = 'Europe/Paris'`)
	s.server().Refresh(t.Context())
	s.mustEdit(djangoDraft+"/verdict", "headline", "Another headline")
	paris, err := time.LoadLocation("Europe/Paris")
	noError(t, err)
	now := time.Now().In(paris).Format("Mon 2 Jan 2006, ")
	for at, says := range map[string]string{
		"": "Enter a date and a time", "tomorrow": "Enter a date and a time", "2020-01-01T09:00": "has passed: it is now " + now,
		"2199-03-31T02:30": "does not exist", "2199-10-27T02:30": "comes twice",
	} {
		form := s.get(djangoDraft).form(scheduleForm)
		form.Set("at", at)
		a := s.post(djangoDraft+"/publication", form).wantStatus(http.StatusUnprocessableEntity)
		a.wantText("#at-wrong", says).wantCount("[role=alert] a[href='#at']", 1).wantCount("details[open] #at", 1)
		if got := a.value("#at"); got != at {
			t.Errorf("%q became %q", at, got)
		}
	}
	s.wantEntries(staff.GuidePublished, 0)
	s.wantEntries(staff.GuideScheduled, 0)
}

func TestCancelledScheduleIsNotPublished(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.schedule("The scheduled headline")
	s.press(djangoDraft, cancelForm).wantText("main [role=status]", "Nothing is scheduled")
	s.get(djangoDraft).wantCount("#schedule", 0).wantCount(publishForm, 2)
	s.wantAudit("guide-schedule-cancelled guide 2", "guide-scheduled guide 2", "guide-edited guide 2")
	s.later("25 hours").sweep()
	s.wantEntries(staff.GuidePublished, 0)
	if got := s.draft().Verdict.Headline; got != "The scheduled headline" {
		t.Errorf("the draft says %q", got)
	}
}

func TestScheduleStopsAtWhatTheCheckRefusesAndSaysWhy(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.schedule("The scheduled headline")
	s.sql(`ALTER TABLE facts DISABLE TRIGGER ALL; DELETE FROM facts WHERE key = 'admin'`)
	s.later("25 hours").sweep()
	if got := s.headline(); got == "The scheduled headline" {
		t.Error("what the check refuses was published")
	}
	s.get(djangoDraft).wantText("#schedule", "Not published as scheduled", "Sample Member", "admin")
	s.get("/staff/guides").wantText("tbody", "Not published as scheduled")
	s.press(djangoDraft, cancelForm)
	s.get(djangoDraft).wantCount("#schedule", 0)
}

func TestScheduleStopsIfAnotherVersionWasPublishedFirst(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.schedule("The scheduled headline")
	folder, err := starter.Folder()
	noError(t, err)
	g := folder.Guides[slices.IndexFunc(folder.Guides, func(g guide.Guide) bool { return g.Slug == "django-vs-fastapi" })]
	g.Call.Heading = "From a file"
	s.publish(g)
	s.get(djangoDraft).wantText("#schedule", "Another version was published first")
	s.get("/staff/guides").wantText("tbody", "Another version was published first")
	s.later("25 hours").sweep()
	if g := s.edition().Guide; g.Call.Heading != "From a file" || g.Verdict.Headline == "The scheduled headline" {
		t.Errorf("published: %q, %q", g.Call.Heading, g.Verdict.Headline)
	}
	s.get(djangoDraft).wantText("#schedule", "Another version was published first")
}

func TestFactsThatChangeAfterSchedulingAreUnderReviewOnThePublishedPage(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.schedule("The scheduled headline")
	s.change("admin", func(f *guide.Fact) { f.Value = "Something new" })
	later := s.later("25 hours")
	later.sweep()
	e := later.edition()
	if e.Guide.Verdict.Headline != "The scheduled headline" || len(e.UnderReview) != 1 || e.UnderReview[0] != "django/admin" {
		t.Errorf("published %q, under review %v", e.Guide.Verdict.Headline, e.UnderReview)
	}
	later.change("licence", func(f *guide.Fact) { f.Value = "Another licence" })
	if e := later.edition(); len(e.UnderReview) < 1 || e.UnderReview[0] != "django/admin" {
		t.Errorf("under review after another change: %v", e.UnderReview)
	}
}

func TestRestoredBackupPublishesNothingByItself(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.schedule("The scheduled headline")
	if _, err := s.db.PrepareRestored(t.Context()); err != nil {
		t.Fatal(err)
	}
	later := s.later("25 hours")
	later.sweep()
	if got := s.headline(); got == "The scheduled headline" {
		t.Error("it was published")
	}
	guides, err := s.db.EveryGuide(t.Context())
	noError(t, err)
	if !hasProblem(guides, "restored from a backup") {
		t.Error("the list does not say why")
	}
}

func hasProblem(guides []postgres.Listed, words string) bool {
	for _, g := range guides {
		if strings.Contains(g.Problem, words) {
			return true
		}
	}
	return false
}
