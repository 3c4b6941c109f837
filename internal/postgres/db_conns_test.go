package postgres_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// exec runs SQL that has to work on the database at the address.
func exec(t *testing.T, address, sql string) {
	t.Helper()
	if err := pgtest.Exec(t, address, sql); err != nil {
		t.Fatal(err)
	}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// nameIn returns the name of the database in the address.
func nameIn(u *url.URL) string { return strings.TrimPrefix(u.Path, "/") }

func TestConnectionsFitIntoTheLimitOfTheRole(t *testing.T) {
	t.Parallel()
	const limit = 6
	address := pgtest.NewURL(t)
	limited, role := pgtest.AsRole(t, address, limit)
	db := pgtest.Open(t, limited)
	s := db.Shortage()
	if s == nil || s.Opens != 39 || s.Allowed != limit || !strings.Contains(s.By, role) ||
		!strings.Contains(s.Remedy, "ALTER ROLE") {
		t.Fatalf("the shortage is %+v", s)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `BEGIN; LOCK TABLE site_version`); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 10 {
		for _, one := range []*postgres.DB{db, db.Readers(), db.Probes()} {
			wait.Go(func() {
				if _, err := one.SiteVersion(ctx); err != nil {
					t.Errorf("a query while others run: %v", err)
				}
			})
		}
	}
	pgtest.Await(t, address, time.Minute, fmt.Sprintf(
		`count(*) >= 4 FROM pg_stat_activity WHERE usename = '%s' AND wait_event_type = 'Lock'`, role))
	if _, err := conn.Exec(ctx, `COMMIT`); err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	pgtest.Migrate(t, db)
}

func TestShortageNamesWhatAllowsTheFewest(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	if s := pgtest.Open(t, address).Shortage(); s != nil {
		t.Errorf("without a limit, the shortage is %+v", s)
	}
	limited, _ := pgtest.AsRole(t, address, 30)
	if s := pgtest.Open(t, limited+sign(limited)+"pool_max_conns=7").Shortage(); s != nil {
		t.Errorf("with a small pool, the shortage is %+v", s)
	}
	exec(t, address, `ALTER DATABASE `+nameIn(parsed(t, address))+` CONNECTION LIMIT 20`)
	if s := pgtest.Open(t, limited).Shortage(); s == nil || s.Allowed != 20 || !strings.Contains(s.Remedy, "ALTER DATABASE") {
		t.Errorf("the shortage is %+v", s)
	}
}

func sign(address string) string {
	if strings.Contains(address, "?") {
		return "&"
	}
	return "?"
}

func TestPoolForWorkIsAsLargeAsTheAddressSays(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	for given, want := range map[string]int{"": 16, "pool_max_conns=2": 2, "pool_max_conns=40": 40} {
		if got := pgtest.Open(t, address+sign(address)+given).Pool().Most; got != want {
			t.Errorf("%q: %d connections for work, want %d", given, got, want)
		}
	}
	_, err := postgres.Open(context.Background(), address+sign(address)+"pool_max_conns=1")
	if err == nil || !strings.Contains(err.Error(), "pool_max_conns") {
		t.Errorf("one connection for work: %v", err)
	}
}
