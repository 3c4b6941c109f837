package demo

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestSampleFilesAreFreeOfMistakes(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 22, 15, 4, 5, 0, time.UTC)

	for _, size := range []Size{{Options: 2, Guides: 1}, {Options: 6, Guides: Most(6)}, {Options: 60, Guides: 150}} {
		folder, options := fstest.MapFS{}, sampleOptions(size.Options, day)
		write := func(name string, v any) {
			text, err := yamlform.YAML(v)
			wantNoError(t, err)
			folder[name+".yaml"] = &fstest.MapFile{Data: text}
		}
		for _, o := range options {
			write("options/"+o.Slug, o)
		}
		for _, pick := range picks(options, size.Guides) {
			g := compare(pick)
			write("guides/"+g.Slug, g)
		}
		texts, err := yamlform.Texts(folder)
		wantNoError(t, err)
		files, reading := yamlform.Read(texts)
		for _, f := range yamlform.Check(files, reading, guide.Day(day)) {
			if !f.Warning {
				t.Error(f)
			}
		}
		if len(files) != size.Options+size.Guides {
			t.Errorf("%d files of %+v", len(files), size)
		}
	}
}

func TestLoadPublishesGuidesAgainAfterABreakAndRefusesToFillTwice(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx, stop := context.WithCancel(context.Background())

	err := Load(ctx, db, Size{Options: 12, Guides: 110, Leads: 1}, func(done int) {
		if done == 112 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("a load that was stopped said %v", err)
	}
	var said []int
	size := Size{Options: 12, Guides: 110, Leads: 30}
	wantNoError(t, Load(context.Background(), db, size, func(done int) { said = append(said, done) }))
	if want := []int{12, 112, 122, 152}; !slices.Equal(said, want) {
		t.Errorf("progress %v, want %v", said, want)
	}
	lines, err := db.Guides(context.Background(), postgres.GuideList{Most: 1000})
	if leads := pgtest.Leads(t, db); err != nil || len(lines) != 110 || len(leads) != 30 {
		t.Errorf("%d guides and %d leads (%v)", len(lines), len(leads), err)
	}
	if err := Load(context.Background(), db, size, ignore); !errors.Is(err, ErrFilled) {
		t.Errorf("loading twice: %v", err)
	}
}

func TestLoadRefusesADatabaseWithRealLeads(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx := context.Background()
	_, err := db.ReceiveLead(ctx, lead.Submission{
		Key: []byte("a key"), Body: []byte("a body"), Address: []byte("an address"),
		Contents: lead.Contents{Name: "Sample Person", Email: "sample@example.org", Project: "A sample project"},
	})
	wantNoError(t, err)

	if err := Load(ctx, db, Size{Options: 2, Guides: 1}, ignore); !errors.Is(err, ErrRealLeads) {
		t.Errorf("loading beside a lead: %v", err)
	}
	if lines, err := db.Guides(ctx, postgres.GuideList{Most: 1000}); err != nil || len(lines) > 0 {
		t.Errorf("%d guides were loaded (%v)", len(lines), err)
	}
}

func TestSampleLeadsAreOfAllKindsAndLeaveNothingToDo(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"few places": `UPDATE promise SET places = 2`, "no places": `UPDATE promise SET places = 0`,
		"no limit": `UPDATE promise SET unlimited = true`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.NewURL(t)
			db := pgtest.Open(t, url)
			ctx := context.Background()
			wantNoError(t, pgtest.Exec(t, url, change))
			wantNoError(t, db.AddMember(ctx, staff.NewMember{Email: "one@example.org", Name: "Sample Member", Role: staff.Editor},
				"a hash"))
			wantNoError(t, Load(ctx, db, Size{Options: 3, Guides: 3, Leads: 4000}, ignore))

			before := pgtest.Leads(t, db)
			wantNoError(t, pgtest.Exec(t, url, rules))
			wantNoError(t, db.Sweep(ctx))
			if mails, err := db.OpenDeliveries(ctx, 1000); err != nil || len(mails) > 0 {
				t.Errorf("mails: %+v (%v)", mails, err)
			}
			states, now := map[lead.Status]int{}, map[lead.Status]int{}
			for i, l := range pgtest.Leads(t, db) {
				states[before[i].Status]++
				now[l.Status]++
			}
			for _, s := range lead.Statuses {
				if states[s] == 0 || now[s] != states[s] {
					t.Errorf("%d are %s, %d after a sweep", states[s], s, now[s])
				}
			}
			settings, err := db.Settings(ctx)
			wantNoError(t, err)
			if p := settings.Places; p.Full() != (p.Waiting > 0) || p.Unlimited != (p.Waiting == 0) {
				t.Errorf("%+v", p)
			}
			if r := settings.Record; r.Due == 0 || r.InTime == 0 {
				t.Errorf("the record of the promise is empty: %+v", r)
			}
			wantFormTakes(t, before)
			found, err := db.ListLeads(ctx, lead.Filter{Tab: lead.All, Sort: lead.Newest, Words: before[0].Email},
				postgres.Cursor{}, time.UTC)
			if err != nil || len(found.Leads) == 0 {
				t.Errorf("a search finds nothing (%v)", err)
			}
		})
	}
}

