package main

import (
	"encoding/csv"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
)

func TestHelpNamesEveryCommandAndSetting(t *testing.T) {
	t.Parallel()

	wantDone(t, tiebreak(t, t.TempDir(), "", "--help"),
		"serve", "migrate [<status>]", "demo",
		"guide import", "guide export", "guide check", "staff list", "staff add", "staff disable",
		"staff reset", "lead list", "lead export", "help", "version",
		"DATABASE_URL", "TIEBREAK_DATA", "TIEBREAK_ADDR", "TIEBREAK_BASE_URL", "TIEBREAK_STARTER", "TIEBREAK_LOG",
		"TIEBREAK_METRICS_ADDR", "PG_BIN")
}

func TestWrongUsageSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()

	for _, c := range []struct{ args, want string }{
		{"serve --sped", "unknown flag --sped"},
		{"sevre", "sevre"},
		{"", "expected one of"},
		{"serve --addr 8080", "HOST:PORT"},
		{"serve --base-url guides.example.org", "https://guides.example.org"},
		{"serve --starter some", "guides or none"},
		{"serve --addr nowhere --log loud", "TIEBREAK_ADDR"}, // all problems are said at once
		{"serve --addr nowhere --log loud", "TIEBREAK_LOG"},
		{"help nonsense", "the topics are commands, settings"},
		{"guide new Not_A_Slug", ""},
		{"guide new a a", ""},
		{"guide new a b c d e", ""},
		{"demo --options 1", "--options is a number from 2 up"},
		{"demo --options 3 --guides 5", "--guides is a number from 1 to 4"},
		{"demo --guides 0", "--guides is a number from 1 to"},
		{"demo --leads=-1", "--leads is a number from 0"},
		{"demo --guides 1.5", "1.5"},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			wantUsage(t, tiebreak(t, folder, "", strings.Fields(c.args)...), c.want)
		})
	}
}

func TestPortInUseIsSaidInOneLine(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()

	got := tiebreak(t, t.TempDir(), "", "serve", "--addr", taken.Addr().String())
	wantOneLine(t, got, "is in use")
}

func TestDatabaseURLThatFailsIsSaidWithoutItsPassword(t *testing.T) {
	t.Parallel()
	got := runOn(t, "postgres://app:verysecret@127.0.0.1:1/tiebreak", []string{"lead", "list"})
	wantOneLine(t, got, "DATABASE_URL")
	if strings.Contains(got.stderr, "verysecret") {
		t.Errorf("the password is in %q", got.stderr)
	}
}

func TestCommandsThatReadMakeNoDatabase(t *testing.T) {
	t.Parallel()
	for _, command := range []string{
		"guide list", "guide export --dir out", "lead list", "lead export", "lead erase TB-0001", "staff list",
		"staff disable --email member@example.org", "staff reset --email member@example.org", "migrate status",
	} {
		folder := filepath.Join(dataFolder(t), "data")
		wantOneLine(t, tiebreak(t, folder, password+"\n", strings.Fields(command)...), "there is no database in "+folder)
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%s made %s", command, folder)
		}
	}

	emptied := dataFolder(t)
	must(t, os.MkdirAll(filepath.Join(emptied, "pg", "data"), 0o755))
	wantOneLine(t, tiebreak(t, emptied, "", "lead", "list"), "there is no database in "+emptied)
}

