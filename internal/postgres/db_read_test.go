package postgres_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tiebreak/internal/fault"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// interruption does something once, between the first two statements of a store's first transaction.
type interruption struct {
	do   func()
	sent int // statements of the transaction
}

func (i *interruption) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if i.sent > 0 || strings.HasPrefix(data.SQL, "begin") {
		i.sent++
	}
	if i.sent == 3 {
		i.do()
	}
	return ctx
}

func (*interruption) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// openInterrupted returns another store on the database at url that does something within its first transaction.
func openInterrupted(t *testing.T, url string, do func()) *postgres.DB {
	t.Helper()
	tracer := &interruption{do: do}
	db, err := postgres.Open(t.Context(), url, func(c *pgxpool.Config) { c.ConnConfig.Tracer = tracer })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Close()
		if tracer.sent < 3 {
			t.Errorf("%d statements: nothing came between", tracer.sent)
		}
	})
	return db
}

func TestOptionThatIsAddedWhileItIsReadIsNotFoundYet(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := openInterrupted(t, url, func() {
		exec(t, url, `
			WITH o AS (INSERT INTO options (slug, name, kind, homepage) VALUES ('late', 'Late', '', '') RETURNING id)
			INSERT INTO facts (option_id, key, version, value, detail, confidence, checked, review)
			SELECT id, 'licence', 1, 'MIT', '', 'unknown', '2027-01-01', '2028-01-01' FROM o`)
	})
	if o, err := db.Option(t.Context(), "late"); !errors.Is(err, fault.NotFound) {
		t.Errorf("got %+v (%v)", o, err)
	}
	if o, err := db.Option(t.Context(), "late"); err != nil || o.Facts["licence"].Value != "MIT" {
		t.Errorf("then got %+v (%v)", o, err)
	}
}
