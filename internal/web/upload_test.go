package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tiebreak/internal/staff"
)

// upload is a form on its way: its connection, and what of it is still to be sent.
type upload struct {
	t    *testing.T
	conn net.Conn
	rest string
}

const urlEncoded = "application/x-www-form-urlencoded"

// upload sends the head of a form's request, with the browser's cookies.
func (s *site) upload(t *testing.T, path string, form url.Values) *upload {
	t.Helper()
	return s.uploadOf(t, path, urlEncoded, form.Encode())
}

func (s *site) uploadOf(t *testing.T, path, kind, body string) *upload {
	t.Helper()
	address, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	var cookies []string
	for _, cookie := range s.client.Jar.Cookies(address) {
		cookies = append(cookies, cookie.String())
	}
	u := &upload{t, conn, body}
	u.write(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		path, address.Host, strings.Join(cookies, "; "), kind, len(u.rest)))
	return u
}

func (u *upload) write(text string) {
	u.t.Helper()
	if _, err := io.WriteString(u.conn, text); err != nil {
		u.t.Fatal(err)
	}
}

// send sends the next bytes of the form.
func (u *upload) send(bytes int) {
	u.t.Helper()
	u.write(u.rest[:bytes])
	u.rest = u.rest[bytes:]
}

// trickle sends the form in ten pieces, the last of them after the time.
func (u *upload) trickle(over time.Duration) {
	u.t.Helper()
	tick := time.NewTicker(over / 9)
	defer tick.Stop()
	for left := 10; left > 1; left-- {
		u.send(len(u.rest) / left)
		<-tick.C
	}
	u.send(len(u.rest))
}

// answer reads the answer.
func (u *upload) answer() answer {
	u.t.Helper()
	if err := u.conn.SetReadDeadline(time.Now().Add(honest)); err != nil {
		u.t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(u.conn), &http.Request{Method: http.MethodPost})
	if err != nil {
		u.t.Fatalf("no answer: %v", err)
	}
	defer response.Body.Close()
	document, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil {
		u.t.Fatal(err)
	}
	return answer{t: u.t, status: response.StatusCode, header: response.Header, Document: document}
}

// TestSlowFormIsTaken has forms take longer to arrive than our own work may.
func TestSlowFormIsTaken(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.post("/intake", request(nil)).header.Get("Location")
	s.ask("A lead of its own for the reply, which a note would stop", nil)
	s.signIn(staff.Editor)
	seen := s.get("/staff/leads/TB-0002").attr("[name=seen]", "value")
	for name, sent := range map[string]struct {
		path string
		form url.Values
	}{
		"request": {"/intake", request(url.Values{"email": {"slow@example.org"}})},
		"note":    {receipt + "/notes", url.Values{"note": {"What I forgot"}, "key": {"NOTE"}}},
		"reply": {"/staff/leads/TB-0002/reply", url.Values{
			"reply": {"Hello"}, "seen": {seen}, "key": {"REPLY"},
			"do": {"send"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := s.upload(t, sent.path, sent.form)
			u.trickle(honest)
			u.answer().wantStatus(http.StatusSeeOther)
		})
	}
}

// TestFormThatStopsArrivingIsAnsweredHonestly covers a line that falls silent and one that is slow for too long.
func TestFormThatStopsArrivingIsAnsweredHonestly(t *testing.T) {
	t.Parallel()
	for name, pace := range map[string]struct{ whole, pause time.Duration }{
		"silent": {time.Minute, 200 * time.Millisecond},
		"slow":   {200 * time.Millisecond, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.pace(pace.whole, pace.pause)
			u := s.upload(t, "/intake", url.Values{"name": {"Sample Person"}, "project": {"ü sample"}})
			u.send(len("name=Sample+Person&project=%C3%BC+sam%"))

			page := u.answer().wantStatus(http.StatusBadRequest)
			page.wantText("[role=alert]", "got lost on the way")
			page.wantText("#project", "ü sam")
			if name := page.attr("#name", "value"); name != "Sample Person" {
				t.Errorf("the name is %q", name)
			}
			if _, err := u.conn.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("the connection is still open: %v", err)
			}
		})
	}
}

