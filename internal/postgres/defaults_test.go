package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/pgtest"
)

// setDefault gives the database at address a default for new sessions, as an administrator would.
func setDefault(t *testing.T, address, setting string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := pgtest.Exec(t, address, fmt.Sprintf(`ALTER DATABASE %s SET %s`, strings.TrimPrefix(u.Path, "/"),
		setting)); err != nil {
		t.Fatal(err)
	}
}

func TestRequestsAtOnceAreAllTakenWhateverTheDatabaseHasAsDefault(t *testing.T) {
	t.Parallel()
	for _, level := range []string{"repeatable read", "serializable"} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			address := pgtest.NewURL(t)
			setDefault(t, address, "default_transaction_isolation = '"+level+"'")
			setDefault(t, address, "datestyle = 'SQL, DMY'")
			setDefault(t, address, "intervalstyle = 'iso_8601'")
			setDefault(t, address, "bytea_output = 'escape'")
			db := pgtest.Open(t, address)
			var wait sync.WaitGroup
			for i := range 12 {
				wait.Go(func() {
					if _, err := db.ReceiveLead(context.Background(), sent(fmt.Sprint(i), fmt.Sprint("words ", i))); err != nil {
						t.Error(err)
					}
				})
			}
			wait.Wait()
			if n := len(all(t, db)); n != 12 {
				t.Errorf("%d of 12 requests are there", n)
			}
		})
	}
}

func TestTransactionThatPostgreSQLCannotSerializeIsUnavailable(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	err := pgtest.Exec(t, address, `
		CREATE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN RAISE 'could not serialize access' USING ERRCODE = '40001'; END $$;
		CREATE TRIGGER give_up BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION give_up()`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pgtest.Open(t, address).ReceiveLead(context.Background(), sent("", "words")); !errors.Is(err,
		fault.Unavailable) {
		t.Errorf("the request fails with %v, want that it can be sent again", err)
	}
}
