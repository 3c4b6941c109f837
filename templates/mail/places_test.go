package mail_test

import (
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/templates/mail"
	"tiebreak/templates/ui"
)

// TestNoTextPromisesPlacesWhereNoneAreToOpen also takes months in which places are taken or free although none open later.
func TestNoTextPromisesPlacesWhereNoneAreToOpen(t *testing.T) {
	t.Parallel()
	november := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	waiting := lead.Lead{Status: lead.New, Place: lead.Waitlist, Waiting: 3, DueAt: november.Add(30 * time.Hour)}
	for _, p := range []lead.Places{{}, {Capacity: 3, Taken: 3, Waiting: 2}, {Capacity: 3, Taken: 2}} {
		p.Month = november
		has, means := ui.LeadPlace(waiting, p)
		letter := mail.LeadEmail(lead.ConfirmationMail, mail.LeadData{Lead: waiting, Places: p})
		for _, words := range []string{ui.PlacesSummary(p), ui.PlacesMeaning(p), has, means, letter.Text()} {
			if strings.Contains(words, "December") {
				t.Errorf("with %+v: %s", p, words)
			}
		}
	}
	if words := ui.PlacesMeaning(lead.Places{Month: november, Monthly: 8}); !strings.Contains(words,
		"New places open on 1 December.") {
		t.Errorf("with places in December: %s", words)
	}
}
