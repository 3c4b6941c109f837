//go:build rigs

package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
)

// settingsFile belongs to the operator, whichever package is installed.
const settingsFile = "/etc/tiebreak/tiebreak.env"

// TestPackagesKeepEditedSettingsInACleanDebian upgrades and goes back without a terminal, and installs over a start that fails.
func TestPackagesKeepEditedSettingsInACleanDebian(t *testing.T) {
	debian := bootDebian(t)
	conffile, later := debian.repack("0.1", debian.asConffile), debian.repack("1", func(folder string) {
		template := filepath.Join(folder, "usr/share/tiebreak/tiebreak.env")
		writeFile(t, template, readFile(t, template)+"# A later version explains more.\n")
	})
	install := blocksOf(t, "deploy", "Install the package")[0]
	goBack := strings.ReplaceAll(strings.TrimSpace(blocksOf(t, "backup", "Upgrade")[0]), "./OLDER.deb", "./tiebreak_*.deb")
	debian.run("cd " + conffile + "\n" + install)
	debian.run("sed -i 's/^#TIEBREAK_ADDR=.*/TIEBREAK_ADDR=127.0.0.1:8750/' " + settingsFile + "; systemctl restart tiebreak")
	edited := debian.run("cat " + settingsFile)
	wantKept := func(what string) {
		t.Helper()
		if now := debian.run("cat " + settingsFile); now != edited {
			t.Errorf("%s: the settings are\n%s", what, now)
		}
		if state := debian.run("stat -c '%U:%G %a' " + settingsFile); state != "root:tiebreak 640\n" {
			t.Errorf("%s: the settings belong to %s", what, state)
		}
		if response, err := http.Get("http://127.0.0.1:8750/readyz"); err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: the site answers %v, %v", what, response, err)
		}
	}
	debian.run(install)
	wantKept("from a package with a conffile")
	debian.run("cd " + later + "\n" + install)
	wantKept("to a later template")
	debian.run(goBack)
	wantKept("back")

	debian.run("echo DATABASE_URL=postgres://site@127.0.0.1:1/site >>" + settingsFile)
	wantSaid(t, debian.run("cd "+later+"\n"+install), "goes on trying: Waiting for the database", "systemctl status tiebreak")
	debian.run("sed -i 's|^DATABASE_URL=.*|TIEBREAK_DATA=/srv/site|; /^TIEBREAK_DATA=.var/d' " + settingsFile)
	debian.run("install -d -o tiebreak /srv/site")
	said := debian.run(goBack + " || true") // the status of a program that does not run
	if wantSaid(t, said, "Tiebreak does not start", "journalctl -u tiebreak -o cat"); strings.Contains(said, "first admin") {
		t.Errorf("after a failed start it speaks of the first admin: %s", said)
	}
	wantSaid(t, debian.run("journalctl -u tiebreak -o cat"), "read-only file system", "ReadWritePaths=")
	pgtest.Eventually(t, firstStart, "systemd tries more often than five times", func() bool {
		return debian.run("systemctl show -p NRestarts tiebreak | grep -xE 'NRestarts=([6-9]|..+)' || true") != ""
	})
	debian.run("apt-get purge -y tiebreak && ! [ -e /etc/tiebreak ]")
}

