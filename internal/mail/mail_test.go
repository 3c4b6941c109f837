package mail_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var secret = []byte("a secret of at least thirty-two bytes")

// send has a lead of the prospect arrive.
func send(t *testing.T, db *postgres.DB, email, words string) (token string) {
	t.Helper()
	f := lead.Form{Name: "Sample Person", Email: email, Project: words, Agreed: true, Key: lead.NewKey()}
	arrival, err := db.ReceiveLead(context.Background(), lead.Submission{
		Key: f.KeyDigest(secret), Body: f.BodyDigest(secret), Address: f.AddressDigest(secret),
		Contents: f.Contents(), Choices: lead.Choices{Option: lead.Undecided},
	})
	if err != nil {
		t.Fatal(err)
	}
	return arrival.Token
}

// service returns one on the database, with changed settings.
func service(t *testing.T, db *postgres.DB, change func(c *mail.Config)) *mail.Service {
	t.Helper()
	c := mail.Config{
		DB: db, BaseURL: &url.URL{Scheme: "https", Host: "guides.example.org"}, From: "tiebreak@guides.example.org",
		Staff: []string{"staff@example.org"}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	change(&c)
	service, err := mail.New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return service
}

// run delivers until the test ends. The functions of between run once the service is made, before it runs.
func run(t *testing.T, db *postgres.DB, change func(c *mail.Config), between ...func()) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	made := service(t, db, change)
	for _, happen := range between {
		happen()
	}
	done := make(chan struct{})
	go func() { made.Run(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
}

func to(box *mailtest.Mailbox) func(c *mail.Config) {
	return func(c *mail.Config) { c.SMTP = "smtp://" + box.Address }
}

// timeout bounds what a test waits for: more than the longest wait between the attempts that it sees.
const timeout = 40 * time.Second

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	pgtest.Eventually(t, timeout, what, holds)
}

func TestRequestIsConfirmedAndStaffAreTold(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	run(t, db, to(box))
	token := send(t, db, "prospect@example.org", "Words of the prospect")
	eventually(t, "both mails are there", func() bool { return len(box.Got()) == 2 })

	letters := box.Got()
	slices.SortFunc(letters, func(a, b mailtest.Letter) int { return strings.Compare(a.To[0], b.To[0]) })
	confirmation, notice := letters[0], letters[1]
	if confirmation.To[0] != "prospect@example.org" || notice.To[0] != "staff@example.org" {
		t.Fatalf("sent to %v and %v", confirmation.To, notice.To)
	}
	if subject := confirmation.Subject(t); subject != "We received your request (TB-0001)" {
		t.Errorf("subject %q", subject)
	}
	held := pgtest.Leads(t, db)[0].Month.Format("January")
	for text, want := range map[string]bool{
		"Words of the prospect": false, "Sample Person": false,
		"/requests/" + token: true, "We have reserved a place for you in " + held: true,
		"multipart/alternative": true, "Auto-Submitted: auto-generated": true,
	} {
		if strings.Contains(unfolded(confirmation.Text), text) != want {
			t.Errorf("%q is in the confirmation: want %v\n%s", text, want, confirmation.Text)
		}
	}
	for _, want := range []string{"Words of the prospect", "/staff/leads/TB-0001"} {
		if !strings.Contains(unfolded(notice.Text), want) {
			t.Errorf("staff do not read %q", want)
		}
	}
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
}

// unfolded joins the lines that quoted-printable breaks (RFC 2045, 6.7).
func unfolded(text string) string {
	return strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(text)
}

func waiting(t *testing.T, db *postgres.DB) int {
	t.Helper()
	return queue(t, db).Waiting
}

func TestAnAddressIsConfirmedToOnceADay(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	db, box := pgtest.Open(t, address), mailtest.New(t)
	run(t, db, to(box))
	confirmations := func() int { // apart from the news of places, if the next day is in another month
		return len(slices.DeleteFunc(subjectsTo(t, box, "victim@example.org"), func(subject string) bool {
			return strings.HasPrefix(subject, "You have a place")
		}))
	}
	for i := range 20 {
		send(t, db, []string{"victim@example.org", "Victim@Example.org"}[i%2], fmt.Sprint(i))
	}
	eventually(t, "all is out", func() bool { return waiting(t, db) == 0 })
	if n := confirmations(); n > 1 || len(box.Got()) != 21 {
		t.Errorf("%d confirmations and %d mails in all", n, len(box.Got()))
	}
	later := pgtest.After(t, address, "25 hours")
	send(t, later, "victim@example.org", "a day later")
	eventually(t, "another is out", func() bool { return confirmations() == 2 })
}

func TestHostileWordsBringNoHeaderAndNoRecipient(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	run(t, db, to(box))
	hostile := "x\r\nBcc: victim@example.org\r\n\r\nbody"
	f := lead.Form{
		Name: hostile, Email: "prospect@example.org", Company: hostile, Project: hostile, Timeline: hostile,
		Budget: hostile,
	}
	for _, email := range []string{
		"a@example.org\r\nBcc: victim@example.org", "a@example.org,victim@example.org", `"a> ORCPT=victim"@example.org`,
		"a@example.org> RCPT TO:<victim@example.org", "Sample <a@example.org>",
	} {
		g := f
		g.Email = email
		if g.Agreed = true; g.Check().For("email") == "" {
			t.Errorf("%q is taken for an address", email)
		}
	}
	submission := lead.Submission{
		Key: f.KeyDigest(secret), Body: f.BodyDigest(secret), Address: f.AddressDigest(secret),
		Contents: f.Contents(), Choices: lead.Choices{Option: lead.Undecided, OptionName: hostile, GuideTitle: hostile},
	}
	if _, err := db.ReceiveLead(context.Background(), submission); err != nil {
		t.Fatal(err)
	}
	// A value that the form refuses must do no harm if it is in the database already.
	submission.Key, submission.Email = []byte("another"), "a@example.org> RCPT TO:<victim@example.org"
	if _, err := db.ReceiveLead(context.Background(), submission); err != nil {
		t.Fatal(err)
	}
	eventually(t, "what can go out is out", func() bool { return len(box.Got()) == 3 })
	for _, l := range box.Got() {
		if len(l.To) != 1 || strings.Contains(l.To[0], "victim") || l.Header(t).Get("Bcc") != "" {
			t.Errorf("sent to %v with the headers %v", l.To, l.Header(t))
		}
	}
}

func TestWithoutAServerMailsAreFilesThatOnlyTheOwnerReads(t *testing.T) {
	t.Parallel()
	db, folder := pgtest.New(t), filepath.Join(t.TempDir(), "mail")
	run(t, db, func(c *mail.Config) { c.Folder = folder })
	send(t, db, "prospect@example.org", "words")
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	if n := files(t, folder, "TB-0001"); n != 2 {
		t.Errorf("%d files", n)
	}
	info, err := os.Stat(folder)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v (%v)", info.Mode(), err)
	}
}

func TestNobodyIsRemindedOfWhatIsAnsweredMeanwhile(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	ctx := context.Background()
	db := pgtest.Open(t, address)
	send(t, db, "prospect@example.org", "words")
	late := pgtest.After(t, address, "19 hours")
	if err := late.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if err := late.Withdraw(ctx, pgtest.Leads(t, late)[0].Token); err != nil {
		t.Fatal(err)
	}
	box := mailtest.New(t)
	run(t, late, to(box))
	eventually(t, "nothing waits", func() bool { return waiting(t, late) == 0 })
	for _, l := range box.Got() {
		if subject := l.Subject(t); strings.Contains(subject, "to reply") ||
			strings.Contains(subject, "We received your request") {
			t.Errorf("sent %q", subject)
		}
	}
}