func TestCommandsWorkWhileTheSiteRuns(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	site := serveOn(t, folder)
	lead := func(args ...string) string { return mustRun(t, folder, "", append([]string{"lead"}, args...)...) }

	wantOneLine(t, tiebreak(t, folder, "", "serve"), "already")

	addMember(t, folder, "member@example.org", "admin")
	again := []string{"staff", "add", "--email", "MEMBER@example.org", "--name", "Sample", "--role", "reader"}
	wantOneLine(t, tiebreak(t, folder, password+"\n", again...), "already")
	wantOneLine(t, tiebreak(t, folder, "short\n", again...), "password")

	if empty := lead("list", "--json"); strings.TrimSpace(empty) != "[]" {
		t.Errorf("no leads read %q", empty)
	}
	post(t, site.base, url.Values{"key": {"one"}})
	var leads []map[string]any
	if err := json.Unmarshal([]byte(lead("list", "--json")), &leads); err != nil || len(leads) != 1 {
		t.Fatalf("%d leads (%v)", len(leads), err)
	}
	for _, name := range []string{
		"reference", "received_at", "due_at", "status", "suspect", "place", "month", "guide", "edition", "option", "ticks",
		"name", "email",
	} {
		if _, there := leads[0][name]; !there {
			t.Errorf("the lead has no %s", name)
		}
	}
	exported := lead("export", "--csv", "--filter", "q=sample&status=new")
	if rows := strings.Split(strings.TrimSpace(exported), "\r\n"); len(rows) != 2 ||
		!strings.HasPrefix(rows[0], "\uFEFFreference,") || !strings.HasPrefix(rows[1], "TB-0001,") {
		t.Errorf("exported is %q", exported)
	}
	for _, filter := range []string{"tab=closed", "?tab=closed", site.base + "/staff/leads?tab=closed", "from=closed"} {
		if none := lead("export", "--json", "--filter", filter); none != "[]\n" {
			t.Errorf("--filter %s gives %q", filter, none)
		}
	}
	wantOneLine(t, tiebreak(t, folder, "", "lead", "export", "--filter", "tab=nonsense"), "names no list")
	wantOneLine(t, tiebreak(t, folder, "", "lead", "export", "--filter", "tabs=closed"), "not part of a list")
	if !ready(site.base) {
		t.Error("the site does not answer any more")
	}
}

func TestTypedWordsDoNotCommandTheTerminal(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	site := serveOn(t, folder)
	post(t, site.base, url.Values{"name": {"Sample\u202ePerson"}, "project": {"\x1b]0;title\x07"}})
	mustRun(t, folder, password+"\n", "staff", "add", "--email", "member@example.org", "--name",
		"Sample\x1b[2J\tMember", "--role", "reader")
	for command, want := range map[string]string{
		"lead list": "  SamplePerson  ", "staff list": "  Sample [2J Member  ", "lead export --csv": "\" ]0;title \"",
	} {
		got := mustRun(t, folder, "", strings.Fields(command)...)
		if strings.ContainsAny(got, "\x1b\x07\t") || !strings.Contains(got, want) {
			t.Errorf("%s prints %q, want %q", command, got, want)
		}
	}
}

func TestLeadIsErasedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	site := serveOn(t, folder)
	post(t, site.base, nil)
	mails := func() []string {
		files, err := filepath.Glob(filepath.Join(folder, "mail", "TB-0001-*.eml"))
		must(t, err)
		return files
	}
	eventually(t, "the confirmation is a file", func() bool { return len(mails()) > 0 })

	wantOneLine(t, tiebreak(t, folder, "", "lead", "erase", "TB-9999"), "no lead TB-9999: see")
	if got := mustRun(t, folder, "", "lead", "erase", "TB-0001"); got != "TB-0001 is erased.\n" {
		t.Errorf("said %q", got)
	}
	listed := mustRun(t, folder, "", "lead", "list", "--json")
	if !strings.Contains(listed, `"status": "erased"`) || strings.Contains(listed, "sample@example.org") || len(mails()) > 0 {
		t.Errorf("%v is left, and %s", mails(), listed)
	}
}

func TestCommandsThatChangeOrReadLeadsAndMembersAreAudited(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	site := serveOn(t, folder)
	post(t, site.base, nil)
	for _, command := range []string{
		"staff add --email admin@example.org --name Sample --role admin", "lead list", "lead list --json", "lead export",
		"lead export --json", "lead erase TB-0001", "staff reset --email admin@example.org",
	} {
		mustRun(t, folder, password+"\n", strings.Fields(command)...)
	}
	response, err := enter(t, site.base, "admin@example.org", password).Get(site.base + "/staff/audit.csv")
	must(t, err)
	defer response.Body.Close()
	lines, err := csv.NewReader(response.Body).ReadAll()
	must(t, err)
	var kinds []string
	for _, line := range lines {
		if member, kind := line[2], line[4]; member == "" {
			kinds = append(kinds, kind)
		}
	}
	want := []string{
		"member-reset", "lead-erased", "leads-exported", "leads-exported", "leads-listed", "leads-listed", "member-joined",
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("the audit holds %v of\n%v", kinds, lines)
	}
}

