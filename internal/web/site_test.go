package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-chi/chi/v5"

	"tiebreak/internal/guide/starter"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/internal/web"
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
	t      *testing.T
	db     *postgres.DB
	base   string
	client *http.Client
	router chi.Routes
	counts func() string // as Prometheus reads them
	log    *journal
}

// journal is a log that requests may write at once.
type journal struct {
	sync.Mutex
	strings.Builder
}

func (j *journal) Write(line []byte) (int, error) {
	j.Lock()
	defer j.Unlock()
	return j.Builder.Write(line)
}

func (s *site) server() *web.Server { return s.router.(*web.Server) }

func newSite(t *testing.T) *site {
	t.Helper()
	return siteOn(t, pgtest.New(t))
}

// siteOn is a site on the database, at an address without a name; the proxies' networks are trusted.
func siteOn(t *testing.T, db *postgres.DB, proxies ...string) *site {
	t.Helper()
	return siteAt(t, db, "127.0.0.1", proxies...)
}

func siteAt(t *testing.T, db *postgres.DB, host string, proxies ...string) *site {
	t.Helper()
	ctx := context.Background()
	if err := fillStarter(ctx, db); err != nil { // a cluster of the test's own is empty
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	base := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
	s := &site{t: t, db: db, base: base.String(), log: &journal{}}
	handler, err := web.New(ctx, web.Config{
		DB: db, BaseURL: base, Proxies: proxies,
		Log: slog.New(slog.NewTextHandler(s.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
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

// browser keeps cookies and shows each redirect instead of following it.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

type answer struct {
	t      *testing.T
	status int
	header http.Header
	*goquery.Document
}

func (s *site) do(r *http.Request) answer {
	s.t.Helper()
	response, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{t: s.t, status: response.StatusCode, header: response.Header, Document: document}
}

func (s *site) request(method, path, body string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequest(method, s.base+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *site) get(path string) answer {
	s.t.Helper()
	return s.do(s.request(http.MethodGet, path, ""))
}

// body is what a program reads at the path.
func (s *site) body(path string) string {
	s.t.Helper()
	response, err := s.client.Do(s.request(http.MethodGet, path, ""))
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: status %d (%v)", path, response.StatusCode, err)
	}
	return string(text)
}

func (s *site) post(path string, form url.Values) answer {
	s.t.Helper()
	r := s.request(http.MethodPost, path, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r)
}

func (a answer) wantStatus(want int) answer {
	a.t.Helper()
	if a.status != want {
		a.t.Fatalf("status %d, want %d: %.300s", a.status, want, a.text("main"))
	}
	return a
}

// nothing is the document of an answer whose body is not looked at.
func nothing(t *testing.T) *goquery.Document {
	t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// text is what a reader reads at the selector, white space folded.
func (a answer) text(selector string) string {
	return strings.Join(strings.Fields(a.Find(selector).Text()), " ")
}

func (a answer) wantText(selector, want string) {
	a.t.Helper()
	if got := a.text(selector); !strings.Contains(got, want) {
		a.t.Errorf("%s reads %q, want %q in it", selector, got, want)
	}
}

func (a answer) wantCount(selector string, want int) {
	a.t.Helper()
	if got := a.Find(selector).Length(); got != want {
		a.t.Errorf("%d of %s, want %d", got, selector, want)
	}
}

// attr is the attribute of the first match.
func (a answer) attr(selector, name string) string {
	value, _ := a.Find(selector).Attr(name)
	return value
}

// signIn makes a member and signs the browser in as them.
func (s *site) signIn(role staff.Role) {
	s.t.Helper()
	s.addMember("member@example.org", role)
	s.post("/staff/sign-in", url.Values{"email": {"member@example.org"}, "password": {"a sample password"}}).
		wantStatus(http.StatusSeeOther)
}

// sampleHash returns the hash of the password of all sample members. Making one takes longer than many a test.
var sampleHash = sync.OnceValues(func() (string, error) {
	return staff.HashPassword(context.Background(), "a sample password")
})

func (s *site) addMember(email string, role staff.Role) {
	s.t.Helper()
	hash, err := sampleHash()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.db.AddMember(context.Background(), staff.NewMember{Email: email, Name: "Sample Member", Role: role},
		hash); err != nil {
		s.t.Fatal(err)
	}
}
