package mailbox_test

import (
	"context"
	"testing"

	"tiebreak/internal/lead"
)

func TestAutomaticReplyLeavesAnEventAndMovesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, 1)
	s.imap.Add(t, s.mail("first", 1, "Auto-Submitted: auto-replied\n"))
	s.imap.Add(t, s.mail("second", 1, "Auto-Submitted: auto-replied\n"))
	s.watch()
	s.settled(2)
	var events, messages, notices int
	err := s.db.Conns().QueryRow(context.Background(), `
		SELECT (SELECT count(*) FROM lead_history WHERE lead_id = 1 AND kind = $1), (SELECT count(*) FROM messages),
		       (SELECT count(*) FROM deliveries WHERE kind = 'note')`, lead.AutoAnswered).Scan(&events, &messages, &notices)
	if err != nil {
		t.Fatal(err)
	}
	if events != 1 || messages != 0 || notices != 0 {
		t.Errorf("%d events, %d messages, %d notices", events, messages, notices)
	}
}

func TestReadReceiptIsNoAutomaticReply(t *testing.T) {
	t.Parallel()
	s := open(t, 1)
	s.imap.Add(t, s.mail("first", 1, "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n"))
	s.watch()
	s.settled(1)
	var kind lead.EventKind
	err := s.db.Conns().QueryRow(t.Context(), `SELECT kind FROM lead_history WHERE lead_id = 1 ORDER BY id DESC LIMIT 1`).Scan(&kind)
	if err != nil || kind != lead.ReadReceipt {
		t.Errorf("the event is %q: %v", kind, err)
	}
}
