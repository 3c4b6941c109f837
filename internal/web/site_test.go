package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/doctor"
	"tiebreak/internal/guide/starter"
	"tiebreak/internal/mail"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/internal/web"
	"tiebreak/internal/web/page"
)

func TestMain(m *testing.M) { pgtest.Main(m, fillStarter) }

// fillStarter publishes the starter guides.
func fillStarter(ctx context.Context, db *postgres.DB) error {
	folder, err := starter.Folder()
	if err != nil {
		return err
	}
	_, err = db.Start(ctx, folder)
	return err
}

// site is the real router on a database of its own that holds the starter guides, and a browser without script.
type site struct {
	t       *testing.T
	db      *postgres.DB
	address string // of the database, where the test asked for one of its own
	base    string
	client  *http.Client
	router  chi.Routes
	counts  func() string // as Prometheus reads them
	log     *pgtest.Log
}

// wantLogged checks how often the log holds the text.
func (s *site) wantLogged(text string, want int) {
	s.t.Helper()
	if got := strings.Count(s.log.String(), text); got != want {
		s.t.Errorf("the log holds %q %d times, want %d:\n%s", text, got, want, s.log)
	}
}

// wantCounted checks that the metrics hold each of the lines.
func (s *site) wantCounted(lines ...string) {
	s.t.Helper()
	counts := s.counts()
	for _, line := range lines {
		if !strings.Contains(counts, line) {
			s.t.Errorf("the metrics lack %q:\n%s", line, counts)
		}
	}
}

func (s *site) server() *web.Server { return s.router.(*web.Server) }

// loopback is the network that all requests of tests come from. A site that trusts it as a proxy's believes their
// X-Forwarded-For.
const loopback = "127.0.0.0/8"

// newSite starts a site on a database of its own; the proxies' networks are trusted.
func newSite(t *testing.T, proxies ...string) *site {
	t.Helper()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address), proxies...)
	s.address = address
	return s
}

// signedIn starts a site whose browser is signed in as a member with the role.
func signedIn(t *testing.T, role staff.Role) *site {
	t.Helper()
	s := newSite(t)
	s.signIn(role)
	return s
}

// instance starts another instance on the database of the site, with a browser of its own.
func (s *site) instance(proxies ...string) *site {
	s.t.Helper()
	other := siteOn(s.t, pgtest.Open(s.t, s.address), proxies...)
	other.address = s.address
	return other
}

// later starts an instance for which it is later than now, such as "25 hours", with the same browser.
func (s *site) later(than string) *site {
	s.t.Helper()
	later := siteOn(s.t, pgtest.After(s.t, s.address, than))
	later.address, later.client = s.address, s.client
	return later
}

// newSiteAt starts a site for which it is about the given time.
func newSiteAt(t *testing.T, when time.Time) *site {
	t.Helper()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.After(t, address, fmt.Sprintf("%d seconds", int(time.Until(when).Seconds()))))
	s.address = address
	return s
}

// siteOn starts a site on the database, at an address without a name; the proxies' networks are trusted.
func siteOn(t *testing.T, db *postgres.DB, proxies ...string) *site {
	t.Helper()
	return siteAt(t, db, "127.0.0.1", proxies...)
}

func siteAt(t *testing.T, db *postgres.DB, host string, proxies ...string) *site {
	t.Helper()
	ctx := context.Background()
	server := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	noError(t, err)
	base := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
	s := &site{t: t, db: db, base: base.String(), log: &pgtest.Log{}}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	sender, err := mail.New(ctx, mail.Config{
		DB: db, BaseURL: base, Folder: filepath.Join(t.TempDir(), "mail"), From: "tiebreak@localhost", Log: log,
	})
	noError(t, err)
	handler, err := web.New(ctx, web.Config{
		Config: page.Config{
			DB: db, BaseURL: base, Proxies: proxies, Backups: true, Log: log,
			Mailbox: "reply@example.org on imap.example.org",
			Doctor:  doctor.New(doctor.Config{DB: db, BaseURL: base, BackupFolder: t.TempDir()}),
		},
		CertificateUntil: func() time.Time { return time.Time{} },
		SendTest:         sender.SendTest,
	})
	noError(t, err)
	server.Config.Handler, s.router = handler, handler
	s.counts = func() string {
		answer := httptest.NewRecorder()
		handler.Metrics().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return answer.Body.String()
	}
	watching, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { handler.Watch(watching); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	server.Start()
	t.Cleanup(server.Close)
	s.client = browser(t)
	return s
}

// noError ends the test if what it needs has failed.
func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// atOnce calls do with the numbers below n, all at the same time, and waits for the calls to end.
func atOnce(n int, do func(i int)) {
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { do(i) })
	}
	wait.Wait()
}

// within waits until the condition holds.
func (s *site) within(limit time.Duration, what string, holds func() bool) {
	s.t.Helper()
	pgtest.Eventually(s.t, limit, what, holds)
}

// await waits until the SQL condition is true in the database of the site.
func (s *site) await(limit time.Duration, condition string) {
	s.t.Helper()
	pgtest.Await(s.t, s.address, limit, condition)
}

// sql runs a statement in the database of the site, for what no store method does.
func (s *site) sql(statement string) {
	s.t.Helper()
	s.exec(s.address, statement)
}

// exec runs a statement in the database at the address.
func (s *site) exec(address, statement string) {
	s.t.Helper()
	noError(s.t, pgtest.Exec(s.t, address, statement))
}

// wantTables checks which tables of the database hold the text.
func (s *site) wantTables(text string, want ...string) {
	s.t.Helper()
	if got := pgtest.TablesWith(s.t, s.address, text); !slices.Equal(got, want) {
		s.t.Errorf("%q stands in the tables %v, want %v", text, got, want)
	}
}

// sweep does once what the program does each minute.
func (s *site) sweep() {
	s.t.Helper()
	noError(s.t, s.db.Sweep(s.t.Context()))
}