func TestCommandsWorkWithoutASite(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)

	mustRun(t, folder, "", "migrate")
	wantDone(t, tiebreak(t, folder, "", "migrate", "status"), "00001_clock_and_settings.sql")
	wantUsage(t, tiebreak(t, folder, "", "migrate", "up"), "up")
	site := serveOn(t, folder)
	if site.setup == "" {
		t.Error("no set-up link is printed while there is no member")
	}
}

// post sends a sample request; changes overwrite its fields.
func post(t *testing.T, base string, changes url.Values) (receipt string) {
	t.Helper()
	receipt, err := tryPost(base, changes)
	if err != nil || receipt == "" {
		t.Fatalf("no receipt (%v)", err)
	}
	return receipt
}

// tryPost returns the receipt's address, or "" if the site did not acknowledge the request.
func tryPost(base string, changes url.Values) (receipt string, err error) {
	form := url.Values{
		"guide": {"django-vs-fastapi"}, "project": {"A sample project"}, "name": {"Sample Person"},
		"email": {"sample@example.org"}, "option": {"undecided"}, "consent": {"yes"},
	}
	for name, values := range changes {
		form[name] = values
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.PostForm(base+"/intake", form)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	return response.Header.Get("Location"), nil
}

// TestAllWrongSettingsAreSaidTogether has mistakes in the file of settings, in the environment and in a flag.
func TestAllWrongSettingsAreSaidTogether(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "tiebreak.env")
	must(t, os.WriteFile(file, []byte("TIEBREAK_BASE_URL=http://a.example\nTIEBREAK_DRIAN=10s\nTIEBREAK_DRAIN=10\n"+
		"TIEBREAK_BASE_URL=http://b.example\n"), 0o600))
	run := func(args ...string) result {
		cmd := command(t, t.TempDir(), args...)
		cmd.Env = append(cmd.Env, "TIEBREAK_ENV_FILE="+file, "TIEBREAK_METRICS_ADDR=9100", "TIEBREAK_BACKUP_KEY=secret",
			"DATABASE_URL=postgres://user:secret@host:port/site")
		return finish(t, cmd, "")
	}
	got := run("serve", "--starter", "some")
	for _, want := range []string{
		file + ":2: there is no setting TIEBREAK_DRIAN", file + ":4: TIEBREAK_BASE_URL is already set in line 1",
		"TIEBREAK_DRAIN \"10\" is not a length of time: write it as 10s", "TIEBREAK_METRICS_ADDR \"9100\"",
		"TIEBREAK_BACKUP_KEY is not an age key", "DATABASE_URL cannot be read: write it as postgres://", "guides or none",
	} {
		wantUsage(t, got, want)
	}
	if strings.Contains(got.stderr, "secret") {
		t.Errorf("a secret is in %q", got.stderr)
	}
	wantDone(t, run("help", "settings"), "TIEBREAK_DRAIN") // which says how to fix them
	wantDone(t, run("version"))
}

func TestLeadListSaysDeadlinesAsPagesDo(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	list := leadTable{newTable(&out, "REFERENCE"), lead.Promise{TimeZone: "UTC"}}
	for _, due := range []time.Time{time.Date(2026, 12, 4, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 4, 9, 30, 0, 0, time.UTC)} {
		if err := list.Add(lead.Line{DueAt: due, Status: lead.New}); err != nil {
			t.Fatal(err)
		}
	}
	if err := list.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Thu 3 Dec 2026, end of day UTC", "Fri 4 Dec 2026, 09:30 UTC"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the list lacks %q:\n%s", want, out.String())
		}
	}
}
