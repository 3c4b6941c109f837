package main

import (
	"encoding/json"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

// finding is what programs read of "doctor --json".
type finding struct {
	Check, Level, Finding, Advice string
}

// diagnosis returns the findings of "doctor --json" by the names of their checks, and the exit code.
func diagnosis(t *testing.T, folder string, more ...string) (found map[string]finding, code int) {
	t.Helper()
	cmd := command(t, folder, "doctor", "--json")
	cmd.Env = append(cmd.Env, more...)
	got := finish(t, cmd, "")
	var list []finding
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil {
		t.Fatalf("%v: %+v", err, got)
	}
	found = map[string]finding{}
	for _, f := range list {
		found[f.Check] = f
	}
	return found, got.code
}

func TestDoctorFindsNoProblemWithASiteThatRuns(t *testing.T) {
	t.Parallel()
	folder, box := siteFolder(t), mailtest.New(t)
	s := serveOn(t, folder)
	settings := []string{"TIEBREAK_BASE_URL=" + s.base, "TIEBREAK_SMTP_URL=smtp://" + box.Address}
	found, code := diagnosis(t, folder, settings...)
	if code != exitDone {
		t.Errorf("exit code %d: %+v", code, found)
	}
	for _, check := range []string{
		"serve", "base-url", "proxy", "memory", "database", "schema", "mail-server", "backup", "disk-data",
	} {
		if found[check].Level != "ok" {
			t.Errorf("%s: %+v", check, found[check])
		}
	}
	if len(box.Got()) > 0 {
		t.Error("an email was sent")
	}

	s.stop()
	found, code = diagnosis(t, folder, append(settings, "TIEBREAK_SMTP_URL=")...)
	if code != exitFailed || found["database"].Level != "ok" || found["serve"].Level != "problem" ||
		found["mail-server"].Level != "warning" || found["base-url"].Level != "not checked" {
		t.Errorf("exit code %d while the site is stopped: %+v", code, found)
	}
}

func TestDoctorLooksWhereTheSiteListensIfNothingIsSet(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	serveOn(t, folder)
	found, _ := diagnosis(t, folder, "TIEBREAK_ADDR=")
	if f := found["base-url"]; !strings.Contains(f.Finding, "http://localhost:8080") {
		t.Errorf("%+v", f)
	}
}

func TestDoctorFailsWithAProblemAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)
	found, code := diagnosis(t, folder)
	f := found["database"]
	if code != exitFailed || f.Level != "problem" || !strings.Contains(f.Finding, "there is no database in") {
		t.Errorf("exit code %d: %+v", code, f)
	}
	got := tiebreak(t, folder, "", "doctor")
	if got.code != exitFailed || !strings.Contains(got.stdout, "problem      database: ") ||
		!strings.Contains(got.stderr, "1 problem was found") {
		t.Errorf("%+v", got)
	}
	if files, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(files) > 0 {
		t.Errorf("it made %v (%v)", files, err)
	}
}

func TestDoctorNeverPrintsPasswords(t *testing.T) {
	t.Parallel()
	nobody := mailtest.Nobody(t)
	for name, database := range map[string]string{
		"nobody there": "postgres://user:wr0ng@" + nobody + "/tiebreak",
		"keywords":     "host=127.0.0.1 port=1 user=user password=wr0ng dbname=tiebreak",
	} {
		for _, args := range [][]string{{"doctor"}, {"doctor", "--json"}} {
			got := runOn(t, database, args, "TIEBREAK_SMTP_URL=smtp://user:wr0ng@"+nobody,
				"TIEBREAK_IMAP_URL=imap://user:wr0ng@"+nobody+"/INBOX")
			if all := got.stdout + got.stderr; got.code != exitFailed || strings.Contains(all, "wr0ng") {
				t.Errorf("%s: exit code %d: %s", name, got.code, all)
			}
		}
	}
}

func TestDoctorSaysOnceThatTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	nobody := mailtest.Nobody(t)
	got := runOn(t, "postgres://user@"+nobody+"/tiebreak", []string{"doctor"})
	if got.code != exitFailed || strings.Count(got.stdout, "connection refused") != 1 ||
		strings.Count(got.stdout, "Start the site") != 0 {
		t.Errorf("exit code %d: %s", got.code, got.stdout)
	}
	for _, check := range []string{"base-url", "proxy", "memory"} {
		want := "not checked  " + check + ": The database cannot be read.\n             See the check database."
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%s: %s", check, got.stdout)
		}
	}
}

func TestDoctorIsToldThatALimitOfConnectionsIsUsedUp(t *testing.T) {
	t.Parallel()
	address := foreignServer(t, `CREATE ROLE limited`, `CREATE DATABASE other CONNECTION LIMIT 0 IS_TEMPLATE false`,
		`CREATE ROLE plain LOGIN`)
	hba := `DO $$ BEGIN EXECUTE format('COPY (VALUES (''local all plain trust''), (''local all all peer map=embedded'')) TO %L',
		current_setting('hba_file')); END $$`
	must(t, pgtest.Exec(t, address, hba))
	must(t, pgtest.Exec(t, address, `SELECT pg_reload_conf()`))
	u, err := url.Parse(address)
	must(t, err)
	u.User = url.User("plain")
	eventually(t, "the role may connect, and there are too many connections", func() bool {
		got := runOn(t, u.String(), []string{"doctor"})
		return got.code == exitFailed && strings.Contains(got.stdout, "CONNECTION LIMIT") &&
			strings.Contains(got.stdout, "too many connections")
	})
}

func TestManualExplainsEveryCheckOfTheDoctor(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(manualPages(t)["commands"], "## What doctor checks")
	section, _, _ = strings.Cut(section, "\n## ")
	var listed []string
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "- ") {
			names, _, _ := strings.Cut(line, ": ")
			for _, m := range regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(names, -1) {
				listed = append(listed, m[1])
			}
		}
	}
	got := tiebreak(t, dataFolder(t), "", "doctor", "--json")
	var made []finding
	must(t, json.Unmarshal([]byte(got.stdout), &made))
	for i, f := range made {
		if i >= len(listed) || listed[i] != f.Check {
			t.Fatalf("the manual lists %v; check %d is %s", listed, i, f.Check)
		}
	}
	if len(listed) != len(made) {
		t.Errorf("the manual lists %d checks of %d", len(listed), len(made))
	}
}
