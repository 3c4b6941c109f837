//go:build rigs

package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tiebreak/internal/pgtest"
)

// firstAnswer is promised: from the first command of the manual to the first lead that is answered.
const firstAnswer = 120 * time.Second

// TestManualInstallsThePackageInACleanDebian runs the commands of the manual, as they stand there, in a Debian that was just made
// and has neither Go nor git. It needs root, bin/debian and a release: "make test-long" makes both.
func TestManualInstallsThePackageInACleanDebian(t *testing.T) {
	debian := bootDebian(t)
	commands := blocksOf(t, "deploy", "Install the package")
	began := time.Now()
	debian.run(commands[0])
	t.Logf("installed after %v", time.Since(began).Round(time.Second))
	link := regexp.MustCompile(`http://localhost:8080/staff/setup/\w+`).FindString(debian.run(commands[1]))
	if link == "" {
		t.Fatalf("%q shows no link", commands[1])
	}

	jar, err := cookiejar.New(nil)
	must(t, err)
	admin := &visitor{t, "http://localhost:8080", http.Client{Jar: jar}}
	admin.submit(link, link, url.Values{
		"name": {"Sample Member"}, "email": {"member@example.org"}, "password": {password},
	})
	receipt, err := tryPost(admin.base, nil)
	must(t, err)
	lead := admin.base + "/staff/leads/" + regexp.MustCompile(`TB-\w+`).FindString(admin.page(admin.base+"/staff/leads").Text())
	admin.submit(lead, lead+"/reply", url.Values{"reply": {"A first answer."}, "do": {"send"}})
	took := time.Since(began)
	t.Logf("the first lead was answered after %v", took.Round(time.Second))
	if took > firstAnswer {
		t.Errorf("that took more than %v", firstAnswer)
	}
	if text := admin.page(admin.base + receipt).Text(); !strings.Contains(text, "A first answer.") {
		t.Errorf("the receipt does not show the answer: %s", text)
	}

	if status := debian.run(commands[2]); !strings.Contains(status, "Serving http://localhost:8080") {
		t.Errorf("the status is %s", status)
	}
	if list := debian.run("runuser -u tiebreak -- tiebreak lead list"); !strings.Contains(list, "contacted") {
		t.Errorf("the leads are %s", list)
	}
	debian.run("grep TiebreakDown /usr/share/tiebreak/alerts.yaml")
	debian.run("systemd-analyze verify --man=no /lib/systemd/system/tiebreak.service")
	debian.run("apt-get purge -y tiebreak && [ -e /var/lib/tiebreak/pg/data/PG_VERSION ] && ! [ -e /etc/tiebreak ]")
}

// blocksOf returns the indented blocks below a heading of a page of the manual, without their indentation.
func blocksOf(t *testing.T, page, heading string) (blocks []string) {
	t.Helper()
	_, section, found := strings.Cut(manualPages(t)[page], "\n## "+heading+"\n")
	if !found {
		t.Fatalf("%s.md has no heading %q", page, heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for _, block := range regexp.MustCompile(`(?m)(?:^    .*\n)+`).FindAllString(section, -1) {
		indentation := regexp.MustCompile(`^ +`).FindString(block)
		blocks = append(blocks, regexp.MustCompile(`(?m)^`+indentation).ReplaceAllString(block, ""))
	}
	return blocks
}

// debian is a Debian that was booted by systemd-nspawn, on the network of this machine.
type debian struct {
	t    *testing.T
	root string // folder of its files on this machine
	deb  string // package on this machine
	init string // process
}

// bootDebian boots a copy of bin/debian with the package in /root.
func bootDebian(t *testing.T) debian {
	t.Helper()
	root := filepath.Join(dataFolder(t), "debian")
	bin := filepath.Join(rootFolder, "bin")
	packages, err := filepath.Glob(filepath.Join(bin, "release", "*_amd64.deb"))
	if err != nil || len(packages) != 1 {
		t.Fatalf("there is no package: run make release (%v)", err)
	}
	for _, args := range [][]string{{"-a", filepath.Join(bin, "debian"), root}, {packages[0], root + "/root/"}} {
		if out, err := exec.Command("cp", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s: run make debian", err, out)
		}
	}
	machine := exec.Command("systemd-nspawn", "--register=no", "--keep-unit", "--quiet", "--boot", "--directory="+root)
	must(t, machine.Start())
	t.Cleanup(func() {
		_ = machine.Process.Signal(syscall.SIGTERM) // a shutdown in good order
		_ = machine.Wait()
	})
	d := debian{t: t, root: root, deb: packages[0]}
	children := filepath.Join("/proc", strconv.Itoa(machine.Process.Pid), "task", strconv.Itoa(machine.Process.Pid), "children")
	pgtest.Eventually(t, firstStart, "Debian has booted", func() bool {
		text, _ := os.ReadFile(children)
		d.init = strings.TrimSpace(string(text))
		return d.init != "" && d.command("systemctl is-system-running --wait | grep -E 'running|degraded'").Run() == nil
	})
	return d
}

// command returns a shell line to run as root in the Debian, in its folder /root.
func (d debian) command(line string) *exec.Cmd {
	return exec.Command("nsenter", "--target", d.init, "--mount", "--uts", "--ipc", "--pid", "--root",
		"--wd=/proc/"+d.init+"/root/root", "env", "-i", "HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		"DEBIAN_FRONTEND=noninteractive", "TERM=dumb", "bash", "-e", "-c", line)
}

// run returns what the commands print. They have to succeed.
func (d debian) run(line string) string {
	d.t.Helper()
	out, err := d.command(line).CombinedOutput()
	if err != nil {
		d.t.Fatalf("%s: %v: %s", line, err, out)
	}
	return string(out)
}

// page reads a page.
func (v *visitor) page(address string) *goquery.Document {
	v.t.Helper()
	response, err := v.Get(address)
	must(v.t, err)
	defer response.Body.Close()
	document, err := goquery.NewDocumentFromReader(response.Body)
	must(v.t, err)
	return document
}

// submit fills in and sends the form of a page that goes to the target.
func (v *visitor) submit(address, target string, values url.Values) {
	v.t.Helper()
	to, err := url.Parse(target)
	must(v.t, err)
	document := v.page(address)
	form := document.Find("form[action='" + to.Path + "']")
	if form.Length() == 0 {
		form = document.Find("form:not([action])")
	}
	form = form.First()
	form.Find("input[type=hidden]").Each(func(_ int, input *goquery.Selection) {
		values.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
	})
	response, err := v.PostForm(target, values)
	must(v.t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK { // after the redirect
		body, _ := io.ReadAll(response.Body)
		v.t.Fatalf("%s answers %s to %v: %s", target, response.Status, values, body)
	}
}
