package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
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
	address := pgtest.NewURL(t)
	// Each comes from a network of its own, so that no limit is met.
	instances := []*site{siteOn(t, pgtest.Open(t, address), "127.0.0.0/8"), siteOn(t, pgtest.Open(t, address), "127.0.0.0/8")}
	instances[0].signIn(staff.Admin)
	instances[0].post("/staff/promise", promise(url.Values{"places": {"1"}})).wantStatus(http.StatusSeeOther)

	receipts := make([]string, 200)
	var wait sync.WaitGroup
	for i := range receipts {
		wait.Go(func() {
			form := request(url.Values{"key": {fmt.Sprint(i)}, "email": {fmt.Sprintf("sample-%d@example.org", i)}})
			// A saturated machine may say honestly that it must be pressed again.
			for try := 0; receipts[i] == "" && try < 5; try++ {
				r := instances[i%2].request(http.MethodPost, "/intake", form.Encode())
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i))
				answer, err := instances[i%2].client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				_ = answer.Body.Close()
				receipts[i] = answer.Header.Get("Location")
			}
		})
	}
	wait.Wait()

	held, positions := 0, map[int]bool{}
	leads := instances[0].leads()
	for _, l := range leads {
		if l.Place == lead.Held {
			held++
		}
		whole, err := instances[0].db.LeadByReference(context.Background(), l.Reference)
		if err != nil {
			t.Fatal(err)
		}
		positions[whole.Waiting] = true
	}
	if held != 1 || len(leads) != len(receipts) || len(positions) != len(leads) {
		t.Errorf("%d hold the one place, %d leads of %d, %d positions", held, len(leads), len(receipts), len(positions))
	}
	told := 0
	for _, receipt := range receipts {
		page := instances[1].get(receipt).wantStatus(http.StatusOK)
		if page.attr("main", "data-place") == string(lead.Held) {
			told++
			page.wantText("#place", "We have reserved a place for you in ")
			continue
		}
		page.wantText("#place", "on the waitlist")
	}
	if told != 1 {
		t.Errorf("%d were told that they hold the one place", told)
	}
}
