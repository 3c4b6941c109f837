package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// desk is a site with one lead, and a member who works on it.
type desk struct {
	*testing.T
	url     string
	db      *postgres.DB
	member  int64
	token   string // of the lead's receipt
	presses int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	return &desk{T: t, url: url, db: db, member: addMember(t, db, staff.Editor), token: receive(t, db, sent("1", "words"))}
}

// later has the clock show a later time.
func (d *desk) later(shift string) {
	d.Helper()
	d.db.Close()
	d.db = pgtest.After(d.T, d.url, shift)
}

// press returns what names a press of a button.
func (d *desk) press() []byte {
	d.presses++
	return fmt.Append(nil, d.presses)
}

func (d *desk) act() lead.Act { return pgtest.Act(d.T, d.db, "TB-0001", d.member) }

func (d *desk) reply(text string) error { return d.db.Reply(d.Context(), d.act(), d.press(), text) }

func (d *desk) write(text string) error {
	return d.db.AddNote(d.Context(), d.token, lead.NoteForm{Text: text, Key: string(d.press())})
}

func (d *desk) call(text string) error {
	return d.db.AddCall(d.Context(), d.act(), lead.Message{Key: d.press(), Text: text})
}

func (d *desk) needsNone() error { return d.db.NeedNoAnswer(d.Context(), d.act()) }

func (d *desk) lead() lead.Lead { return byToken(d.T, d.db, d.token) }

// messages returns the whole conversation.
func (d *desk) messages() []lead.Message {
	d.Helper()
	p, err := d.db.LeadPage(d.Context(), postgres.LeadPageQuery{Reference: "TB-0001", Member: d.member})
	d.must(err)
	return p.Messages
}

// deliveries returns the emails of the kind.
func (d *desk) deliveries(kind lead.DeliveryKind) (of []lead.Delivery) {
	d.Helper()
	for _, m := range pgtest.Mails(d, d.db, "TB-0001") {
		if m.Kind == kind {
			of = append(of, m)
		}
	}
	return of
}

// another adds a member and returns their id.
func (d *desk) another(role staff.Role) int64 {
	d.Helper()
	n := staff.NewMember{Email: "another@example.org", Name: "Another Member", Role: role}
	d.must(d.db.AddMember(d.Context(), n, "hash"))
	m, _, err := d.db.MemberByEmail(d.Context(), n.Email)
	d.must(err)
	return m.ID
}

func (d *desk) must(errs ...error) {
	d.Helper()
	if err := errors.Join(errs...); err != nil {
		d.Fatal(err)
	}
}

// wantWaiting checks whether the lead waits for an answer, in the list and in its counts too.
func (d *desk) wantWaiting(when string, want bool) {
	d.Helper()
	list, err := d.db.ListLeads(d.Context(), lead.Filter{Tab: lead.NeedsAnswer, Sort: lead.Deadline}, postgres.Cursor{}, time.UTC)
	d.must(err)
	counts, err := d.db.Desk(d.Context(), d.member, time.UTC)
	d.must(err)
	listed, counted := len(list.Leads) == 1, counts.Tabs[lead.NeedsAnswer] == 1
	if l := d.lead(); l.NeedsAnswer != want || listed != want || counted != want {
		d.Errorf("%s: needs an answer %v, listed %v, counted %v, want %v", when, l.NeedsAnswer, listed, counted, want)
	}
}

func TestConversationComesThroughItsMigration(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.must(d.write("a note"), d.reply("a reply"), d.db.AddTeamNote(t.Context(), "TB-0001", d.member, d.press(), "a team note"))
	want := d.messages()

	pgtest.MigrateBack(t, d.url, 45)
	for _, sql := range []string{
		`EXISTS (SELECT FROM lead_notes WHERE lead_id = 1 AND text = 'a note')`,
		`EXISTS (SELECT FROM team_notes WHERE lead_id = 1 AND member_id = 1 AND text = 'a team note')`,
		`EXISTS (SELECT FROM replies r JOIN deliveries d ON d.reply_id = r.id WHERE r.text = 'a reply' AND d.kind = 'reply')`,
	} {
		pgtest.Await(t, d.url, 0, sql)
	}
	exec(t, d.url, `INSERT INTO lead_notes (lead_id, digest, text) VALUES (1, 'later', 'a later note')`)
	d.later("1 second")
	pgtest.Migrate(t, d.db)

	got := d.messages()
	if len(got) != len(want)+1 || got[len(want)].Text != "a later note" {
		t.Fatalf("%d messages: %+v", len(got), got)
	}
	for i, m := range want {
		m.ID = got[i].ID
		if fmt.Sprint(m) != fmt.Sprint(got[i]) {
			t.Errorf("was %+v, is %+v", m, got[i])
		}
	}
	for _, mail := range append(d.deliveries(lead.ReplyMail), d.deliveries(lead.NoteMail)...) {
		if !slices.ContainsFunc(got, func(m lead.Message) bool { return m.ID == mail.Message }) {
			t.Errorf("the %s has lost its message", mail.Kind)
		}
	}
	// The digests came along: the same press again is not a second message.
	for range 2 {
		d.must(d.db.AddTeamNote(t.Context(), "TB-0001", d.member, []byte("3"), "a team note"))
	}
	if again := d.messages(); len(again) != len(got) {
		t.Errorf("%d messages after the same press", len(again))
	}
}

