package mail_test

import (
	"testing"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

// TestMailGoesOutThoughTheClocksDisagree has the database tell the queue a time that the program's clock does not have.
func TestMailGoesOutThoughTheClocksDisagree(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]string{"database behind": "-10 minutes", "database ahead": "10 minutes"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, box := pgtest.NewURL(t), mailtest.New(t)
			err := pgtest.Exec(t, address, `
				CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql STABLE RETURN pg_catalog.now() + interval '`+off+`';
				CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql RETURN pg_catalog.clock_timestamp() + interval '`+off+`';
				DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$`)
			if err != nil {
				t.Fatal(err)
			}
			db := pgtest.Open(t, address)
			box.Set(mailtest.Says451)
			run(t, db, to(box))
			send(t, db, "prospect@example.org", "words")
			eventually(t, "the server was tried", func() bool { return box.Conversations() >= 2 })
			box.Set(mailtest.Takes)
			eventually(t, "both mails are there, after a second attempt", func() bool { return len(box.Got()) == 2 })
		})
	}
}
