package postgres_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/pgtest"
)

func TestRequestsAtOnceAreAllTakenWhateverTheDatabaseHasAsDefault(t *testing.T) {
	t.Parallel()
	for _, level := range []string{"repeatable read", "serializable"} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			address := pgtest.NewURL(t)
			for _, setting := range []string{
				"default_transaction_isolation = '" + level + "'",
				"datestyle = 'SQL, DMY'", "intervalstyle = 'iso_8601'", "bytea_output = 'escape'",
			} {
				exec(t, address, fmt.Sprintf(`ALTER DATABASE %s SET %s`, nameIn(parsed(t, address)), setting))
			}
			db := pgtest.Open(t, address)
			var wait sync.WaitGroup
			for i := range 12 {
				wait.Go(func() {
					if _, err := db.ReceiveLead(t.Context(), sent(fmt.Sprint(i), fmt.Sprint("words ", i))); err != nil {
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
	exec(t, address, `
		CREATE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN RAISE 'could not serialize access' USING ERRCODE = '40001'; END $$;
		CREATE TRIGGER give_up BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION give_up()`)
	if _, err := pgtest.Open(t, address).ReceiveLead(t.Context(), sent("", "words")); !errors.Is(err, fault.Unavailable) {
		t.Errorf("the request fails with %v, want that it can be sent again", err)
	}
}