func TestHalfAReplyIsNotSent(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.post("/intake", request(nil)).header.Get("Location")
	s.signIn(staff.Editor)
	seen := s.get("/staff/leads/TB-0001").attr("[name=seen]", "value")
	s.pace(time.Minute, 200*time.Millisecond)
	for path, form := range map[string]string{
		receipt + "/notes":                "key=NOTE&note=Half+of%2",
		"/staff/leads/TB-0001/reply":      "do=send&key=REPLY&seen=" + seen + "&reply=Half+of%2",
		"/staff/leads/TB-0001/team-notes": "key=TEAM&note=Half+of%2",
		"/staff/leads/TB-0001/draft":      "reply=Half+of%2",
		"/staff/templates":                "id=0&name=Half&text=Half+of%2",
	} {
		u := s.uploadOf(t, path, urlEncoded, form+"which is never sent")
		u.send(len(form))
		page := u.answer().wantStatus(http.StatusBadRequest)
		page.wantText("[role=alert]", "Nothing was changed. What arrived is below")
		page.wantCount("main button", 0)
		if got := page.Find("main textarea").Text(); got != "Half of" {
			t.Errorf("%s: given back is %q", path, got)
		}
	}
	if s.replies() != 0 {
		t.Error("half a reply was sent")
	}
	s.get(receipt).wantCount(".list .quote", 0)
	s.get("/staff/leads/TB-0001").wantText("textarea[name=reply]", "")
}

func TestMultipartFormThatBreaksOffShowsWhatArrived(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.pace(time.Minute, 200*time.Millisecond)
	arrived := "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nSample Person\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"project\"\r\n\r\nA 100% sample"
	u := s.uploadOf(t, "/intake", "multipart/form-data; boundary=x", arrived+" project\r\n--x--\r\n")
	u.send(len(arrived))
	page := u.answer().wantStatus(http.StatusBadRequest)
	page.wantText("#project", "A 100% sample")
	if name := page.attr("#name", "value"); name != "Sample Person" {
		t.Errorf("the name is %q", name)
	}
	whole := s.uploadOf(t, "/intake", "multipart/form-data; boundary=x", arrived+"\r\n--x--\r\n")
	whole.send(len(whole.rest))
	whole.answer().wantStatus(http.StatusUnprocessableEntity).wantText("#project", "A 100% sample")
}

func TestDamagedTextIsGivenBackAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.post("/intake", request(nil)).header.Get("Location")
	s.signIn(staff.Editor)
	s.post("/staff/leads/TB-0001/draft", url.Values{"reply": {"A draft"}}).wantStatus(http.StatusNoContent)
	seen := s.get("/staff/leads/TB-0001").attr("[name=seen]", "value")
	for path, form := range map[string]string{
		receipt + "/notes":                "key=%zz&note=100%; wrong",
		"/staff/leads/TB-0001/reply":      "do=draft&seen=" + seen + "&reply=100%; wrong",
		"/staff/leads/TB-0001/draft":      "reply=100%; wrong",
		"/staff/leads/TB-0001/team-notes": "key=%zz&note=100%; wrong",
		"/staff/templates":                "id=%zz&name=Sample&text=100%; wrong",
	} {
		r := s.request(http.MethodPost, path, form)
		r.Header.Set("Content-Type", urlEncoded)
		page := s.do(r).wantStatus(http.StatusBadRequest)
		page.wantText("[role=alert]", "Nothing was changed. What arrived is below")
		page.wantCount("main button", 0)
		if got := page.Find("main textarea").Text(); got != "100%; wrong" {
			t.Errorf("%s: given back is %q", path, got)
		}
	}
	s.get(receipt).wantCount(".list .quote", 0)
	s.get("/staff/leads/TB-0001").wantText("textarea[name=reply]", "A draft")
}

// TestStopHurriesFormsOnTheirWay has the server stop while one form is silent and another one arrives.
func TestStopHurriesFormsOnTheirWay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.pace(time.Minute, time.Second)
	arriving, late := s.upload(t, "/intake", request(nil)), s.upload(t, "/intake", request(nil))
	for range 2 {
		arriving.send(10)
		late.send(10)
	}
	s.server().Stop()
	arriving.send(len(arriving.rest))
	arriving.answer().wantStatus(http.StatusSeeOther)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); time.Since(began) < 2*time.Second && len(late.rest) > 1; <-tick.C {
		if _, err := io.WriteString(late.conn, late.rest[:1]); err != nil {
			break
		}
		late.rest = late.rest[1:]
	}
	late.answer().wantStatus(http.StatusBadRequest)
}

func (s *site) pace(whole, pause time.Duration) { s.server().SetPace(whole, pause) }
