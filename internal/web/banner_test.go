package web_test

import (
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/desk"
	"tiebreak/templates/ui"
)

func TestBannerIsOneSentenceAndOneLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ask("A sample project")
	for id := range int64(2) {
		_, err := s.db.RecordOutcome(t.Context(), id+1, lead.Waiting, lead.Refused, 451)
		noError(t, err)
	}
	later := s.later("20 minutes")
	later.signIn(staff.Admin)
	later.get("/staff/leads").wantText(".banner", "2 emails are waiting, the oldest for 20 min. Outgoing email says why.").
		wantNoText(".banner", "tiebreak mail test", "Health check").
		wantCount(".banner a", 1).wantAttr(".banner a", "href", "/staff/deliveries")
	list := later.get("/staff/deliveries").wantCount(".banner", 0)
	later.follow(later.post(list.attr("tbody form", "action"), nil)).wantCount(".banner", 0)
}

func TestInboxWithoutAMailboxSaysWhatToSet(t *testing.T) {
	t.Parallel()
	for mailbox, want := range map[string]bool{"": true, "reply@example.org on imap.example.org": false} {
		p := desk.InboxPage{Page: ui.Page{Mailbox: mailbox, Queue: &lead.Queue{}, Member: &staff.Member{Role: staff.Editor}}}
		var page strings.Builder
		noError(t, p.View().Render(t.Context(), &page))
		if strings.Contains(page.String(), "TIEBREAK_IMAP_URL") != want {
			t.Errorf("with the mailbox %q the page says\n%s", mailbox, page.String())
		}
	}
}
