package demo

import (
	"context"
	"errors"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// crowded is a size with sample leads and the guides that they need.
func crowded(leads int) Size { return Size{Options: 3, Guides: 3, Leads: leads} }

func count(leads []lead.Lead, is func(l lead.Lead) bool) (n int) {
	for _, l := range leads {
		if is(l) {
			n++
		}
	}
	return n
}

func TestSampleLeadsTakeNoMorePlacesThanThereAre(t *testing.T) {
	t.Parallel()

	for name, change := range map[string]string{
		"few places": `UPDATE promise SET places = 2`, "no places": `UPDATE promise SET places = 0`, "no limit": `UPDATE promise SET unlimited = true`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.NewURL(t)
			db := pgtest.Open(t, url)
			wantNoError(t, pgtest.Exec(t, url, change))
			load(t, db, crowded(2000), ignore)

			wantNoError(t, pgtest.Exec(t, url, `DO $$ BEGIN
				ASSERT (SELECT bool_and(taken = (SELECT count(*) FROM leads l WHERE l.month = m.month)) FROM months m), 'taken is not held';
				ASSERT (SELECT reloptions FROM pg_class WHERE relname = 'lead_contents_by_words') = '{fastupdate=off}', 'the index of words is left as it was for the load';
				ASSERT (SELECT bool_and(capacity IS NULL AND unlimited OR capacity = places) FROM months, promise), 'a month has another limit';
			END $$`))
			settings, err := db.Settings(context.Background())
			wantNoError(t, err)
			if p := settings.Places; p.Full() != (p.Waiting > 0) || p.Unlimited != (p.Waiting == 0) {
				t.Errorf("%+v", p)
			}
		})
	}
}

func TestSweepFindsNothingToDoForSampleLeads(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx := context.Background()
	for _, address := range []string{"one@example.org", "two@example.org"} {
		wantNoError(t, db.AddMember(ctx, staff.NewMember{Email: address, Name: "Sample Member", Role: staff.Editor}, "a hash"))
	}
	load(t, db, crowded(2000), ignore)
	erased := func(l lead.Lead) bool { return l.Status == lead.Erased }
	before := count(pgtest.Leads(t, db), erased)

	wantNoError(t, db.Sweep(ctx))
	if mails, err := db.OpenDeliveries(ctx, 1000); err != nil || len(mails) > 0 {
		t.Errorf("mails: %+v (%v)", mails, err)
	}
	if after := count(pgtest.Leads(t, db), erased); before == 0 || after != before {
		t.Errorf("%d were erased before the sweep, %d are after it", before, after)
	}
	moved := false
	for _, l := range pgtest.Leads(t, db)[:100] {
		history, err := db.LeadHistory(ctx, l.Reference)
		wantNoError(t, err)
		for _, e := range history {
			moved = moved || e.Kind == lead.Moved && e.Member != ""
		}
	}
	if !moved {
		t.Error("no member has moved any of the newest hundred")
	}
}

func TestLoadAddsOnlyTheLeadsThatAreMissing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)

	if first := load(t, db, crowded(40), ignore); first.Leads != 40 {
		t.Errorf("loaded %+v", first)
	}
	before := pgtest.Leads(t, db)
	if again := load(t, db, crowded(40), ignore); again != (Size{}) {
		t.Errorf("the second time loaded %+v", again)
	}
	if fewer := load(t, db, crowded(10), ignore); fewer != (Size{}) {
		t.Errorf("a smaller number loaded %+v", fewer)
	}
	var last int
	if more := load(t, db, crowded(100), func(done int) { last = done }); more != (Size{Leads: 60}) || last != 106 {
		t.Errorf("a larger number loaded %+v and ended at %d", more, last)
	}
	tokens := map[string]bool{}
	for _, l := range pgtest.Leads(t, db) {
		tokens[l.Token] = true
	}
	for _, l := range before {
		if !tokens[l.Token] {
			t.Errorf("%s is gone", l.Token)
		}
	}
	if len(tokens) != 100 {
		t.Errorf("%d leads", len(tokens))
	}
}

func TestRequestAmongSampleLeadsStopsTheNextLoad(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx := context.Background()
	load(t, db, crowded(20), ignore)
	arrival := send(t, db)

	if loaded, err := Load(ctx, db, crowded(30), ignore); !errors.Is(err, ErrRealLeads) || loaded != (Size{}) {
		t.Errorf("beside a lead it loaded %+v (%v)", loaded, err)
	}
	l, err := db.LeadByToken(ctx, arrival.Token)
	if err != nil || l.Reference != "TB-0021" || l.Suspect || len(pgtest.Leads(t, db)) != 21 {
		t.Errorf("%+v (%v)", l, err)
	}
}

func wantNoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
