package postgres_test

import (
	"context"
	"errors"
	"reflect"
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
	if i.sent > 0 && data.SQL != "commit" || strings.HasPrefix(data.SQL, "begin") {
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

func TestReadOfSeveralStatementsSeesOneMoment(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(db *postgres.DB) (any, error){
		"option":  func(db *postgres.DB) (any, error) { return db.Option(t.Context(), "django") },
		"options": func(db *postgres.DB) (any, error) { return db.OptionsNamed(t.Context(), []string{"django", "fastapi"}) },
		"fact":    func(db *postgres.DB) (any, error) { return db.FactPage(t.Context(), "django", "admin") },
		"draft":   func(db *postgres.DB) (any, error) { return db.Draft(t.Context(), slug) },
		"export":  func(db *postgres.DB) (any, error) { return db.Export(t.Context(), nil, true) },
		"search":  func(db *postgres.DB) (any, error) { return db.Search(t.Context(), "django vs litestar") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, folder := pgtest.NewURL(t), starterFolder(t)
			db := pgtest.Open(t, url)
			if _, err := db.Start(t.Context(), folder); err != nil {
				t.Fatal(err)
			}
			before, err := read(db)
			noErrors(t, err)
			interrupted := openInterrupted(t, url, func() {
				for i := range folder.Options {
					folder.Options[i].BasedOn, folder.Options[i].Name = "", folder.Options[i].Name+" anew"
				}
				reword(&folder, "admin", "Re-worded")
				for i := range folder.Guides {
					folder.Guides[i].BasedOn, folder.Guides[i].Title = "", folder.Guides[i].Title+" anew"
				}
				put(t, db, postgres.Import{Folder: folder, Publish: true})
			})
			got, err := read(interrupted)
			noErrors(t, err)
			if !reflect.DeepEqual(got, before) {
				t.Error("it shows some of what was imported while it was read")
			}
			if after, err := read(db); err != nil || reflect.DeepEqual(after, before) {
				t.Errorf("the import changes nothing of it (%v)", err)
			}
		})
	}
}