func TestMessageAfterTheFirstReplyStartsASecondClock(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	promise(t, d.db, d.member, func(p *lead.Promise) { p.AnswerHours = 4 })
	d.must(d.write("before the reply"))
	if l := d.lead(); l.AwaitingSince != nil || !l.Due().Equal(l.DueAt) {
		t.Errorf("a message before the first reply starts a clock: %v", l.AwaitingSince)
	}
	d.must(d.reply("an answer"))
	d.wantWaiting("after the reply", false)
	first := d.lead()

	d.later("1 hour")
	d.must(d.write("one thing more"))
	l := d.lead()
	if l.AwaitingSince == nil || l.AnswerDueAt.Sub(*l.AwaitingSince) != 4*time.Hour || !l.Due().Equal(*l.AnswerDueAt) {
		t.Fatalf("awaiting since %v, due %v", l.AwaitingSince, l.AnswerDueAt)
	}
	d.wantWaiting("after the message", true)
	d.later("2 hours")
	d.must(d.write("and another"))
	if again := d.lead(); !again.Due().Equal(l.Due()) {
		t.Errorf("a second message moves the deadline from %v to %v", l.Due(), again.Due())
	}
	for _, answer := range []func() error{
		func() error { return d.reply("another answer") },
		func() error { return d.call("We spoke on the phone") },
		d.needsNone,
	} {
		d.wantWaiting("before the answer", true)
		d.must(answer())
		d.wantWaiting("after the answer", false)
		d.must(d.write("more"))
	}
	if l := d.lead(); !l.AnsweredAt.Equal(*first.AnsweredAt) || !l.DueAt.Equal(first.DueAt) || l.Status != lead.Contacted {
		t.Errorf("the first reply of %v is now %v, due %v, %s", first.AnsweredAt, l.AnsweredAt, l.DueAt, l.Status)
	}
}

func TestStaffAreRemindedOfAMessageByItsOwnClock(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.later("23 hours")
	sweep(t, d.db)
	d.must(d.reply("an answer"), d.write("one thing more"))
	for _, step := range []struct {
		shift             string
		reminder, overdue int
	}{{"40 hours", 1, 0}, {"42 hours", 2, 0}, {"46 hours", 3, 0}, {"48 hours", 3, 1}, {"60 hours", 3, 1}} {
		d.later(step.shift)
		sweep(t, d.db)
		reminders, overdue := len(mails(t, d.db, lead.ReminderMail)), len(mails(t, d.db, lead.OverdueMail))
		if reminders != step.reminder || overdue != step.overdue {
			t.Errorf("after %s: %d reminders, %d overdue, want %+v", step.shift, reminders, overdue, step)
		}
	}
}

func TestWaitingMessageSurvivesMovesAndTheWithdrawal(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.must(d.reply("an answer"), d.write("one thing more"))
	due := d.lead().Due()
	batch := pgtest.Move(t, d.db, "TB-0001", d.member, lead.Lost)
	d.wantWaiting("once it is lost", true)
	d.must(d.db.UndoBatch(t.Context(), batch, d.member))
	d.wantWaiting("once the move is undone", true)
	spam, err := d.db.Quarantine(t.Context(), "TB-0001", d.member)
	d.must(err)
	d.wantWaiting("while it is spam", false)
	d.must(d.db.UndoBatch(t.Context(), spam, d.member))
	d.wantWaiting("once it is not spam", true)

	d.must(d.db.Withdraw(t.Context(), d.token))
	d.wantWaiting("while it is withdrawn", false)
	if err := d.write("too late"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a withdrawn lead takes a message: %v", err)
	}
	d.later("1 hour")
	d.must(d.db.UndoWithdrawal(t.Context(), d.token))
	d.wantWaiting("once it is taken up again", true)
	if later := d.lead().Due().Sub(due); later < time.Hour {
		t.Errorf("the time of the withdrawal counts: due %v later", later)
	}
	d.must(d.db.EraseByToken(t.Context(), d.token))
	d.wantWaiting("once it is erased", false)
}

