package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// TestMalformedRequestsAreAnsweredWithoutAnError sends requests that no browser sends to every route, as a stranger and as an
// admin: 3,000, or TIEBREAK_MALFORMED.
func TestMalformedRequestsAreAnsweredWithoutAnError(t *testing.T) {
	t.Parallel()
	many := pgtest.Rounds(t, "TIEBREAK_MALFORMED", 3000)
	s := newSite(t, loopback)
	s.signIn(staff.Admin)
	var routes []string
	for _, one := range s.everyRoute(noTargets()) {
		routes = append(routes, one.pattern)
	}
	senders, random := make([]sender, 4), pgtest.Random(t)
	for i := range senders {
		senders[i] = sender{s, rand.New(rand.NewPCG(random.Uint64(), 0))}
	}
	before := heap()
	atOnce(len(senders), func(i int) {
		for range many / len(senders) {
			senders[i].malformed(senders[i].oneOf(routes...))
		}
	})
	if after := heap(); after > before+200<<20 {
		t.Errorf("the heap grew from %d to %d MB", before>>20, after>>20)
	}
}

func TestAddressWithoutItsNumberIsNotFound(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	targets, asked := s.targets(), 0
	for _, number := range []string{"x", "1.5", "99999999999999999999"} {
		for _, name := range []string{"{id}", "{batch}", "{version}", "{n}"} {
			targets[name] = number
		}
		for _, one := range s.everyRoute(targets) {
			if strings.Contains(one.path+"/", "/"+number+"/") {
				r := s.request(one.method, one.path, "")
				r.Header.Set("Content-Type", urlEncoded)
				s.do(r).wantStatus(http.StatusNotFound)
				asked++
			}
		}
	}
	if asked < 3*20 {
		t.Errorf("only %d addresses were asked for", asked)
	}
	seen := s.get(djangoDraft).value("[name=seen]")
	s.post(djangoDraft+"/revisions/9999999999/restoration", fields("seen", seen)).wantStatus(http.StatusNotFound)
	s.get(djangoDraft + "/difference?from=9999999999").wantStatus(http.StatusNotFound)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// sender sends malformed requests at random.
type sender struct {
	*site
	*rand.Rand
}

var routePart = regexp.MustCompile(`\{\w+\}|\*`)

// malformed sends one such request and checks that the answer is not an internal error.
func (s sender) malformed(route string) {
	path := routePart.ReplaceAllStringFunc(route, func(string) string { return url.PathEscape(s.odd()) })
	query, form := url.Values{}, request(nil)
	for range s.IntN(4) {
		name := s.oneOf("q", "tick", "guide", "edition", "field", "option", "key", "stamp", "website", "places", "reply_hours",
			"saw_places", "verdict", s.odd())
		query.Add(name, s.odd())
		form.Add(name, s.odd())
		form.Set(s.oneOf("name", "project", "email", "note", "from", "to"), s.odd())
	}
	method := s.oneOf("GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")
	r, err := http.NewRequest(method, s.base+path+"?"+query.Encode(), strings.NewReader(form.Encode()))
	if err != nil {
		return // not even a client sends this
	}
	r.Header.Set("Content-Type", s.oneOf(urlEncoded, "multipart/form-data; boundary=x", "text/plain", ""))
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", s.IntN(256)))
	if s.IntN(3) == 0 {
		r.Header.Set(s.oneOf("Accept-Encoding", "If-None-Match", "Range", "Origin", "Cookie"), url.QueryEscape(s.odd()))
	}
	a := s.do(r)
	if a.status >= 500 && a.status != http.StatusServiceUnavailable {
		s.t.Errorf("%s with %s: status %d", a.what, form.Encode(), a.status)
	}
}

// oneOf returns one of the choices.
func (s sender) oneOf(choices ...string) string { return choices[s.IntN(len(choices))] }

// odd returns a text that programs trip over.
func (s sender) odd() string {
	return s.oneOf("", "\x00", "\xff\xfe", "%zz", "' OR 1=1 --", "<script>", strings.Repeat("a", s.IntN(3000)), "-1",
		"99999999999999999999", "../../etc/passwd", "مرحبا", "日本語", "a\r\nb: c", "django-vs-fastapi", "TB-0001", "new", "no-spam",
		"\u202e", "NaN", "1e309", "{{7*7}}", "django")
}
