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
)

func TestHelpNamesEveryCommandAndSetting(t *testing.T) {
	t.Parallel()

	help := tiebreak(t, t.TempDir(), "", "--help")
	if help.code != exitDone {
		t.Errorf("exit code %d", help.code)
	}
	for _, word := range []string{
		"serve", "migrate", "demo", "guide import", "guide export", "guide check", "staff list", "staff add", "staff disable",
		"staff reset", "lead list", "lead export", "help", "version",
		"DATABASE_URL", "TIEBREAK_DATA", "TIEBREAK_ADDR", "TIEBREAK_BASE_URL", "TIEBREAK_STARTER", "TIEBREAK_LOG",
		"TIEBREAK_METRICS_ADDR", "PG_BIN",
	} {
		if !strings.Contains(help.stdout, word) {
			t.Errorf("the help does not name %s", word)
		}
	}
}

func TestWrongUsageSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()

	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"unknown flag":    {[]string{"serve", "--sped"}, "unknown flag --sped"},
		"unknown command": {[]string{"sevre"}, "sevre"},
		"no command":      {nil, "expected one of"},
		"bad address":     {[]string{"serve", "--addr", "8080"}, "HOST:PORT"},
		"bad base URL":    {[]string{"serve", "--base-url", "guides.example.org"}, "https://guides.example.org"},
		"bad starter":     {[]string{"serve", "--starter", "some"}, "guides or none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tiebreak(t, folder, "", c.args...)
			if got.code != exitUsage || !strings.Contains(got.stderr, c.want) {
				t.Errorf("exit code %d, said %q; want %d and %q", got.code, got.stderr, exitUsage, c.want)
			}
		})
	}
}

func TestAllProblemsOfTheSettingsAreSaidAtOnce(t *testing.T) {
	t.Parallel()

	got := tiebreak(t, t.TempDir(), "", "serve", "--addr", "nowhere", "--log", "loud")
	if !strings.Contains(got.stderr, "TIEBREAK_ADDR") || !strings.Contains(got.stderr, "TIEBREAK_LOG") {
		t.Errorf("said %q", got.stderr)
	}
}

func TestPortInUseIsSaidInOneLine(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()

	got := tiebreak(t, t.TempDir(), "", "serve", "--addr", taken.Addr().String())
	wantOneLine(t, got, "is in use")
}

func TestUnreachableDatabaseIsSaidWithoutItsPassword(t *testing.T) {
	t.Parallel()
	cmd := command(t, t.TempDir(), "lead", "list")
	cmd.Env = append(cmd.Env, "DATABASE_URL=postgres://app:verysecret@127.0.0.1:1/tiebreak")

	got := finish(t, cmd, "")
	wantOneLine(t, got, "DATABASE_URL")
	if strings.Contains(got.stderr, "verysecret") {
		t.Errorf("the password is in %q", got.stderr)
	}
}

func TestUnreadableDatabaseURLIsSaidWithoutItsPassword(t *testing.T) {
	t.Parallel()
	cmd := command(t, t.TempDir(), "lead", "list")
	cmd.Env = append(cmd.Env, "DATABASE_URL=postgres://app:verysecret@127.0.0.1:port/tiebreak")

	got := finish(t, cmd, "")
	wantOneLine(t, got, "DATABASE_URL")
	if strings.Contains(got.stderr, "verysecret") {
		t.Errorf("the password is in %q", got.stderr)
	}
}

