package mailbox_test

import (
	"testing"
	"time"

	"tiebreak/internal/mail/mailbox"
)

// Five sign-ins that are refused within 10 minutes have many servers block the address.
func TestRefusedSignInIsRarelyTriedAgain(t *testing.T) {
	t.Parallel()
	s := open(t, 0)
	w, err := mailbox.New(t.Context(), mailbox.Config{DB: s.db, URL: s.imap.URL()})
	if err != nil {
		t.Fatal(err)
	}
	tries := func(within time.Duration, refused bool) (n int) {
		for at, wait := time.Duration(0), time.Duration(0); at < within; at += wait {
			n++
			wait = w.NextWait(wait, refused)
		}
		return n
	}
	if n := tries(10*time.Minute, true); n > 3 {
		t.Errorf("a refused sign-in is tried %d times in 10 minutes", n)
	}
	if n := tries(24*time.Hour, true); n < 24*4 {
		t.Errorf("a refused sign-in is tried %d times a day", n)
	}
	if n := tries(time.Minute, false); n < 5 {
		t.Errorf("a server that is away is tried %d times in a minute", n)
	}
}
