package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

const urlEncoded = "application/x-www-form-urlencoded"

// browser returns a client that keeps cookies and shows each redirect instead of following it.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	noError(t, err)
	own := http.DefaultTransport.(*http.Transport).Clone() // the end of another test's server closes the shared one's connections
	t.Cleanup(own.CloseIdleConnections)
	return &http.Client{
		Jar: jar, Transport: own,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// another returns the site as seen in another browser.
func (s *site) another() *site {
	other := *s
	other.client = browser(s.t)
	return &other
}

// fields returns a form with the fields, given as names and values in turn. A name may come again.
func fields(pairs ...string) url.Values {
	form := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		form.Add(pair[0], pair[1])
	}
	return form
}

// answer is a response of the site, with the page in it.
type answer struct {
	t      *testing.T
	what   string // was asked for: "GET /about"
	status int
	header http.Header
	body   string
	*goquery.Document
}

// do sends the request.
func (s *site) do(r *http.Request) answer {
	s.t.Helper()
	response, err := s.client.Do(r)
	noError(s.t, err)
	return read(s.t, r.Method+" "+r.URL.RequestURI(), response)
}

// read reads the response to what was asked for.
func read(t *testing.T, what string, response *http.Response) answer {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	noError(t, err)
	page, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	noError(t, err)
	return answer{t: t, what: what, status: response.StatusCode, header: response.Header, body: string(body), Document: page}
}

func (s *site) request(method, path, body string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequest(method, s.base+path, strings.NewReader(body))
	noError(s.t, err)
	return r
}

// get asks for the page, with header lines that are given as names and values in turn.
func (s *site) get(path string, headers ...string) answer {
	s.t.Helper()
	return s.do(with(s.request(http.MethodGet, path, ""), headers))
}

// with sets the header lines of the request and returns it. A value may be empty.
func with(r *http.Request, headers []string) *http.Request {
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	return r
}

// body returns what a program reads at the path.
func (s *site) body(path string) string {
	s.t.Helper()
	return s.get(path).wantStatus(http.StatusOK).body
}

// json reads the JSON at the path into the target.
func (s *site) json(path string, target any) {
	s.t.Helper()
	noError(s.t, json.Unmarshal([]byte(s.body(path)), target))
}

// post sends the form, with header lines that are given as names and values in turn.
func (s *site) post(path string, form url.Values, headers ...string) answer {
	s.t.Helper()
	return s.postBody(path, form.Encode(), headers...)
}

// postBody sends a form that is encoded already.
func (s *site) postBody(path, body string, headers ...string) answer {
	s.t.Helper()
	r := s.request(http.MethodPost, path, body)
	r.Header.Set("Content-Type", urlEncoded)
	return s.do(with(r, headers))
}

// mustPost sends a form with the fields, which must be accepted, and returns where the browser is led.
func (s *site) mustPost(path string, pairs ...string) (location string) {
	s.t.Helper()
	return s.post(path, fields(pairs...)).wantStatus(http.StatusSeeOther).location()
}

// redirected returns where the path leads.
func (s *site) redirected(path string) (location string) {
	s.t.Helper()
	return s.get(path).wantStatus(http.StatusSeeOther).location()
}

func (a answer) location() string { return a.header.Get("Location") }

func (a answer) wantStatus(want int) answer {
	a.t.Helper()
	if a.status != want {
		a.t.Fatalf("%s: status %d, want %d: %.300s", a.what, a.status, want, a.text("main"))
	}
	return a
}

func (a answer) wantHeader(name, want string) answer {
	a.t.Helper()
	if got := a.header.Get(name); got != want {
		a.t.Errorf("%s: %s is %q, want %q", a.what, name, got, want)
	}
	return a
}

// wantCookies checks how many cookies the answer sets.
func (a answer) wantCookies(want int) answer {
	a.t.Helper()
	if got := a.header.Values("Set-Cookie"); len(got) != want {
		a.t.Errorf("%s: the cookies %q are set, want %d", a.what, got, want)
	}
	return a
}

// wantRetryAfter checks that the answer says when to try again.
func (a answer) wantRetryAfter() answer {
	a.t.Helper()
	if a.header.Get("Retry-After") == "" {
		a.t.Errorf("%s: no Retry-After", a.what)
	}
	return a
}

// wantLocation checks where the answer leads.
func (a answer) wantLocation(want string) answer {
	a.t.Helper()
	if got := a.location(); got != want {
		a.t.Errorf("%s leads to %q, want %q (status %d)", a.what, got, want, a.status)
	}
	return a
}

// text is what a reader reads at the selector, white space folded.
func (a answer) text(selector string) string {
	return strings.Join(strings.Fields(a.Find(selector).Text()), " ")
}

// wantText checks that the text at the selector holds each of the words.
func (a answer) wantText(selector string, words ...string) answer {
	a.t.Helper()
	got := a.text(selector)
	for _, want := range words {
		if !strings.Contains(got, want) {
			a.t.Errorf("%s: %s reads %q, want %q in it", a.what, selector, got, want)
		}
	}
	return a
}

// wantExactText checks what a reader reads at the selector.
func (a answer) wantExactText(selector, want string) answer {
	a.t.Helper()
	if got := a.text(selector); got != want {
		a.t.Errorf("%s: %s reads %q, want %q", a.what, selector, got, want)
	}
	return a
}

// wantNoText checks that the text at the selector holds none of the words.
func (a answer) wantNoText(selector string, words ...string) answer {
	a.t.Helper()
	got := a.text(selector)
	for _, unwanted := range words {
		if strings.Contains(got, unwanted) {
			a.t.Errorf("%s: %s reads %q, want no %q in it", a.what, selector, got, unwanted)
		}
	}
	return a
}

func (a answer) wantCount(selector string, want int) answer {
	a.t.Helper()
	if got := a.Find(selector).Length(); got != want {
		a.t.Errorf("%s: %d of %s, want %d", a.what, got, selector, want)
	}
	return a
}

// attr is the attribute of the first match.
func (a answer) attr(selector, name string) string { return a.Find(selector).AttrOr(name, "") }

func (a answer) wantAttr(selector, name, want string) answer {
	a.t.Helper()
	if got := a.attr(selector, name); got != want {
		a.t.Errorf("%s: %s of %s is %q, want %q", a.what, name, selector, got, want)
	}
	return a
}

// value is what the first field that matches holds.
func (a answer) value(selector string) string { return a.attr(selector, "value") }

// form returns the first form that matches, as a browser would send it.
func (a answer) form(selector string) url.Values {
	form := url.Values{}
	for _, field := range a.Find(selector).First().Find("input, textarea").EachIter() {
		name := field.AttrOr("name", "")
		switch {
		case field.Is("textarea"):
			form.Add(name, field.Text())
		case !field.Is("[type=checkbox], [type=radio]") || field.Is("[checked]"):
			form.Add(name, field.AttrOr("value", ""))
		}
	}
	return form
}

// attrs returns the attribute of each match, in the order of the page.
func (a answer) attrs(selector, name string) []string {
	return a.Find(selector).Map(func(_ int, match *goquery.Selection) string { return match.AttrOr(name, "") })
}

// texts returns what a reader reads at each match, in the order of the page.
func (a answer) texts(selector string) []string {
	return a.Find(selector).Map(func(_ int, match *goquery.Selection) string {
		return strings.Join(strings.Fields(match.Text()), " ")
	})
}
