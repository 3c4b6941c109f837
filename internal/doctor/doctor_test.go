package doctor_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/doctor"
	"tiebreak/internal/health"
	"tiebreak/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// nowhere is a public address that nothing listens at.
func nowhere(t *testing.T) *url.URL { return parse(t, "http://127.0.0.1:1") }

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	return u
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// on returns what the doctor finds in the database at the address.
func on(t *testing.T, address string) findings {
	t.Helper()
	return checked(t, doctor.Config{DB: pgtest.Open(t, address), BaseURL: nowhere(t)})
}

// findings are those of one report.
type findings struct {
	*testing.T
	all []health.Finding
}

func checked(t *testing.T, c doctor.Config) findings {
	t.Helper()
	return findings{t, doctor.New(c).Check(t.Context())}
}

// want checks the level of the finding of the check, and that finding and advice hold the words.
func (f findings) want(check string, level health.Level, words ...string) {
	f.Helper()
	found := 0
	for _, one := range f.all {
		if one.Check != check {
			continue
		}
		found++
		text := one.What + " " + one.Advice
		for _, word := range words {
			if !strings.Contains(text, word) {
				f.Errorf("%s says %q, without %q", check, text, word)
			}
		}
		if one.Level != level {
			f.Errorf("%s is %q, want %q: %s", check, one.Level, level, text)
		}
		if one.Bad() && one.Advice == "" {
			f.Errorf("%s gives no advice: %s", check, text)
		}
	}
	if found != 1 {
		f.Errorf("%s has %d findings", check, found)
	}
}

// siteThatStopped returns the address of the database of a site that stopped an hour ago.
func siteThatStopped(t *testing.T) string {
	t.Helper()
	address := pgtest.NewURL(t)
	must(t, pgtest.Exec(t, address, `UPDATE heartbeat SET at = now() - interval '1 hour', steady_since = '-infinity'`))
	return address
}

func TestNothingIsWrongWithTheDatabaseOfANewSite(t *testing.T) {
	t.Parallel()
	f := on(t, siteThatStopped(t))
	for _, check := range []string{
		"database", "database-rights", "database-encoding", "database-writes", "database-connections", "schema", "clock",
		"clock-jump", "email-waiting", "email-failed", "email-on-hold", "disk-database",
	} {
		f.want(check, health.OK)
	}
	f.want("serve", health.Problem, "60 min ago", "tiebreak serve")
	f.want("base-url", health.NotChecked, "The site is not running.", "Start the site")
	f.want("mail-server", health.Warning, "TIEBREAK_SMTP_URL")
	f.want("mailbox", health.NotChecked)
	f.want("backup", health.NotChecked, "TIEBREAK_BACKUP_DIR")
}

func TestDoctorChangesNothing(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	before := pgtest.Digests(t, address, "")
	on(t, address).want("serve", health.OK)
	if changed := pgtest.Changed(before, pgtest.Digests(t, address, "")); len(changed) > 0 {
		t.Errorf("the tables %v changed", changed)
	}
}

func TestDatabaseThatCannotBeOpenedIsTheOnlyProblem(t *testing.T) {
	t.Parallel()
	f := checked(t, doctor.Config{BaseURL: nowhere(t), DBError: errors.New("no such server")})
	f.want("database", health.Problem, "no such server", "Check that PostgreSQL runs")
	if n := health.Count(f.all, health.Problem); n != 1 {
		t.Errorf("%d problems: %+v", n, f.all)
	}
	for _, check := range []string{"base-url", "proxy", "memory"} {
		f.want(check, health.NotChecked, "The database cannot be read. See the check database.")
	}
	for _, one := range f.all {
		if one.Check != "database" && one.Check != "mail-server" && one.Level != health.NotChecked {
			t.Errorf("%+v", one)
		}
	}
}