func TestMessageOnALeadThatWasClosedWithoutAnAnswerWaits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lost := lead.Change{Kind: lead.MoveBatch, To: lead.Lost, Answered: lead.NotAnswered}
	batch, err := d.db.ChangeLead(t.Context(), d.act(), lost)
	d.must(err)
	d.must(d.write("Are you sure?"))
	d.wantWaiting("closed", true)
	d.must(d.db.UndoBatch(t.Context(), batch, d.member))
	d.wantWaiting("after an undo that the message prevents", true)
	d.must(d.reply("No, we are not."))
	d.wantWaiting("answered", false)
}

func TestCallAnswersAndIsForStaffOnly(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seen := d.act()
	for range 2 {
		d.must(d.db.AddCall(t.Context(), seen, lead.Message{Key: []byte("one press"), Text: "We spoke on the phone"}))
	}
	if l := d.lead(); l.Status != lead.Contacted || l.AnsweredAt == nil || l.NeedsAnswer || l.AssigneeID != 0 {
		t.Errorf("after the call: %+v", l)
	}
	another := lead.Message{Key: []byte("another"), Text: "text"}
	if err := d.db.AddCall(t.Context(), seen, another); !errors.Is(err, fault.Conflict) {
		t.Errorf("a call by somebody who has not seen the first: %v", err)
	}
	if m := d.messages(); len(m) != 1 || m[0].Member != "Sample Member" {
		t.Errorf("messages: %+v", m)
	}
	r, err := d.db.Receipt(t.Context(), d.token)
	if err != nil || len(r.Messages) != 0 {
		t.Errorf("the receipt has %+v (%v)", r.Messages, err)
	}
}

func TestReplyAssignsALeadThatNobodyHas(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	other := d.another(staff.Admin)
	d.must(d.reply("Mine"))
	if l := d.lead(); l.AssigneeID != d.member {
		t.Errorf("assigned to %d", l.AssigneeID)
	}
	d.must(d.db.Reply(t.Context(), pgtest.Act(t, d.db, "TB-0001", other), d.press(), "I help out"))
	if l := d.lead(); l.AssigneeID != d.member {
		t.Errorf("then assigned to %d", l.AssigneeID)
	}
	assigned := 0
	for _, e := range historyOf(t, d.db, d.token) {
		if e.Kind == lead.Assigned {
			assigned++
		}
	}
	if assigned != 1 {
		t.Errorf("%d assignments in the history", assigned)
	}
}

func TestMessageIsToldToTheAssigneeAloneIfTheyAreTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		assign, disable bool
		addresses, want int
	}{
		"nobody has it":                     {false, false, 0, 2},
		"nobody has it, addresses":          {false, false, 3, 3},
		"assigned":                          {true, false, 0, 1},
		"assigned, addresses":               {true, false, 3, 1},
		"assigned to a member who has left": {true, true, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.another(staff.Admin)
			if c.assign {
				d.must(d.db.AssignLead(t.Context(), d.act(), d.member))
			}
			if c.disable {
				exec(t, d.url, `UPDATE members SET disabled_at = now() WHERE id = 1`)
			}
			d.must(d.write("one thing more"))
			first := d.deliveries(lead.NoteMail)[0]
			m, err := d.db.ClaimDelivery(t.Context(), first.ID, c.addresses)
			d.must(err)
			told := d.deliveries(lead.NoteMail)
			if len(told) != c.want || m.Message.Text != "one thing more" {
				t.Errorf("%d emails, want %d, of %q", len(told), c.want, m.Message.Text)
			}
			for _, mail := range told {
				if mail.Message != first.Message || c.assign && (mail.Member == d.member) == c.disable {
					t.Errorf("email to member %d about message %d", mail.Member, mail.Message)
				}
			}
		})
	}
}

func TestStaffFindALeadByItsMessages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.must(d.reply("antelope"), d.write("badger"), d.call("cormorant"))
	d.must(d.db.AddTeamNote(t.Context(), "TB-0001", d.member, d.press(), "dormouse"))
	rewritten := func() { // as a sweep does once words are read another way
		exec(t, d.url, `UPDATE lead_contents SET form = 0, words = ''`)
		sweep(t, d.db)
	}
	for _, prepare := range []func(){func() {}, rewritten} {
		prepare()
		for word := range strings.FieldsSeq("antelope badger cormorant dormouse") {
			f := lead.Filter{Tab: lead.All, Words: word, Sort: lead.Newest}
			if list, err := d.db.ListLeads(t.Context(), f, postgres.Cursor{}, time.UTC); err != nil || len(list.Leads) != 1 {
				t.Errorf("%s finds %d leads (%v)", word, len(list.Leads), err)
			}
		}
	}
}
