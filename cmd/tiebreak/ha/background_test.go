//go:build rigs

package ha

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

const (
	// workLimit is enough for what is looked for once a minute, and for the mails of a failover.
	workLimit = 3 * time.Minute
	// hearLimit is promised: a change is seen by all instances within this time, also while they do not listen.
	hearLimit = 20 * time.Second
)

// TestBackgroundWorkGoesOnAfterAFailover has a day pass while the primary goes: mails, reminders, the mailbox, the nightly backup
// and changes of guides go on with the new one.
func TestBackgroundWorkGoesOnAfterAFailover(t *testing.T) {
	box, imap := mailtest.New(t), mailtest.NewIMAP(t, true)
	f := newFailover(t, "TIEBREAK_SMTP_URL=smtp://"+box.Address, "TIEBREAK_IMAP_URL="+imap.URL(),
		"TIEBREAK_BACKUP_DIR="+folder(t))
	for day, how := range []fault{killed, readOnly} {
		f.exec(f.primary, fmt.Sprintf(`ALTER DATABASE site SET tiebreak.clock_shift = '%d hours'`, 25*(day+1)))
		if day > 0 {
			f.prospects = startProspects(t, f.instances)
		}
		since := ask[string](f.cluster, `SELECT clock()::text`)
		old, _ := f.takeOver(how)
		f.mend(how, old)
		f.prospects.stop()
		seen := f.site.publishChange(program(t), fmt.Sprintf("A changed subtitle, number %d.", day), f.instances)
		t.Logf("%s: a change is seen after %v", how.name, seen.Round(time.Millisecond))

		imap.Add(t, fmt.Appendf(nil, "From: someone%d@example.net\r\nTo: studio@example.org\r\nMessage-ID: <%d@example.net>\r\n"+
			"Subject: A question\r\nDate: %s\r\n\r\nA sample question.\r\n", day, day, time.Now().Format(time.RFC1123Z)))
		for what, condition := range map[string]string{
			"the email is in the inbox": fmt.Sprintf(`count(*) = %d FROM received_mails`, day+1),
			"the night's backup is made": fmt.Sprintf(`count(*) = %d FROM backups WHERE kind = 'nightly' AND problem = ''`,
				day+1),
			"reminders go out": fmt.Sprintf(`EXISTS (SELECT FROM deliveries WHERE kind IN ('reminder', 'overdue') AND ended_at > '%s')`, since),
		} {
			pgtest.Eventually(t, workLimit, what, func() bool { return ask[bool](f.cluster, `SELECT `+condition) })
		}
		f.prospects.check(f.cluster)
		f.prospects.awaitMails(box)
	}
}

// publishChange changes the guide by the command line, and waits until the instances show it. It returns how long that took.
func (s *site) publishChange(program, subtitle string, instances []*instance) time.Duration {
	s.t.Helper()
	s.changeGuide(program, subtitle)
	began := time.Now()
	for _, i := range instances {
		pgtest.Eventually(s.t, hearLimit, i.base+" shows the change", func() bool {
			_, page := get(i.base + guidePath)
			return strings.Contains(page, subtitle)
		})
	}
	return time.Since(began)
}

// changeGuide exports the guide of the site, changes its subtitle and publishes it.
func (s *site) changeGuide(program, subtitle string) {
	t := s.t
	t.Helper()
	dir := t.TempDir()
	run(t, s.command(program, "guide", "export", "django-vs-fastapi", "--dir", dir))
	file := filepath.Join(dir, "guides", "django-vs-fastapi.yaml")
	text, err := os.ReadFile(file)
	must(t, err)
	lines := bytes.Split(text, []byte("\n"))
	for n, line := range lines {
		if bytes.HasPrefix(line, []byte("subtitle:")) {
			lines[n] = fmt.Appendf(nil, "subtitle: %q", subtitle)
		}
	}
	must(t, os.WriteFile(file, bytes.Join(lines, []byte("\n")), 0o644))
	run(t, s.command(program, "guide", "import", "--publish", file))
}

// awaitMails waits until no mail waits, and checks that everyone whose request was taken has been told so, under one Message-ID
// however often.
func (p *prospects) awaitMails(box *mailtest.Mailbox) {
	p.t.Helper()
	page := ""
	p.t.Cleanup(func() {
		if p.t.Failed() {
			p.t.Logf("/readyz said %s", page)
		}
	})
	pgtest.Eventually(p.t, workLimit, "no mail waits", func() bool {
		_, page = get(p.bases[0] + "/readyz")
		return strings.Contains(page, "deliveries: 0 waiting")
	})
	confirmed, ids, letters := map[string]bool{}, map[string]string{}, box.Got()
	for _, l := range letters {
		id, mail := l.Header(p.t).Get("Message-Id"), l.To[0]+": "+l.Subject(p.t)
		if before := ids[mail]; l.To[0] != staffMail && before != "" && before != id {
			p.t.Errorf("%q went out under the Message-IDs %s and %s", mail, before, id)
		}
		confirmed[l.To[0]], ids[mail] = true, id
	}
	for _, a := range p.all() {
		if !confirmed[a.email] {
			p.t.Errorf("%s was not told that the request was taken", a.email)
		}
	}
	p.t.Logf("%d mails went out, to %d people", len(letters), len(confirmed))
}
