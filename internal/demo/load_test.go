package demo

import (
	"context"
	"errors"
	"slices"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestLoadPublishesGuidesAndTheSecondTimeChangesNothing(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)

	var said []int
	first := load(t, db, Size{Options: 12, Guides: 110}, func(done int) { said = append(said, done) })
	if want := (Size{Options: 12, Guides: 110}); first != want {
		t.Errorf("loaded %+v, want %+v", first, want)
	}
	if want := []int{12, 112, 122}; !slices.Equal(said, want) {
		t.Errorf("progress %v, want %v", said, want)
	}
	lines, err := db.Guides(context.Background(), postgres.GuideList{Most: 1000})
	if err != nil || len(lines) != 110 {
		t.Errorf("%d guides are published (%v)", len(lines), err)
	}

	// On another day too: the facts keep the dates that they were loaded with.
	if again := load(t, pgtest.After(t, url, "40 days"), Size{Options: 12, Guides: 110}, ignore); again != (Size{}) {
		t.Errorf("the second time loaded %+v", again)
	}
	if more := load(t, db, Size{Options: 12, Guides: 115}, ignore); more != (Size{Guides: 5}) {
		t.Errorf("five more guides loaded %+v", more)
	}
}

func TestLoadRefusesADatabaseWithRealLeads(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	send(t, db)

	if _, err := Load(context.Background(), db, Size{Options: 2, Guides: 1}, ignore); !errors.Is(err, ErrRealLeads) {
		t.Errorf("loading beside a lead: %v", err)
	}
	if lines, err := db.Guides(context.Background(), postgres.GuideList{Most: 1000}); err != nil || len(lines) > 0 {
		t.Errorf("%d guides were loaded (%v)", len(lines), err)
	}
}

// send is a request as a person sends it.
func send(t *testing.T, db *postgres.DB) postgres.Arrival {
	t.Helper()
	arrival, err := db.ReceiveLead(context.Background(), postgres.Submission{
		Key: []byte("a key"), Body: []byte("a body"), Address: []byte("an address"), Contents: lead.Contents{Name: "Sample Person", Email: "sample@example.org", Project: "A sample project"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return arrival
}

func TestLoadGoesOnWhereItWasStopped(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)

	ctx, stop := context.WithCancel(context.Background())
	part, err := Load(ctx, db, Size{Options: 20, Guides: 110}, func(done int) {
		if done == 120 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) || part != (Size{Options: 20, Guides: 100}) {
		t.Fatalf("stopped after %+v: %v", part, err)
	}
	if rest := load(t, db, Size{Options: 20, Guides: 110}, ignore); rest != (Size{Guides: 10}) {
		t.Errorf("the rest was %+v", rest)
	}
}

func ignore(int) {}

func load(t *testing.T, db *postgres.DB, size Size, progress func(done int)) Size {
	t.Helper()
	loaded, err := Load(context.Background(), db, size, progress)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}
