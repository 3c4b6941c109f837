package web_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// TestMalformedRequestsAreAnsweredHonestly sends requests that no browser sends to every route, as a stranger and as an
// admin: 3,000, or TIEBREAK_MALFORMED.
func TestMalformedRequestsAreAnsweredHonestly(t *testing.T) {
	t.Parallel()
	many := pgtest.Rounds(t, "TIEBREAK_MALFORMED", 3000)
	s := siteOn(t, pgtest.New(t), "127.0.0.0/8")
	s.signIn(staff.Admin)
	var routes []string
	if err := chi.Walk(s.router, func(_, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, route)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	before := heap()
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range many / 4 {
				s.malformed(routes)
			}
		})
	}
	wait.Wait()
	if after := heap(); after > before+200<<20 {
		t.Errorf("the heap grew from %d to %d MB", before>>20, after>>20)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// malformed sends one such request and checks that the answer is no internal error.
func (s *site) malformed(routes []string) {
	path := routes[rand.IntN(len(routes))]
	for strings.Contains(path, "{") {
		from, to := strings.IndexByte(path, '{'), strings.IndexByte(path, '}')
		path = path[:from] + url.PathEscape(odd()) + path[to+1:]
	}
	path = strings.ReplaceAll(path, "*", url.PathEscape(odd()))
	method := []string{"GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"}[rand.IntN(8)]
	query := url.Values{}
	form := request(nil)
	for range rand.IntN(4) {
		name := []string{
			"q", "tick", "guide", "edition", "field", "option", "key", "stamp", "website", "places", "reply_hours",
			"saw_places", "verdict", odd(),
		}[rand.IntN(14)]
		query.Add(name, odd())
		form.Add(name, odd())
		form.Set([]string{"name", "project", "email", "note", "from", "to"}[rand.IntN(6)], odd())
	}
	r, err := http.NewRequest(method, s.base+path+"?"+query.Encode(), strings.NewReader(form.Encode()))
	if err != nil {
		return // not even a client sends this
	}
	r.Header.Set("Content-Type", []string{
		"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
		"",
	}[rand.IntN(4)])
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", rand.IntN(256)))
	if rand.IntN(3) == 0 {
		r.Header.Set([]string{"Accept-Encoding", "If-None-Match", "Range", "Origin", "Cookie"}[rand.IntN(5)],
			url.QueryEscape(odd()))
	}
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Errorf("%s %s: %v", method, path, err)
		return
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode >= 500 && answer.StatusCode != http.StatusServiceUnavailable {
		s.t.Errorf("%s %s?%s with %s: status %d", method, path, query.Encode(), form.Encode(), answer.StatusCode)
	}
}

// odd is a text that programs trip over.
func odd() string {
	return []string{
		"", "\x00", "\xff\xfe", "%zz", "' OR 1=1 --", "<script>", strings.Repeat("a", rand.IntN(3000)), "-1",
		"99999999999999999999", "../../etc/passwd",
		"مرحبا", "日本語", "a\r\nb: c", "django-vs-fastapi", "TB-0001", "new", "no-spam", "\u202e", "NaN", "1e309", "{{7*7}}",
		"django",
	}[rand.IntN(22)]
}