// rules hold for all leads.
const rules = `DO $$ BEGIN
	ASSERT (SELECT bool_and(taken = (SELECT count(*) FROM leads l WHERE l.month = m.month)) FROM months m), 'taken is not held';
	ASSERT (SELECT bool_and(capacity IS NULL AND unlimited OR capacity = places)
		FROM months, promise), 'a month has another limit';
	ASSERT (SELECT reloptions FROM pg_class
		WHERE relname = 'lead_contents_by_words') = '{fastupdate=off}', 'the index of words is not as before';
	ASSERT (SELECT bool_and(status = (SELECT status FROM lead_history h WHERE h.lead_id = l.id ORDER BY id DESC LIMIT 1))
		FROM leads l), 'another end';
	ASSERT NOT EXISTS (SELECT FROM lead_history a JOIN lead_history b ON a.lead_id = b.lead_id AND a.id < b.id
		WHERE a.at > b.at), 'out of order';
	ASSERT NOT EXISTS (SELECT FROM lead_history
		WHERE at > clock() OR (member_id IS NULL) = (kind IN ('moved', 'assigned'))), 'nobody did it';
	ASSERT (SELECT bool_and((status = 'erased') = (c.lead_id IS NULL))
		FROM leads l LEFT JOIN lead_contents c ON c.lead_id = l.id), 'contents';
	ASSERT (SELECT count(*) FROM erasures) = (SELECT count(*) FROM leads WHERE status = 'erased'), 'an erasure is missing';
	ASSERT EXISTS (SELECT FROM leads WHERE suspect AND status = 'new' AND cardinality(causes) > 0), 'no suspect';
	ASSERT EXISTS (SELECT FROM leads WHERE assignee_id IS NOT NULL), 'nobody looks after any';
	ASSERT EXISTS (SELECT FROM leads
		WHERE due_at < clock() AND answered_at IS NULL AND status = 'new' AND NOT suspect), 'none is late';
	ASSERT (SELECT avg((answered_at > due_at)::int) BETWEEN 0.01 AND 0.15 FROM leads
		WHERE answered_at IS NOT NULL), 'answered late';
	ASSERT EXISTS (SELECT FROM lead_contents WHERE length(name) > 150) AND EXISTS (SELECT FROM lead_contents
		WHERE length(project) > 2000), 'none is long';
	ASSERT (SELECT min(received_at) < clock() - interval '4 years' FROM leads), 'all are young';
END $$`

// wantFormTakes checks that the form would accept each lead that is not erased.
func wantFormTakes(t *testing.T, leads []lead.Lead) {
	t.Helper()
	for _, l := range leads {
		form := lead.Form{
			Name: l.Name, Email: l.Email, Company: l.Company, Project: l.Project, Timeline: l.Timeline, Budget: l.Budget,
			Agreed: true,
		}
		if wrong := form.Check(); l.Status != lead.Erased && wrong != nil {
			t.Errorf("the form would not have taken %s: %v", l.Token, wrong)
		}
	}
}

func ignore(int) {}

func wantNoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