func TestCommandsThatReadMakeNoDatabase(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"guide", "list"},
		{"guide", "export", "--dir", "out"},
		{"lead", "list"},
		{"lead", "export"},
		{"lead", "erase", "TB-0001"},
		{"staff", "list"},
		{"staff", "disable", "--email", "member@example.org"},
		{"staff", "reset", "--email", "member@example.org"},
		{"migrate", "status"},
	} {
		folder := filepath.Join(dataFolder(t), "data")
		wantOneLine(t, tiebreak(t, folder, "a sample password\n", args...), "there is no database in "+folder)
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%v made %s", args, folder)
		}
	}

	emptied := dataFolder(t)
	if err := os.MkdirAll(filepath.Join(emptied, "pg", "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	wantOneLine(t, tiebreak(t, emptied, "", "lead", "list"), "there is no database in "+emptied)
}

func TestCommandsWorkBesideARunningSite(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)
	site := serveOn(t, folder)

	second := tiebreak(t, folder, "", "serve")
	wantOneLine(t, second, "already")

	added := tiebreak(t, folder, "a sample password\n", "staff", "add", "--email", "member@example.org", "--name",
		"Sample Member", "--role", "admin")
	if added.code != exitDone {
		t.Fatalf("staff add: %+v", added)
	}
	again := tiebreak(t, folder, "a sample password\n", "staff", "add", "--email", "MEMBER@example.org", "--name", "Sample",
		"--role", "reader")
	wantOneLine(t, again, "already")
	short := tiebreak(t, folder, "short\n", "staff", "add", "--email", "other@example.org", "--name", "Sample", "--role",
		"reader")
	wantOneLine(t, short, "password")

	if empty := tiebreak(t, folder, "", "lead", "list", "--json"); strings.TrimSpace(empty.stdout) != "[]" {
		t.Errorf("no leads read %q", empty.stdout)
	}
	post(t, site.base, url.Values{"key": {"one"}})
	var leads []map[string]any
	if err := json.Unmarshal([]byte(tiebreak(t, folder, "", "lead", "list", "--json").stdout), &leads); err != nil ||
		len(leads) != 1 {
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
	exported := tiebreak(t, folder, "", "lead", "export", "--csv", "--filter", "q=sample&status=new").stdout
	if rows := strings.Split(strings.TrimSpace(exported), "\r\n"); len(rows) != 2 ||
		!strings.HasPrefix(rows[0], "\uFEFFreference,") || !strings.HasPrefix(rows[1], "TB-0001,") {
		t.Errorf("exported is %q", exported)
	}
	if none := tiebreak(t, folder, "", "lead", "export", "--json", "--filter", "tab=closed").stdout; none != "[]\n" {
		t.Errorf("closed leads are %q", none)
	}
	for _, address := range []string{"?tab=closed", site.base + "/staff/leads?tab=closed", "from=closed"} {
		if none := tiebreak(t, folder, "", "lead", "export", "--json", "--filter", address).stdout; none != "[]\n" {
			t.Errorf("--filter %s gives %q", address, none)
		}
	}
	wantOneLine(t, tiebreak(t, folder, "", "lead", "export", "--filter", "tab=nonsense"), "names no list")
	wantOneLine(t, tiebreak(t, folder, "", "lead", "export", "--filter", "tabs=closed"), "no part of a list")
	if !ready(site.base) {
		t.Error("the site does not answer any more")
	}
}

func TestTypedWordsDoNotCommandTheTerminal(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)
	site := serveOn(t, folder)
	post(t, site.base, url.Values{"name": {"Sample\u202ePerson"}, "project": {"\x1b]0;title\x07"}})
	added := tiebreak(t, folder, "a sample password\n", "staff", "add", "--email", "member@example.org", "--name",
		"Sample\x1b[2J\tMember", "--role", "reader")
	if added.code != exitDone {
		t.Fatalf("staff add: %+v", added)
	}
	for command, want := range map[string]string{
		"lead list": "  SamplePerson  ", "staff list": "  Sample [2J Member  ",
		"lead export --csv": "\" ]0;title \"",
	} {
		got := tiebreak(t, folder, "", strings.Fields(command)...)
		if strings.ContainsAny(got.stdout, "\x1b\x07\t") || !strings.Contains(got.stdout, want) {
			t.Errorf("%s prints %q, want %q", command, got.stdout, want)
		}
	}
}

func TestLeadIsErasedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)
	site := serveOn(t, folder)
	post(t, site.base, nil)
	mails := func() []string {
		files, err := filepath.Glob(filepath.Join(folder, "mail", "TB-0001-*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	eventually(t, "the confirmation is a file", func() bool { return len(mails()) > 0 })

	wantOneLine(t, tiebreak(t, folder, "", "lead", "erase", "TB-9999"), "no lead TB-9999: see")
	if got := tiebreak(t, folder, "", "lead", "erase", "TB-0001"); got.code != exitDone || got.stdout != "TB-0001 is erased.\n" {
		t.Errorf("%+v", got)
	}
	listed := tiebreak(t, folder, "", "lead", "list", "--json").stdout
	if !strings.Contains(listed, `"status": "erased"`) || strings.Contains(listed, "sample@example.org") || len(mails()) > 0 {
		t.Errorf("%v is left, and %s", mails(), listed)
	}
}

func TestWhatTheCommandLineDoesAndTakesIsAudited(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)
	site := serveOn(t, folder)
	post(t, site.base, nil)
	for _, command := range []string{
		"staff add --email admin@example.org --name Sample --role admin", "lead list", "lead list --json", "lead export",
		"lead export --json",
		"lead erase TB-0001", "staff reset --email admin@example.org",
	} {
		if got := tiebreak(t, folder, "a sample password\n", strings.Fields(command)...); got.code != exitDone {
			t.Fatalf("%s: %+v", command, got)
		}
	}
	response, err := enter(t, site.base, "admin@example.org", "a sample password").Get(site.base + "/staff/audit.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines, err := csv.NewReader(response.Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, line := range lines {
		if member, kind := line[2], line[4]; member == "" {
			kinds = append(kinds, kind)
		}
	}
	want := []string{
		"member-reset", "lead-erased", "leads-exported", "leads-exported", "leads-listed", "leads-listed",
		"member-joined",
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("the audit holds %v of\n%v", kinds, lines)
	}
}

func TestCommandsWorkWithoutASite(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)

	if made := tiebreak(t, folder, "", "migrate"); made.code != exitDone {
		t.Fatalf("migrate: %+v", made)
	}
	status := tiebreak(t, folder, "", "migrate", "status")
	if status.code != exitDone || !strings.Contains(status.stdout, "00001_clock_and_settings.sql") {
		t.Errorf("migrate status: %+v", status)
	}
	site := serveOn(t, folder)
	if site.setup == "" {
		t.Error("no set-up link is printed while there is no member")
	}
}

func wantOneLine(t *testing.T, got result, want string) {
	t.Helper()
	line := strings.TrimSuffix(got.stderr, "\n")
	if got.code != exitFailed || strings.Contains(line, "\n") || !strings.Contains(line, want) {
		t.Errorf("exit code %d, said %q; want %d and one line with %q", got.code, got.stderr, exitFailed, want)
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