// TestLostServerIsReplacedInACleanDebian follows the manual: the package is masked, a backup restored and the site started.
func TestLostServerIsReplacedInACleanDebian(t *testing.T) {
	debian := bootDebian(t)
	folder, file := siteFolder(t), filepath.Join(t.TempDir(), "FILE.backup")
	mustRun(t, folder, "", "demo", "--guides", "1", "--options", "2", "--leads", "20")
	mustRun(t, folder, "", "backup", file)
	debian.host("cp", file, debian.root+"/root/")
	steps := blocksOf(t, "backup", "When the server is lost")
	debian.run(steps[0])
	said := debian.run(blocksOf(t, "deploy", "Install the package")[0])
	wantSaid(t, said, "masked", "systemctl unmask tiebreak")
	if strings.Contains(said, "creates the first admin") {
		t.Errorf("a masked service has no link: %s", said)
	}
	refused := debian.run("runuser -u tiebreak -- tiebreak restore FILE.backup 2>&1 || true")
	wantSaid(t, refused, "/root/FILE.backup", "permission denied", "tiebreak help backup")
	debian.run("touch erasures.log")
	for _, step := range steps[1:] {
		debian.run(step)
	}
	if list := debian.run("runuser -u tiebreak -- tiebreak lead list --json"); strings.Count(list, `"reference"`) != 20 {
		t.Errorf("the leads are %s", list)
	}
	refused = debian.run("runuser -u tiebreak -- tiebreak backup site.backup 2>&1 || true")
	wantSaid(t, refused, "the user tiebreak cannot write to the folder /root:")
	debian.run("systemctl is-active tiebreak && systemctl is-enabled tiebreak")

	// The same into new folders, of a site that has started.
	debian.run("cp FILE.backup site.backup; install -D -o tiebreak FILE.backup /var/lib/tiebreak/backup/FILE.backup")
	debian.run(blocksOf(t, "backup", "Upgrade")[1])
	debian.run(blocksOf(t, "backup", "Restore, also on another machine")[1])
	debian.run("install -D /dev/stdin /etc/systemd/system/tiebreak.service.d/override.conf <<'END'\n" +
		strings.ReplaceAll(blocksOf(t, "deploy", "Install the package")[4], "/mnt/backup", "/srv/restored") + "END\n")
	for _, restored := range []string{"/var/lib/tiebreak/older", "/srv/restored"} {
		debian.run("sed -i 's|^TIEBREAK_DATA=.*|TIEBREAK_DATA=" + restored + "|' " + settingsFile)
		debian.run("systemctl daemon-reload && systemctl restart tiebreak")
		if log := debian.run("journalctl -u tiebreak -o cat"); !strings.Contains(log, restored+"/pg (a private PostgreSQL)") {
			t.Errorf("the site does not run in %s: %s", restored, log)
		}
	}
}

// wantSaid checks that a command printed all parts.
func wantSaid(t *testing.T, said string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(said, part) {
			t.Errorf("%q is missing in:\n%s", part, said)
		}
	}
}

// repack returns a folder in the Debian with the package in another version, after change has worked on its unpacked files.
func (d debian) repack(version string, change func(folder string)) string {
	d.t.Helper()
	unpacked, inside := filepath.Join(d.t.TempDir(), "package"), "/root/"+version
	d.host("dpkg-deb", "-R", d.deb, unpacked)
	control := filepath.Join(unpacked, "DEBIAN/control")
	writeFile(d.t, control, regexp.MustCompile(`(?m)^Version: .*`).ReplaceAllString(readFile(d.t, control), "Version: "+version))
	change(unpacked)
	must(d.t, os.Mkdir(d.root+inside, 0o755))
	d.host("dpkg-deb", "-Znone", "--root-owner-group", "-b", unpacked, d.root+inside+"/tiebreak_"+version+"_amd64.deb")
	return inside
}

// asConffile makes the unpacked package one of those whose file of settings dpkg knew.
func (d debian) asConffile(folder string) {
	d.t.Helper()
	template, settings := filepath.Join(folder, "usr/share/tiebreak/tiebreak.env"), filepath.Join(folder, settingsFile)
	must(d.t, os.MkdirAll(filepath.Dir(settings), 0o755))
	writeFile(d.t, settings, "# An earlier version explains less.\n"+readFile(d.t, template))
	must(d.t, os.Remove(template))
	writeFile(d.t, filepath.Join(folder, "DEBIAN/conffiles"), settingsFile+"\n")
}

// host runs a command on this machine.
func (d debian) host(name string, args ...string) {
	d.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		d.t.Fatalf("%s %v: %v: %s", name, args, err, out)
	}
}
