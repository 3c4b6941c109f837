package postgres_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// followUp has the member plan a follow-up of the lead, so many days from today in site time.
func followUp(t *testing.T, db *postgres.DB, reference string, member int64, days int) time.Time {
	t.Helper()
	on := settings(t, db).Today.Day.AddDate(0, 0, days)
	f := lead.FollowUp{On: on, Note: "Ask about the budget"}
	if err := db.SetFollowUp(t.Context(), pgtest.Act(t, db, reference, member), f); err != nil {
		t.Fatal(err)
	}
	return on
}

// addAnother adds a second editor.
func addAnother(t *testing.T, db *postgres.DB) int64 {
	t.Helper()
	err := db.AddMember(t.Context(), staff.NewMember{Email: "other@example.org", Name: "Other", Role: staff.Editor}, "hash")
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := db.MemberByEmail(t.Context(), "other@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

// followUpMails returns the mails about the follow-up of the lead.
func followUpMails(t *testing.T, db *postgres.DB, reference string) (found []lead.Delivery) {
	t.Helper()
	for _, d := range pgtest.Mails(t, db, reference) {
		if d.Kind == lead.FollowUpMail {
			found = append(found, d)
		}
	}
	return found
}

// TestFollowUpIsRemindedOnceInTheMorningOfTheSite has two instances sweep at the same time, in a zone where it is another day.
func TestFollowUpIsRemindedOnceInTheMorningOfTheSite(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Admin)
	promise(t, db, member, func(p *lead.Promise) { p.TimeZone = "Pacific/Kiritimati" })
	receive(t, db, sent("1", "words"))
	on := followUp(t, db, "TB-0001", member, 2)
	pgtest.Move(t, db, "TB-0001", member, lead.Contacted) // an answer before does not lose the day
	zone, err := time.LoadLocation("Pacific/Kiritimati")
	if err != nil {
		t.Fatal(err)
	}
	morning := time.Date(on.Year(), on.Month(), on.Day(), 8, 0, 0, 0, zone)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{-24 * time.Hour, 0}, {-time.Minute, 0}, {time.Minute, 1}, {2 * time.Hour, 1}, {48 * time.Hour, 1}} {
		instances := []*postgres.DB{at(t, url, morning.Add(step.after)), pgtest.Open(t, url)}
		var wait sync.WaitGroup
		for i := range 6 {
			wait.Go(func() {
				if err := instances[i%2].Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if got := len(followUpMails(t, instances[0], "TB-0001")); got != step.want {
			t.Errorf("%v after 08:00: %d mails, want %d", step.after, got, step.want)
		}
		if l := all(t, instances[0])[0]; !l.FollowUpOn.Equal(on) {
			t.Errorf("%v after 08:00: the follow-up is on %v, want %v", step.after, l.FollowUpOn, on)
		}
		for _, db := range instances {
			db.Close()
		}
	}
}

func TestAnotherDayIsRemindedOfAgainAndTheMailOfTheFirstIsDropped(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Editor)
	receive(t, db, sent("1", "words"))
	on := followUp(t, db, "TB-0001", member, 1)
	db = at(t, url, on.Add(9*time.Hour))
	sweep(t, db)
	on = followUp(t, db, "TB-0001", member, 3)
	db = at(t, url, on.Add(9*time.Hour))
	sweep(t, db)
	var states []lead.DeliveryState
	for _, d := range followUpMails(t, db, "TB-0001") {
		states = append(states, d.State)
	}
	if len(states) != 2 || states[0] != lead.Dropped || states[1] != lead.Waiting {
		t.Errorf("the mails are %v", states)
	}
}

func TestFollowUpIsMailedToTheMemberWhoCares(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		assigned bool
		gone     string // which of them is told of no leads any more
		want     string
	}{
		"assigned":          {true, "", "assignee"},
		"nobody's":          {false, "", "planner"},
		"the assignee left": {true, "assignee", "planner"},
		"the planner left":  {false, "planner", "everybody"},
		"both left":         {true, "both", "everybody"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.NewURL(t)
			db := pgtest.Open(t, url)
			planner, assignee := addMember(t, db, staff.Editor), addAnother(t, db)
			receive(t, db, sent("1", "words"))
			if c.assigned {
				if err := db.AssignLead(t.Context(), pgtest.Act(t, db, "TB-0001", planner), assignee); err != nil {
					t.Fatal(err)
				}
			}
			on := followUp(t, db, "TB-0001", planner, 1)
			for one, id := range map[string]int64{"planner": planner, "assignee": assignee} {
				if c.gone == one || c.gone == "both" {
					if err := pgtest.Exec(t, url,
						fmt.Sprintf(`UPDATE members SET role = 'reader' WHERE id = %d`, id)); err != nil {
						t.Fatal(err)
					}
				}
			}
			later := at(t, url, on.Add(9*time.Hour))
			sweep(t, later)
			got := followUpMails(t, later, "TB-0001")
			want := map[string]int64{"assignee": assignee, "planner": planner, "everybody": 0}[c.want]
			if len(got) != 1 || got[0].Member != want {
				t.Errorf("mailed %+v, want member %d", got, want)
			}
		})
	}
}

func TestFollowUpEndsWithALeadThatLeavesAndStaysWithOneThatIsClosed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(db *postgres.DB, l lead.Lead, member int64) error
		kept bool
	}{
		"withdrawn": {func(db *postgres.DB, l lead.Lead, _ int64) error { return db.Withdraw(t.Context(), l.Token) }, false},
		"erased": {func(db *postgres.DB, l lead.Lead, member int64) error {
			return db.EraseLead(t.Context(), l.Reference, member)
		}, false},
		"lost": {func(db *postgres.DB, l lead.Lead, member int64) error {
			pgtest.Move(t, db, l.Reference, member, lead.Lost)
			return nil
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.NewURL(t)
			db := pgtest.Open(t, url)
			member := addMember(t, db, staff.Admin)
			receive(t, db, sent("1", "words"))
			on := followUp(t, db, "TB-0001", member, 1)
			if err := c.end(db, all(t, db)[0], member); err != nil {
				t.Fatal(err)
			}
			later := at(t, url, on.Add(9*time.Hour))
			sweep(t, later)
			if got := len(followUpMails(t, later, "TB-0001")) == 1 && !all(t, later)[0].FollowUpOn.IsZero(); got != c.kept {
				t.Errorf("it is kept: %v, want %v", got, c.kept)
			}
			if rows := len(pgtest.TablesWith(t, url, "Ask about the budget")); rows != map[bool]int{true: 1}[c.kept] {
				t.Errorf("the note is in %d tables", rows)
			}
			err := later.SetFollowUp(t.Context(), pgtest.Act(t, later, "TB-0001", member), lead.FollowUp{On: on.AddDate(0, 0, 5)})
			if forbidden := errors.Is(err, fault.Forbidden); forbidden == c.kept {
				t.Errorf("another follow-up: %v", err)
			}
		})
	}
}
