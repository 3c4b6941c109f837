package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// TestLastPlaceGoesToOneOfManyAtOnce posts 200 requests at once, to two instances, while one place is left: 2 rounds, or
// TIEBREAK_PLACE_ROUNDS.
func TestLastPlaceGoesToOneOfManyAtOnce(t *testing.T) {
	t.Parallel()
	for round := range pgtest.Rounds(t, "TIEBREAK_PLACE_ROUNDS", 2) {
		t.Run(fmt.Sprint(round), raceForOnePlace)
	}
}

func raceForOnePlace(t *testing.T) {
	// Each comes from a network of its own, so that no limit is met.
	s := newSite(t, loopback)
	instances := []*site{s, s.instance(loopback)}
	s.signIn(staff.Admin)
	s.setPromise("places", "1")

	receipts := make([]string, 200)
	atOnce(len(receipts), func(i int) {
		form := request(fields("key", fmt.Sprint(i), "email", fmt.Sprintf("sample-%d@example.org", i)))
		// A saturated machine may say honestly that it must be pressed again.
		for try := 0; receipts[i] == "" && try < 5; try++ {
			receipts[i] = instances[i%2].from(fmt.Sprintf("192.0.2.%d", i), form).location()
		}
	})

	held, positions := 0, map[int]bool{}
	leads := s.leads()
	for _, l := range leads {
		if l.Place == lead.Held {
			held++
		}
		whole, err := s.db.LeadByReference(t.Context(), l.Reference)
		noError(t, err)
		positions[whole.Waiting] = true
	}
	if held != 1 || len(leads) != len(receipts) || len(positions) != len(leads) {
		t.Errorf("%d hold the one place, %d leads of %d, %d positions", held, len(leads), len(receipts), len(positions))
	}
	shown := 0
	for _, receipt := range receipts {
		page := instances[1].get(receipt).wantStatus(http.StatusOK)
		if page.attr("main", "data-place") == string(lead.Held) {
			shown++
			page.wantText("#place", "We have reserved a place for you in ")
			continue
		}
		page.wantText("#place", "on the waitlist")
	}
	if shown != 1 {
		t.Errorf("%d receipts show the one place", shown)
	}
}
